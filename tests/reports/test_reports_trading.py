"""Figures of trading: our own trades and imported results added up, each lot once."""

from datetime import date
from decimal import Decimal

import pytest

from support.reporting import ENTERED, a_year
from support.stages import trade_at
from yangguang.ledger.acts.importing import try_import
from yangguang.ledger.models import Record
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.drafting import draft
from yangguang.reports.naming import name_records
from yangguang.reports.outlines import read_outline
from yangguang.reports.spans import read_span
from yangguang.reports.text_checks import text_of
from yangguang.rules.refusal import Refused
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db(transaction=True)
AS_OF = date(2027, 1, 10)


def result(year, day, lot, *, kind="工程建设", amount="800.00", limit="1000", **fields):
    said = {"lot_code": lot, "control_price": limit, **fields}
    return year.add("trade_result", day, kind=kind, amount=Decimal(amount), title=lot, fields=said)


def figure(year, metric, period="2026", **more):
    inputs = {"metric": dictionary()[metric], "unit": year.unit, "as_of": AS_OF, **more}
    return compute(period=read_span(period), **inputs)


def values(year, *metrics, period="2026"):
    return [figure(year, one, period).value for one in metrics]


def test_imported_results_are_counted_by_category_amount_and_what_they_saved_or_added():
    year = a_year()
    result(year, "2026-01-05", "L1")
    result(year, "2026-02-05", "L2", kind="政府采购", amount="90.50", limit="100.75", is_online=True)
    result(year, "2026-03-05", "L3", kind="土地使用权", amount="5000", limit="4000", is_separate=True)
    result(year, "2026-04-05", "L4", kind="其他", amount="7", limit="")
    result(year, "2025-04-05", "L5")
    assert values(year, "trades", "trades_works", "trades_procurement", "trades_land", "trades_other") == [
        4,
        1,
        1,
        1,
        1,
    ]
    assert values(year, "trade_amount", "trade_amount_land", "saved_money", "added_value") == [
        Decimal("5897.50"), 5000, Decimal("210.25"), 1000,
    ]  # fmt: skip
    assert values(year, "online_openings", "separate_awards") == [1, 1]
    assert values(year, "trades", "trade_amount", period="2025") == [1, 800]
    assert figure(year, "trades", filters={"region": "4403"}).value == 0


def test_a_lot_is_counted_once_however_often_it_was_imported():
    year = a_year()
    first = result(year, "2026-01-05", "L1", amount="100")
    result(year, "2026-01-06", "L1", amount="100")
    trades = figure(year, "trades")
    assert (trades.value, trades.record_ids) == (1, (first.pk,))
    assert figure(year, "trade_amount").value == 100


def test_our_own_award_counts_with_its_price_and_an_imported_row_of_the_same_lot_does_not():
    trade_at(Stage.AWARDED)
    trade = Trade.objects.get()
    year = a_year()
    result(year, "2026-03-31", trade.lot_code, amount="1")
    result(year, "2026-03-31", "L1", amount="100", limit="")
    price = trade.awards.get().bid.opened.price
    trades = figure(year, "trades")
    assert (trades.value, trades.record_ids[0]) == (2, f"trade:{trade.stream}")
    assert figure(year, "trade_amount").value == price + 100
    assert figure(year, "saved_money").value == trade.limit_price - price
    assert values(year, "trades_works", "online_openings", "bonds", "objections") == [
        2, 1, trade.guarantees.filter(opened__isnull=False).count(), 0,
    ]  # fmt: skip
    assert values(year, "trades", period="2026-Q2") == [0]
    assert name_records(trades.record_ids)[trades.record_ids[0]].text == trade.stream


def test_a_unit_counts_the_trades_of_its_own_centre():
    trade_at(Stage.AWARDED)
    trade = Trade.objects.get()
    year = a_year()
    year.unit.organisation = trade.tender.tenderer
    assert figure(year, "trades").value == 0


def test_a_lot_that_is_known_is_not_entered_again():
    trade_at(Stage.AWARDED)
    year = a_year()
    said = {"kind": "工程建设", "day": "2026-03-10", "amount": "100"}
    year.branch.enter("trade_result", **said, title="一", lot_code="L1")
    for lot, where in (("L1", "已登记的交易结果"), (Trade.objects.get().lot_code, "本系统的交易")):
        with pytest.raises(Refused) as refused:
            year.branch.enter("trade_result", **said, title="二", lot_code=lot)
        assert refused.value.refusals[0].reason == f"标段{lot}是{where}，不能再登记"
        rows = [{**said, "title": "二", "lot_code": lot}]
        asked = {"actor": year.branch.actor("书记"), "at": year.branch.at, "register": "trade_result"}
        tried = try_import(year.branch.unit, rows=rows, **asked)
        assert [one.code for _, one in tried.wrong] == ["trade_result.twice"]
    assert Record.objects.count() == 1


def test_complaints_and_sheets_come_from_their_registers():
    year = a_year()
    year.add("trade_complaint", "2026-05-01", kind="电话", state="open", closed_on=None)
    for agency in ("a", "a", "b"):
        year.add("agency_sheet", "2026-05-02", kind="违规情形", fields={"agency": agency, "step": "开标"})
    for person, kind in ((0, "违规情形"), (0, "违规情形"), (1, "违规情形"), (2, "无违规")):
        year.add("expert_sheet", "2026-05-03", kind=kind, owner=year.people[person])
    assert values(year, "complaints", "agency_violations", "agencies_named") == [1, 3, 2]
    assert values(year, "expert_sheets", "expert_violations", "experts_named") == [4, 3, 2]
    named = name_records(figure(year, "expert_violations").record_ids)
    assert [one.title for one in named.values()] == ["", "", ""]
    assert values(year, "witness_records", "witnessed_trades", "anomalies", "anomalies_closed") == [0, 0, 0, 0]
    assert values(year, "trade_letters", "trade_letter_replies") == [0, 0]


def test_the_queries_do_not_grow_with_the_results(django_assert_num_queries):
    year = a_year()
    for rows in (2, 20):
        for number in range(rows):
            result(year, "2026-01-05", f"L{rows}-{number}")
        with django_assert_num_queries(2):
            figure(year, "trades")
        with django_assert_num_queries(4):
            figure(year, "saved_money")


def many(year, in_year, count, total):
    """As many results as said whose amounts add up to the total, in yuan."""
    each = Decimal(total) // count
    Record.objects.bulk_create(
        Record(
            unit=year.unit, register="trade_result", kind="工程建设", year=in_year, number=number, title=f"{number}",
            day=date(in_year, 1 + number % 11, 5), closed_on=date(in_year, 1, 5), state="done", entered_by="x",
            amount=each if number else Decimal(total) - each * (count - 1), entered_at=ENTERED,
            fields={"lot_code": f"{in_year}-{number}"},
        )
        for number in range(count)
    )  # fmt: skip


def test_the_figures_of_the_source_come_out_of_as_many_records():
    year = a_year()
    many(year, 2023, 1499, "37380000000")
    many(year, 2022, 1228, "39220000000")
    body = "进场交易{trades}个，{trades.change}；成交金额{trade_amount.亿元}亿元，{trade_amount.change}。"
    outline = read_outline(f"code = '9'\nname = '试'\ntitle = '试'\nbody = '{body}'", file="test.toml")
    made = draft(outline=outline, unit=year.unit, span=read_span("2023-01..2023-11"), as_of=date(2023, 12, 1))
    assert text_of(made.paper).splitlines()[1] == ("进场交易1499个，同比增长22.1%；成交金额373.8亿元，同比下降4.7%。")
    assert made.paper.annexes[0].rows[0].record_count == 1499
