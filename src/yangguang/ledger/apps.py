from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """台账: the engines that trading and party work share."""

    name = "yangguang.ledger"
    verbose_name = "台账"
