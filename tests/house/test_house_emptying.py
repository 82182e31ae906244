from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from support.emptying import empty_database
from yangguang.witness.models import SecurityEvent

pytestmark = pytest.mark.django_db(transaction=True)


def _note_something():
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return SecurityEvent.objects.create(at=at, stream="house", act="probe", person="nobody", codes=["house.probe"])


def _erase():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SecurityEvent._meta.db_table}")  # noqa: S608, SLF001


def test_emptying_removes_what_nobody_else_can_remove():
    _note_something()
    with pytest.raises(DatabaseError, match="append-only"):
        _erase()
    empty_database()
    assert SecurityEvent.objects.count() == 0


def test_the_tables_are_append_only_again_after_emptying():
    empty_database()
    _note_something()
    with pytest.raises(DatabaseError, match="append-only"):
        _erase()
    assert SecurityEvent.objects.count() == 1


def test_numbering_starts_again_after_emptying():
    first = _note_something().pk
    empty_database()
    assert _note_something().pk == first == 1
