"""What waits for the centre itself (中心待办): things that no trade reminds of."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from yangguang.lawbook.standing import calendar_of, law_of
from yangguang.parties.certificates import recognised_roots, revocation_lists
from yangguang.parties.models import Application
from yangguang.rules.calendar import LEGAL_ZONE, ONE_DAY, WorkingCalendar, legal_date
from yangguang.trading.models import Centre
from yangguang.web.task import Task

LISTS_AHEAD = timedelta(days=3)
RULES_AHEAD = timedelta(days=60)
ANNOUNCED_IN = 11  # the State Council announces the next year's holidays in November


def tasks_of(centre: Centre, *, at: datetime) -> list[Task]:
    """All that waits for the staff of this centre."""
    today = legal_date(at)
    return [*_applications(), *_revocations(at), *_holidays(centre, today), *_rules_ending(centre, today)]


def is_year_known(calendar: WorkingCalendar, year: int) -> bool:
    """Whether the holidays of a year were announced, or entered by the centre."""
    return calendar.is_certain(date(year, 7, 1)) or any(day.year == year for day in calendar.corrections)


def _applications() -> Iterator[Task]:
    waiting = Application.objects.filter(decision=Application.Decision.WAITING).count()
    if waiting:
        yield Task(title="核验主体登记", about=f"{waiting} 件申请等待核验", url=reverse("organisations"))


def _revocations(at: datetime) -> Iterator[Task]:
    lists = revocation_lists(at=at)
    for root in recognised_roots(at=at):
        newest = next((one for one in lists if one.issuer_name == root.subject_name), None)
        if newest is not None and newest.next_update > at + LISTS_AHEAD:
            continue
        said = f"下一期应于 {newest.next_update.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M} 前更新" if newest else "还没有"
        yield Task(
            title="更新吊销列表",
            about=f"{root.common_name}：{said}；没有有效的吊销列表，其下的证书不能使用",
            url=reverse("centre-roots"),
            due=legal_date(newest.next_update) if newest else None,
        )


def _holidays(centre: Centre, today: date) -> Iterator[Task]:
    calendar = calendar_of(centre)
    years = [today.year, today.year + 1] if today.month >= ANNOUNCED_IN else [today.year]
    for year in years:
        if not is_year_known(calendar, year):
            yield Task(
                title="录入放假安排",
                about=f"{year} 年的放假和调休还不在系统里，工作日暂按星期一至星期五计算",
                url=f"{reverse('centre-holidays')}?year={year}",
                due=date(year, 1, 1),
            )


def _rules_ending(centre: Centre, today: date) -> Iterator[Task]:
    for rule in law_of(centre, date=today, region=centre.region).rules:
        ends = rule.effective_to
        if ends is None or ends > today + RULES_AHEAD:
            continue
        after = law_of(centre, date=ends + ONE_DAY, region=centre.region).find(rule.id)
        if after is None or after.effective_from <= today:  # nobody has entered what follows
            then = f"以后恢复为 {after.amount_text}（{after.citation}）" if after else "以后没有接续的规则"
            yield Task(
                title="规则即将失效",
                about=f"{rule.note}：{rule.amount_text}（{rule.citation}），{then}",
                url=f"{reverse('centre-rules')}?q={rule.id}",
                due=ends,
            )
