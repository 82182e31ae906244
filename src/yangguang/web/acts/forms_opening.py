"""Forms of the opening and of the draws, as far as they need no key."""

from collections.abc import Sequence

from yangguang.trading.acts.draws import complete_draw, open_draw
from yangguang.trading.acts.opening import (
    announce_bidders,
    announce_bids,
    answer_opening_objection,
    end_decryption,
    extend_decryption,
    object_at_opening,
    record_decryption_failure,
    sign_opening_record,
    start_decryption,
)
from yangguang.trading.models import Objection
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.papers import opening_record
from yangguang.web.acts.fields import text_area
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.web.acts.forms_documents import AnsweringForm, RaisingForm
from yangguang.witness.guards import LONGEST_REASON

NOTHING_TO_ASK: Sequence[object] = (
    announce_bidders,
    start_decryption,
    end_decryption,
    announce_bids,
    open_draw,
    complete_draw,
)
for one in NOTHING_TO_ASK:
    form_of(one)(type("ConfirmForm", (ActForm,), {"__doc__": "Nothing to fill in."}))  # type: ignore[arg-type]


@form_of(record_decryption_failure)
class FailureForm(ActForm):
    """登记解密失败."""

    labels = {"bidder": "投标人", "bidders_fault": "是否投标人原因", "reason": "原因"}
    hints = {"bidders_fault": "投标人原因的视为撤销投标文件，其他原因的视为撤回，并退还保证金。"}

    def choose(self) -> None:
        """The bidders whose bids are not settled yet."""
        unsettled = standing_bids(self.trade).filter(opened__isnull=True)
        self.offer("bidder", [(bid.bidder.code, bid.bidder.name) for bid in unsettled])
        self.fields["reason"] = text_area(label="原因", most=LONGEST_REASON)


@form_of(extend_decryption)
class ExtensionForm(ActForm):
    """延长解密."""

    labels = {"minutes": "延长多少分钟", "reason": "原因"}
    hints = {"reason": "说明平台故障的情况。"}

    def choose(self) -> None:
        """From a minute to a day."""
        self.fields["minutes"].widget.attrs |= {"min": 1, "max": 1440}


@form_of(object_at_opening)
class OpeningObjectionForm(RaisingForm):
    """对开标的异议."""


@form_of(answer_opening_objection)
class OpeningAnswerForm(AnsweringForm):
    """当场答复."""

    kind = Objection.Kind.OPENING


@form_of(sign_opening_record)
class OpeningRecordForm(ActForm):
    """开标记录: the platform writes it."""

    papers = {"paper": opening_record}
    names = {"paper": "开标记录"}
