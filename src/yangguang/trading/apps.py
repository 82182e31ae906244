from django.apps import AppConfig


class TradingConfig(AppConfig):
    """交易: trades from registration to archive."""

    name = "yangguang.trading"
    verbose_name = "交易"
