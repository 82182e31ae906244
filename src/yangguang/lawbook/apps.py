from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """规则表: what the centre corrected in the shipped rules and working days."""

    name = "yangguang.lawbook"
    verbose_name = "规则表"
