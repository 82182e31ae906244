"""The law (规则) in force on one legal date in one region, looked up in the dated rule table."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - `date` is the parameter that callers name
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from yangguang.rules.calendar import NATIONAL_CALENDAR, WorkingCalendar
from yangguang.rules.rule_rows import (
    NATIONWIDE,
    REGION_PATTERN,
    BadRuleRow,
    Rule,
    refuse_overlaps,
    rules_from_csv,
    rules_from_rows,
)
from yangguang.rules.rule_words import Bound, DayType, Level, Line, Mark, Rank, Unit

__all__ = [
    "BadRuleRow",
    "Bound",
    "DayType",
    "Law",
    "Level",
    "Line",
    "Mark",
    "Rank",
    "Rule",
    "Unit",
    "UnknownRule",
    "law_on",
]

TABLES = ("works.csv", "procurement.csv", "platform.csv", "party.csv")


class UnknownRule(LookupError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """No rule of this id is in force on this date in this region; the Chinese message names all three."""

    def __init__(self, rule_id: str, date: Date, region: str) -> None:
        super().__init__(rule_id, date, region)
        self.rule_id = rule_id
        self.date = date
        self.region = region

    def __str__(self) -> str:
        return f"没有规则 {self.rule_id}：{self.date} 在地区 {self.region} 无有效条款"


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The rules in force on `date` in `region`, at most one for each id, in the order of their ids.

    `calendar` is what days are counted by. It is no part of what a trade keeps: the rules stay those of the legal date,
    and which days people work is decided year by year while the trade runs.
    """

    date: Date
    region: str
    rules: tuple[Rule, ...]
    calendar: WorkingCalendar = NATIONAL_CALENDAR

    def find(self, rule_id: str) -> Rule | None:
        """The rule with this id, or None where the law of the day has none."""
        place = bisect_left(self.rules, rule_id, key=lambda rule: rule.id)
        if place == len(self.rules) or self.rules[place].id != rule_id:
            return None
        return self.rules[place]

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id. Raises `UnknownRule`."""
        found = self.find(rule_id)
        if found is None:
            raise UnknownRule(rule_id, self.date, self.region)
        return found

    def value(self, rule_id: str) -> Decimal:
        """The number of a rule in its own unit. Raises `UnknownRule`."""
        return self.rule(rule_id).value

    def without(self, line: Line) -> "Law":
        """The law with no rule of one line of business: what has nothing to do with a trade is not kept with it."""
        return replace(self, rules=tuple(rule for rule in self.rules if rule.line is not line))

    def to_json(self) -> dict[str, Any]:
        """Everything in force as plain JSON values, for a trade to keep and for its archive."""
        return {
            "date": self.date.isoformat(),
            "region": self.region,
            "rules": [rule.to_row() for rule in self.rules],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Law":
        """The law as `to_json` kept it, validated like a table. Raises `BadRuleRow`."""
        try:
            date, region, rows = Date.fromisoformat(kept["date"]), kept["region"], list(kept["rules"])
        except (KeyError, TypeError, ValueError):
            raise BadRuleRow("存档规则：应有 date（年-月-日）、region 和 rules 三项") from None
        _refuse_bad_region(region)
        rules = rules_from_rows(rows=rows, name="存档规则")
        _refuse_what_is_not_in_force(rules, date=date, region=region)
        return cls(date=date, region=region, rules=tuple(sorted(rules, key=lambda rule: rule.id)))


def law_on(*, date: Date, region: str = NATIONWIDE, corrections: Iterable[Mapping[str, str]] = ()) -> Law:
    """The law in force on a legal date (Asia/Shanghai) in a region (GB/T 2260 code, 000000 nationwide).

    For each id the most specific region wins. `corrections` are further rows of the table's columns given by a
    person: each wins over the table and over earlier corrections for the same id and region. Raises `BadRuleRow`.
    """
    _refuse_bad_region(region)
    further = rules_from_rows(rows=corrections, name="更正")
    if not further:
        return _printed_law(date, region)
    return Law(date=date, region=region, rules=_in_force((*table(), *further), date=date, region=region))


@cache
def table() -> tuple[Rule, ...]:
    """Every row of the shipped tables, all dates and regions. Raises `BadRuleRow` for bad or overlapping rows."""
    folder = files("yangguang.rules") / "data"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in TABLES}
    rules = tuple(rule for name, text in texts.items() for rule in rules_from_csv(text=text, name=name))
    refuse_overlaps(rules, name="、".join(TABLES))
    return rules


@lru_cache(maxsize=512)
def _printed_law(date: Date, region: str) -> Law:
    """The law of the shipped tables alone; every act asks for it, so it is kept."""
    return Law(date=date, region=region, rules=_in_force(table(), date=date, region=region))


def _in_force(rules: Iterable[Rule], *, date: Date, region: str) -> tuple[Rule, ...]:
    """The winning rule of each id: most specific region first, then the later row."""
    places = regions_upwards(region)
    winners: dict[str, Rule] = {}
    for rule in rules:
        if rule.region not in places or not rule.is_in_force(date):
            continue
        rival = winners.get(rule.id)
        if rival is None or places.index(rule.region) <= places.index(rival.region):
            winners[rule.id] = rule
    return tuple(winners[rule_id] for rule_id in sorted(winners))


def regions_upwards(region: str) -> tuple[str, ...]:
    """A region and those above it: county, city, province, the whole country, without repeats."""
    return tuple(dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000", NATIONWIDE)))


def _refuse_bad_region(region: object) -> None:
    if not isinstance(region, str) or not REGION_PATTERN.fullmatch(region):
        raise BadRuleRow(f"地区应为六位行政区划代码，现为 {region}")


def _refuse_what_is_not_in_force(rules: Iterable[Rule], *, date: Date, region: str) -> None:
    """A kept law holds one rule for each id, each of its own date and region."""
    seen: set[str] = set()
    for number, rule in enumerate(rules, 1):
        if rule.id in seen:
            raise BadRuleRow(f"存档规则 第{number}行 字段 id：{rule.id} 重复")
        if rule.region not in regions_upwards(region) or not rule.is_in_force(date):
            raise BadRuleRow(f"存档规则 第{number}行 字段 effective_from：{rule.id} 在 {date}（{region}）不生效")
        seen.add(rule.id)
