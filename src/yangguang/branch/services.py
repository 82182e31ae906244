"""为民服务 and what lasts: reports to communities, service counts, honours, pairings, points, rules in force."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from yangguang.ledger.acts import enter_record, link_records
from yangguang.ledger.guards import record_or_refuse
from yangguang.ledger.models import Link, Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.refusal import Refusal
from yangguang.witness.actor import Actor
from yangguang.witness.guards import refuse_unless

ONCE = "平台规则：一人一事登记一次"
RULES = "rule_document"
# Which date, written in a field, ends what a register lists; nothing there means that it lasts.
ENDS = {"honour": "until", "pairing": "until", "service_point": "closed_on", "rule_document": "ended_on"}


@checks_records("community_report")
def check_community_report(draft: Draft) -> Iterator[Refusal]:
    """Somebody reports, and once to a community."""
    owner, community = draft.cleaned.columns.get("owner"), draft.cleaned.fields.get("community")
    if owner is None:
        if draft.cleaned.kind != "单位报到":
            yield _refusal("community_report.owner", "没有选择报到的人", "请从名册中选择；单位报到除外。")
        return
    same = Record.objects.filter(
        unit=draft.unit, register=draft.register.id, kind=draft.cleaned.kind, owner=owner, fields__community=community
    )
    if same.exclude(state=State.CANCELLED).exclude(pk=draft.record.pk if draft.record else 0).exists():
        yield _refusal("community_report.twice", "已经登记过这个人在这个社区的报到", "不需要重复登记。")


@checks_records("service_count")
def check_service_count(draft: Draft) -> Iterator[Refusal]:
    """A counter says how many, and from which day until which it counted; its title is that period."""
    first, last = draft.cleaned.fields.get("first"), draft.cleaned.day
    if draft.cleaned.columns.get("quantity") is None:
        yield _refusal("service_count.quantity", "没有填写人次", "请填写计数器上的数。")
    if first and last and date.fromisoformat(first) > last:
        yield _refusal("service_count.first", "起始日期晚于截止日期", "请核对计数的起止日期。")
    elif first and last and draft.cleaned.title == draft.register.name:
        begin = date.fromisoformat(first)
        draft.cleaned.title = f"{begin.year}年{begin.month}月至{last.year}年{last.month}月累计"


@checks_records("rule_document")
def check_rule_document(draft: Draft) -> Iterator[Refusal]:
    """A rule that a meeting passed is dated by the meeting and stands in the library once."""
    number = draft.cleaned.columns.get("parent")
    if number is None:
        return
    meeting = Record.objects.get(pk=number)
    if meeting.day != draft.cleaned.day:
        yield _refusal("rule_document.day", f"通过日期与会议日期（{meeting.day}）不一致", "请以会议日期为准。")
    same = Record.objects.filter(register=draft.register.id, parent=meeting, title=draft.cleaned.title)
    if same.exclude(state=State.CANCELLED).exclude(pk=draft.record.pk if draft.record else 0).exists():
        yield _refusal("rule_document.twice", "这项决定已经转入制度库", "需要修改的请更正原记录。")


def rule_from_decision(meeting: Record, *, number: int, kind: str) -> Mapping[str, Any]:
    """What `enter_record` needs to put the decision of this number (from 1) into the rules library: nothing to type.

    Raises IndexError for a number that the meeting has not.
    """
    title = meeting.fields.get("decisions", [])[number - 1]
    return {"title": title, "kind": kind, "day": meeting.day.isoformat(), "parent": meeting.pk}


def decide_rule(
    unit: Unit, *, actor: Actor, at: datetime, record: int, decision: int, kind: str, changed: int | None = None
) -> Record | Link:
    """会议决定 → 制度库: a decision makes a rule, or changes one that is in force; nobody types it a second time.

    A rule that was `changed` keeps its own record and points at each meeting that changed it. Raises `Refused` for a
    decision that the meeting has not, and for what is no rule.
    """
    meeting = record_or_refuse(unit, record)
    refuse_unless(
        1 <= decision <= len(meeting.fields.get("decisions", [])) and meeting.state == State.DONE,
        code="rule_document.decision",
        reason="会议没有这项决定，或者会议还没有召开",
        article=ONCE,
        remedy="请先在会议记录中登记决定事项。",
    )
    if changed is None:
        values = rule_from_decision(meeting, number=decision, kind=kind)
        return enter_record(unit, actor=actor, at=at, register=RULES, values=values, typed=0)
    refuse_unless(
        record_or_refuse(unit, changed).register == RULES,
        code="rule_document.changed",
        reason="所选的记录不是制度",
        article=ONCE,
        remedy="请从制度文件库中选择修订的制度。",
    )
    return link_records(unit, actor=actor, at=at, record=changed, kind=str(Link.Kind.FOLLOWS), target=meeting.pk)


def rules_made(meeting: Record) -> dict[str, Record]:
    """The rules that stand because a meeting decided them, by the words of the decision."""
    rows = meeting.children.filter(register=RULES).exclude(state=State.CANCELLED)
    return {one.title: one for one in rows}


def rules_changed(meeting: Record) -> list[Record]:
    """The rules that a meeting changed."""
    links = meeting.linked_from.filter(kind=Link.Kind.FOLLOWS, record__register=RULES)
    return [one.record for one in links.select_related("record").order_by("pk")]


def lasting(unit: Unit, *, register: str, on: date) -> list[Record]:
    """What a register lists that still lasts on a day (在效、在用、现行), oldest first."""
    rows = Record.objects.filter(
        unit__path__startswith=unit.path, register=register, state=State.DONE, day__lte=on
    ).order_by("day", "pk")
    return [one for one in rows if not _ended(one, on)]


def expiring(unit: Unit, *, register: str, first: date, last: date) -> list[Record]:
    """What ends from a day until another, both included, so that it can be renewed in time."""
    rows = lasting(unit, register=register, on=first)
    return [one for one in rows if (end := end_of(one)) is not None and first <= end <= last]


def end_of(record: Record) -> date | None:
    """The last day of what lasts; None where none was written."""
    said = record.fields.get(ENDS.get(record.register, ""))
    return date.fromisoformat(said) if said else None


def _ended(record: Record, on: date) -> bool:
    end = end_of(record)
    return end is not None and end < on


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=ONCE, remedy=remedy)
