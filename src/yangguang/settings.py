"""Django's settings, small on purpose: everything that differs between houses comes from the environment.

| variable | what | default |
|---|---|---|
| `YANGGUANG_HOME` | folder of the records | `./var` |
| `DATABASE_URL` | SQLite or PostgreSQL address | SQLite under `YANGGUANG_HOME` |
| `YANGGUANG_SECRET_KEY` | the web tier's signing key | made once, kept under `YANGGUANG_HOME` with mode 0600 |
| `YANGGUANG_ALLOWED_HOSTS` | host names served, separated by commas | this machine only |
| `YANGGUANG_LOG_ORIGIN` | name of the public log, in every checkpoint and receipt | `yangguang.example/log` |
| `YANGGUANG_DEBUG` | `1` shows errors in the browser | off |
"""

import os
import secrets
from pathlib import Path

from yangguang.database import database_settings
from yangguang.secret_files import kept_secret

HOME = Path(os.environ.get("YANGGUANG_HOME", "var")).absolute()
HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
EVIDENCE_ROOT = HOME / "evidence"
LOG_ORIGIN = os.environ.get("YANGGUANG_LOG_ORIGIN", "yangguang.example/log")


def _fresh_key() -> bytes:
    return secrets.token_urlsafe(64).encode()


SECRET_KEY = os.environ.get("YANGGUANG_SECRET_KEY") or kept_secret(HOME / "secret-key", make=_fresh_key).decode()
DEBUG = os.environ.get("YANGGUANG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("YANGGUANG_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "yangguang.witness",
    "yangguang.parties",
    "yangguang.ledger",
    "yangguang.experts",
    "yangguang.trading",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}},
]
ROOT_URLCONF = "yangguang.web.urls"
ASGI_APPLICATION = "yangguang.web.asgi.application"

DATABASES = {"default": database_settings(url=os.environ.get("DATABASE_URL"), home=HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "zh-hans"
