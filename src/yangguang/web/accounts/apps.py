"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账户."""

    name = "yangguang.web.accounts"
    label = "accounts"
