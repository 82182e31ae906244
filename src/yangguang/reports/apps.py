from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """报告: metrics, figures, outlines and the papers made of them."""

    name = "yangguang.reports"
    verbose_name = "报告"
