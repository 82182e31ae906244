"""The two languages of the portal in templates: `{% t %}` says it, `{% link %}` leads on in the same language."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.portal.english import in_english, is_english
from yangguang.web.portal.telling import Kind
from yangguang.web.templatetags.words import STOPPED, moment, moment_exact, yuan

register = template.Library()
CLOCKS = {
    "close_bidding": "投标截止",
    "end_decryption": "解密截止",
    "object_at_opening": "现场异议截止",
    "award": "公示期满",
    "sign_contract": "签订合同期限",
    "submit_written_report": "书面报告期限",
    "refund_guarantee": "退还保证金期限",
    "answer_document_objection": "答复异议期限",
    "answer_result_objection": "答复异议期限",
}


@register.simple_tag(takes_context=True)
def t(context: template.Context, text: object) -> str:
    """The text in the language of the page; Chinese is how it is written in the template."""
    return in_english(str(text)) if _english(context) else str(text)


@register.simple_tag(takes_context=True)
def link(context: template.Context, name: str, **kwargs: Any) -> str:
    """The address of a page in the language of this page; pages without an English half stay Chinese."""
    if _english(context):
        try:
            return reverse(f"en:{name}", kwargs=kwargs)
        except NoReverseMatch:
            pass
    return reverse(name, kwargs=kwargs)


@register.simple_tag(takes_context=True)
def language(context: template.Context) -> str:
    """The language of the page, for `lang`."""
    return "en" if _english(context) else "zh-CN"


@register.simple_tag(takes_context=True)
def chinese(context: template.Context) -> SafeString:
    """Marks an element whose text stays Chinese on an English page; nothing on a Chinese one."""
    return mark_safe('lang="zh-CN"') if _english(context) else mark_safe("")


@register.simple_tag(takes_context=True)
def other_language(context: template.Context) -> dict[str, str]:
    """Where this page is in the other language; empty where there is none."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if not isinstance(request, HttpRequest) or match is None:
        return {}
    if match.namespace == "en":
        return {"url": reverse(match.url_name, kwargs=match.kwargs), "words": "中文", "language": "zh-CN"}
    try:
        return {"url": reverse(f"en:{match.url_name}", kwargs=match.kwargs), "words": "English", "language": "en"}
    except NoReverseMatch:
        return {}


def _english(context: template.Context) -> bool:
    request = context.get("request")
    return isinstance(request, HttpRequest) and is_english(request)


@register.simple_tag(takes_context=True)
def stage_of(context: template.Context, trade: Trade) -> SafeString:
    """The stage of a trade, coloured, in the language of the page."""
    kind = "yg-stage-ended" if trade.stage == Stage.ARCHIVED else "yg-stage-failed" if trade.stage in STOPPED else ""
    return format_html('<span class="yg-stage {}">{}</span>', kind, t(context, trade.stage_name(trade.stage)))


@register.simple_tag(takes_context=True)
def when(context: template.Context, at: datetime | None) -> str:
    """A moment by the clock of Beijing, to the minute."""
    return moment_exact(at)[:16] if _english(context) else moment(at)


@register.simple_tag(takes_context=True)
def money(context: template.Context, amount: Decimal | None) -> str:
    """An amount of yuan."""
    return yuan(amount).replace(" 元", " yuan") if _english(context) else yuan(amount)


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """The value under a key."""
    return mapping.get(key, ())


@register.filter
def value(row: object, name: str) -> Any:
    """The attribute of this name."""
    return getattr(row, name)


@register.filter
def kind_label(kind: str) -> str:
    """公告类别."""
    return Kind(kind).label


@register.filter
def clock_label(act: str) -> str:
    """What a running clock of the law is about, as an outsider says it."""
    return CLOCKS.get(act, "时限")
