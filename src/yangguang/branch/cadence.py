"""应开展和已开展: what the catalogue's cadences ask of a unit in a year, what was held, and what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import Register, catalogue
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Tag, Unit
from yangguang.ledger.people import roll_of
from yangguang.rules.law import Law, Rule
from yangguang.rules.party.cadence import Period, due_periods, missing, still_open

COMMITTEE = "支部委员会"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """一项频次: the register, the kind or tag that is asked for, its rule, and the periods of the year."""

    register: Register
    key: str
    rule: Rule
    periods: tuple[Period, ...]

    @property
    def name(self) -> str:
        """支部委员会, 意识形态专题会议, or the register's own name."""
        if self.key.startswith("#"):
            return f"{self.register.name}（{self.key[1:]}）"
        return self.key or self.register.name

    @property
    def missing(self) -> tuple[Period, ...]:
        """The periods that are over and fell short."""
        return missing(self.periods)

    @property
    def open(self) -> tuple[Period, ...]:
        """The periods that are running and still lack something."""
        return still_open(self.periods)


def standings(unit: Unit, *, year: int, at: date) -> list[Standing]:
    """Every cadence that is asked of this unit in a year, as on the day `at`, in the order of the catalogue.

    Records of the units below count for the unit above them. Five queries. A rule that the law of the day does not
    have is not asked for.
    """
    asked = list(_asked(unit, law_for(unit, on=min(at, date(year, 12, 31))), at=at))
    held = _held(unit, year=year, registers=[register.id for register, _, _ in asked])
    return [
        Standing(
            register=register, key=key, rule=rule,
            periods=due_periods(
                rule=rule, years=[year], held_on=held.get((register.id, key), ()), at=at, open_from=unit.opened_on,
                open_until=unit.closed_on,
            ),
        )
        for register, key, rule in asked
    ]  # fmt: skip


def _asked(unit: Unit, law: Law, *, at: date) -> Iterator[tuple[Register, str, Rule]]:
    has_committee = len(roll_of(unit, roll="committee", day=at)) > 1
    for register in catalogue().values():
        for key, rule_id in register.cadence.items():
            rule = law.find(rule_id)
            if rule is None or not _is_asked(unit, register, key):
                continue
            if key != COMMITTEE or has_committee:
                yield register, key, rule


def _is_asked(unit: Unit, register: Register, key: str) -> bool:
    """Whether this unit is asked: each of the kind that the catalogue names, else the one at the top of its house."""
    kind = unit.get_kind_display()
    if register.unit_kinds and kind not in register.unit_kinds:
        return False
    if key in register.asked_of:
        return register.asked_of[key] == kind
    return not unit.above


def _held(unit: Unit, *, year: int, registers: list[str]) -> dict[tuple[str, str], list[date]]:
    """The days on which something was held, by register and by kind, tag (`#`) and "" for all."""
    rows = Record.objects.filter(
        unit__path__startswith=unit.path, register__in=registers, day__year=year, state__in=(State.DONE, State.OPEN)
    )
    found: dict[tuple[str, str], list[date]] = {}
    for register, kind, day in rows.values_list("register", "kind", "day"):
        found.setdefault((register, ""), []).append(day)
        if kind:
            found.setdefault((register, kind), []).append(day)
    tags = Tag.objects.filter(record__in=rows.order_by()).values_list("record__register", "tag", "record__day")
    for register, tag, day in tags:
        found.setdefault((register, f"#{tag}"), []).append(day)
    return found
