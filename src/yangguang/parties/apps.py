from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """主体: organisations, people and certificates."""

    name = "yangguang.parties"
    verbose_name = "主体"
