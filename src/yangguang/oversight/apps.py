from importlib import import_module

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """监督: integrity risks and their signals from trading, and what joins party work to trades."""

    name = "yangguang.oversight"
    verbose_name = "监督"

    def ready(self) -> None:
        """Make the checks of our registers known to the ledger, and our acts to the log."""
        for module in ("checks", "acts"):
            import_module(f"{self.name}.{module}")
