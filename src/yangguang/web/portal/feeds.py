"""Feeds (订阅): notices as Atom and as OCDS-like JSON. The cursor is the leaf number in the log.

`?after=<leaf>` gives what came after that leaf, oldest first, at most a page; `next` leads on. Without it the newest
page comes. A cursor never goes stale, because leaves never move. `kind`, `line` and `region` narrow a feed.
"""

import hashlib
import json
import re
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from yangguang.web.portal.disclosure import files_of
from yangguang.web.portal.english import is_english
from yangguang.web.portal.lists import Filters, filters_of, notices_like
from yangguang.web.portal.models import Notice
from yangguang.web.portal.projection import catch_up
from yangguang.web.portal.sentences import sentence
from yangguang.web.portal.telling import Kind
from yangguang.witness.entries import payload_of
from yangguang.witness.record import utc_text

PAGE_SIZE = 50
PREFIX = "ocds-yangguang"
TAGS = {
    Kind.TENDER: "tender",
    Kind.CHANGE: "tenderUpdate",
    Kind.OPENING: "tenderUpdate",
    Kind.CANDIDATES: "award",
    Kind.RESULT: "award",
    Kind.CONTRACT: "contract",
    Kind.ENDING: "tenderCancellation",
}
CATEGORIES = {"A": "works", "B": "goods"}
CURSOR = re.compile(r"-1|[0-9]{1,18}")
Page = tuple[list[Notice], int | None]


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The feed for readers."""
    rows, cursor = _page(request)
    english = is_english(request)
    context = {
        "items": [{"notice": one, "words": sentence(payload_of(one.entry), english=english)} for one in rows],
        "updated": rows[-1 if cursor is not None else 0].at if rows else None,
        "base": request.build_absolute_uri("/"),
        "here": request.build_absolute_uri(),
        "next": _next(request, cursor),
    }
    return _answer(request, render_to_string("portal/feed.xml", context), "application/atom+xml; charset=utf-8")


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """The feed for programs: a release package with the field names of OCDS 1.1."""
    rows, cursor = _page(request)
    package = {
        "uri": request.build_absolute_uri(),
        "version": "1.1",
        "publisher": {"name": "阳光交易"},
        "publishedDate": utc_text(max(one.at for one in rows)) if rows else None,
        "releases": [_release(one, request) for one in rows],
        "cursor": max((one.leaf for one in rows), default=cursor),
        "links": {"next": _next(request, cursor)},
    }
    return _answer(request, json.dumps(package, ensure_ascii=False, indent=1), "application/json; charset=utf-8")


def _page(request: HttpRequest) -> Page:
    """The rows and where the next page begins; a feed without a cursor is the newest page, newest first."""
    catch_up()
    wanted, after = filters_of(request.GET), request.GET.get("after", "")
    rows = notices_like(Filters(kind=wanted.kind, line=wanted.line, region=wanted.region))
    if not CURSOR.fullmatch(after):
        return list(rows[:PAGE_SIZE]), None
    found = list(_after(rows, int(after)))
    return found, found[-1].leaf if found else int(after)


def _after(rows: QuerySet[Notice], leaf: int) -> QuerySet[Notice]:
    return rows.filter(leaf__gt=leaf).order_by("leaf")[:PAGE_SIZE]


def _next(request: HttpRequest, cursor: int | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query["after"] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _answer(request: HttpRequest, body: str, content_type: str) -> HttpResponse:
    """The body with its digest as ETag; nothing but 304 for whoever has it."""
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(body, content_type=content_type, headers={"ETag": tag, "Cache-Control": "public, max-age=1"})


def _release(notice: Notice, request: HttpRequest) -> dict[str, Any]:
    trade, payload = notice.listed.trade, payload_of(notice.entry)
    tender = trade.tender
    return {
        "ocid": f"{PREFIX}-{trade.stream}",
        "id": str(notice.leaf),
        "date": utc_text(notice.at),
        "tag": [TAGS[Kind(notice.kind)]],
        "language": "zh",
        "initiationType": "tender",
        "description": sentence(payload),
        "parties": [_party(tender.tenderer.code, tender.tenderer.name)],
        "buyer": {"id": tender.tenderer.code, "name": tender.tenderer.name},
        "tender": {
            "id": trade.lot_code,
            "title": f"{tender.title} {trade.title}",
            "mainProcurementCategory": CATEGORIES.get(notice.line, "other"),
            "procurementMethod": "open",
            "value": _value(str(trade.limit_price) if trade.limit_price is not None else ""),
            "tenderPeriod": {"endDate": payload["data"].get("deadline")},
            "documents": _documents(notice, request),
        },
        **_outcome(notice, payload["data"]),
    }


def _party(code: str, name: str) -> dict[str, Any]:
    return {"id": code, "name": name, "roles": ["buyer"], "identifier": {"scheme": "CN-USCC", "id": code}}


def _documents(notice: Notice, request: HttpRequest) -> list[dict[str, Any]]:
    files = files_of(json.loads(notice.entry.payload), archived=False, withheld=())
    at = {"stream": notice.entry.stream, "sequence": notice.entry.sequence}
    return [
        {
            "id": one.sha256,
            "title": one.name,
            "url": request.build_absolute_uri(reverse("entry-file", kwargs={**at, "sha256": one.sha256})),
        }
        for one in files
        if one.is_open and not one.is_signature
    ]


def _outcome(notice: Notice, data: dict[str, Any]) -> dict[str, Any]:
    """The award or contract that the entry states."""
    if notice.kind == Kind.CANDIDATES:
        rows = data.get("candidates", [])
        return {"awards": [_award(one["bidder"], one["price"], rank=one["rank"]) for one in rows]}
    if notice.kind == Kind.RESULT:
        return {"awards": [_award(data["winner"], "", status="active")]}
    if notice.kind == Kind.CONTRACT:
        return {"contracts": [{"id": data["winner"], "value": _value(data["price"]), "status": "active"}]}
    return {}


def _award(code: str, price: str, *, rank: int | None = None, status: str = "pending") -> dict[str, Any]:
    award = {"id": code, "status": status, "suppliers": [{"id": code}], "value": _value(price)}
    return award if rank is None else {**award, "rank": rank}


def _value(price: str) -> dict[str, str] | None:
    return {"amount": price, "currency": "CNY"} if price else None
