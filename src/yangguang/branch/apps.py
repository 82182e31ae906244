from importlib import import_module

from django.apps import AppConfig

CHECKS = (
    "meetings",
    "study",
    "hours",
    "pairs",
    "dues_checks",
    "development",
    "step_corrections",
    "appraisal",
    "terms",
    "training",
    "working",
    "bookings",
    "letters",
)
WORK = ("matters", "services", "tasks", "rhythm", "acts", "tasks_due")


class BranchConfig(AppConfig):
    """支部生活: the checks of its registers are known when the house opens."""

    name = "yangguang.branch"
    verbose_name = "支部生活"

    def ready(self) -> None:
        """Let each module register its checks."""
        for module in (*CHECKS, *WORK):
            import_module(f"yangguang.branch.{module}")
