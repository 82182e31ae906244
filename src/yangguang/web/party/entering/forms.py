"""The form of a register: one field for each thing that its entry asks for; `ledger.values.clean` judges what comes.

Times of an event are times of its day, so nobody types the day three times.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from yangguang.ledger.catalogue import Field, FieldType
from yangguang.ledger.keeping import clean_over, sealed_of
from yangguang.ledger.models import Record
from yangguang.ledger.preparing import OPTIONS, Draft, check_draft
from yangguang.ledger.values import COLUMN_TYPES
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal
from yangguang.web.acts.fields import CONTROL
from yangguang.web.party.entering.around import Around
from yangguang.web.party.entering.inputs import (
    REASON,
    TAGS,
    TICK,
    USED,
    Words,
    area,
    choice,
    input_for,
    plain,
    said,
    ticks,
)
from yangguang.web.party.entering.rolls import RollOf

MOST_PARENTS = 300
TIMES = ("begins", "ends")
PEOPLE = (FieldType.PERSON, FieldType.PERSONS)


class RecordForm(forms.Form):
    """The fields of a register. `values` is what the ledger takes; `errors` are its refusals, at the fields."""

    def __init__(self, *args: Any, around: Around, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around, self.is_correction = around, around.record is not None
        self.refusals: tuple[Refusal, ...] = ()
        self.people = [(one.mark, one.name) for one in around.people]
        self.due = [(one.mark, one.name) for one in around.listed]
        register, stored = around.register, sealed_of(around.record)
        self._shared("title", required=not register.title)
        self._shared("day", required=True)
        for column in register.columns:
            self._shared(column)
        for one in register.asked:
            self._add(one.key, input_for(one, self.people), Words.of(one, is_kept=one.key in stored))
            self._suggest(one)
        if register.tags:
            marks = [(one, one) for one in register.tags]
            self._add("tags", ticks(marks), Words(label=register.label_of("tags"), used=TAGS))
        self._roll()
        if self.is_correction:
            self._add("because", area(2), Words(label="更正的原因", used=REASON, required=True))

    def _shared(self, name: str, *, required: bool = False) -> None:
        register = self.around.register
        kind = COLUMN_TYPES[name]
        if name in TIMES:
            made: forms.Field = forms.CharField(widget=forms.TimeInput(attrs=CONTROL | {"type": "time"}))
        elif name == "parent":
            made = choice(self._parents())
        elif kind in PEOPLE:
            made = choice(self.people)
        else:
            made = plain(kind)
        help_text = "不填由系统按种类和日期起名。" if name == "title" and register.title else ""
        used, why = register.used.get(name, USED[name])
        required = required or name in register.requires
        words = Words(label=register.label_of(name), used=(used, why), help=help_text, required=required)
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
            self.fields["absent"] = ticks(self.due)
            self.fields["unknown_roll"] = forms.BooleanField(widget=forms.CheckboxInput(attrs=TICK))
            for mark, _ in self.due:
                self.fields[f"reason_{mark}"] = forms.CharField(max_length=100)
        elif self.around.roll in {RollOf.PRESENT, RollOf.SIGNERS, RollOf.VOTERS}:
            self.fields["chosen"] = ticks(self.due)
        for name in self.fields:
            self.fields[name].required = False

    def _add(self, name: str, made: forms.Field, words: "Words") -> None:
        made.required, made.label, made.help_text = False, words.label, words.help
        made.words = words  # type: ignore[attr-defined]
        made.widget.attrs.setdefault("aria-describedby", f"hint-{name}")
        if words.required:
            made.widget.attrs["aria-required"] = "true"
        self.fields[name] = made

    def restore(self, kept: Mapping[str, Sequence[str]]) -> None:
        """Show what was kept of an earlier visit: every name with its values."""
        for name in self.fields.keys() & kept.keys():
            is_many = isinstance(self.fields[name], forms.MultipleChoiceField)
            self.initial[name] = list(kept[name]) if is_many else "".join(kept[name][-1:])

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
        cleaned, refusals = clean_over(around.register, values, record=around.record)
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

    def before_roll(self) -> list[forms.BoundField]:
        """What is asked first: when, where, who led it, and what may not be left out. Without a roll that is all."""
        return [one for one in self.questions() if self._comes_first(one)]

    def after_roll(self) -> list[forms.BoundField]:
        """What may be left out, after the roll that may not."""
        return [one for one in self.questions() if not self._comes_first(one)]

    def _comes_first(self, one: forms.BoundField) -> bool:
        shared = {"title", "day", *self.around.register.columns}
        return not self.has_roll or one.name in shared or one.field.words.required  # type: ignore[attr-defined]

    @property
    def has_roll(self) -> bool:
        """Whether there are people to tick."""
        return bool(self.due) and not self.fields.keys().isdisjoint({"absent", "chosen"})

    def rolls(self) -> list[dict[str, Any]]:
        """The lines of the roll: the name, whether ticked, and the reason of absence."""
        if not self.has_roll:
            return []
        name = "absent" if "absent" in self.fields else "chosen"
        ticked = set(self[name].value() or [])
        return [
            {"mark": mark, "name": said, "ticked": mark in ticked, "guest": mark in self.around.guests}
            | ({"reason": self[f"reason_{mark}"].value() or ""} if name == "absent" else {})
            for mark, said in self.due
        ]

    def shown(self) -> list[tuple[str, Any, bool]]:
        """The answers as people read them: label, text, and whether they are sealed."""
        return [
            (str(field.label), said(field), field.field.words.sealed)  # type: ignore[attr-defined]
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
