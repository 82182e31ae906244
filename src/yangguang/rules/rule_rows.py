"""Rows of the dated rule table (规则表): one row is one number of one article, for one region and one span of dates."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from yangguang.rules.dated import Dated
from yangguang.rules.rule_words import (
    CADENCE_TEXTS,
    RANKS,
    UNIT_TEXTS,
    Bound,
    DayType,
    Level,
    Line,
    Mark,
    Rank,
    Unit,
)

NATIONWIDE = "000000"
Choice = TypeVar("Choice", bound=StrEnum)


class BadRuleRow(ValueError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """A row of the rule table cannot be used; the Chinese message names file, row and field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Dated):
    """One dated rule (规则). `value` is in `unit`; `effective_to` is the last day in force, None while it stands.

    `rolls` says that a period of this rule ending on a rest day ends on the next working day.
    `source` and `article` together are the citation; `note` says in Chinese what the number means.
    """

    id: str
    line: Line
    bound: Bound
    value: Decimal
    unit: Unit
    day_type: DayType
    rolls: bool
    source: str
    article: str
    level: Level
    region: str
    effective_from: date
    effective_to: date | None
    mark: Mark
    note: str

    @property
    def is_default(self) -> bool:
        """Whether the number was not read in the legal text, so that it is a default which a person may change."""
        return self.mark is not Mark.VERIFIED

    @property
    def count(self) -> int:
        """The value as a whole number (days, minutes, persons). Whole units are checked when rows are read."""
        return int(self.value)

    @property
    def share(self) -> Decimal:
        """The value of a percentage as a factor: 2 percent is 0.02."""
        return self.value / 100

    @property
    def amount_text(self) -> str:
        """The number with its unit in Chinese: 20日, 5个工作日, 2%, 2/3, 每季度1次."""
        if self.unit is Unit.DAYS:
            return f"{self.value:f}" + ("个工作日" if self.day_type is DayType.WORKING else "日")
        if self.unit in CADENCE_TEXTS:
            return f"{CADENCE_TEXTS[self.unit]}{self.value:f}次"
        return f"{self.value:f}{UNIT_TEXTS[self.unit]}"

    @property
    def rank(self) -> Rank:
        """What a text may call the rule (依据性质)."""
        return RANKS.get(self.level, Rank.PROVISION)

    @property
    def citation(self) -> str:
        """Source and article (法规条款); a default says that it is one."""
        named = self.line is Line.PLATFORM or self.level in NAMED_LEVELS  # a rule of our own has a name, no article
        between = "：" if named else ""
        return f"{self.source}{between}{self.article}" + ("（默认值，可更正）" if self.is_default else "")

    def to_row(self) -> dict[str, str]:
        """The rule as a row of texts, the exact opposite of `rules_from_rows`."""
        return {field.name: _text_of(getattr(self, field.name)) for field in fields(self)}


COLUMNS = tuple(field.name for field in fields(Rule))
WHOLE_UNITS = frozenset(Unit) - {Unit.PERCENT, Unit.YUAN, Unit.MILLIMETRES, Unit.POINTS}
NAMED_LEVELS = frozenset({Level.UNIT, Level.CUSTOM})
ID_PATTERN = re.compile(r"[a-z]+(\.[a-z][a-z0-9_]*)+")
REGION_PATTERN = re.compile(r"[0-9]{6}")


def rules_from_csv(*, text: str, name: str) -> tuple[Rule, ...]:
    """Read a rule table written as CSV with a heading of exactly `COLUMNS`.

    `name` is the file named in errors. Raises `BadRuleRow`.
    """
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BadRuleRow(f"{name} 第1行：表头应为 {','.join(COLUMNS)}")
    return rules_from_rows(rows=reader, name=name, first_row=2)


def rules_from_rows(*, rows: Iterable[Mapping[str, str]], name: str, first_row: int = 1) -> tuple[Rule, ...]:
    """Validate rows of texts into rules; rows are numbered from `first_row` in errors. Raises `BadRuleRow`."""
    return tuple(_RowReader(row, f"{name} 第{number}行").rule() for number, row in enumerate(rows, first_row))


def refuse_overlaps(rules: Iterable[Rule], *, name: str) -> None:
    """Refuse two rows that answer for the same id, region and date. Raises `BadRuleRow`."""
    in_order = sorted(rules, key=lambda rule: (rule.id, rule.region, rule.effective_from))
    for earlier, later in pairwise(in_order):
        if (earlier.id, earlier.region) == (later.id, later.region) and earlier.is_in_force(later.effective_from):
            raise BadRuleRow(
                f"{name} 字段 effective_from：规则 {later.id}（地区 {later.region}）"
                f"自 {later.effective_from} 起的一行与自 {earlier.effective_from} 起的一行重叠"
            )


def _text_of(value: object) -> str:
    """Text of one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


class _RowReader:
    """Reads one row field by field, so that every complaint names its place."""

    def __init__(self, row: Mapping[str, str], place: str) -> None:
        self.row = row
        self.place = place

    def rule(self) -> Rule:
        """The validated rule."""
        self._refuse_wrong_columns()
        rule = Rule(
            id=self._matching("id", ID_PATTERN, "应为小写英文点分名称"),
            line=self._choice("line", Line),
            bound=self._choice("bound", Bound),
            value=self._number("value"),
            unit=self._choice("unit", Unit),
            day_type=self._choice("day_type", DayType),
            rolls=self._yes_or_no("rolls"),
            source=self._filled("source"),
            article=self._filled("article"),
            level=self._choice("level", Level),
            region=self._matching("region", REGION_PATTERN, "应为六位行政区划代码"),
            effective_from=self._date("effective_from"),
            effective_to=self._date("effective_to") if self.row["effective_to"] else None,
            mark=self._choice("mark", Mark),
            note=self._filled("note"),
        )
        for field, problem in _contradictions(rule):
            raise self._bad(field, problem)
        return rule

    def _bad(self, field: str, problem: str) -> BadRuleRow:
        return BadRuleRow(f"{self.place} 字段 {field}：{problem}")

    def _refuse_wrong_columns(self) -> None:
        if not isinstance(self.row, Mapping):
            raise BadRuleRow(f"{self.place}：应为各列的名称和文本")
        for column in COLUMNS:
            if not isinstance(self.row.get(column), str):
                raise self._bad(column, "缺少或者不是文本")
        for column in self.row:
            if column not in COLUMNS:
                raise self._bad(str(column), "没有这一列")

    def _filled(self, field: str) -> str:
        text = self.row[field].strip()
        if not text:
            raise self._bad(field, "不能为空")
        return text

    def _matching(self, field: str, pattern: re.Pattern[str], problem: str) -> str:
        text = self._filled(field)
        if not pattern.fullmatch(text):
            raise self._bad(field, f"{problem}，现为 {text}")
        return text

    def _choice(self, field: str, kind: type[Choice]) -> Choice:
        text = self._filled(field)
        try:
            return kind(text)
        except ValueError:
            raise self._bad(field, f"应为 {'、'.join(kind)} 之一，现为 {text}") from None

    def _yes_or_no(self, field: str) -> bool:
        text = self._filled(field)
        if text not in {"yes", "no"}:
            raise self._bad(field, f"应为 yes 或 no，现为 {text}")
        return text == "yes"

    def _number(self, field: str) -> Decimal:
        text = self._filled(field)
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._bad(field, f"应为数字，现为 {text}") from None
        if not number.is_finite() or number < 0:
            raise self._bad(field, f"应为不小于零的数字，现为 {text}")
        return number

    def _date(self, field: str) -> date:
        text = self._filled(field)
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self._bad(field, f"应为 年-月-日 形式的日期，现为 {text}") from None


def _contradictions(rule: Rule) -> Iterator[tuple[str, str]]:
    """Fields that are fine alone and wrong together, each with what is wrong."""
    if rule.id.split(".", 1)[0] != rule.line:
        yield "line", f"应与编号 {rule.id} 的第一段相同，现为 {rule.line}"
    if (rule.unit is Unit.DAYS) != (rule.day_type is not DayType.NONE):
        yield "day_type", f"以日计的规则应写明 calendar 或 working，其他应为 none，现为 {rule.day_type}"
    if rule.rolls and rule.unit is not Unit.DAYS:
        yield "rolls", "只有以日计的期间才顺延"
    if rule.unit is Unit.FLAG and rule.value not in {0, 1}:
        yield "value", f"应为0或1，现为 {rule.value:f}"
    if rule.unit in WHOLE_UNITS and rule.value != rule.value.to_integral_value():
        yield "value", f"应为整数，现为 {rule.value:f}"
    if rule.effective_to is not None and rule.effective_to < rule.effective_from:
        yield "effective_to", "早于 effective_from"
