from django.apps import AppConfig


class WitnessConfig(AppConfig):
    """见证: the append-only log, acts, evidence and archives."""

    name = "yangguang.witness"
    verbose_name = "见证"
