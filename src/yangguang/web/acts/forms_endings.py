"""Forms of 暂停、恢复 and 终止: the decision typed in the page or as a stamped file."""

from yangguang.parties.models import Organisation
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.trading.acts.endings import resume, suspend, terminate
from yangguang.trading.stages import Stage
from yangguang.web.acts.forms import ActForm, form_of


class OrderForm(ActForm):
    """A decision: what is typed gets a heading that names the trade, and who decided when."""

    hints = dict.fromkeys(("order", "announcement"), "PDF。填写了文字的不需要上传。")

    def compose(self, field: str, text: str) -> bytes:
        """The decision as a plain paper."""
        tender, here = self.trade.tender, self.at.astimezone(LEGAL_ZONE)
        by = Organisation.objects.filter(code=self.actor.organisation).values_list("name", flat=True).first() or ""
        heading = f"{self.name_of(field)}\n\n项目：{tender.title} {self.trade.title}\n标识：{self.trade.stream}\n"
        return f"{heading}\n{text}\n\n{by}\n{here.year}年{here.month}月{here.day}日\n".encode()


@form_of(suspend)
class SuspendForm(OrderForm):
    """暂停."""

    labels = {"order": "暂停决定"}
    written = {"order": "暂停的原因和依据"}


@form_of(resume)
class ResumeForm(OrderForm):
    """恢复; while bids are taken the deadline may have to move."""

    labels = {"order": "恢复决定", "deadline": "新的投标截止时间"}
    written = {"order": "恢复的原因和依据"}

    def choose(self) -> None:
        """The deadline is asked for only where bids were being taken."""
        until = self.trade.bid_deadline
        if self.trade.suspended_from != Stage.BIDDING or until is None:
            del self.fields["deadline"]
            return
        passed = until <= self.at
        said = "已在暂停期间届满，应当顺延" if passed else "不改变的留空"
        self.fields["deadline"].required = passed
        self.fields["deadline"].help_text = f"原截止时间 {until.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}，{said}。"


@form_of(terminate)
class TerminateForm(OrderForm):
    """终止招标."""

    labels = {"announcement": "终止公告", "reason": "终止原因"}
    written = {"announcement": "公告内容"}

    def choose(self) -> None:
        """Say what the law asks the announcement to say."""
        said = "应说明终止的原因，以及招标文件费用、投标保证金及同期存款利息的退还办法。"
        self.fields["announcement_text"].help_text = said
