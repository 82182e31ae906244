"""All rows of the database: keeping them, putting them back, and seeing that a refusal changed none."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models.sql import InsertQuery

from yangguang.parties.models import Organisation
from yangguang.rules.refusal import Refused
from yangguang.witness.models import Pending, SecurityEvent

Kept = list[tuple[str, Sequence[Any]]]


def keep_rows() -> Kept:
    """The statements that insert every row there is, for `put_back`."""
    return [statement for model in _tables() for statement in _insertion(model)]


def put_back(kept: Kept) -> None:
    """Fill the empty database with kept rows; new rows get keys of their own."""
    if Organisation.objects.exists():
        raise AssertionError("the database is not empty: a test asks for its stage once, first")
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, values in kept:
            cursor.execute(statement, values)
        # PostgreSQL's sequences do not notice rows that bring their keys.
        for statement in connection.ops.sequence_reset_sql(no_style(), _tables()):
            cursor.execute(statement)


@contextmanager
def unchanged() -> Iterator[None]:
    """Nothing in any table but the security log may differ after the block."""
    before = all_values()
    yield
    assert all_values() == before


@contextmanager
def refused(*codes: str, article: str = "") -> Iterator[None]:
    """The block is refused with exactly these codes, each with all its texts, and is noted; nothing changes.

    `article` must stand in the first refusal's article.
    """
    noted = SecurityEvent.objects.count()
    with unchanged(), pytest.raises(Refused) as caught:
        yield
    refusals = caught.value.refusals
    assert [refusal.code for refusal in refusals] == list(codes)
    assert all(refusal.reason and refusal.article and refusal.remedy for refusal in refusals)
    assert article in refusals[0].article
    assert SecurityEvent.objects.count() == noted + 1
    assert SecurityEvent.objects.latest("pk").codes == list(codes)


def all_values() -> dict[str, list[tuple[Any, ...]]]:
    """The values of every row but those of the security log, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in [options(model).db_table for model in _tables() if model is not SecurityEvent]:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - our own name
            found[table] = cursor.fetchall()
    return found


def code_of(call: Callable[[], object]) -> str:
    """The codes that a call is refused with, joined; empty when it is done."""
    try:
        call()
    except Refused as refusal:
        return " ".join(refusal.codes)
    return ""


def _insertion(model: type[models.Model]) -> list[tuple[str, Sequence[Any]]]:
    first = [("DELETE FROM witness_pending", ())] if model is Pending else []  # a trigger filled it with the entries
    rows = list(model.objects.order_by("pk"))
    if not rows:
        return first
    query = InsertQuery(model)
    query.insert_values(options(model).concrete_fields, rows)
    return [*first, *query.get_compiler(connection=connection).as_sql()]


@cache
def _tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if not options(model).proxy and _is_ours(model)]


def _is_ours(model: type[models.Model]) -> bool:
    return options(model).app_config.name.startswith("yangguang.")


def options(model: type[models.Model]) -> Any:
    """What Django knows of a model."""
    return model._meta  # noqa: SLF001 - its only name
