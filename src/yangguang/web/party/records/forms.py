"""The short forms of a record's page; each turns what comes into the inputs of its act."""

from collections.abc import Mapping
from typing import Any

from django import forms

from yangguang.branch.services import RULES
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Link
from yangguang.web.acts.fields import CONTROL, DayField, text_line
from yangguang.web.acts.uploads import ATTACHED, UploadField, media_type_of
from yangguang.web.drafts.models import fresh_token
from yangguang.witness import evidence

LONGEST_REASON = 200


class DoForm(forms.Form):
    """One act on one record; `token` lets it be done once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__}-%s"} | kwargs)
        self.token = fresh_token()
        for one in self.fields.values():
            one.error_messages["required"] = "请填写。"

    def inputs(self) -> dict[str, Any]:
        """What the act takes."""
        return dict(self.cleaned_data)


class CloseForm(DoForm):
    """办结."""

    on = DayField(label="办结日期")
    result = text_line(label="办理结果", most=LONGEST_REASON)


class SendForm(DoForm):
    """发出."""

    on = DayField(label="发出日期")


class CancelForm(DoForm):
    """取消."""

    reason = text_line(label="取消的原因", most=LONGEST_REASON)


class LinkForm(DoForm):
    """关联: to a record that was found by its words."""

    kind = forms.ChoiceField(
        label="关联的用途", choices=Link.Kind.choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    target = forms.IntegerField(label="关联的记录", min_value=1, max_value=2**53, widget=forms.NumberInput(CONTROL))


class RuleForm(DoForm):
    """转入制度库: the decision by its number, and what becomes of it; `changed` is the rule that it changes."""

    decision = forms.IntegerField(label="决定事项", min_value=1, max_value=999)
    kind = forms.ChoiceField(label="种类", choices=lambda: [(one, one) for one in catalogue()[RULES].kinds])
    changed = forms.IntegerField(label="修订的制度", min_value=1, max_value=2**53, required=False)


class AttachForm(DoForm):
    """添加佐证材料."""

    name = text_line(label="材料名称", most=120)
    file = UploadField(kind=ATTACHED, label="照片或者 PDF")

    def inputs(self) -> dict[str, Any]:
        """The name and the kept file."""
        sent = self.cleaned_data["file"].file
        return {"name": self.cleaned_data["name"], "file": evidence.keep(sent, media_type=media_type_of(sent))}


FORMS: Mapping[str, type[DoForm]] = {
    "sign": DoForm, "send": SendForm, "close": CloseForm, "cancel": CancelForm, "link": LinkForm, "attach": AttachForm,
    "rule": RuleForm, "duties": DoForm,
}  # fmt: skip
