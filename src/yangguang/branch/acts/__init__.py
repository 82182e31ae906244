"""The acts of branch work on a unit; importing this package declares them."""

from yangguang.branch.acts.tasks import close_met_task, plant_tree, try_tree

__all__ = ["close_met_task", "plant_tree", "try_tree"]
