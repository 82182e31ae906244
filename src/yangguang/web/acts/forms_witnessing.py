"""Forms of the letters about an anomaly: what the centre writes, and what the organisation answers."""

from yangguang.parties.models import Organisation
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.trading.acts.witnessing import LETTER_PAPER, REPLY_PAPER, issue_letter, reply_to_letter
from yangguang.trading.models import Anomaly, Letter, Trade
from yangguang.trading.papers import witness_letter
from yangguang.trading.witnessing import addressees, letters_to_answer, next_letter, number_of, open_anomaly
from yangguang.web.acts.forms import ActForm, form_of

SHORTENED = 40


def _written_later(trade: Trade) -> bytes:
    raise NotImplementedError(trade.stream)  # `LetterForm.write` writes it, from the answers


@form_of(issue_letter)
class LetterForm(ActForm):
    """函告: written by the platform from the anomaly and the answers, with the next number of the year."""

    labels = {"anomaly": "就哪一项异常", "to": "致函单位", "asks": "请对方核实处理什么", "reply_by": "回复期限"}
    hints = {"asks": "函告写明的要求；登记的异常情况会原样写入函中。", "reply_by": "对方最迟在这一天书面回复。"}
    papers = {"paper": _written_later}
    names = {"paper": LETTER_PAPER}

    def choose(self) -> None:
        """The anomalies that are open, and whom one may write to."""
        waiting = self.trade.anomalies.filter(closing__isnull=True)
        self.offer("anomaly", [(one.number, _told(one)) for one in waiting], coerce=int)
        self.offer("to", [(one.code, one.name) for one in addressees(self.trade)])

    def write(self, field: str) -> bytes:  # noqa: ARG002 - there is one
        """With today's date and number."""
        given, today = self.cleaned_data, legal_date(self.at)
        return witness_letter(
            self.trade,
            anomaly=open_anomaly(self.trade, given["anomaly"]),
            to=Organisation.objects.get(code=given["to"]),
            asks=given["asks"],
            reply_by=given["reply_by"],
            number=next_letter(self.trade, year=today.year),
            issued_on=today,
        )


def _told(one: Anomaly) -> str:
    seen = one.seen if len(one.seen) <= SHORTENED else f"{one.seen[:SHORTENED]}…"
    return f"第{one.number}号　{seen}"


@form_of(reply_to_letter)
class ReplyForm(ActForm):
    """复函: typed or as a file."""

    labels = {"letter": "回复哪一份函告", "reply": "复函"}
    written = {"reply": "回复内容"}
    hints = {"reply": "PDF。填写了文字的不需要上传。"}
    names = {"reply": REPLY_PAPER}

    def choose(self) -> None:
        """The letters that wait for this organisation."""
        waiting = letters_to_answer(self.trade, self.actor)
        self.offer("letter", [(number_of(one), _named(one)) for one in waiting])

    def compose(self, field: str, text: str) -> bytes:
        """The reply with a heading that names the letter, and who replies when."""
        here = self.at.astimezone(LEGAL_ZONE)
        by = Organisation.objects.filter(code=self.actor.organisation).values_list("name", flat=True).first() or ""
        heading = f"{self.name_of(field)}\n\n项目：{self.trade.tender.title} {self.trade.title}\n"
        return f"{heading}\n{text}\n\n{by}\n{here.year}年{here.month}月{here.day}日\n".encode()


def _named(one: Letter) -> str:
    return f"{number_of(one)}（{one.reply_by:%Y-%m-%d} 前回复）"
