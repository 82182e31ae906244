from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """评标专家: the pool, draws and attendance."""

    name = "yangguang.experts"
    verbose_name = "评标专家"
