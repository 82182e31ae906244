"""The register of act pages: what each act is called, what it rests on, its form, or the page that does it instead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from yangguang.trading import acts as trading_acts
from yangguang.trading.models import Centre, Trade
from yangguang.trading.roles import Role
from yangguang.trading.stages import OPENING, Stage
from yangguang.web.acts import (
    forms_authorities,
    forms_award,
    forms_committee,
    forms_contract,
    forms_corrections,
    forms_documents,
    forms_endings,
    forms_opening,
    forms_parties,
    forms_review,
    forms_witnessing,
    registration,
)
from yangguang.web.acts.forms import FORMS, ActForm
from yangguang.web.acts.words import WORDS, Words
from yangguang.witness.acts import ACTS

# They register their forms when they are imported.
FORM_FILES = (
    forms_authorities,
    forms_documents,
    forms_opening,
    forms_committee,
    forms_review,
    forms_award,
    forms_contract,
    forms_endings,
    forms_corrections,
    forms_parties,
    forms_witnessing,
    registration,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """办理页: `form` does it in three steps; without one, `place` names the page that does it (opening hall, …)."""

    name: str
    act: Callable[..., Any]
    words: Words
    form: type[ActForm] | None
    place: str = ""

    @property
    def title(self) -> str:
        """事项名称."""
        return self.words.title

    @property
    def is_exceptional(self) -> bool:
        """Whether it ends or stops a trade; such acts stand last."""
        return self.name in {"suspend", "terminate", "record_drop_out"}

    @property
    def writer(self) -> str:
        """The address of the page that writes the files of this act, "" where people bring them."""
        return WRITERS.get(self.name, "")

    @property
    def template(self) -> str:
        """The page of its inputs."""
        return TEMPLATES.get(self.name, "acts/inputs.html")

    def back_for(self, trade: Trade | Centre) -> str:
        """The name of the address to which one goes on from this act; "" for the trade's own page."""
        if isinstance(trade, Centre):
            return ""
        here = trade.suspended_from if trade.stage == Stage.SUSPENDED else trade.stage
        draws_experts = self.name in DRAWN and here != Stage.LISTED
        if not draws_experts and (self.name in {*HALL, *SIGNED} or (self.name in PAUSES and here in OPENING)):
            return "hall"
        if self.name in DRAWN:
            return "draw"
        if self.name in BIDDERS:
            return "bidding"
        if self.name in LETTERS:
            return LETTERS[self.name]
        return "room" if self.name in ACTS and ACTS[self.name].by == {Role.MEMBER} else ""

    @property
    def desk(self) -> str:
        """The name of the address to which one goes back from what is done at the centre and in no trade."""
        return AT_THE_CENTRE.get(self.name, "desk")

    def url_for(self, trade: Trade | Centre) -> str:
        """Where the act is done on this trade; the trade's own page for what only the clock does."""
        if HALL.get(self.name) == trade.stage:
            return reverse("hall", kwargs={"stream": trade.stream})
        if self.name in BETTER:
            return reverse(BETTER[self.name], kwargs={"stream": trade.stream})
        if self.place:
            return reverse(self.place, kwargs={} if isinstance(trade, Centre) else {"stream": trade.stream})
        if self.form is not None:
            return reverse("act-inputs", kwargs={"stream": trade.stream, "name": self.name})
        return reverse("trade", kwargs={"stream": trade.stream}) + "#now"


WRITERS = {
    "record_fair_competition_review": "document-review",
    "publish_notice": "document",
    "change_document": "document-change",
}
TEMPLATES: dict[str, str] = {"register_tender": "acts/register.html"}
# Acts that no plain form does, and the name of the address where they are done.
PLACES: dict[str, str] = {
    "record_guarantee": "bidding",
    "submit_bid": "bidding",
    "apply_to_register": "organisation-apply",
    "replace_bid": "bidding",
    "open_bid": "hall",
    "commit_to_draw": "draw",
    "reveal_for_draw": "draw",
    "request_rescue": "hall",
    "release_rescue_share": "hall",
    "score_technical": "room",
    "score_business": "room",
    "register_check": "witness",
    "register_note": "witness",
    "register_recording": "witness",
    "register_anomaly": "witness",
    "close_anomaly": "witness",
}
# Acts that have a plain form and are better done on a page of their own.
BETTER: dict[str, str] = {"give_opinion": "room", "record_expert_reply": "draw", "reply_to_letter": "letters"}
# What is done at the centre, and the page on which it is seen.
AT_THE_CENTRE: dict[str, str] = {
    "correct_rule": "centre-rules",
    "correct_days": "centre-holidays",
    "recognise_root": "centre-roots",
    "withdraw_root": "centre-roots",
    "update_revocation_list": "centre-roots",
    "confirm_organisation": "organisations",
    "reject_organisation": "organisations",
    "register_certificate": "organisations",
    "end_certificate": "organisations",
    "grant_power": "organisations",
    "end_power": "organisations",
}
# After these one goes back to the draw of the experts.
DRAWN = frozenset({"open_draw", "complete_draw", "record_expert_reply", "form_committee", "replace_member"})
# After these one goes on to the bidder's own page.
BIDDERS = frozenset({"download_document", "withdraw_bid"})
BACK = {
    "draw": "返回专家抽取", "bidding": "去投标页", "hall": "返回开标大厅", "room": "返回评标室", "witness": "返回见证",
    "letters": "返回函告",
}  # fmt: skip
LETTERS = {"issue_letter": "witness", "reply_to_letter": "letters"}  # back to where the letter stands
# Acts of an opening with a page of their own, because a paper is signed there; from these one goes back to the hall.
SIGNED = frozenset({"answer_opening_objection", "sign_opening_record"})
PAUSES = frozenset({"suspend", "resume"})
# What the live opening hall does while the trade is at the stage; draws go on elsewhere afterwards.
HALL: dict[str, Stage] = {
    "sign_in_to_opening": Stage.BIDDING,
    "announce_bidders": Stage.CLOSED,
    "open_draw": Stage.LISTED,
    "commit_to_draw": Stage.LISTED,
    "reveal_for_draw": Stage.LISTED,
    "complete_draw": Stage.LISTED,
    "start_decryption": Stage.LISTED,
    "open_bid": Stage.DECRYPTING,
    "request_rescue": Stage.DECRYPTING,
    "release_rescue_share": Stage.DECRYPTING,
    "record_decryption_failure": Stage.DECRYPTING,
    "extend_decryption": Stage.DECRYPTING,
    "end_decryption": Stage.DECRYPTING,
    "announce_bids": Stage.DECRYPTED,
    "object_at_opening": Stage.ANNOUNCED,
}
BY_CLOCK = frozenset({"close_bidding"})  # the clock does it; nobody is offered it


def act_named(name: str) -> Callable[..., Any]:
    """The act's function. Raises LookupError for a name that no stage's file has."""
    modules = (getattr(trading_acts, one) for one in trading_acts.__all__)
    found = next((getattr(one, name) for one in modules if hasattr(one, name)), None)
    if found is None:
        raise LookupError(name)
    return found  # type: ignore[no-any-return]


def all_pages() -> dict[str, ActPage]:
    """A page for every act that has words."""
    return {
        name: ActPage(name=name, act=act_named(name), words=words, form=FORMS.get(name), place=PLACES.get(name, ""))
        for name, words in WORDS.items()
    }


PAGES = all_pages()
