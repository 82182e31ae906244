import pytest
from django.db import DatabaseError, connection, transaction

from support.bench import AT, STAFF, STRANGER, count, make_bench, whisper
from yangguang.rules.refusal import Refused
from yangguang.witness import log
from yangguang.witness.evidence import keep
from yangguang.witness.migrations import __path__ as migrations_path
from yangguang.witness.models import Entry, Pending
from yangguang.witness.triggers import AppendOnly, EveryEntryWaits, Triggers, trigger_statements

pytestmark = pytest.mark.django_db(transaction=True)

TABLES = ("entry", "sealedentry", "leaf", "node", "checkpoint", "securityevent", "evidence")


def fill():
    bench = make_bench()
    count(bench, actor=STAFF, at=AT)
    whisper(bench, actor=STAFF, at=AT)
    keep(b"paper", media_type="text/plain")
    with pytest.raises(Refused):
        count(bench, actor=STRANGER, at=AT)
    log.sequence_log(at=AT)


def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM witness_{table}")  # noqa: S608 - our own tables
        return cursor.fetchall()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE witness_{0} SET {1} = {1}", "DELETE FROM witness_{0}", "TRUNCATE witness_{0} CASCADE"]
)
def test_raw_sql_can_neither_change_nor_remove_what_was_witnessed(table, statement):
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        statement = "DELETE FROM witness_{0} WHERE 1 = 1"
    fill()
    before = rows(table)
    assert before
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM witness_{table}")  # noqa: S608 - our own tables
        column = cursor.description[-1][0]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, f'"{column}"'))
    assert rows(table) == before


def test_a_log_does_not_become_writable_again_by_a_migration():
    operation = AppendOnly("witness_entry")
    assert operation.describe() == "Make witness_entry append-only"
    with connection.schema_editor() as editor, pytest.raises(NotImplementedError):
        operation.database_backwards("witness", editor, None, None)


def test_a_database_without_written_triggers_is_refused():
    with pytest.raises(NotImplementedError, match="oracle"):
        trigger_statements(vendor="oracle", table="witness_entry")


def test_every_table_of_the_log_is_named_in_the_migration():
    text = "".join(
        path.read_text() for base in migrations_path for path in __import__("pathlib").Path(base).glob("0002*")
    )
    assert all(f'"{table}"' in text for table in TABLES)


def test_every_entry_waits_for_its_leaf_whoever_writes_it():
    bench = make_bench()
    count(bench, actor=STAFF, at=AT)
    told = Entry.objects.get()
    told.pk, told.sequence = None, 2
    told.save(force_insert=True)
    assert set(Pending.objects.values_list("entry_id", flat=True)) == {told.pk, told.pk - 1}
    assert EveryEntryWaits().describe() == "Let every entry wait for its leaf number"


def test_an_operation_must_say_which_triggers_it_makes():
    with pytest.raises(NotImplementedError):
        Triggers().statements("sqlite")
