"""The portal's lists and a trade's page over few and over many published trades."""

import statistics
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from children import stage
from yangguang.trading.models import Tender, Trade
from yangguang.web.portal.models import Cursor, Facet, Gram, Listed, Notice
from yangguang.web.portal.search import grams_of, normalised
from yangguang.witness.models import Entry

PLACES = ("城东", "城西", "新区", "高铁站", "示例镇", "河口", "开发区", "大学城")
THINGS = ("小学", "中学", "医院", "道路", "桥梁", "污水厂", "图书馆", "体育场", "安置房", "幼儿园")
KINDS = ("施工", "监理", "设计", "勘察", "设备采购")
LINES, BATCH, CHUNK = "AAAABBCD", 500, 5_000
PATHS = {
    "项目列表": "/trades/",
    "项目列表，按阶段": "/trades/?stage=bidding",
    "项目列表，按大类和日期": "/trades/?line=D&since=2026-03-01&until=2026-12-31",
    "检索常见词“工程”": "/trades/?q=工程",
    "检索罕见词“瀑布”": "/trades/?q=瀑布",
    "检索“大学城图书馆设计”": "/trades/?q=大学城图书馆设计",
    "公告列表": "/notices/?kind=tender",
    "公告列表，按大类和日期": "/notices/?line=D&since=2026-03-01&until=2026-12-31",
    "公告检索“桥梁”": "/notices/?q=桥梁&kind=tender",
    "首页": "/",
}


def measure(*, sizes: list[int], requests: int) -> dict[str, Any]:
    """For each size: the 95th percentile in seconds of processor time and the number of queries of each page."""
    settings.ALLOWED_HOSTS = ["testserver"]
    play = stage.trade_up_to(stage.TAKING_BIDS, cast=stage.cast(bidders=3), bidders=3)
    first = Trade.objects.select_related("tender").get(pk=play.trade.pk)
    Cursor.objects.create(leaves=2**40)
    found, made = {}, 0
    for size in sizes:
        for start in range(made, size, CHUNK):
            _publish(first, range(start, min(start + CHUNK, size)))
        made = size
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        paths = {**PATHS, "项目页": f"/trades/{_stream(size // 2)}/"}
        found[str(size)] = {name: _measured(path, requests) for name, path in paths.items()}
    return found


def _measured(path: str, requests: int) -> dict[str, float]:
    client, asked = Client(), []
    assert client.get(path).status_code == 200, path
    with connection.execute_wrapper(lambda execute, *given: asked.append(given[0]) or execute(*given)):
        client.get(path)
    taken = []
    for _ in range(requests):
        started = time.process_time()
        client.get(path)
        taken.append(time.process_time() - started)
    return {"p95": statistics.quantiles(taken, n=20)[-1], "queries": len(asked)}


def _stream(number: int) -> str:
    return f"A01-BENCH-{number:08d}"


def _title(number: int) -> str:
    if number % 50_000 == 7:
        return "示例瀑布公园工程"
    place, thing = PLACES[number % 8], THINGS[number // 8 % 10]
    return f"{place}{thing}{KINDS[number // 80 % 5]}工程第{number}号"


def _publish(first: Trade, numbers: range) -> None:
    """Copies of a published trade, row by row as the acts and the portal would have written them."""
    tenders = Tender.objects.bulk_create([_tender(first.tender, one) for one in numbers], batch_size=BATCH)
    trades = [_trade(first, one, tender) for one, tender in zip(numbers, tenders, strict=True)]
    trades = Trade.objects.bulk_create(trades, batch_size=BATCH)
    entry = Entry.objects.get(stream=first.stream, act="publish_notice")
    entries = [_entry(entry, one) for one in numbers]
    entries = Entry.objects.bulk_create(entries, batch_size=BATCH)
    rows = [_listed(one, trade) for one, trade in zip(numbers, trades, strict=True)]
    rows = Listed.objects.bulk_create(rows, batch_size=BATCH)
    grams = [Gram(gram=gram, listed=row) for row in rows for gram in grams_of(row.text)]
    Gram.objects.bulk_create(grams, batch_size=BATCH)
    Notice.objects.bulk_create(map(_notice, numbers, entries, rows), batch_size=BATCH)
    for field, value in (("stage", "bidding"), ("kind", "tender"), ("line", "A"), ("region", "990100")):
        Facet.objects.update_or_create(field=field, value=value, defaults={"number": numbers.stop})


def _copied(row: Any, **changed: Any) -> Any:
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}  # noqa: SLF001
    return type(row)(**{**kept, "id": None, **changed})


def _tender(first: Tender, number: int) -> Tender:
    return _copied(first, code=f"B{number:08d}", title=_title(number), category=f"{LINES[number % 8]}01")


def _trade(first: Trade, number: int, tender: Tender) -> Trade:
    return _copied(first, stream=_stream(number), lot_code=f"B{number:08d}", tender_id=tender.pk)


def _entry(first: Entry, number: int) -> Entry:
    return _copied(first, stream=_stream(number), sequence=1, leaf_hash=f"{number:064x}")


def _listed(number: int, trade: Trade) -> Listed:
    at = trade.tender.registered_at + timedelta(minutes=number)
    stage = "archived" if number % 3 else "bidding"
    text = normalised(f"{_title(number)} {trade.title} 示例建设单位")
    return Listed(trade=trade, text=text, line=LINES[number % 8], region="990100", stage=stage, published_at=at)


def _notice(number: int, entry: Entry, listed: Listed) -> Notice:
    return Notice(
        leaf=number,
        entry=entry,
        listed=listed,
        kind="tender" if number % 2 else "result",
        line=listed.line,
        region=listed.region,
        at=listed.published_at,
    )
