"""The pages for what went wrong, in Chinese, with what to do next."""

import logging
import secrets
import sys
import traceback
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from yangguang.web.drafts.parking import parked

logger = logging.getLogger("yangguang.faults")

Words = tuple[str, str, str, str]  # what it is called, what happened, what to do, on which ground if it is a refusal
PAGES: dict[int, Words] = {
    400: (
        "请求有误",
        "浏览器发来的内容不完整或格式不对。",
        "请返回上一页重试；仍不行请联系中心。",
        "平台规则：提交内容的格式",
    ),
    403: (
        "没有权限",
        "您当前登录的身份不能查看或办理此事项。",
        "请核对登录身份和所代表的单位，或返回首页。",
        "平台规则：未授权即拒绝",
    ),
    404: ("没有找到", "没有这个页面，或者您无权查看。", "请核对网址，或从首页、我的工作台进入。", ""),
    500: (
        "系统故障",
        "本次办理没有生效，已有记录不受影响。",
        "请稍后重试；投标、解密等限时事项请立即联系中心值班电话。",
        "",
    ),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403."""
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return _page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500, with a number that the server's log can be searched for; it asks the database for nothing."""
    number = secrets.token_hex(4)
    note_fault(request, number)
    return _page(request, 500, number=number, plain=True)


def note_fault(request: HttpRequest, number: str) -> None:
    """Log where a fault happened and of what kind; neither address nor message, which could name who bids."""
    kind, _, trace = sys.exc_info()
    route = request.resolver_match.view_name if request.resolver_match else "?"
    frames = "".join(traceback.format_tb(trace))
    logger.error("故障 %s %s %s\n%s", number, route, kind.__name__ if kind else "?", frames)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without its token: signed in again in another window, or too old. Inputs of an act are kept."""
    if draft := parked(request):
        messages.warning(request, "页面已过期，填写的内容已保存，请核对后继续。")
        return redirect(f"{request.path}?draft={draft.token}")
    words = (
        "页面已过期",
        "您可能在别的窗口重新登录过，或者页面停留太久。",
        "请返回上一页刷新后重新提交；本次办理没有生效。",
        "平台规则：登录后提交的内容须出自本平台的页面",
    )
    return _page(request, 403, words=words)


def _page(request: HttpRequest, status: int, words: Words | None = None, **more: Any) -> HttpResponse:
    title, what, then, article = words or PAGES[status]
    context = {"status": status, "title": title, "what": what, "then": then, "article": article, **more}
    return render(request, "error_plain.html" if more.get("plain") else "error.html", context, status=status)
