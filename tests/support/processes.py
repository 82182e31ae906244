"""Programs started by a test meet it in the same database and the same home."""

import os
from urllib.parse import quote

from django.db import connection


def same_house() -> dict[str, str]:
    """The environment for a child process: the test's own database and evidence folder."""
    return {**os.environ, "DATABASE_URL": database_address(), "DJANGO_SETTINGS_MODULE": "yangguang.settings"}


def database_address() -> str:
    """The address of the database the running test uses, in the form of `DATABASE_URL`."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(chosen['NAME'])}"
    account = f"{quote(chosen['USER'], safe='')}:{quote(chosen['PASSWORD'], safe='')}"
    return f"postgres://{account}@{chosen['HOST']}:{chosen['PORT']}/{quote(chosen['NAME'], safe='')}"
