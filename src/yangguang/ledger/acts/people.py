"""Opening units and appointing people to posts (组织设置与任职)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from yangguang.ledger.models import Post, Unit
from yangguang.ledger.roles import POSTS, LedgerRole
from yangguang.parties.models import Person
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless
from yangguang.witness.inputs import is_text
from yangguang.witness.record import record as witness

ROLL = f"{PLATFORM}：名册一处登记"
LONGEST_CODE = 20
KEEPERS = {LedgerRole.KEEPER, LedgerRole.LEADER}


def found_unit(*, code: str, name: str, kind: str, opened_on: date, **more: Any) -> Unit:
    """The first unit of a house, as set-up makes it; those below it are opened by an act."""
    return Unit.objects.create(
        stream=f"unit:{code}", stage="keeping", code=code, name=name, kind=kind, path=f"/{code}/", opened_on=opened_on,
        **more,
    )  # fmt: skip


@act("open_unit", by=KEEPERS)
def open_unit(unit: Unit, *, actor: Actor, at: datetime, code: str, name: str, kind: str, opened_on: date) -> Unit:
    """设立下级组织: a branch, a cell, a section or a study group below this unit."""
    refuse_unless(
        is_text(name, most=120) and name.strip() and kind in Unit.Kind.values,
        code="unit.name",
        reason="应写明名称（不超过120字）并选择类型",
        article=ROLL,
        remedy="请更正后重新提交。",
    )
    refuse_unless(
        code.isascii()
        and code.replace("-", "").isalnum()
        and len(code) <= LONGEST_CODE
        and not Unit.objects.filter(code=code),
        code="unit.code",
        reason="编码应为不超过20位的字母、数字和短横线，并且没有用过",
        article=ROLL,
        remedy="请换一个编码。",
    )
    made = Unit.objects.create(
        stream=f"unit:{code}", stage="keeping", code=code, name=name.strip(), kind=kind, opened_on=opened_on,
        path=f"{unit.path}{code}/", organisation=unit.organisation, region=unit.region,
    )  # fmt: skip
    witness(data={"code": code, "kind": kind}, concealed={"name": made.name, "opened_on": opened_on.isoformat()})
    return made


@act("appoint_to_post", by=KEEPERS)
def appoint_to_post(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    person: str,
    post: str,
    since: date,
    until: date | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Post:
    """任职登记: a person (by mark) is on the unit's roll in a post from a day on.

    Raises `Refused` for a post held already on that day, and for an end before the beginning.
    """
    found = found_or_refuse(
        Person.objects.filter(mark=person).first(),
        code="post.person",
        reason="没有登记过这个人",
        article=ROLL,
        remedy="请先在人员登记中登记。",
    )
    refuse_unless(
        post in POSTS and (until is None or until >= since),
        code="post.dates",
        reason="职务有误，或者终止日期早于起始日期",
        article=ROLL,
        remedy="请更正后重新提交。",
    )
    held = Post.objects.filter(unit=unit, person=found, post=post, until__isnull=True)
    refuse_unless(
        not held.exists(),
        code="post.held",
        reason="这个人在本单位已经担任该职务",
        article=ROLL,
        remedy="任期届满的请先终止原任职。",
    )
    made = Post.objects.create(unit=unit, person=found, post=post, since=since, until=until, facts=dict(facts or {}))
    witness(data={}, concealed={"person": person, "post": post, "since": since.isoformat(), "facts": made.facts})
    return made


@act("end_post", by=KEEPERS)
def end_post(unit: Unit, *, actor: Actor, at: datetime, post: int, until: date) -> Post:
    """任职终止: the last day on which a person holds a post; moves and elections end one and begin another."""
    found = found_or_refuse(
        Post.objects.filter(unit=unit, pk=post, until__isnull=True).select_related("person").first(),
        code="post.unknown",
        reason="本单位没有这项任职，或者已经终止",
        article=ROLL,
        remedy="请从名册中选择。",
    )
    refuse_unless(
        until >= found.since,
        code="post.dates",
        reason="终止日期早于起始日期",
        article=ROLL,
        remedy="请更正日期。",
    )
    found.until = until
    found.save(update_fields=["until"])
    witness(data={}, concealed={"person": found.person.mark, "post": found.post, "until": until.isoformat()})
    return found
