"""The short forms of the hall, and how each performs its act; what needs a paper or a signature has its own page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from yangguang.proof.share_release import LARGEST_RELEASE
from yangguang.trading.acts.bidding import sign_in_to_opening
from yangguang.trading.acts.draws import commit_to_draw, complete_draw, open_draw, reveal_for_draw
from yangguang.trading.acts.opening import (
    announce_bidders,
    announce_bids,
    end_decryption,
    extend_decryption,
    object_at_opening,
    open_bid,
    record_decryption_failure,
    start_decryption,
)
from yangguang.trading.acts.rescue import receive_share, release_rescue_share, request_rescue, rescuable
from yangguang.trading.acts.unlocking import unlock, unlock_rescued
from yangguang.trading.models import Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.web.accounts.requests import Request
from yangguang.witness import evidence
from yangguang.witness.guards import LONGEST_REASON
from yangguang.witness.models import Entry, SealedEntry

LARGEST_KEYS = 1 << 20  # bytes of a key file; a real one has some kilobytes
LONGEST_OBJECTION = 2000
MOST_MINUTES = 24 * 60
CONTROL, CHECK, AREA = {"class": "form-control"}, {"class": "form-check-input"}, {"class": "form-control", "rows": 3}
FAULTS = [("bidder", "投标人原因（视为撤销投标文件）"), ("other", "平台等其他原因（视为撤回投标文件）")]


class HallForm(forms.Form):
    """A form of the hall; without fields it is a button."""

    trade: Trade

    def __init__(self, *args: Any, trade: Trade, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{act}-%s"} | kwargs)
        self.trade = trade
        self.choose()
        for name, one in self.fields.items():
            one.widget.attrs.setdefault("aria-describedby", f"hint-{name}" if one.help_text else "")

    def choose(self) -> None:
        """Give fields the choices that come from the trade."""


class FailureForm(HallForm):
    """登记解密失败."""

    bidder = forms.ChoiceField(label="投标人", widget=forms.Select(attrs={"class": "form-select"}))
    fault = forms.ChoiceField(label="责任方", choices=FAULTS, widget=forms.RadioSelect(attrs=CHECK))
    reason = forms.CharField(label="原因", max_length=LONGEST_REASON, widget=forms.Textarea(attrs=AREA))

    def choose(self) -> None:
        """The bidders whose bids are not settled."""
        waiting = standing_bids(self.trade).filter(opened__isnull=True)
        listed = [(one.bidder.code, one.bidder.name) for one in waiting]
        self.fields["bidder"].choices = [("", "请选择"), *listed]  # type: ignore[attr-defined]


class ExtensionForm(HallForm):
    """延长解密."""

    minutes = forms.IntegerField(
        label="延长几分钟", min_value=1, max_value=MOST_MINUTES, widget=forms.NumberInput(attrs=CONTROL)
    )
    reason = forms.CharField(label="平台故障情况", max_length=LONGEST_REASON, widget=forms.Textarea(attrs=AREA))


class ObjectionForm(HallForm):
    """对开标的异议."""

    text = forms.CharField(label="异议内容", max_length=LONGEST_OBJECTION, widget=forms.Textarea(attrs=AREA))


class KeysForm(HallForm):
    """解密: key files that the bidder's tool wrote, or their text from a script of the page (`hall/task.html`)."""

    release = forms.FileField(
        label="投标文件的解密密钥文件",
        error_messages={"required": "请选择密钥文件。"},
        help_text="投标工具“bid keys”生成的 JSON 文件。私钥留在您的电脑上。",
        widget=forms.FileInput(attrs=CONTROL | {"accept": ".json,application/json"}),
    )
    guarantee_release = forms.FileField(
        label="保证金的解密密钥文件",
        required=False,
        help_text="递交过密封的保证金或者保函的，一并交出。",
        widget=forms.FileInput(attrs=CONTROL | {"accept": ".json,application/json"}),
    )
    release_text = forms.CharField(required=False, max_length=LARGEST_KEYS, widget=forms.HiddenInput)
    guarantee_release_text = forms.CharField(required=False, max_length=LARGEST_KEYS, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Both releases as bytes."""
        given = super().clean() or {}
        for name in ("release", "guarantee_release"):
            given[name] = self._bytes(name, given)
        if given["release"] is not None and given.get("release_text"):
            self.errors.pop("release", None)
        return given

    def _bytes(self, name: str, given: dict[str, Any]) -> bytes | None:
        upload = given.get(name)
        if upload is None:
            text: str = given.get(f"{name}_text") or ""
            return text.encode() or None
        if (upload.size or 0) > LARGEST_KEYS:
            self.add_error(name, "文件太大，不是密钥文件。请选择投标工具生成的 JSON 文件。")
            return None
        content: bytes = upload.read()
        return content


class RescueForm(HallForm):
    """申请解密救援."""

    reason = forms.CharField(
        label="不能解密的原因",
        help_text="申请和原因公开。受托人提交的份额达到招标文件规定的数量后，由主持人当场解密。",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=AREA),
    )


class ShareForm(HallForm):
    """提交解密份额: made by the page's script from the trustee's key, or the file that the helper wrote."""

    share = forms.FileField(
        label="解密份额文件",
        required=False,
        help_text="投标工具“bid share”生成的 JSON 文件。",
        widget=forms.FileInput(attrs=CONTROL | {"accept": ".json,application/json"}),
    )
    share_text = forms.CharField(required=False, max_length=LARGEST_RELEASE, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The release as bytes."""
        given = super().clean() or {}
        upload, text = given.get("share"), given.get("share_text") or ""
        if upload is not None and (upload.size or 0) > LARGEST_RELEASE:
            self.add_error("share", "文件太大，不是解密份额文件。请选择投标工具生成的 JSON 文件。")
        elif upload is None and not text:
            self.add_error("share", "请用证书取出份额，或者选择份额文件。")
        else:
            given["share"] = upload.read() if upload is not None else text.encode()
        return given


class RescuedForm(HallForm):
    """解密 with trustees' shares, by whoever runs the opening."""

    bidder = forms.ChoiceField(label="投标人", widget=forms.Select(attrs={"class": "form-select"}))

    def choose(self) -> None:
        """The bidders for whose bids enough shares were released."""
        listed = [(one.bidder.code, one.bidder.name) for one in rescuable(self.trade)]
        self.fields["bidder"].choices = listed if len(listed) == 1 else [("", "请选择"), *listed]  # type: ignore[attr-defined]


class CommitForm(HallForm):
    """承诺: made by the page's script from a number that stays in the browser."""

    commitment = forms.CharField(max_length=64, widget=forms.HiddenInput)


class RevealForm(HallForm):
    """揭示: the number that the browser kept."""

    nonce = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


Answers = dict[str, Any]
Performed = Callable[[Trade, Request, Answers], Entry | SealedEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How an act is done in the hall."""

    perform: Performed
    form: type[HallForm] = HallForm


def _plain(act: Callable[..., Any]) -> Performed:
    return lambda trade, request, _: act(trade, actor=request.actor, at=request.at)


def _record_failure(trade: Trade, request: Request, given: Answers) -> Entry:
    facts = {"bidder": given["bidder"], "bidders_fault": given["fault"] == "bidder", "reason": given["reason"]}
    return record_decryption_failure(trade, actor=request.actor, at=request.at, **facts)


def _extend(trade: Trade, request: Request, given: Answers) -> Entry:
    facts = {"minutes": given["minutes"], "reason": given["reason"]}
    return extend_decryption(trade, actor=request.actor, at=request.at, **facts)


def _object(trade: Trade, request: Request, given: Answers) -> Entry:
    kept = evidence.keep(given["text"].encode(), media_type="text/plain")
    return object_at_opening(trade, actor=request.actor, at=request.at, objection=kept)


def _open(trade: Trade, request: Request, given: Answers) -> Entry:
    if "bidder" in given:
        unlocked = unlock_rescued(trade, actor=request.actor, at=request.at, bidder=given["bidder"])
    else:
        releases = {"release": given["release"], "guarantee_release": given["guarantee_release"]}
        unlocked = unlock(trade, actor=request.actor, at=request.at, **releases)
    return open_bid(trade, actor=request.actor, at=request.at, unlocked=unlocked)


def _ask_rescue(trade: Trade, request: Request, given: Answers) -> Entry:
    return request_rescue(trade, actor=request.actor, at=request.at, reason=given["reason"])


def _release(trade: Trade, request: Request, given: Answers) -> Entry:
    return release_rescue_share(trade, actor=request.actor, at=request.at, share=receive_share(given["share"]))


def _commit(trade: Trade, request: Request, given: Answers) -> Entry:
    return commit_to_draw(trade, actor=request.actor, at=request.at, commitment=given["commitment"])


def _reveal(trade: Trade, request: Request, given: Answers) -> Entry:
    return reveal_for_draw(trade, actor=request.actor, at=request.at, nonce=bytes.fromhex(given["nonce"]))


DOINGS: dict[str, Doing] = {
    "sign_in_to_opening": Doing(perform=_plain(sign_in_to_opening)),
    "announce_bidders": Doing(perform=_plain(announce_bidders)),
    "open_draw": Doing(perform=_plain(open_draw)),
    "commit_to_draw": Doing(perform=_commit, form=CommitForm),
    "reveal_for_draw": Doing(perform=_reveal, form=RevealForm),
    "complete_draw": Doing(perform=_plain(complete_draw)),
    "start_decryption": Doing(perform=_plain(start_decryption)),
    "open_bid": Doing(perform=_open, form=KeysForm),
    "request_rescue": Doing(perform=_ask_rescue, form=RescueForm),
    "release_rescue_share": Doing(perform=_release, form=ShareForm),
    "record_decryption_failure": Doing(perform=_record_failure, form=FailureForm),
    "extend_decryption": Doing(perform=_extend, form=ExtensionForm),
    "end_decryption": Doing(perform=_plain(end_decryption)),
    "announce_bids": Doing(perform=_plain(announce_bids)),
    "object_at_opening": Doing(perform=_object, form=ObjectionForm),
}


def form_for(name: str, trade: Trade, *, organisation: str) -> type[HallForm]:
    """The form of an act: whoever opens another's bid does so with trustees' shares, not with keys of its own."""
    if name == "open_bid" and not trade.has_bid_of(organisation):
        return RescuedForm
    return DOINGS[name].form


# Done on their own pages, because a paper is written, looked at and signed there.
SIGNED = ("answer_opening_objection", "sign_opening_record", "suspend", "resume", "terminate")
