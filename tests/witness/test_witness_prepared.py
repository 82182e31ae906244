from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from support.bench import AT, STAFF, count, make_bench
from yangguang.parties.models import Organisation
from yangguang.trading.models import Centre, Tender, Trade
from yangguang.witness.acts import lock
from yangguang.witness.evidence import keep
from yangguang.witness.prepared import Given, Prepared, insert, update

pytestmark = pytest.mark.django_db(transaction=True)

BY_STREAM = Prepared(lambda: Trade.objects.select_related("tender__agency", "centre").filter(stream=Given(0)))
SAME_REGION = Prepared(lambda: Centre.objects.filter(region="990100", name=Given(0)).order_by("-code"))


def make_trade():
    centre, law = Centre.objects.get(pk=make_bench().pk), keep(b"law", media_type="text/plain")
    tenderer = Organisation.objects.create(code="91990100000000019X", name="示例单位")
    tender = Tender.objects.create(
        code="T", title="示例项目", tenderer=tenderer, state_controlled=True, registered_at=AT, region="990100"
    )
    return Trade.objects.create(
        tender=tender,
        centre=centre,
        law=law,
        stream="S",
        lot_code="L",
        stage="bidding",
        estimate=Decimal("12.50"),
        legal_date=date(2026, 3, 2),
        bid_deadline=datetime(2026, 3, 24, 1, 30, tzinfo=UTC),
    )


def test_a_prepared_query_finds_what_django_finds_each_time_it_is_asked():
    kept = make_trade()
    for _ in range(2):
        found = BY_STREAM.get("S")
        assert (found, found.estimate, found.bid_deadline, found.legal_date) == (
            kept,
            Decimal("12.50"),
            datetime(2026, 3, 24, 1, 30, tzinfo=UTC),
            date(2026, 3, 2),
        )
        with CaptureQueriesContext(connection) as asked:
            assert (found.tender.title, found.tender.agency, found.centre.code) == ("示例项目", None, kept.centre.code)
        assert len(asked) == 0


def test_values_are_bound_and_stand_in_the_order_that_is_said():
    bench = make_bench()
    assert SAME_REGION.first(bench.name).pk == bench.pk
    assert SAME_REGION.first("' OR ''='") is None
    assert SAME_REGION.first("990100") is None


def test_what_must_be_there_and_is_not_is_said_by_its_own_exception():
    with pytest.raises(Trade.DoesNotExist):
        BY_STREAM.get("nothing")


def test_the_subject_of_an_act_is_locked_in_the_database():
    bench = make_bench()
    with CaptureQueriesContext(connection) as asked:
        count(bench, actor=STAFF, at=AT)
    (read,) = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
    locks = {"postgresql": 'FOR NO KEY UPDATE OF "trading_centre"', "sqlite": "LIMIT 1"}
    assert read.endswith(locks[connection.vendor])
    assert asked[0]["sql"] == {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE"}[connection.vendor]


def test_a_subject_that_is_gone_cannot_be_locked():
    bench = make_bench()
    Centre.objects.all().delete()
    with pytest.raises(Centre.DoesNotExist), transaction.atomic():
        lock(bench)


def test_rows_are_added_together_and_know_their_keys():
    rows = [Organisation(code=f"9199010000000002{n}X", name=f"示例{n}") for n in range(3)]
    insert(*rows)
    assert [Organisation.objects.get(pk=row.pk).name for row in rows] == ["示例0", "示例1", "示例2"]
    rows[0].name = "改名"
    rows[0].save()
    assert Organisation.objects.count() == 3


def test_only_the_named_fields_of_a_stored_row_are_written():
    bench = make_bench()
    bench.name, bench.registrations = "改名", 7
    update(bench, "registrations")
    bench.refresh_from_db()
    assert (bench.name, bench.registrations) == ("示例市公共资源交易中心", 7)


def test_a_row_that_is_gone_is_not_written_in_silence():
    bench = make_bench()
    Centre.objects.all().delete()
    with pytest.raises(RuntimeError, match="not stored any more"):
        update(bench, "stage")
