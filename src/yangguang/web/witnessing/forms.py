"""The short forms of a witness, and how each performs its act; letters are signed and have a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from yangguang.rules.witnessing import Item
from yangguang.trading.acts.witnessing import (
    LONGEST_INDEX,
    LONGEST_ROOM,
    close_anomaly,
    register_anomaly,
    register_check,
    register_note,
    register_recording,
)
from yangguang.trading.models import Trade, WitnessRecord
from yangguang.trading.witnessing import addressees
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.fields import CONTROL, MomentField, text_area, text_line
from yangguang.web.acts.uploads import ATTACHED, UploadField, media_type_of
from yangguang.web.drafts.models import fresh_token
from yangguang.witness import evidence
from yangguang.witness.inputs import LARGEST_WHOLE, LONGEST_TEXT
from yangguang.witness.models import Entry, Evidence

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

SHORT = {"rows": 2}


class WitnessForm(forms.Form):
    """A short form on the trade's witness page; `about` is the item of the checklist or the anomaly that it is for."""

    item = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, trade: Trade, about: str = "", **kwargs: Any) -> None:
        self.trade, self.token = trade, fresh_token()
        super().__init__(*args, **{"auto_id": f"{type(self).__name__}-{about or 'free'}-%s"} | kwargs)
        self.initial = {**self.initial, "item": about, "anomaly": about}
        self.choose()
        for name, one in self.fields.items():
            if one.help_text:
                one.widget.attrs.setdefault("aria-describedby", f"hint-{name}")

    def choose(self) -> None:
        """Give fields the choices that come from the trade."""

    def inputs(self) -> dict[str, Any]:
        """What the act takes; a file is kept here, before the lock."""
        given = dict(self.cleaned_data)
        if "file" in given:
            given["file"] = _kept(given["file"])
        return given


def _kept(file: "UploadedFile[Any] | None") -> Evidence | None:
    if file is None:
        return None
    return evidence.keep(file.file, media_type=media_type_of(file.file))  # type: ignore[arg-type]


def _attached() -> UploadField:
    return UploadField(kind=ATTACHED, label="照片或者 PDF", required=False)


def _words(label: str, *, required: bool = True) -> forms.CharField:
    field = text_area(most=LONGEST_TEXT, label=label, required=required)
    field.widget.attrs |= SHORT
    return field


class CheckForm(WitnessForm):
    """查验结果."""

    result = forms.ChoiceField(
        label="结果",
        choices=WitnessRecord.Result.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    note = _words("说明", required=False)
    file = _attached()


class NoteForm(WitnessForm):
    """人工记事."""

    text = _words("记事")
    file = _attached()


class RecordingForm(WitnessForm):
    """录音录像."""

    room = text_line(most=LONGEST_ROOM, label="房间")
    starts = MomentField(label="开始时间")
    ends = MomentField(label="结束时间")
    file_index = text_line(most=LONGEST_INDEX, label="文件索引")
    sha256 = forms.RegexField(
        r"^[0-9a-f]{64}$", label="SHA-256 摘要", max_length=64, widget=forms.TextInput(attrs=dict(CONTROL))
    )


class AnomalyForm(WitnessForm):
    """登记异常."""

    seen = _words("发现的情况")
    concerns = forms.ChoiceField(label="涉及单位", widget=forms.Select(attrs={"class": "form-select"}))
    file = _attached()

    def choose(self) -> None:
        """Whom it may concern: nobody who might bid, before their list is public."""
        listed = [(one.code, one.name) for one in addressees(self.trade)]
        self.fields["concerns"].choices = [("", "请选择"), *listed]  # type: ignore[attr-defined]


class ClosingForm(WitnessForm):
    """异常办结."""

    item = None  # type: ignore[assignment] # an anomaly is closed by its own number
    anomaly = forms.IntegerField(min_value=1, max_value=LARGEST_WHOLE, widget=forms.HiddenInput)
    conclusion = _words("处理结果")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How an act is done on the page."""

    act: Callable[..., Entry]
    form: type[WitnessForm]

    def perform(self, trade: Trade, request: Request, form: WitnessForm) -> Entry:
        """The act with what the form holds. Raises `Refused`."""
        return self.act(trade, actor=request.actor, at=request.at, **form.inputs())


DOINGS: dict[str, Doing] = {
    "register_check": Doing(act=register_check, form=CheckForm),
    "register_note": Doing(act=register_note, form=NoteForm),
    "register_recording": Doing(act=register_recording, form=RecordingForm),
    "register_anomaly": Doing(act=register_anomaly, form=AnomalyForm),
    "close_anomaly": Doing(act=close_anomaly, form=ClosingForm),
}
ANSWERED_WITH = {"manual": "register_check", "note": "register_note", "recording": "register_recording"}


def answering(trade: Trade, item: Item) -> tuple[str, WitnessForm]:
    """The act that answers an item in its way, and its empty form."""
    name = ANSWERED_WITH[item.way]
    return name, DOINGS[name].form(trade=trade, about=item.id)
