"""Forms of the committee: replies of drawn experts, sign-in, replacement, the chair."""

from yangguang.experts import draws
from yangguang.experts.models import Reply
from yangguang.trading.acts.committee import (
    ANSWERS,
    record_expert_reply,
    replace_member,
    sign_in_member,
    vote_for_chair,
)
from yangguang.trading.models import Member
from yangguang.trading.refusals import LONGEST_REASON
from yangguang.web.acts.fields import text_area
from yangguang.web.acts.forms import ActForm, form_of


@form_of(record_expert_reply)
class ReplyForm(ActForm):
    """登记应答: the position whose turn it is, and what was heard."""

    labels = {"position": "抽取池序号", "reply": "应答", "reason": "原因"}
    hints = {"position": "按抽取次序，现在应当通知这一位。"}

    def choose(self) -> None:
        """Only the next in the drawn order can reply; who it is stands on the centre's notification alone."""
        draw = draws.current_draw(stream=self.trade.stream, kind=draws.EXPERTS)
        due = draws.next_position(draw)
        self.offer("position", [] if due is None else [(due, f"第 {due} 号")], coerce=int)
        self.offer("reply", [(kind, Reply.Kind(kind).label) for kind in ANSWERS])
        hint = "不能参加或者应当回避的，请写明原因。"
        self.fields["reason"] = text_area(label="原因", help_text=hint, most=LONGEST_REASON, required=False)


@form_of(sign_in_member)
class MemberSignInForm(ActForm):
    """评委签到."""


@form_of(replace_member)
class ReplaceForm(ActForm):
    """更换评委."""

    labels = {"seat": "更换哪一席位", "reason": "法定事由"}

    def choose(self) -> None:
        """The experts who have not signed in."""
        absent = self.trade.members.filter(kind=Member.Kind.EXPERT, signed_in_at__isnull=True)
        self.offer("seat", [(one.seat, f"{one.seat} 号席位") for one in absent], coerce=int)
        self.fields["reason"] = text_area(label="法定事由", most=LONGEST_REASON)


@form_of(vote_for_chair)
class VoteForm(ActForm):
    """推选组长."""

    labels = {"seat": "推选哪一席位为组长"}

    def choose(self) -> None:
        """Every seat."""
        seats = [(one.seat, f"{one.seat} 号席位（{one.get_kind_display()}）") for one in self.trade.members.all()]
        self.offer("seat", seats, coerce=int)
