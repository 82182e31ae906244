"""Forms of the acts around the tender document, and of what bidders do before the deadline without a file."""

from datetime import datetime, time, timedelta
from typing import Any

from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.checks.periods import earliest_deadline_after_clarification
from yangguang.rules.clocks import due_on
from yangguang.trading.acts.bidding import sign_in_to_opening, withdraw_bid
from yangguang.trading.acts.documents import (
    INTEREST,
    answer_document_objection,
    change_document,
    download_document,
    object_to_document,
    publish_notice,
    record_fair_competition_review,
)
from yangguang.trading.models import Objection
from yangguang.trading.papers.rows import writing
from yangguang.trading.readings import deadline_of, document_of
from yangguang.trading.signed_terms import terms_paper
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.web.acts.uploads import JSON

ANSWER = {"number": "答复哪一件异议", "answer": "异议答复"}
DEADLINE_CLOCK = time(9, 30)  # openings are held in the morning of a working day
TERMS_HINT = "由平台编制招标文件的页面生成的 JSON 文件。"


@form_of(record_fair_competition_review)
class FairCompetitionForm(ActForm):
    """公平竞争审查."""

    labels = {"review": "公平竞争审查表", "passed": "审查是否通过"}
    hints = {"review": "PDF，由审查人员签字的审查结论。"}


@form_of(publish_notice)
class NoticeForm(ActForm):
    """招标公告 and 招标文件, from finished files; the page that authors them is another one."""

    labels = {
        "notice": "招标公告",
        "document": "招标文件",
        "terms": "结构化条款",
        "sale_until": "招标文件获取截止日",
        "deadline": "投标截止时间",
    }
    hints = {"terms": TERMS_HINT}
    kinds = {"terms": JSON}
    names = {"terms": terms_paper(1)}

    def initials(self) -> dict[str, Any]:
        """The shortest lawful periods, and a day more than the twenty, which places count differently."""
        law, today = self.trade.kept_law(), legal_date(self.at)
        sale = due_on(law=law, rule_id="works.tender.document_sale", start=today)
        least = due_on(law=law, rule_id="works.tender.document_to_deadline", start=today)
        day = law.calendar.next_working_day(least + timedelta(days=1))
        return {"sale_until": sale, "deadline": datetime.combine(day, DEADLINE_CLOCK, tzinfo=LEGAL_ZONE)}


@form_of(change_document)
class ChangeForm(ActForm):
    """澄清或者修改招标文件."""

    labels = {
        "change": "澄清或者修改文件",
        "terms": "修改后的全部结构化条款",
        "affects_bids": "是否可能影响投标文件编制",
        "deadline": "新的投标截止时间",
    }
    kinds = {"terms": JSON}

    def choose(self) -> None:
        """Say what the deadline is and what the law asks of a new one."""
        law, today = self.trade.kept_law(), legal_date(self.at)
        earliest = earliest_deadline_after_clarification(law=law, issued_on=today)
        now = deadline_of(self.trade).astimezone(LEGAL_ZONE)
        self.fields[
            "deadline"
        ].help_text = (
            f"不改变的留空。现为 {now:%Y-%m-%d %H:%M}；可能影响投标文件编制的，截止日不得早于 {earliest:%Y-%m-%d}。"
        )

    def name_of(self, field: str) -> str:
        """The terms go by the number of the version that they begin."""
        version = document_of(self.trade).version + 1
        names = {"terms": terms_paper(version), "change": f"澄清文件（第{version}版）"}
        return names.get(field) or super().name_of(field)


@form_of(download_document)
class DownloadForm(ActForm):
    """下载招标文件."""


@form_of(withdraw_bid)
class WithdrawForm(ActForm):
    """撤回投标文件."""


@form_of(sign_in_to_opening)
class SignInForm(ActForm):
    """开标签到."""


class RaisingForm(ActForm):
    """异议: typed in the page, or a file."""

    labels = {"objection": "异议书", "interest": "利害关系说明"}
    written = {"objection": "异议内容和理由"}
    hints = {
        "objection": "PDF。填写了文字的不需要上传。",
        "interest": "PDF，由本单位签名。不是投标人而与评标结果有利害关系的单位提交；对招标文件的异议可以不提交。",
    }
    names = {"interest": INTEREST}


@form_of(object_to_document)
class DocumentObjectionForm(RaisingForm):
    """对招标文件的异议."""


class AnsweringForm(ActForm):
    """异议答复: which objection, and the answer typed or as a file."""

    kind: str = ""
    labels = ANSWER
    written = {"answer": "答复内容"}
    hints = {"answer": "PDF。填写了文字的不需要上传。"}
    names = {"answer": "异议答复"}

    def choose(self) -> None:
        """The objections of this kind that wait, with what they say."""
        open_ones = self.trade.objections.filter(kind=self.kind, answered_at__isnull=True)
        self.offer("number", [(one.number, _told(one)) for one in open_ones.select_related("evidence")], coerce=int)


@form_of(answer_document_objection)
class DocumentAnswerForm(AnsweringForm):
    """答复对招标文件的异议."""

    kind = Objection.Kind.DOCUMENT


def _told(objection: Objection) -> str:
    """An objection as a choice: number, moment and how it begins; who raised it is not said."""
    said = writing(objection.evidence)
    text = said.text if said and said.text else "内容见所附文件"
    begins = text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004 - fits two lines
    return f"第{objection.number}号（{objection.raised_at.astimezone(LEGAL_ZONE):%m月%d日 %H:%M}提出）：{begins}"
