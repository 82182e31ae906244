"""What every test run has in common.

The database is the one `DATABASE_URL` names, SQLite without it. No test reaches another machine: pytest-socket holds
the doors (see pyproject.toml).
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from support.emptying import empty_database

pytest_plugins = ["support.browser"]

settings.register_profile(
    "checks",
    derandomize=True,  # the same examples on every machine; other seeds: --hypothesis-profile=search
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("checks")

# Django empties tables after a test that commits; append-only tables refuse that, so our own way takes its place.
TransactionTestCase._fixture_teardown = lambda _case: empty_database()  # noqa: SLF001 - Django has no other hook

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
# What these tests are about is the same on every database: what a page shows, what a play of the demonstration does.
SHOWING = {"web", "demo"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the rules of data, so that they run again on PostgreSQL; the long tests come first."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    for item in items:
        if uses_database(item) and item.path.parent.name not in SHOWING:
            item.add_marker(pytest.mark.both_databases)


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database."""
    asked = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """All that was loaded stays until the end: looking through it for garbage again and again takes a tenth longer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database; at the end it is dropped, though a thread that served a live page may still hold a line."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            cursor.execute(OTHERS, cursor.fetchone())
