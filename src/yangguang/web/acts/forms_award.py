"""Forms from the candidates' publicity to the archive."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.checks.forfeiture import ForfeitureGround
from yangguang.rules.checks.outcome import DropOutReason, publicity_ends_on
from yangguang.trading.acts.award import (
    answer_result_objection,
    award,
    issue_award_notice,
    object_to_result,
    publish_candidates,
    record_drop_out,
)
from yangguang.trading.acts.contract import archive_trade, forfeit_guarantee, refund_guarantee, submit_written_report
from yangguang.trading.bonds import grounds_by_bidder, waiting
from yangguang.trading.models import Candidate, Guarantee, Objection
from yangguang.trading.papers import award_notice, candidates_notice, result_notice, written_report
from yangguang.trading.stages import Stage
from yangguang.web.acts.fields import text_area
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.web.acts.forms_documents import AnsweringForm, RaisingForm
from yangguang.witness.guards import LONGEST_REASON

LAST_MINUTE = time(23, 59)


@form_of(publish_candidates)
class CandidatesForm(ActForm):
    """中标候选人公示: the platform writes it with the period that is chosen."""

    labels = {"until": "公示截止时间"}
    papers = {"paper": candidates_notice}
    names = {"paper": "中标候选人公示"}

    def choose(self) -> None:
        """Say which day is the first lawful end."""
        self.fields["until"].help_text = f"最早 {self._least():%Y-%m-%d}（公示不少于三日，逢节假日顺延）。"

    def initials(self) -> dict[str, Any]:
        """The end of the shortest lawful publicity."""
        return {"until": datetime.combine(self._least(), LAST_MINUTE, tzinfo=LEGAL_ZONE)}

    def write(self, field: str) -> bytes:  # noqa: ARG002 - there is one
        """With the first and the last day."""
        until = legal_date(self.cleaned_data["until"])
        return candidates_notice(self.trade, starts=legal_date(self.at), until=until)

    def _least(self) -> Any:
        return publicity_ends_on(law=self.trade.kept_law(), starts_on=legal_date(self.at))


@form_of(object_to_result)
class ResultObjectionForm(RaisingForm):
    """对评标结果的异议."""


@form_of(answer_result_objection)
class ResultAnswerForm(AnsweringForm):
    """答复对评标结果的异议."""

    kind = Objection.Kind.RESULT


class CandidateForm(ActForm):
    """Picks a candidate who has not dropped out."""

    def choose(self) -> None:
        """The candidates in their order."""
        standing = self.trade.ranking.filter(recommended=True, drop_out__isnull=True).order_by("rank")
        self.offer("bidder", [(one.bid.bidder.code, _ranked(one)) for one in standing.select_related("bid__bidder")])


def _ranked(one: Candidate) -> str:
    return f"第{one.rank}名　{one.bid.bidder.name}"


@form_of(record_drop_out)
class DropOutForm(CandidateForm):
    """中标候选人放弃或者不能履约."""

    labels = {"bidder": "中标候选人", "reason": "法定情形", "proof": "证明材料"}
    hints = {"proof": "PDF，例如放弃中标的书面声明、查处决定。"}

    def choose(self) -> None:
        """The reasons of the law's list."""
        super().choose()
        self.offer("reason", [(one.value, one.text) for one in DropOutReason])


@form_of(award)
class AwardForm(CandidateForm):
    """确定中标人."""

    labels = {"bidder": "中标人"}

    def initials(self) -> dict[str, Any]:
        """The first who stands, whom the law binds to where state money controls the project."""
        choices = self.fields["bidder"].choices  # type: ignore[attr-defined]
        return {"bidder": next((value for value, _ in choices if value), "")}


@form_of(issue_award_notice)
class AwardNoticeForm(ActForm):
    """中标通知书 and 中标结果通知书, both written by the platform."""

    papers = {"notice": award_notice, "result": result_notice}
    names = {"notice": "中标通知书", "result": "中标结果通知书"}

    def write(self, field: str) -> bytes:
        """With today's date."""
        writes = award_notice if field == "notice" else result_notice
        return writes(self.trade, issued_on=legal_date(self.at))


@form_of(refund_guarantee)
class RefundForm(ActForm):
    """退还投标保证金."""

    labels = {"guarantee": "退还哪一笔", "amount": "退还本金（元）", "interest": "同期存款利息（元）"}

    def choose(self) -> None:
        """The bonds that were not returned; before the deadline nobody is told of any."""
        held = Guarantee.objects.none() if self.trade.stage == Stage.BIDDING else waiting(self.trade)
        rows = list(held.select_related("organisation", "opened").order_by("pk"))
        self.offer("guarantee", [(one.pk, _bond(one)) for one in rows], coerce=int)
        if len(rows) == 1 and (amount := _amount(rows[0])) is not None:
            self.initial.setdefault("amount", amount)


@form_of(forfeit_guarantee)
class ForfeitForm(ActForm):
    """不予退还投标保证金: only what the trade's record bears out can be chosen."""

    labels = {"guarantee": "不予退还哪一笔", "ground": "法定情形", "reason": "事实和理由", "decision": "不予退还决定"}
    hints = {"decision": "PDF。填写了文字的不需要上传。"}
    written = {"decision": "决定的内容"}
    names = {"decision": "不予退还投标保证金决定"}

    def choose(self) -> None:
        """The bonds of bidders who gave a ground, and the grounds that they gave."""
        grounds = grounds_by_bidder(self.trade)
        held = waiting(self.trade).filter(organisation__in=[one for one, shown in grounds.items() if shown])
        rows = list(held.select_related("organisation", "opened").order_by("pk"))
        self.offer("guarantee", [(one.pk, _bond(one)) for one in rows], coerce=int)
        shown = {ground for one in rows for ground in grounds[one.organisation_id]}
        self.offer("ground", [(one.value, one.text) for one in ForfeitureGround if one in shown])
        said = "写明事实。原因公开，该单位可以依法向行政监督部门投诉。"
        self.fields["reason"] = text_area(label="事实和理由", help_text=said, most=LONGEST_REASON)


def _bond(one: Guarantee) -> str:
    amount = _amount(one)
    return f"{one.organisation.name}　{f'{amount:,.2f} 元' if amount is not None else '未开启的保证金'}"


def _amount(one: Guarantee) -> Decimal | None:
    return one.opened.amount if hasattr(one, "opened") else None


@form_of(submit_written_report)
class WrittenReportForm(ActForm):
    """书面报告: the platform writes it."""

    papers = {"paper": written_report}
    names = {"paper": "招标投标情况书面报告"}


@form_of(archive_trade)
class ArchiveForm(ActForm):
    """归档."""
