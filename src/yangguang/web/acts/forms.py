"""The form of an act: a field for each input of the act, by its type; what is uploaded is kept at once.

A form never asks the law. It only turns what a browser sends into the types that the act declares; the act refuses.
"""

import base64
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from yangguang.parties.signing import SignedFile, statement
from yangguang.proof.signatures import Signature
from yangguang.trading.models import Trade
from yangguang.web.acts.fields import field_for, inner_type, inputs_of, pick, text_area, text_of
from yangguang.web.acts.uploads import PDF, Kind, UploadField, shown_name
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.inputs import FORMS as TAKEN
from yangguang.witness.inputs import fits
from yangguang.witness.models import Evidence

WRITTEN = "_text"  # the field in which a paper may be typed instead of uploaded
LONGEST_WRITING = 20_000

Kept = Mapping[str, Mapping[str, str]]


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
    `names` gives the name that a signed or kept file goes by. `written` are the papers that may be typed in the page
    instead of being uploaded, with the label of the text. `kinds` says what an upload is where it is no PDF.
    `asks` are the inputs that a link to the page may fill in.
    """

    act: ClassVar[Callable[..., Any]]
    papers: ClassVar[Mapping[str, Callable[[Trade], bytes]]] = {}
    names: ClassVar[Mapping[str, str]] = {}
    labels: ClassVar[Mapping[str, str]] = {}
    hints: ClassVar[Mapping[str, str]] = {}
    written: ClassVar[Mapping[str, str]] = {}
    kinds: ClassVar[Mapping[str, Kind]] = {}
    asks: ClassVar[Collection[str]] = ()

    def __init__(
        self, *args: Any, trade: Trade, actor: Actor, at: datetime, kept: Kept | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.trade, self.actor, self.at, self.kept = trade, actor, at, dict(kept or {})
        for name, form in inputs_of(self.act).items():
            if name not in self.fields and name not in self.papers:
                self._add(name, form)
        self.choose()
        self.initial = {**self.initials(), **self.initial}
        self._note_kept()
        for name, one in self.fields.items():
            if not isinstance(one, UploadField):
                one.error_messages["required"] = "请选择。" if isinstance(one, forms.ChoiceField) else "请填写。"
            if one.help_text:
                one.widget.attrs.setdefault("aria-describedby", f"hint-{name}")

    def _add(self, name: str, form: Any) -> None:
        label, hint = self.labels.get(name, name), self.hints.get(name, "")
        if name in self.uploads():
            self._add_upload(name, label=label, hint=hint)
        else:
            optional = inspect.signature(self.act).parameters[name].default is not inspect.Parameter.empty
            self.fields[name] = field_for(form, label=label, hint=hint, optional=optional)

    def _add_upload(self, name: str, *, label: str, hint: str) -> None:
        if name in self.written:
            self.fields[name + WRITTEN] = text_area(label=self.written[name], most=LONGEST_WRITING, required=False)
            _as_alternative(self.fields[name + WRITTEN])
            label = f"或者上传{label}"
        self.fields[name] = UploadField(kind=self.kinds.get(name, PDF), label=label, help_text=hint)
        if inspect.signature(self.act).parameters[name].default is not inspect.Parameter.empty:
            self.fields[name].required = False
        if name in self.written:
            _as_alternative(self.fields[name])

    def _note_kept(self) -> None:
        """What was uploaded before has not to be chosen again."""
        for name, one in self.kept.items():
            if name in self.fields and one.get("shown"):
                field = self.fields[name]
                _as_alternative(field)
                field.help_text = f"已收到“{one['shown']}”，不用再选；另选文件即替换。{field.help_text}"

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> dict[str, str]:
        """What the link to the page already says; the person sees it and may change it."""
        return {name: query[name] for name in cls.asks if name in query}

    def grows(self) -> "dict[str, Any] | None":
        """What was typed, with more to fill in, where that was asked for instead of going on."""
        return None

    def note(self) -> str:
        """What whoever checks the answers should know before going on; "" for nothing."""
        return ""

    def choose(self) -> None:
        """Give fields the choices that come from the trade."""

    def initials(self) -> dict[str, Any]:
        """What a field holds before anybody typed."""
        return {}

    def write(self, field: str) -> bytes:
        """The paper that the platform writes for this input, when the other answers are there."""
        return self.papers[field](self.trade)

    def compose(self, field: str, text: str) -> bytes:  # noqa: ARG002 - subclasses ask which paper it is
        """A typed paper as it is kept: the text, and a line end after it."""
        return f"{text}\n".encode()

    def media_of_typed(self) -> str:
        """What `compose` makes: plain text, which other papers can quote."""
        return "text/plain"

    def name_of(self, field: str) -> str:
        """The name that a file goes by in the signature and in the log."""
        return self.names.get(field, self.labels.get(field, "文件"))

    def offer(
        self, name: str, choices: Iterable[tuple[Any, str]], *, coerce: Callable[[str], Any] = str, label: str = ""
    ) -> None:
        """Let an input be picked from what the trade has; a single one is picked already."""
        before = self.fields.get(name)
        given = [(str(value), text) for value, text in choices]
        words = label or str(before.label if before else self.labels.get(name, name))
        hint = str(before.help_text) if before else self.hints.get(name, "")
        self.fields[name] = pick(given, label=words, hint=hint, coerce=coerce)
        if len(given) == 1:
            self.initial.setdefault(name, given[0][0])

    def clean(self) -> dict[str, Any]:
        """A paper is either typed or uploaded; what no act could take is said at its field."""
        cleaned = super().clean() or {}
        for name, form in inputs_of(self.act).items():
            kind, given = inner_type(form), cleaned.get(name)
            is_row = isinstance(given, Model)  # one that the field found; the act gets what names it
            if given is not None and not is_row and kind in TAKEN and not fits(kind, given):
                self.add_error(name, ValidationError(f"{TAKEN[kind][1]}。"))
        for name, label in self.written.items():
            if name in self.errors or name + WRITTEN in self.errors:
                continue
            typed, sent = cleaned.get(name + WRITTEN, "").strip(), cleaned.get(name)
            if typed and sent:
                self.add_error(name, ValidationError("文字和文件请只提交一种。"))
            if not typed and not sent and not self.kept.get(name, {}).get("shown"):
                self.add_error(name + WRITTEN, ValidationError(f"请填写“{label}”，或者上传文件。"))
        return cleaned

    def inputs(self) -> dict[str, Any]:
        """The inputs of the act that are no files, as it takes them."""
        names = [name for name in inputs_of(self.act) if name not in self.uploads()]
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name) is not None}

    def answers(self) -> dict[str, Any]:
        """What was typed, as JSON; files stand in `uploads`."""
        return {name: self.data.get(name, "") for name in self.fields if name not in self.uploads()}

    def shown(self) -> list[tuple[str, str]]:
        """Label and answer of each input that is no file, as people read them."""
        fields = [(name, one) for name, one in self.fields.items() if name not in self.uploads()]
        rows = [(name, str(one.label), text_of(one, self.cleaned_data.get(name))) for name, one in fields]
        return [(label, text) for name, label, text in rows if text or not name.endswith(WRITTEN)]

    @classmethod
    def uploads(cls) -> list[str]:
        """The inputs that are files, in the act's own order."""
        kinds = {name: inner_type(form) for name, form in inputs_of(cls.act).items()}
        return [name for name, kind in kinds.items() if kind in (Evidence, SignedFile)]

    @classmethod
    def signed(cls) -> list[str]:
        """The inputs that are signed, in the act's own order."""
        return [name for name, form in inputs_of(cls.act).items() if inner_type(form) is SignedFile]

    def keep_uploads(self) -> dict[str, dict[str, str]]:
        """Keep what was uploaded and is sound, also when the rest of the form is not; field → name and digest."""
        kept = {name: dict(one) for name, one in self.kept.items()}
        for field in self.uploads():
            if upload := self.cleaned_data.get(field):
                found = evidence.keep(upload.file, media_type=self.kinds.get(field, PDF).media_type)
                kept[field] = self._named(field, found) | {"shown": shown_name(upload.name)}
        return kept

    def write_papers(self) -> dict[str, dict[str, str]]:
        """Keep what was typed as a paper and what the platform writes; field → name and digest."""
        kept = {}
        for field in self.uploads():
            if field in self.papers:
                kept[field] = self._named(field, evidence.keep(self.write(field), media_type="text/html"))
            elif typed := self.cleaned_data.get(field + WRITTEN, "").strip():
                kept[field] = self._named(
                    field, evidence.keep(self.compose(field, typed), media_type=self.media_of_typed())
                )
        return kept

    def _named(self, field: str, kept: Evidence) -> dict[str, str]:
        return {"name": self.name_of(field), "sha256": kept.sha256, "media_type": kept.media_type}


FORMS: dict[str, type[ActForm]] = {}


def form_of(act: Callable[..., Any]) -> Callable[[type[ActForm]], type[ActForm]]:
    """Register a form class as the form of an act; used as a decorator in `forms_*.py`."""

    def register(form: type[ActForm]) -> type[ActForm]:
        form.act = staticmethod(act)
        FORMS[act.__name__] = form
        return form

    return register


def _as_alternative(field: forms.Field) -> None:
    """Not required by itself, and not said to be optional either: something stands for it, or has to."""
    field.required = False
    field.alternative = True  # type: ignore[attr-defined]


def to_sign(form: ActForm, files: Kept, *, name: str) -> list[ToSign]:
    """The kept files that the act wants signed, with the bytes to sign for the act `name` on this trade."""
    waiting = []
    for field in form.signed():
        if field not in files:
            continue
        kept, called = Evidence.objects.get(sha256=files[field]["sha256"]), files[field]["name"]
        data = statement(act=name, stream=form.trade.stream, name=called, evidence=kept)
        waiting.append(ToSign(field=field, name=called, evidence=kept, data=data))
    return waiting


def act_inputs(form: ActForm, files: Kept, signatures: Mapping[str, Signature]) -> dict[str, Any]:
    """The inputs as the act takes them."""
    taken = form.inputs()
    for field, one in files.items():
        if field not in form.uploads():
            continue
        kept = Evidence.objects.get(sha256=one["sha256"])
        if field in signatures:
            taken[field] = SignedFile(name=one["name"], evidence=kept, signature=signatures[field])
        else:
            taken[field] = kept
    return taken
