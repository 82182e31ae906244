from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """报告: metrics, figures, outlines and the papers made of them."""

    name = "yangguang.reports"
    verbose_name = "报告"

    def ready(self) -> None:
        """Let the functions behind `python:` metrics and the checks of registers be known."""
        for module in ("trading", "fusion", "assessment", "party_life"):
            import_module(f"yangguang.reports.{module}")
