"""Where the records live: `DATABASE_URL` read into Django's own settings."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

BUSY_SECONDS = 30
SQLITE_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
READ_COMMITTED = 2  # psycopg.IsolationLevel.READ_COMMITTED, without importing psycopg where it is not installed
PLANNED_ONCE_AFTER = 2  # the same statement in one connection
POSTGRESQL_SCHEMES = ("postgres", "postgresql")


def database_settings(*, url: str | None, home: Path) -> dict[str, Any]:
    """One entry of Django's `DATABASES` for a database address.

    `url` is `sqlite:///relative`, `sqlite:////absolute`, `postgres://user:password@host:port/name` or
    `postgresql://…` (socket directory as `?host=/run/postgresql`); without one, SQLite under `home`.

    Raises `ValueError` for any other scheme and for an address that names no database.
    """
    if not url:
        return _sqlite(home / "yangguang.sqlite3")
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ValueError(f"DATABASE_URL 没有写数据库名：{parts.scheme}://…")
    if parts.scheme == "sqlite":
        return _sqlite(Path(name))
    if parts.scheme in POSTGRESQL_SCHEMES:
        return _postgresql(parts, name=name)
    raise ValueError(f"DATABASE_URL 只能以 sqlite:// 或 postgres:// 开头，不能是 {parts.scheme}://")


def _sqlite(path: Path) -> dict[str, Any]:
    """SQLite: each transaction takes the write lock at once, each commit reaches the disk."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path.absolute()),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS, "init_command": SQLITE_PRAGMAS},
    }


def _postgresql(parts: SplitResult, *, name: str) -> dict[str, Any]:
    """PostgreSQL through psycopg; what follows `?` goes to the driver as it is.

    The server plans a statement that comes again only once. Behind a pooler that changes servers between transactions
    `?prepare_threshold=1000000000` leaves this out.
    """
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["prepare_threshold"] = int(options.get("prepare_threshold", PLANNED_ONCE_AFTER))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "isolation_level": READ_COMMITTED, "server_side_binding": True},
    }
