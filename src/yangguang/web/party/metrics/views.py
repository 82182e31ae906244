"""指标字典: what every number means, and what one of them comes to."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.dictionary import Metric, dictionary, metric_named
from yangguang.reports.explaining import change_of
from yangguang.reports.spans import Span, UnknownSpan, read_span
from yangguang.rules.calendar import legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.reports.forms import periods
from yangguang.web.party.reports.page import metric_page
from yangguang.web.party.units import frame, unit_for

READERS = frozenset({LedgerRole.KEEPER, LedgerRole.INSPECTOR, LedgerRole.LEADER})
GROUPS = {
    "branch": "党建工作", "integrity": "廉政工作", "people": "宣传、精神文明和群众工作", "tasks": "任务和考核",
    "trading": "交易和见证",
}  # fmt: skip
LONGEST_QUERY = 80


@login_required
@never_cache
@require_safe
def metrics(request: Request, code: str) -> HttpResponse:
    """The dictionary by group, or what fits some words."""
    unit = unit_for(request, code, roles=READERS)
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    found = [one for one in dictionary().values() if _fits(one, words.split())]
    groups = [(GROUPS.get(name, "本单位自定"), list(some)) for name, some in groupby(found, lambda one: one.group)]
    context = frame(request, unit, "metrics", groups=groups, words=words, count=len(found))
    return render(request, "party/metrics.html", context)


def _fits(metric: Metric, words: list[str]) -> bool:
    register = register_named(metric.register)
    said = f"{metric.id} {metric.name} {metric.definition} {register.name if register else ''}"
    return all(word in said for word in words)


@login_required
@never_cache
@require_safe
def metric(request: Request, code: str, metric: str) -> HttpResponse:
    """One metric: its definition, its value for a period, and the records behind it."""
    unit = unit_for(request, code, roles=READERS)
    found = metric_named(metric)
    if found is None:
        raise Http404
    today = legal_date(request.at)
    span = _span(request.GET.get("period", ""), today.year)
    given: dict[str, Any] = {"unit": unit, "span": span, "as_of": today}
    page = metric_page(found, actor=request.member, number=request.GET.get("page"), **given)
    context = frame(
        request, unit, "metrics", page=page, change=change_of(metric=found, **given), periods=periods(today),
        period=span.key, query=f"period={span.key}",
    )  # fmt: skip
    return render(request, "party/metric.html", context)


def _span(asked: str, year: int) -> Span:
    """The months that an address names; what is none is this year."""
    try:
        return read_span(asked)
    except UnknownSpan:
        return Span(year, 1, 12)
