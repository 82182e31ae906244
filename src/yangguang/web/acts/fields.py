"""From the declared type of an act's input to the field that takes it, and back to words."""

import types
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints

from django import forms
from django.core.validators import DecimalValidator

from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.witness.inputs import LONGEST_TEXT, MOST_YUAN

GIVEN_BY_THE_PAGE = {"trade", "centre", "actor", "at", "return"}
MOST_RADIOS = 8  # more are a list to open
CONTROL = {"class": "form-control"}


def inputs_of(act: Callable[..., Any]) -> dict[str, Any]:
    """The inputs that a person gives an act, with their declared types."""
    return {name: form for name, form in get_type_hints(act).items() if name not in GIVEN_BY_THE_PAGE}


def inner_type(form: Any) -> Any:
    """The type itself, without `| None`."""
    if get_origin(form) in {Union, types.UnionType}:
        return next(one for one in get_args(form) if one is not type(None))
    return form


def field_for(form: Any, *, label: str, hint: str = "", optional: bool = False) -> forms.Field:
    """The field that takes a declared type. Raises TypeError for a type that only the act's own form can offer."""
    kind, required = inner_type(form), not optional and type(None) not in get_args(form)
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    made: dict[Any, Callable[[], forms.Field]] = {
        str: lambda: text_area(most=LONGEST_TEXT, **common),
        bool: lambda: yes_or_no(**common),
        int: lambda: WholeField(**common),
        Decimal: lambda: AmountField(**common),
        datetime: lambda: MomentField(**common),
        date: lambda: DayField(**common),
    }
    if kind not in made:
        raise TypeError(f"{label}: no field for {kind}; the act's form has to declare one")
    return made[kind]()


def text_area(*, most: int, **common: Any) -> forms.CharField:
    """Words, in several lines."""
    return forms.CharField(max_length=most, widget=forms.Textarea(attrs=CONTROL | {"rows": 5}), **common)


def text_line(*, most: int, **common: Any) -> forms.CharField:
    """Words in one line."""
    return forms.CharField(max_length=most, widget=forms.TextInput(attrs=dict(CONTROL)), **common)


def yes_or_no(**common: Any) -> forms.Field:
    """A question that has to be answered."""
    return forms.TypedChoiceField(
        choices=[("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        **common,
    )


def pick(
    choices: Sequence[tuple[str, str]], *, label: str, hint: str = "", coerce: Callable[[str], Any] = str
) -> forms.Field:
    """One of several, all of them in sight while they are few."""
    common: dict[str, Any] = {"label": label, "help_text": hint, "coerce": coerce}
    if len(choices) <= MOST_RADIOS:
        widget: forms.Widget = forms.RadioSelect(attrs={"class": "form-check-input"})
        return forms.TypedChoiceField(choices=choices, widget=widget, **common)
    widget = forms.Select(attrs={"class": "form-select"})
    return forms.TypedChoiceField(choices=[("", "请选择"), *choices], widget=widget, **common)


class WholeField(forms.IntegerField):
    """A whole number."""

    widget = forms.NumberInput(attrs=CONTROL | {"step": 1})


class AmountField(forms.DecimalField):
    """金额（元）, to the 分; commas between thousands are taken as typed."""

    widget = forms.TextInput(attrs=CONTROL | {"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **common: Any) -> None:
        super().__init__(max_digits=15, decimal_places=2, max_value=MOST_YUAN, min_value=0, **common)
        self.error_messages |= {"invalid": "请填写金额，例如 12345.60。"}
        for one in self.validators:
            if isinstance(one, DecimalValidator):
                one.messages = one.messages | {"max_decimal_places": "最多两位小数。", "max_digits": "金额过大。"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """A Decimal of yuan."""
        cleaned = value.replace(",", "").replace("，", "").strip() if isinstance(value, str) else value
        return super().to_python(cleaned)


class DayField(forms.DateField):
    """日期."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs=CONTROL | {"type": "date"})


class MomentField(forms.DateTimeField):
    """日期和时间, by the clock of Beijing."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs=CONTROL | {"type": "datetime-local"})

    def prepare_value(self, value: Any) -> Any:
        """What the browser's own control takes."""
        return f"{value.astimezone(LEGAL_ZONE):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """An aware moment."""
        naive = super().to_python(value)
        if naive is None or not isinstance(naive, datetime):
            return None
        return naive.replace(tzinfo=LEGAL_ZONE)


def text_of(field: forms.Field, value: Any) -> str:
    """An answer as people read it, "" where nothing was answered."""
    if value is None or value == "":
        return ""
    if isinstance(field, forms.ChoiceField):
        return _choice_text(field, value)
    if isinstance(value, datetime):
        here = value.astimezone(LEGAL_ZONE)
        return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, Decimal):
        return f"{value:,.2f} 元"
    return str(value)


def _choice_text(field: forms.ChoiceField, value: Any) -> str:
    key = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return {str(given): str(text) for given, text in field.choices}.get(key, str(value))  # type: ignore[misc,union-attr]
