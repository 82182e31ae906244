"""How moments, amounts and icons are written on every page."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.regions import region_name
from yangguang.trading.models import Trade
from yangguang.trading.stages import FAILED, Stage
from yangguang.web.acts.words import WORDS
from yangguang.witness.actor import Actor

register = template.Library()
STOPPED = (*FAILED, Stage.SUSPENDED)


@register.filter
def moment(at: datetime | None) -> str:
    """2026年3月2日 09:30, by the clock of Beijing."""
    if at is None:
        return "—"
    here = at.astimezone(LEGAL_ZONE)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"


@register.filter
def moment_exact(at: datetime | None) -> str:
    """2026-03-02 09:30:05, by the clock of Beijing."""
    return f"{at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M:%S}" if at else "—"


@register.filter
def clock_of(at: datetime, day: date) -> str:
    """09:30 on the day itself, 3月2日 for another one, by the clock of Beijing."""
    here = at.astimezone(LEGAL_ZONE)
    return f"{here:%H:%M}" if here.date() == day else f"{here.month}月{here.day}日"


@register.filter
def milliseconds(at: datetime) -> int:
    """The moment as a browser's clock counts it."""
    return int(at.timestamp() * 1000)


@register.filter
def yuan(amount: Decimal | None) -> str:
    """12,345.60 元."""
    return "—" if amount is None else f"{amount:,.2f} 元"


@register.filter
def ten_thousand(amount: Decimal | None) -> str:
    """1,234.56 万元."""
    return "—" if amount is None else f"{amount / 10_000:,.2f} 万元"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing of the sheet; with a label it speaks, without one it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html('<svg class="yg-icon" {}><use href="{}#{}"></use></svg>', spoken, static("icons.svg"), name)


@register.filter
def stage(trade: Trade) -> SafeString:
    """The name of the stage where a trade stands, coloured by whether it runs, ended or failed."""
    kind = "yg-stage-ended" if trade.stage == Stage.ARCHIVED else "yg-stage-failed" if trade.stage in STOPPED else ""
    return format_html('<span class="yg-stage {}">{}</span>', kind, trade.stage_name(trade.stage))


register.filter("region_name", region_name)


@register.filter
def has_posts(member: Actor) -> bool:
    """Whether the person holds a post in a party organisation or a section: a post is written `unit:post`."""
    return any(":" in one for one in member.offices)


@register.filter
def act_title(name: str) -> str:
    """What an act is called."""
    return WORDS[name].title if name in WORDS else name
