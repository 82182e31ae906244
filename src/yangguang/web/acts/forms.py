"""The form of an act: a field for each input of the act, by its type; what is uploaded is kept at once.

A form never asks the law. It only turns what a browser sends into the types that the act declares; the act refuses.
"""

import base64
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from django import forms

from yangguang.parties.signing import SignedFile, statement
from yangguang.proof.signatures import Signature
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.trading.models import Trade
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.models import Evidence

GIVEN_BY_THE_PAGE = {"trade", "centre", "actor", "at", "return"}
LARGEST_UPLOAD = 200 << 20
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A file that waits for the signature of whoever does the act."""

    field: str
    name: str
    evidence: Evidence
    data: bytes

    @property
    def data_base64(self) -> str:
        """The bytes as the page carries them."""
        return base64.b64encode(self.data).decode()


class ActForm(forms.Form):
    """Fields for the inputs of `act`; subclasses give labels, choices and papers.

    `papers` maps a signed input to the function that writes the paper from the trade's records: nobody uploads it.
    `names` gives the name that a signed or kept file goes by.
    """

    act: ClassVar[Callable[..., Any]]
    papers: ClassVar[Mapping[str, Callable[[Trade], bytes]]] = {}
    names: ClassVar[Mapping[str, str]] = {}
    labels: ClassVar[Mapping[str, str]] = {}
    hints: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, trade: Trade, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trade, self.actor = trade, actor
        for name, form in inputs_of(self.act).items():
            if name not in self.fields and name not in self.papers:
                self.fields[name] = field_for(form, label=self.labels.get(name, name), hint=self.hints.get(name, ""))
        self.choose()
        for name, one in self.fields.items():
            one.widget.attrs.setdefault("aria-describedby", f"hint-{name}" if one.help_text else "")

    def choose(self) -> None:
        """Give fields the choices that come from the trade."""

    def answers(self) -> dict[str, Any]:
        """What was typed, as JSON; files stand in `uploads`."""
        return {name: self.data.get(name, "") for name in self.fields if name not in self.uploads()}

    def uploads(self) -> dict[str, str]:
        """The inputs that are files, and the name each goes by."""
        kinds = {name: inner_type(form) for name, form in inputs_of(self.act).items()}
        return {
            name: self.names.get(name, self.labels.get(name, "文件"))
            for name, kind in kinds.items()
            if kind in (Evidence, SignedFile)
        }

    def signed(self) -> list[str]:
        """The inputs that are signed, in the act's own order."""
        return [name for name, form in inputs_of(self.act).items() if inner_type(form) is SignedFile]

    def keep_files(self) -> dict[str, dict[str, str]]:
        """Keep what was uploaded and what the platform writes; field → name and digest."""
        kept: dict[str, dict[str, str]] = {}
        for field, name in self.uploads().items():
            if field in self.papers:
                found = evidence.keep(self.papers[field](self.trade), media_type="text/html")
            elif upload := self.cleaned_data.get(field):
                suffix = f".{upload.name.rpartition('.')[2].lower()}"
                found = evidence.keep(upload.file, media_type=MEDIA_TYPES.get(suffix, "application/octet-stream"))
            else:
                continue
            kept[field] = {"name": name, "sha256": found.sha256}
        return kept


def inputs_of(act: Callable[..., Any]) -> dict[str, Any]:
    """The inputs that a person gives an act, with their declared types."""
    return {name: form for name, form in get_type_hints(act).items() if name not in GIVEN_BY_THE_PAGE}


def inner_type(form: Any) -> Any:
    """The type itself, without `| None`."""
    if get_origin(form) in {Union, types.UnionType}:
        return next(one for one in get_args(form) if one is not type(None))
    return form


def field_for(form: Any, *, label: str, hint: str = "") -> forms.Field:
    """The field that takes a declared type."""
    kind, required = inner_type(form), type(None) not in get_args(form)
    common: dict[str, Any] = {"label": label, "help_text": hint, "required": required}
    area = forms.Textarea(attrs={"rows": 4, "class": "form-control"})
    entry = {"class": "form-control"}
    made: dict[Any, Callable[[], forms.Field]] = {
        str: lambda: forms.CharField(max_length=2000, widget=area, **common),
        bool: lambda: yes_or_no(**common),
        int: lambda: forms.IntegerField(widget=forms.NumberInput(attrs=entry), **common),
        Decimal: lambda: forms.DecimalField(
            max_digits=15, decimal_places=2, widget=forms.TextInput(attrs=entry | {"inputmode": "decimal"}), **common
        ),
        datetime: lambda: MomentField(**common),
        date: lambda: forms.DateField(widget=forms.DateInput(attrs=entry | {"type": "date"}), **common),
        Evidence: lambda: upload_field(**common),
        SignedFile: lambda: upload_field(**common),
    }
    if kind not in made:
        raise TypeError(f"{label}: no field for {kind}; the act's form has to declare one")
    return made[kind]()


def yes_or_no(**common: Any) -> forms.Field:
    """A question that has to be answered."""
    return forms.TypedChoiceField(
        choices=[("yes", "是"), ("no", "否")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        **common,
    )


def upload_field(**common: Any) -> forms.Field:
    """A file."""
    return forms.FileField(widget=forms.ClearableFileInput(attrs={"class": "form-control"}), **common)


class MomentField(forms.DateTimeField):
    """日期和时间, by the clock of Beijing."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "form-control"})

    def to_python(self, value: Any) -> datetime | None:
        """An aware moment."""
        naive = super().to_python(value)
        if naive is None or not isinstance(naive, datetime):
            return None
        return naive.replace(tzinfo=LEGAL_ZONE)


def to_sign(form: ActForm, files: Mapping[str, Mapping[str, str]], *, name: str) -> list[ToSign]:
    """The kept files that the act wants signed, with the bytes to sign for the act `name` on this trade."""
    waiting = []
    for field in form.signed():
        if field not in files:
            continue
        kept, called = Evidence.objects.get(sha256=files[field]["sha256"]), files[field]["name"]
        data = statement(act=name, stream=form.trade.stream, name=called, evidence=kept)
        waiting.append(ToSign(field=field, name=called, evidence=kept, data=data))
    return waiting


def act_inputs(
    form: ActForm, files: Mapping[str, Mapping[str, str]], signatures: Mapping[str, Signature]
) -> dict[str, Any]:
    """The inputs as the act takes them."""
    taken = {
        name: value for name, value in form.cleaned_data.items() if name not in form.uploads() and value is not None
    }
    for field, one in files.items():
        kept = Evidence.objects.get(sha256=one["sha256"])
        if field in signatures:
            taken[field] = SignedFile(name=one["name"], evidence=kept, signature=signatures[field])
        else:
            taken[field] = kept
    return taken
