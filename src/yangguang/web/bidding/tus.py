"""Resumable upload (断点续传): the tus protocol 1.0 with creation, expiration and termination.

An upload is one row and one file. A request that appends holds the file; where another one holds it, it is told so
(423) and asks again; an offset that is not the file's own is a conflict (409); somebody else's upload does not exist
(404). The moment that counts is that of the request that brought the last byte.
"""

import base64
import binascii
import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date

from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.accounts.requests import Request
from yangguang.web.bidding import storage
from yangguang.web.bidding.models import Upload
from yangguang.web.bidding.settling import PURPOSES, check_time, refuse, settle
from yangguang.web.refusals import STATUS
from yangguang.web.trades import trade_named

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
BODY = "application/offset+octet-stream"
LASTS = timedelta(hours=24)
MOST_AT_ONCE = 4  # unfinished uploads of one organisation on one trade

OK, CREATED, NO_CONTENT = 200, 201, 204
BAD, CONFLICT, PRECONDITION, TOO_LARGE, UNSUPPORTED, LOCKED = 400, 409, 412, 413, 415, 423

RULE = "平台规则：上传文件"
TOO_MANY = Refusal(
    code="upload.too_many",
    reason=f"本单位在本项目已有 {MOST_AT_ONCE} 个没有传完的文件",
    article=RULE,
    remedy="请继续或删除没有传完的文件后再上传。",
)
FULL = Refusal(
    code="upload.no_room",
    reason="平台存储空间不足，暂时不能接收这样大的文件",
    article="电子招标投标办法第四十九条",
    remedy="请立即联系中心值班电话；未收到回执即视为未提交。",
)
OVERSIZED = Refusal(
    code="upload.too_large",
    reason=f"文件超过平台接收的上限（{settings.LARGEST_BID >> 20} MB）",
    article=RULE,
    remedy="请压缩附件后重新制作投标文件。",
)

EXPIRED = Refusal(
    code="upload.expired",
    reason="这次上传已经结束或者超过保留时间",
    article=RULE,
    remedy="请刷新本页核对回执；没有回执的，重新上传文件。",
)
View = Callable[..., HttpResponse]


def tus(view: View) -> View:
    """The headers of the protocol around a view; what is refused comes as JSON with reason, article and remedy."""

    @functools.wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Refused as refused:
            told = [{"code": one.code, "reason": one.reason, "article": one.article, "remedy": one.remedy}
                    for one in refused.refusals]  # fmt: skip
            response = JsonResponse({"refusals": told}, status=STATUS.get(refused.codes[0], CONFLICT))
        response.headers.setdefault("Cache-Control", "no-store")
        response["Tus-Resumable"] = VERSION
        return response

    return answer


@tus
def uploads(request: Request, stream: str) -> HttpResponse:
    """OPTIONS: what the server can. POST: a new upload of the organisation acted for."""
    if request.method == "OPTIONS":
        return _abilities()
    trade = trade_named(stream)
    act = _metadata(request.headers.get("Upload-Metadata", "")).get("act", "submit_bid")
    check_time(trade, act=act if act in PURPOSES else "submit_bid", actor=request.actor, at=request.at)
    if method_of(request) != "POST":
        return HttpResponse(status=405)
    return _version(request) or _create(request, trade, act)


@tus
def upload(request: Request, token: str) -> HttpResponse:
    """HEAD: how far it is. PATCH: more of it. DELETE: never mind."""
    if request.method == "OPTIONS":
        return _abilities()
    found = own_upload(request, token)
    answers = {"HEAD": _head, "PATCH": _patch, "DELETE": _delete}
    chosen = answers.get(method_of(request))
    if chosen is None:
        return HttpResponse(status=405)
    _refuse_expired(request, found)
    return _version(request) or chosen(request, found)


def own_upload(request: Request, token: str) -> Upload:
    """An upload of the organisation acted for; everybody else's does not exist."""
    organisation = request.actor.organisation
    if not organisation:
        raise Http404
    return get_object_or_404(Upload.objects.select_related("entry"), token=token, organisation=organisation)


def method_of(request: Request) -> str:
    """The method, or the one that a client behind a narrow proxy means."""
    return request.headers.get("X-HTTP-Method-Override", request.method or "").upper()


def _abilities() -> HttpResponse:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.LARGEST_BID),
    }
    return HttpResponse(status=NO_CONTENT, headers=headers)


def _version(request: Request) -> HttpResponse | None:
    if request.headers.get("Tus-Resumable") != VERSION:
        return HttpResponse(status=PRECONDITION, headers={"Tus-Version": VERSION})
    return None


def _refuse_expired(request: Request, upload: Upload) -> None:
    if upload.expires_at < request.at:
        raise Refused(EXPIRED)


def _create(request: Request, trade: Trade, act: str) -> HttpResponse:
    size = _number(request.headers.get("Upload-Length"))
    if size is None or size == 0 or act not in PURPOSES:
        return HttpResponse(status=BAD)
    if size > settings.LARGEST_BID:
        raise Refused(OVERSIZED)
    organisation = request.actor.organisation
    waiting = Upload.objects.filter(stream=trade.stream, organisation=organisation, settled_at__isnull=True)
    if waiting.count() >= MOST_AT_ONCE:
        raise Refused(TOO_MANY)
    if not storage.has_room_for(size):
        raise Refused(FULL)
    made = Upload.objects.create(
        account=request.user, organisation=organisation, stream=trade.stream, act=act, size=size,
        made_at=request.at, expires_at=request.at + LASTS,
    )  # fmt: skip
    headers = {"Location": reverse("bid-upload", kwargs={"token": made.token})} | _lasting(made)
    return HttpResponse(status=CREATED, headers=headers)


def _head(request: Request, upload: Upload) -> HttpResponse:  # noqa: ARG001 - the shape of the others
    headers = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)} | _lasting(upload)
    return HttpResponse(status=OK, headers=headers)


def _delete(request: Request, upload: Upload) -> HttpResponse:  # noqa: ARG001 - the shape of the others
    with storage.held(upload.token) as file:
        if file is None:
            return HttpResponse(status=LOCKED)
        upload.refresh_from_db()
        if upload.is_complete:
            return HttpResponse(status=CONFLICT)
        storage.remove(upload.token)
        upload.delete()
    return HttpResponse(status=NO_CONTENT)


def _patch(request: Request, upload: Upload) -> HttpResponse:
    if request.content_type != BODY:
        return HttpResponse(status=UNSUPPORTED)
    offset = _number(request.headers.get("Upload-Offset"))
    if offset is None:
        return HttpResponse(status=BAD)
    with storage.held(upload.token) as file:
        if file is None:
            return HttpResponse(status=LOCKED)
        if not Upload.objects.filter(pk=upload.pk, settled_at__isnull=True).exists():
            storage.remove(upload.token)
            raise Refused(EXPIRED)
        upload.refresh_from_db()
        return _append(request, upload, file, offset)


def _append(request: Request, upload: Upload, file: Any, offset: int) -> HttpResponse:
    if offset != upload.offset:
        return HttpResponse(status=CONFLICT)
    left = upload.size - offset
    if (_number(request.headers.get("Content-Length")) or 0) > left:
        return HttpResponse(status=TOO_LARGE)
    if left:
        _refuse_late(upload, request)
        try:
            upload.offset += storage.append(file, request, offset=offset, most=left)
        except OSError as fault:
            raise Refused(FULL) from fault
        _keep_offset(upload, at=request.at)
    if upload.is_complete:
        settle(upload, actor=request.actor, at=request.at)
    return HttpResponse(status=NO_CONTENT, headers={"Upload-Offset": str(upload.offset)} | _lasting(upload))


def _refuse_late(upload: Upload, request: Request) -> None:
    """The deadline ends an upload that is not complete; a trade that is suspended only interrupts it."""
    trade = Trade.objects.select_related(*Trade.read_along).get(stream=upload.stream)
    try:
        check_time(trade, act=upload.act, actor=request.actor, at=request.at)
    except Refused as refused:
        if trade.stage != Stage.SUSPENDED:
            refuse(upload, refused, at=request.at)
        raise


def _keep_offset(upload: Upload, *, at: datetime) -> None:
    upload.expires_at = at + LASTS
    if upload.offset == upload.size:
        upload.completed_at = at
    upload.save(update_fields=["offset", "expires_at", "completed_at"])


def _lasting(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": http_date(upload.expires_at.timestamp())}


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < len(str(1 << 62)) else None


def _metadata(header: str) -> dict[str, str]:
    """`act c3VibWl0X2JpZA==,…`; what cannot be read is left out."""
    found = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            continue
    return found
