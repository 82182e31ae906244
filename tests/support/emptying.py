"""Empty the database between tests although its append-only tables refuse to be emptied."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

RESTARTED = """
SELECT setval(quote_ident(sequencename)::regclass, start_value, false) FROM pg_sequences
WHERE schemaname = current_schema() AND last_value IS NOT NULL AND sequencename <> 'django_migrations_id_seq'
"""


def empty_database() -> None:
    """Remove every row of every table of the installed apps; the triggers stand afterwards as before."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    empty = {"sqlite": _empty_sqlite, "postgresql": _empty_postgresql}[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        empty(cursor, sorted(tables))


def _empty_sqlite(cursor: CursorWrapper, tables: list[str]) -> None:
    """The triggers are dropped and made again in the same transaction: nobody sees the tables without them."""
    cursor.execute("PRAGMA defer_foreign_keys = ON")
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
    for name, _ in triggers:
        cursor.execute(f"DROP TRIGGER {_quoted(name)}")
    for table in tables:
        cursor.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - a table name of our own
    cursor.execute("DELETE FROM sqlite_sequence")
    for _, statement in triggers:
        cursor.execute(statement)


def _empty_postgresql(cursor: CursorWrapper, tables: list[str]) -> None:
    """As a replica applies rows, ordinary triggers stay silent; only a superuser may say so.

    Most tables are empty anyway, and TRUNCATE makes new files for each of them.
    """
    if not tables:
        return
    names = [_quoted(table) for table in tables]
    cursor.execute(f"LOCK TABLE {', '.join(names)}")
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in names))  # noqa: S608
    for (name,) in cursor.fetchall():
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - a table name of our own
    cursor.execute(RESTARTED)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def rewriting(table: str) -> Iterator[None]:
    """Let a test change rows of a table that only grows; its triggers are back afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {_quoted(name)}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)
