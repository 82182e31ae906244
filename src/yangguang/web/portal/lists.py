"""The lists of the portal: trades and notices, narrowed by line, kind, stage, region, date and words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yangguang.rules.calendar import end_of_day, start_of_day
from yangguang.rules.codes import TradeClass
from yangguang.rules.regions import region_name
from yangguang.trading.stages import Stage
from yangguang.web.portal.models import Facet, Listed, Notice
from yangguang.web.portal.projection import catch_up
from yangguang.web.portal.search import found, notices_found, words_of
from yangguang.web.portal.telling import Kind

PAGE_SIZE = 20
Row = TypeVar("Row", bound=Model)
LARGEST_ID = 2**63 - 1
LINES = {
    TradeClass.WORKS.value: "工程建设",
    TradeClass.PROCUREMENT.value: "政府采购",
    TradeClass.LAND_AND_MINING.value: "土地矿业权",
    TradeClass.PROPERTY.value: "产权交易",
}
FIELDS = {"line": "交易大类", "kind": "公告类别", "stage": "阶段", "region": "地区"}
LABELS: dict[str, Callable[[str], str]] = {
    "line": lambda value: LINES.get(value, value),
    "kind": lambda value: Kind(value).label,
    "stage": lambda value: str(Stage(value).label),
    "region": region_name,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed by; what was not understood is left out."""

    q: str = ""
    line: str = ""
    region: str = ""
    stage: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None

    def address(self, **changed: Any) -> str:
        """The query string of these filters with some changed; `before` is dropped unless given."""
        given = replace(self, **{"before": None, **changed})
        pairs = {name: str(getattr(given, name) or "") for name in self.__slots__}
        return urlencode({name: value for name, value in pairs.items() if value})

    def moments(self, field: str) -> dict[str, datetime]:
        """The dates as conditions on a moment; both days are whole days of Beijing."""
        conditions = {}
        if self.since:
            conditions[f"{field}__gte"] = start_of_day(self.since)
        if self.until and self.until < date.max:
            conditions[f"{field}__lt"] = end_of_day(self.until)
        return conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that a list can be narrowed by."""

    value: str
    label: str
    number: int


def filters_of(given: QueryDict) -> Filters:
    """The filters of an address."""
    return Filters(
        q=given.get("q", "").strip()[:80],
        line=given.get("line", "") if given.get("line") in LINES else "",
        region=given.get("region", "")[:6] if given.get("region", "").isdigit() else "",
        stage=given.get("stage", "") if given.get("stage") in Stage.values else "",
        kind=given.get("kind", "") if given.get("kind") in set(Kind) else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        before=_number(given.get("before", "")),
    )


@require_safe
def trades(request: HttpRequest) -> HttpResponse:
    """All published trades, the newest first."""
    catch_up()
    wanted = filters_of(request.GET)
    rows = _page(_trades(wanted))
    return render(request, "portal/trades.html", _context(wanted, rows, "line", "stage", "region"))


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All notices, the newest first; of a search, by trade."""
    catch_up()
    wanted = filters_of(request.GET)
    rows = _page(notices_like(wanted))
    return render(request, "portal/notices.html", _context(wanted, rows, "line", "kind", "region"))


def notices_like(wanted: Filters) -> QuerySet[Notice]:
    """The notices that match, the newest first."""
    rows = Notice.objects.select_related("listed__trade__tender__tenderer", "entry").order_by("-leaf")
    rows = rows.filter(**_equal(wanted, "line", "region", "kind"), **wanted.moments("at"))
    return notices_found(_older(rows, wanted, "at"), words_of(wanted.q))


def choices(*fields: str) -> dict[str, list[Choice]]:
    """The values that the data has, with how many trades or notices have each."""
    listed: dict[str, list[Choice]] = {field: [] for field in fields}
    for one in Facet.objects.filter(field__in=fields, number__gt=0).order_by("value"):
        label = LABELS[one.field](one.value)
        listed[one.field].append(Choice(value=one.value, label=label, number=one.number))
    return {field: sorted(values, key=lambda one: _rank(field, one)) for field, values in listed.items()}


def _context(wanted: Filters, rows: list[Any], *fields: str) -> dict[str, Any]:
    older = wanted.address(before=rows[PAGE_SIZE - 1].pk) if len(rows) > PAGE_SIZE else ""
    return {
        "filters": wanted,
        "rows": rows[:PAGE_SIZE],
        "older": older,
        "fields": [(field, FIELDS[field]) for field in fields],
        "choices": choices(*fields),
    }


def _trades(wanted: Filters) -> QuerySet[Listed]:
    rows = found(words_of(wanted.q)).select_related("trade__tender__tenderer")
    rows = rows.filter(**_equal(wanted, "line", "region", "stage"), **wanted.moments("published_at"))
    return _older(rows, wanted, "published_at")


def _older(rows: QuerySet[Row], wanted: Filters, moment: str) -> QuerySet[Row]:
    """What comes after the row `before`; days without words are walked by their moment, for which there is an index."""
    if not wanted.moments(moment) or words_of(wanted.q):
        return rows if wanted.before is None else rows.filter(pk__lt=wanted.before)
    rows = rows.order_by(f"-{moment}", "-pk")
    if wanted.before is None:
        return rows
    edge = rows.model._default_manager.filter(pk=wanted.before).values_list(moment, flat=True).first()  # noqa: SLF001
    if edge is None:
        return rows.filter(pk__lt=wanted.before)
    return rows.filter(**{f"{moment}__lte": edge}).exclude(**{moment: edge, "pk__gte": wanted.before})


def _page(rows: QuerySet[Any]) -> list[Any]:
    """One page and one row more, which says whether there are older ones; nothing is counted."""
    return list(rows[: PAGE_SIZE + 1])


def _equal(wanted: Filters, *names: str) -> dict[str, str]:
    return {name: getattr(wanted, name) for name in names if getattr(wanted, name)}


def _rank(field: str, choice: Choice) -> tuple[int, str]:
    order = {"stage": Stage.values, "kind": [kind.value for kind in Kind]}.get(field, [])
    return (order.index(choice.value) if choice.value in order else 0, choice.value)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found <= date(2200, 1, 1) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(LARGEST_ID)) else None
