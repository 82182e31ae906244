"""Study hours (学时): summed from the attendance that meetings and trainings already hold, nobody types them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from yangguang.rules.law import Law, Rule


class Measure(StrEnum):
    """How long something lasted: in hours, half days or whole days (学时折算 is a rule of the unit)."""

    HOUR = "one_hour"
    HALF_DAY = "half_day"
    FULL_DAY = "full_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """参加: one member at one event of a kind (党课, 集中学习…), for `amount` of a measure."""

    member: str
    kind: str
    measure: Measure
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """差额: what a member has and what the rule asks for, in 学时."""

    member: str
    hours: Decimal
    rule: Rule

    @property
    def lacking(self) -> Decimal:
        """How many 学时 are still needed."""
        return self.rule.value - self.hours


def hours_of(*, law: Law, measure: Measure, amount: Decimal) -> Decimal:
    """学时 of an event: by default 1 an hour, 4 half a day, 8 a day (本单位规定)."""
    return amount * law.value(f"party.hours.{measure}")


def hours_by_member(*, law: Law, attended: Iterable[Attendance]) -> dict[str, dict[str, Decimal]]:
    """学时 of each member by kind. Give each event once per member: one event with three tags counts once."""
    found: dict[str, dict[str, Decimal]] = {}
    for one in attended:
        kinds = found.setdefault(one.member, {})
        kinds[one.kind] = kinds.get(one.kind, Decimal(0)) + hours_of(law=law, measure=one.measure, amount=one.amount)
    return found


def shortfalls(
    *, law: Law, members: Iterable[str], leaders: Collection[str], hours: Mapping[str, Mapping[str, Decimal]]
) -> tuple[Shortfall, ...]:
    """Who is short of the year's hours, in the order of the roll: 32 a member (教管条例第二十条), 56 for `leaders`.

    `leaders` are the secretary and the committee. There is no ranking: whoever has enough is not listed.
    """
    found = []
    for member in members:
        rule = law.rule("party.hours.leader" if member in leaders else "party.hours.member")
        total = sum(hours.get(member, {}).values(), Decimal(0))
        if total < rule.value:
            found.append(Shortfall(member=member, hours=total, rule=rule))
    return tuple(found)
