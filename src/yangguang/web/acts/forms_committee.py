"""Forms of the committee: replies of drawn experts, the committee, sign-in, replacement, the chair."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.experts import draws
from yangguang.experts.models import Reply
from yangguang.trading.acts.committee import (
    ANSWERS,
    form_committee,
    record_expert_reply,
    replace_member,
    sign_in_member,
    vote_for_chair,
)
from yangguang.trading.acts.replacement import replace_committee_member
from yangguang.trading.models import Member, Replacement
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.readings import terms_of
from yangguang.web.accounts.models import Account
from yangguang.web.acts.fields import CONTROL, text_area
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.witness.guards import LONGEST_REASON


@form_of(record_expert_reply)
class ReplyForm(ActForm):
    """登记应答: the position whose turn it is, and what was heard."""

    labels = {"position": "抽取池序号", "reply": "应答", "reason": "原因"}
    hints = {"position": "按抽取次序，现在应当通知这一位。"}

    def choose(self) -> None:
        """Only the next in the drawn order can reply; who it is stands on the centre's notification alone."""
        draw = draws.current_draw(stream=self.trade.stream, kind=draws.EXPERTS)
        due = draws.next_position(draw)
        self.offer("position", [] if due is None else [(due, f"第 {due + 1} 号")], coerce=int)
        self.offer("reply", [(kind, Reply.Kind(kind).label) for kind in ANSWERS])
        hint = "不能参加或者应当回避的，请写明原因。"
        self.fields["reason"] = text_area(label="原因", help_text=hint, most=LONGEST_REASON, required=False)


class PersonField(forms.CharField):
    """A person by the name of the account with which they sign in."""

    def __init__(self, **common: Any) -> None:
        widget = forms.TextInput(attrs=CONTROL | {"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=60, widget=widget, **common)

    def clean(self, value: Any) -> Any:
        """The person, or None where the field is left empty."""
        typed = super().clean(value)
        if not typed:
            return None
        found = Account.objects.filter(username__iexact=typed, is_active=True).select_related("person").first()
        if found is None:
            raise ValidationError("没有这个账户名。请核对，或者请该代表先开通账户。")
        return found.person


@form_of(form_committee)
class CommitteeForm(ActForm):
    """组建评标委员会: the experts come from the draw, the representatives are named by their accounts."""

    def _add(self, name: str, form: Any) -> None:
        """The representatives come one field each."""

    def choose(self) -> None:
        """As many representatives as the tender document says."""
        terms = terms_of(self.trade)
        for number in range(1, terms.committee_size - terms.experts + 1):
            self.fields[f"representative_{number}"] = PersonField(
                label=f"招标人代表{number}的账户名", help_text="该代表登录本平台用的账户名，本人凭此进入评标室。"
            )

    def inputs(self) -> dict[str, Any]:
        """The persons in the order of the fields."""
        return {"representatives": list(self.cleaned_data.values())}

    def shown(self) -> list[tuple[str, str]]:
        """The names as people know them."""
        return [(str(self.fields[name].label), one.name) for name, one in self.cleaned_data.items()]


@form_of(replace_committee_member)
class CommitteeReplacementForm(ActForm):
    """评标中更换评委."""

    labels = {"seat": "更换哪一席位", "ground": "法定事由"}

    def _add(self, name: str, form: Any) -> None:
        if name != "representative":
            super()._add(name, form)

    def choose(self) -> None:
        """The standing seats, the grounds of the regulation, and who follows a representative."""
        seats = standing_members(self.trade)
        self.offer("seat", [(one.seat, f"{one.seat} 号席位（{one.get_kind_display()}）") for one in seats], coerce=int)
        self.offer("ground", Replacement.Ground.choices)
        self.fields["reason"] = text_area(label="具体事实", help_text="不要写入姓名。", most=LONGEST_REASON)
        hint = "更换招标人代表的，填写接替者登录用的账户名；更换专家的留空，由抽取确定。"
        self.fields["representative"] = PersonField(label="接替的招标人代表", help_text=hint, required=False)

    def shown(self) -> list[tuple[str, str]]:
        """The follower by name."""
        follower = self.cleaned_data.get("representative")
        rows = [row for row in super().shown() if row[0] != "接替的招标人代表"]
        return [*rows, ("接替的招标人代表", follower.name)] if follower else rows


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
        seats = [(one.seat, f"{one.seat} 号席位（{one.get_kind_display()}）") for one in standing_members(self.trade)]
        self.offer("seat", seats, coerce=int)
