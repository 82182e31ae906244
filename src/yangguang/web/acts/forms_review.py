"""Forms of the review, of the closing of the scores and of the evaluation report."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

from yangguang.rules.checks.opening import warn_valid_bids
from yangguang.rules.checks.outcome import RejectionGround
from yangguang.rules.scoring import Result, evaluate
from yangguang.trading.acts.evaluation import close_scoring, compute_results, scoring_inputs
from yangguang.trading.acts.report import (
    close_report,
    dissent_from_report,
    issue_report,
    issued_report,
    refuse_to_sign_report,
    sign_report,
)
from yangguang.trading.acts.review import (
    answer_clarification,
    ask_clarification,
    close_review,
    give_opinion,
    reject_bid,
)
from yangguang.trading.models import Bid, Clarification, Opinion, Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.papers import evaluation_report
from yangguang.trading.papers.rows import writing
from yangguang.trading.readings import failing_bids, opened_bids, terms_of, valid_bids
from yangguang.web.acts.fields import pick, text_area
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.witness import evidence

MOST_TIED = 4  # more bids that tie in one place are ordered by their first ones only
PERSUADES = 200
VERDICTS = [("yes", "通过"), ("no", "不通过")]


def named_bids(bids: Iterable[Bid]) -> list[tuple[str, str]]:
    """Bids as choices: the digest that names one, and its bidder."""
    return [(bid.evidence_id, bid.bidder.name) for bid in bids]


@form_of(give_opinion)
class OpinionForm(ActForm):
    """初步评审意见."""

    labels = {"bid": "投标人"}

    def _add(self, name: str, form: Any) -> None:
        if name == "bid":
            super()._add(name, form)

    def choose(self) -> None:
        """The bids that this member has not spoken on; verdict and reason for each step."""
        spoken = Opinion.objects.filter(member__trade=self.trade, member__person__mark=self.actor.person)
        waiting = opened_bids(self.trade).exclude(pk__in=spoken.values("bid_id"))
        self.offer("bid", named_bids(waiting))
        for step in Opinion.Step:
            self.fields[f"passes_{step}"] = pick(VERDICTS, label=step.label, coerce=lambda value: value == "yes")
            self.fields[f"reason_{step}"] = text_area(label=f"{step.label}不通过的理由", most=2000, required=False)

    def inputs(self) -> dict[str, Any]:
        """Every step in one act."""
        given = self.cleaned_data
        reasons = {step.value: given[f"reason_{step}"] for step in Opinion.Step if given[f"reason_{step}"].strip()}
        return {
            "bid": given["bid"],
            "passes": {step.value: given[f"passes_{step}"] for step in Opinion.Step},
            "reasons": reasons,
        }


@form_of(reject_bid)
class RejectionForm(ActForm):
    """否决投标."""

    labels = {"bid": "投标人", "ground": "法定情形", "reason": "事实和理由"}

    def choose(self) -> None:
        """The bids that a majority found failing, and the grounds of the law's list."""
        failing = opened_bids(self.trade).filter(rejection__isnull=True, pk__in=failing_bids(self.trade))
        self.offer("bid", named_bids(failing))
        self.offer("ground", [(one.value, f"{one.text}（{_item(one)}）") for one in RejectionGround])


def _item(ground: RejectionGround) -> str:
    return ground.article.removeprefix("招标投标法实施条例")


@form_of(ask_clarification)
class QuestionForm(ActForm):
    """要求澄清."""

    labels = {"bid": "投标人", "question": "澄清要求"}
    written = {"question": "请投标人澄清或者说明什么"}
    hints = {"question": "PDF。填写了文字的不需要上传。"}

    def choose(self) -> None:
        """Every opened bid."""
        self.offer("bid", named_bids(opened_bids(self.trade)))


@form_of(answer_clarification)
class ClarificationForm(ActForm):
    """澄清、说明."""

    labels = {"number": "答复哪一次澄清要求", "answer": "澄清说明"}
    written = {"answer": "澄清、说明或者补正的内容"}
    hints = {"answer": "PDF。填写了文字的不需要上传。"}
    names = {"answer": "澄清说明"}

    def choose(self) -> None:
        """The questions to this bidder that wait, as they were put."""
        mine = {"bid__trade": self.trade, "bid__bidder__code": self.actor.organisation, "answer__isnull": True}
        waiting = Clarification.objects.filter(**mine).select_related("question").order_by("number")
        self.offer("number", [(one.number, _asked(one)) for one in waiting], coerce=int)


def _asked(one: Clarification) -> str:
    said = writing(one.question)
    return f"第{one.number}次：{said.text[:PERSUADES] if said and said.text else '内容见所附文件'}"


@form_of(close_review)
class CloseReviewForm(ActForm):
    """结束初步评审."""

    def choose(self) -> None:
        """Lack of competition is asked for only where fewer than three bids are valid."""
        hint = "有效投标不足三个且明显缺乏竞争，决定否决全部投标的，写明理由；继续评审的留空。"
        if warn_valid_bids(law=self.trade.kept_law(), valid=valid_bids(self.trade).count()):
            self.fields["no_competition"] = text_area(label="缺乏竞争的理由", help_text=hint, most=2000, required=False)
        else:
            del self.fields["no_competition"]


@form_of(close_scoring)
class CloseScoringForm(ActForm):
    """结束评分."""


@form_of(compute_results)
class ResultsForm(ActForm):
    """评标汇总; where bids tie, the committee says in which order they stand."""

    labels = {"tie_reason": "排定次序的理由"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.places: list[tuple[str, ...]] = []
        super().__init__(*args, **kwargs)

    def _add(self, name: str, form: Any) -> None:
        if name != "tie_order":
            super()._add(name, form)

    def choose(self) -> None:
        """One question for each place where bids tie."""
        self.places = tied_places(self.trade)
        if not self.places:
            del self.fields["tie_reason"]
            return
        names = dict(named_bids(valid_bids(self.trade)))
        for number, bids in enumerate(self.places):
            orders = [(",".join(one), "，".join(names[bid] for bid in one)) for one in permutations(bids)]
            self.fields[f"tie_{number}"] = pick(orders, label="得分并列，次序为")
        self.fields["tie_reason"].required = True

    def inputs(self) -> dict[str, Any]:
        """The orders of all places one after the other."""
        order = [bid for number, _ in enumerate(self.places) for bid in self.cleaned_data[f"tie_{number}"].split(",")]
        return super().inputs() | ({"tie_order": order} if order else {})


def tied_places(trade: Trade) -> list[tuple[str, ...]]:
    """The bids that share a place by the document's own method."""
    result: Result = evaluate(description=terms_of(trade).scoring, inputs=scoring_inputs(trade))
    return [tuple(place.bids) for place in result.ranking if len(place.bids) > 1]


@form_of(issue_report)
class IssueReportForm(ActForm):
    """出具评标报告: the platform writes it."""

    papers = {"paper": evaluation_report}
    names = {"paper": "评标报告"}


def issued_paper(trade: Trade) -> bytes:
    """The report that was issued: it is signed as it is, not written again."""
    return evidence.read(issued_report(trade))


@form_of(sign_report)
class SignReportForm(ActForm):
    """签署评标报告."""

    papers = {"paper": issued_paper}
    names = {"paper": "评标报告"}


@form_of(dissent_from_report)
class DissentForm(ActForm):
    """不同意见."""

    labels = {"opinion": "书面不同意见"}
    written = {"opinion": "不同意见和理由"}
    hints = {"opinion": "PDF。填写了文字的不需要上传。"}


@form_of(refuse_to_sign_report)
class RefusingForm(ActForm):
    """登记拒绝签字."""

    labels = {"seat": "哪一席位拒绝签字"}

    def choose(self) -> None:
        """The members who have not settled it."""
        waiting = standing_members(self.trade).filter(report_signature__isnull=True)
        self.offer("seat", [(one.seat, f"{one.seat} 号席位") for one in waiting], coerce=int)


@form_of(close_report)
class CloseReportForm(ActForm):
    """评标结束."""
