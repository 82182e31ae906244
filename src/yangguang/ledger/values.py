"""What a form, an import or a program brings for a record (填写内容), held to its register before anything changes.

Everything arrives as text or JSON, from wherever it comes: `clean` is the one place that reads it.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from yangguang.ledger.catalogue import COLUMNS, Field, FieldType, Register
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.refusal import Refusal
from yangguang.witness.inputs import FIRST_YEAR, LAST_YEAR, MOST_YUAN, is_text

PLATFORM = "平台规则：台账目录"
LONGEST_TITLE, LONGEST_LONG, MOST_LINES = 200, 2000, 100
LONGEST_PLACE, LONGEST_ABSENCE = 120, 100  # as long as their columns
HUNDREDTH = Decimal("0.01")


@dataclass(slots=True, kw_only=True)
class Cleaned:
    """The values of a record, read: shared columns, the register's own fields, what is sealed, tags and rolls.

    `roll` maps a person to (present, reason of absence) where a roll was brought; `typed` counts what a person typed.
    """

    title: str = ""
    kind: str = ""
    day: date | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    present: list[Person] | None = None
    absent: dict[str, str] = field(default_factory=dict)
    named: list[Person] | None = None
    voters: list[str] | None = None
    typed: int = 0


class UnreadableError(ValueError):
    """A value that is none of its type; the message says what is expected."""


def clean(
    register: Register,
    values: Mapping[str, Any],
    *,
    known: Mapping[str, Person] | None = None,
    kept: Collection[str] = (),
) -> tuple[Cleaned, list[Refusal]]:
    """The values of one record, and a refusal for each that cannot be taken, with the label that people know.

    `known` are the people by mark where many records are read; without it they are looked up. `kept` are the keys that
    a record has already and that need not be given again.
    """
    reader = _Reader(register, values, known, kept)
    reader.read()
    return reader.cleaned, reader.refusals


class _Reader:
    """Reads one record's values; collects what is wrong with all of them."""

    def __init__(
        self,
        register: Register,
        values: Mapping[str, Any],
        known: Mapping[str, Person] | None,
        kept: Collection[str],
    ) -> None:
        self.register, self.values, self.known, self.kept = register, values, known, kept
        self.cleaned, self.refusals = Cleaned(), list[Refusal]()

    def read(self) -> None:
        self._shared()
        for column in self.register.columns:
            label, is_required = self.register.label_of(column), column in self.register.requires
            self._take(column, label, self._reads_column(column), self.cleaned.columns, required=is_required)
        for one in self.register.asked:
            self._field(one)
        self._tags()
        self._people()
        self._unknown()

    def _shared(self) -> None:
        bag: dict[str, Any] = {}
        for key in ("title", "day"):
            is_required = key == "day" or not self.register.title
            self._take(key, self.register.label_of(key), self._reads(COLUMN_TYPES[key]), bag, required=is_required)
        self.cleaned.title, self.cleaned.day = bag.get("title") or "", bag.get("day")
        kind = str(self.values.get("kind") or "")
        if self.register.kinds and not kind and len(self.register.kinds) == 1:
            kind = self.register.kinds[0]
        if (kind or self.register.kinds) and kind not in self.register.kinds:
            self._refuse("kind", self.register.label_of("kind"), "应为" + "、".join(self.register.kinds) + "之一")
        self.cleaned.kind = kind

    def _field(self, one: Field) -> None:
        bag = self.cleaned.sealed if one.sealed else self.cleaned.fields
        required = one.required and one.key not in self.kept
        self._take(one.key, one.label, lambda value: self._read_field(one, value), bag, required=required)

    def _reads(self, type_: FieldType) -> Callable[[Any], Any]:
        match type_:
            case FieldType.PERSON:
                return lambda value: self._persons([value])[0]
            case FieldType.PERSONS:
                return self._persons
            case _:
                return READERS[type_]

    def _reads_column(self, column: str) -> Callable[[Any], Any]:
        return COLUMN_READERS.get(column) or self._reads(COLUMN_TYPES[column])

    def _read_field(self, one: Field, value: Any) -> Any:
        """A field's value as JSON keeps it."""
        match one.type:
            case FieldType.CHOICE:
                return _choice(value, one.choices)
            case FieldType.TEXT:
                return _text(value, most=one.most)
            case FieldType.LONG:
                return _text(value, most=LONGEST_LONG)
            case FieldType.TEXTS:
                return _texts(value)
            case _:
                return AS_JSON[one.type](self._reads(one.type)(value))

    def _persons(self, value: Any) -> list[Person]:
        given = list(value) if isinstance(value, list | tuple) else [value]
        marks = [one.mark if isinstance(one, Person) else str(one) for one in given]
        known = self.known
        if known is None:
            known = {one.mark: one for one in Person.objects.filter(mark__in=marks)}
        if missing := [mark for mark in marks if mark not in known]:
            raise UnreadableError(f"有{len(missing)}人不在名册中")
        return [known[mark] for mark in dict.fromkeys(marks)]

    def _take(
        self, key: str, label: str, read: Callable[[Any], Any], bag: dict[str, Any], *, required: bool = False
    ) -> None:
        value = self.values.get(key)
        if value is None or value in ("", [], ()):
            if required:
                self._refuse(key, label, "不能为空")
            return
        try:
            bag[key] = read(value)
        except UnreadableError as wrong:
            self._refuse(key, label, str(wrong))
        else:
            self.cleaned.typed += 1

    def _tags(self) -> None:
        tags = self.values.get("tags") or []
        wanted = list(dict.fromkeys(_texts(tags) if not isinstance(tags, list | tuple) else map(str, tags)))
        if strange := [one for one in wanted if one not in self.register.tags]:
            self._refuse("tags", "标签", "目录中没有" + "、".join(strange))
        self.cleaned.tags = wanted

    def _people(self) -> None:
        for key in ("present", "named", "voters"):
            if self.values.get(key) is None:
                continue
            try:
                found = self._persons(self.values[key])
            except UnreadableError as wrong:
                self._refuse(key, PEOPLE_LABELS[key], str(wrong))
                continue
            if key == "voters":
                self.cleaned.voters = [one.mark for one in found]
            else:
                setattr(self.cleaned, key, found)
        absent = self.values.get("absent") or {}
        self.cleaned.absent = {str(mark): str(reason).strip() for mark, reason in dict(absent).items()}
        if not all(is_text(one, most=LONGEST_ABSENCE) for one in self.cleaned.absent.values()):
            self._refuse("absent", "缺席原因", f"应为不超过{LONGEST_ABSENCE}字的文字")

    def _unknown(self) -> None:
        known = {"title", "kind", "day", "tags", "present", "absent", "named", "voters", *self.register.columns}
        known |= {one.key for one in self.register.asked}
        if strange := set(self.values) - known:
            self._refuse("unknown", "填写项", "台账中没有" + "、".join(sorted(strange)))

    def _refuse(self, key: str, label: str, what: str) -> None:
        self.refusals.append(
            Refusal(code=f"record.{key}", reason=f"“{label}”{what}", article=PLATFORM, remedy="请更正后重新提交。")
        )


def title_of(register: Register, cleaned: Cleaned, *, unit: str) -> str:
    """The title that the register's pattern gives to a record for which nobody wrote one."""
    owner, day = cleaned.columns.get("owner"), cleaned.day
    assert day is not None  # noqa: S101 - refused before when there is none
    parts = {"year": str(day.year), "month": str(day.month), "day": f"{day.month}月{day.day}日"}
    text = register.title.format(
        kind=cleaned.kind or register.name, name=register.name, unit=unit, owner=owner.name if owner else "", **parts
    )
    return text[:LONGEST_TITLE]


def _text(value: Any, *, most: int = LONGEST_TITLE) -> str:
    text = str(value).strip()
    if not text or not is_text(text, most=most):
        raise UnreadableError(f"应为不超过{most}字的文字")
    return text


def _texts(value: Any, *, most: int = MOST_LINES) -> list[str]:
    lines = value if isinstance(value, list | tuple) else str(value).replace("\r", "").split("\n")
    kept = [_text(line) for line in lines if str(line).strip()]
    if len(kept) > most:
        raise UnreadableError(f"不能多于{most}行")
    return kept


def _day(value: Any) -> date:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        raise UnreadableError("应为日期，如 2026-03-05") from None
    found = found.date() if isinstance(found, datetime) else found
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UnreadableError(f"应为{FIRST_YEAR}年至{LAST_YEAR}年的日期")
    return found


def _moment(value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise UnreadableError("应为日期和时间，如 2026-03-05 09:30") from None
    _day(found)
    return found if found.tzinfo else found.replace(tzinfo=LEGAL_ZONE)


def _number(value: Any) -> Decimal:
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise UnreadableError("应为数字") from None
    if not found.is_finite() or abs(found) >= MOST_YUAN:
        raise UnreadableError("数字过大")
    return found


def _money(value: Any) -> Decimal:
    found = _number(value)
    if found < 0 or found != found.quantize(HUNDREDTH):
        raise UnreadableError("应为不小于零、精确到分的金额")
    return found


def _quantity(value: Any) -> Decimal:
    """A number as its column keeps it; rounding may carry one more digit than it holds."""
    found = _number(value).quantize(HUNDREDTH)
    if abs(found) >= MOST_YUAN:
        raise UnreadableError("数字过大")
    return found


def _place(value: Any) -> str:
    return _text(value, most=LONGEST_PLACE)


def _whole(value: Any) -> int:
    found = _number(value)
    if found < 0 or found != found.to_integral_value():
        raise UnreadableError("应为不小于零的整数")
    return int(found)


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"是": True, "否": False, "1": True, "0": False, "on": True, "true": True, "false": False}
    if str(value).strip().casefold() not in known:
        raise UnreadableError("应为是或否")
    return known[str(value).strip().casefold()]


def _address(value: Any) -> str:
    text = _text(value, most=500)
    if not text.startswith(("https://", "http://")):
        raise UnreadableError("应为网址")
    return text


def _choice(value: Any, choices: tuple[str, ...]) -> str:
    text = str(value).strip()
    if text not in choices:
        raise UnreadableError("应为" + "、".join(choices) + "之一")
    return text


READERS: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.TEXT: _text, FieldType.WHOLE: _whole, FieldType.NUMBER: _number, FieldType.MONEY: _money,
    FieldType.DATE: _day, FieldType.MOMENT: _moment, FieldType.YES: _yes, FieldType.ADDRESS: _address,
}  # fmt: skip
AS_JSON: Mapping[FieldType, Callable[[Any], Any]] = {
    FieldType.WHOLE: int, FieldType.NUMBER: str, FieldType.MONEY: str, FieldType.DATE: date.isoformat,
    FieldType.MOMENT: datetime.isoformat, FieldType.YES: bool, FieldType.PERSON: lambda person: person.mark,
    FieldType.PERSONS: lambda persons: [one.mark for one in persons], FieldType.ADDRESS: str,
}  # fmt: skip
COLUMN_READERS: Mapping[str, Callable[[Any], Any]] = {"place": _place, "quantity": _quantity}
COLUMN_TYPES = {
    "title": FieldType.TEXT, "day": FieldType.DATE, "begins": FieldType.MOMENT, "ends": FieldType.MOMENT,
    "place": FieldType.TEXT, "chair": FieldType.PERSON, "recorder": FieldType.PERSON, "owner": FieldType.PERSON,
    "parent": FieldType.WHOLE, "due_on": FieldType.DATE, "amount": FieldType.MONEY, "quantity": FieldType.NUMBER,
}  # fmt: skip
PEOPLE_LABELS = {"present": "到会人员", "named": "有关人员", "voters": "有表决权人员"}
assert set(COLUMN_TYPES) >= set(COLUMNS)  # noqa: S101 - a table that must know every column
