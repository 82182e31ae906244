import pytest
from django.db import connection

from support.bench import AT, STAFF, count, make_bench, write_a_book
from yangguang.rules.refusal import Refused
from yangguang.witness.models import Entry, Pending

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite can be told how large it may grow"),
]


def pages(limit=None):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count" if limit is None else f"PRAGMA max_page_count = {limit}")
        return cursor.fetchone()[0]


def give_back_free_pages():
    """Tests before this one may have left room inside the file."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def write_until_full(bench):
    for _ in range(20):
        write_a_book(bench, actor=STAFF, at=AT, size=60_000)


def test_a_full_database_undoes_the_act_and_says_that_nothing_was_saved():
    bench = make_bench()
    count(bench, actor=STAFF, at=AT)
    give_back_free_pages()
    full = pages(limit=pages())
    try:
        with pytest.raises(Refused) as refused:
            write_until_full(bench)
        bench.refresh_from_db()
        entries = list(Entry.objects.order_by("sequence").values_list("sequence", flat=True))
        assert refused.value.codes == ("platform.not_saved",)
        assert (entries, bench.entries, Pending.objects.count()) == (
            list(range(1, bench.entries + 1)),
            len(entries),
            len(entries),
        )
    finally:
        pages(limit=2**30)
    assert full > 0
    count(bench, actor=STAFF, at=AT)
    bench.refresh_from_db()
    assert bench.entries == len(entries) + 1
