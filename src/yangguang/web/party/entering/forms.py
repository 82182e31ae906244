"""The form of a register: one field for each thing that its entry asks for; `ledger.values.clean` judges what comes.

Times of an event are times of its day, so nobody types the day three times. Fields take text as it comes: the ledger
reads it once, for forms, imports and programs alike.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from yangguang.ledger.booked import invited_to
from yangguang.ledger.catalogue import Field, FieldType, Register
from yangguang.ledger.models import Record, Unit
from yangguang.ledger.people import roll_of
from yangguang.ledger.preparing import OPTIONS, Draft, check_draft
from yangguang.ledger.values import COLUMN_TYPES, clean
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal
from yangguang.web.acts.fields import CONTROL
from yangguang.web.party.entering.rolls import RollOf, roll_kind

MOST_PARENTS = 300
TIMES = ("begins", "ends")
PEOPLE = (FieldType.PERSON, FieldType.PERSONS)
TEXT_INPUT = {"autocomplete": "off"}
# What the shared columns are for, where the catalogue has no words of its own.
USED = {
    "title": ("各台账列表、报告名单", "名称由登记人起"),
    "day": ("报告期间归属、到期提醒", "发生日期只有登记人知道"),
    "begins": ("学时", "起止时间只有登记人知道"),
    "ends": ("学时", "起止时间只有登记人知道"),
    "place": ("会议记录、场所使用", "已按上一次填好，不同才改"),
    "chair": ("会议记录、讲党课次数", "已按书记填好，不同才改"),
    "recorder": ("会议记录", "已按登记人填好，不同才改"),
    "owner": ("到期提醒、任务分解", "由谁负责需要指定"),
    "parent": ("任务分解、逐级汇总", "归到哪一项由登记人确定"),
    "due_on": ("到期提醒、逾期提示", "期限由来文或者会议确定"),
    "amount": ("金额汇总", "金额以凭证为准"),
    "quantity": ("数量汇总", "数量只有登记人知道"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form is made for: the unit, its register, a kind, the moment, the unit's people and who is due."""

    unit: Unit
    register: Register
    kind: str
    at: datetime
    people: Sequence[Person]
    due: Sequence[Person]
    record: Record | None = None  # the one that is corrected
    booking: Record | None = None  # the one that a meeting is recorded from
    invited: Sequence[Person] = ()

    @property
    def guests(self) -> set[str]:
        """列席: who is invited without being on the roll of the kind."""
        on_roll = {one.mark for one in self.due}
        return {one.mark for one in self.invited} - on_roll if self.roll is RollOf.ABSENT else set()

    @property
    def listed(self) -> list[Person]:
        """Who is asked about: everybody due, then the guests."""
        return [*self.due, *(one for one in self.invited if one.mark in self.guests)]

    @property
    def roll(self) -> RollOf:
        """How the people of a record are asked for."""
        return roll_kind(self.register, self.kind)


class RecordForm(forms.Form):
    """The fields of a register. `values` is what the ledger takes; `errors` are its refusals, at the fields."""

    def __init__(self, *args: Any, around: Around, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around, self.is_correction = around, around.record is not None
        self.refusals: tuple[Refusal, ...] = ()
        self.people = [(one.mark, one.name) for one in around.people]
        self.due = [(one.mark, one.name) for one in around.listed]
        register = around.register
        self._shared("title", required=not register.title)
        self._shared("day", required=True)
        for column in register.columns:
            self._shared(column)
        for one in register.asked:
            self._add(one.key, _input(one, self.people), _Words.of(one, is_correction=self.is_correction))
            self._suggest(one)
        if register.tags:
            marks = [(one, one) for one in register.tags]
            self._add("tags", _ticks(marks), _Words(label=register.label_of("tags"), used=TAGS))
        self._roll()
        if self.is_correction:
            self._add("because", _area(2), _Words(label="更正的原因", used=REASON, required=True))

    def _shared(self, name: str, *, required: bool = False) -> None:
        register = self.around.register
        kind = COLUMN_TYPES[name]
        if name in TIMES:
            made: forms.Field = forms.CharField(widget=forms.TimeInput(attrs=CONTROL | {"type": "time"}))
        elif name == "parent":
            made = _choice(self._parents())
        elif kind in PEOPLE:
            made = _choice(self.people)
        else:
            made = _plain(kind)
        help_text = "不填由系统按种类和日期起名。" if name == "title" and register.title else ""
        used, why = register.used.get(name, USED[name])
        required = required or name in register.requires
        words = _Words(label=register.label_of(name), used=(used, why), help=help_text, required=required)
        self._add(name, made, words)

    def _parents(self) -> list[tuple[str, str]]:
        unit, above = self.around.unit, self.around.register.parents
        rows = Record.objects.filter(unit__code__in=[unit.code, *unit.above]).exclude(state="cancelled")
        rows = rows.filter(register__in=above) if above else rows
        return [(str(one.pk), f"{one.year}-{one.number} {one.title}") for one in rows.order_by("-pk")[:MOST_PARENTS]]

    def _suggest(self, one: Field) -> None:
        """The suggestions that only the day knows, as a list beside the input."""
        if suggest := OPTIONS.get(one.options):
            made = self.fields[one.key]
            made.suggestions = suggest(self.around.unit, legal_date(self.around.at))  # type: ignore[attr-defined]
            made.widget.attrs["list"] = f"suggestions-{one.key}"

    def _roll(self) -> None:
        if self.is_correction:
            return
        if self.around.roll is RollOf.ABSENT:
            self.fields["absent"] = _ticks(self.due)
            self.fields["unknown_roll"] = forms.BooleanField(widget=forms.CheckboxInput(attrs=TICK))
            for mark, _ in self.due:
                self.fields[f"reason_{mark}"] = forms.CharField(max_length=100)
        elif self.around.roll in {RollOf.PRESENT, RollOf.SIGNERS, RollOf.VOTERS}:
            self.fields["chosen"] = _ticks(self.due)
        for name in self.fields:
            self.fields[name].required = False

    def _add(self, name: str, made: forms.Field, words: "_Words") -> None:
        made.required, made.label, made.help_text = False, words.label, words.help
        made.words = words  # type: ignore[attr-defined]
        made.widget.attrs.setdefault("aria-describedby", f"hint-{name}")
        if words.required:
            made.widget.attrs["aria-required"] = "true"
        self.fields[name] = made

    def values(self) -> dict[str, Any]:
        """What the ledger's acts take."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}
        values: dict[str, Any] = {name: value for name, value in given.items() if name in self.asked()}
        if self.around.kind:
            values["kind"] = self.around.kind
        for name in TIMES:
            if name in values:
                values[name] = f"{values.get('day', '')}T{values[name]}"
        return values | self._people_values(given)

    def asked(self) -> set[str]:
        """The keys that a value may have in the register, the roll apart."""
        register = self.around.register
        return {"title", "day", "tags", *register.columns, *(one.key for one in register.asked)}

    def _people_values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The roll as the ledger takes it: who came, why others did not; nothing while it lies ahead or is unknown."""
        chosen = given.get("chosen", [])
        match self.around.roll:
            case RollOf.ABSENT if not self.is_correction and not self.is_ahead() and "unknown_roll" not in given:
                absent = set(given.get("absent", []))
                return {
                    "present": [mark for mark, _ in self.due if mark not in absent],
                    "absent": {mark: given.get(f"reason_{mark}", "") for mark in sorted(absent)},
                }
            case RollOf.PRESENT if self.around.booking is not None and chosen:
                return {"present": chosen}  # those invited are due by the booking
            case RollOf.PRESENT if chosen:
                return {"named": chosen, "present": [] if self.is_ahead() else chosen}
            case RollOf.SIGNERS | RollOf.VOTERS if chosen:
                return {"named": chosen}
        return {}

    def is_ahead(self) -> bool:
        """Whether the day lies ahead: then nobody has come yet."""
        return str(self.cleaned_data.get("day", "")) > legal_date(self.around.at).isoformat()

    def clean(self) -> dict[str, Any]:
        """Ask the ledger; what it refuses stands at its field, what a rule refuses on top."""
        values, around = self.values(), self.around
        cleaned, refusals = clean(around.register, values)
        if not refusals:
            given: dict[str, Any] = {
                "unit": around.unit,
                "register": around.register,
                "at": around.at,
                "record": around.record,
            }
            draft = Draft(cleaned=cleaned, **given)
            refusals = list(check_draft(draft))
        self.refusals = tuple(one for one in refusals if self._field_of(one) is None)
        for one in refusals:
            if name := self._field_of(one):
                self.add_error(name, one.reason)
        if self.is_correction and not self.cleaned_data.get("because"):
            self.add_error("because", "“更正的原因”不能为空")
        return self.cleaned_data

    def is_good(self) -> bool:
        """Whether the ledger would take it."""
        return self.is_valid() and not self.refusals

    def _field_of(self, refusal: Refusal) -> str | None:
        space, _, key = refusal.code.partition(".")
        if key in {"present", "named"} and "chosen" in self.fields:
            return "chosen"
        return key if space == "record" and key in self.fields else None

    def questions(self) -> Iterator[forms.BoundField]:
        """The fields in the order of the form, without those of the roll."""
        return (self[name] for name in self.fields if hasattr(self.fields[name], "words"))

    def rolls(self) -> list[dict[str, Any]]:
        """The lines of the roll: the name, whether ticked, and the reason of absence."""
        name = "absent" if "absent" in self.fields else "chosen"
        if name not in self.fields:
            return []
        ticked = set(self[name].value() or [])
        return [
            {"mark": mark, "name": said, "ticked": mark in ticked, "guest": mark in self.around.guests}
            | ({"reason": self[f"reason_{mark}"].value() or ""} if name == "absent" else {})
            for mark, said in self.due
        ]

    def shown(self) -> list[tuple[str, Any, bool]]:
        """The answers as people read them: label, text, and whether they are sealed."""
        return [
            (str(field.label), _said(field), field.field.words.sealed)  # type: ignore[attr-defined]
            for field in self.questions()
        ]

    def roll_said(self) -> dict[str, Any]:
        """The roll as people check it: how many are due and came, and who did not."""
        values, guests = self.values(), self.around.guests
        names = dict(self.due)
        absent = [(names[mark], reason) for mark, reason in values.get("absent", {}).items() if mark not in guests]
        taken = values.get("present", values.get("named"))
        came = [mark for mark in taken or [] if mark not in guests]
        due = len(self.around.due) if self.around.roll is RollOf.ABSENT else len(came)
        chosen = [names[mark] for mark in came] if self.around.roll is not RollOf.ABSENT else []
        return {
            "taken": taken is not None, "due": due, "present": len(came), "absent": absent, "chosen": chosen,
            "guests": [names[mark] for mark in taken or [] if mark in guests],
        }  # fmt: skip


TAGS = ("分类统计：一次登记，各处共用", "归入哪些方面由登记人确定")
REASON = ("更正记录", "为什么更正只有登记人知道")
TICK = {"class": "form-check-input"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What stands around an input: label, help, who uses it and why it is asked, whether it is sealed."""

    label: str
    used: tuple[str, str]
    help: str = ""
    required: bool = False
    sealed: bool = False

    @classmethod
    def of(cls, one: Field, *, is_correction: bool) -> "_Words":
        """The words of a catalogue's field."""
        help_text = "每行一条。" * (one.type is FieldType.TEXTS) + one.help
        if one.sealed and is_correction:
            help_text += "更正时须重新填写。" if one.required else "不填则保留原来密封的内容；要改请全部重新填写。"
        return cls(
            label=one.label, used=(one.used_in, one.why), help=help_text, required=one.required, sealed=one.sealed
        )


def _input(one: Field, people: Sequence[tuple[str, str]]) -> forms.Field:
    made: dict[FieldType, Callable[[], forms.Field]] = {
        FieldType.CHOICE: lambda: _choice([(text, text) for text in one.choices]),
        FieldType.PERSON: lambda: _choice(people),
        FieldType.PERSONS: lambda: _ticks(people),
        FieldType.LONG: lambda: _area(5),
        FieldType.TEXTS: lambda: _area(3),
        FieldType.YES: lambda: _choice([("是", "是"), ("否", "否")]),
    }
    return made[one.type]() if one.type in made else _plain(one.type)


def _plain(kind: FieldType) -> forms.Field:
    attrs: dict[str, Any] = CONTROL | TEXT_INPUT
    match kind:
        case FieldType.DATE:
            attrs |= {"type": "date"}
        case FieldType.MOMENT:
            attrs |= {"type": "datetime-local"}
        case FieldType.WHOLE:
            attrs |= {"inputmode": "numeric"}
        case FieldType.NUMBER | FieldType.MONEY:
            attrs |= {"inputmode": "decimal"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


def _area(rows: int) -> forms.Field:
    return forms.CharField(widget=forms.Textarea(attrs=CONTROL | {"rows": rows}))


def _choice(choices: Sequence[tuple[str, str]]) -> forms.Field:
    return forms.ChoiceField(
        choices=[("", "请选择"), *choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "请从列表中选择。"},
    )


def _ticks(choices: Sequence[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=choices,
        widget=forms.CheckboxSelectMultiple(attrs=dict(TICK)),
        error_messages={"invalid_choice": "请从列表中选择。", "invalid_list": "请从列表中选择。"},
    )


def _said(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(field.field, forms.MultipleChoiceField | forms.ChoiceField):
        names = {str(key): str(text) for key, text in field.field.choices if key != ""}  # type: ignore[union-attr,misc]
        given = value if isinstance(value, list) else [value]
        return "、".join(names.get(str(one), "") for one in given if one)
    return str(value or "")


def around_for(
    unit: Unit,
    register: Register,
    *,
    kind: str,
    at: datetime,
    day: str = "",
    record: Record | None = None,
    booking: Record | None = None,
) -> Around:
    """What the form of a kind is made for; the roll is that of the record's day."""
    on = legal_date(at)
    with suppress(ValueError):
        on = date.fromisoformat(day) if day else on
    people = roll_of(unit, roll="staff", day=on)
    roll = register.roll_for(kind)
    due = people if roll in {"", "named", "staff"} else roll_of(unit, roll=roll, day=on)
    given: dict[str, Any] = {"record": record, "booking": booking, "invited": invited_to(booking)}
    return Around(unit=unit, register=register, kind=kind, at=at, people=people, due=due, **given)
