"""The form of an application to be registered (主体登记申请)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.parties.models import Application
from yangguang.proof.certificates import Certificate
from yangguang.rules.codes import BadCode, parse_organisation_code
from yangguang.trading.acts.organisations import LONGEST_CONTACT, LONGEST_NAME, LONGEST_PHONE
from yangguang.web.acts.fields import text_line

CODE_LENGTH = 18


class ApplyForm(forms.Form):
    """主体登记申请. With a certificate the code is the certificate's."""

    code = text_line(label="统一社会信用代码", most=CODE_LENGTH, help_text="18 位，营业执照上的代码。")
    name = text_line(label="单位名称", most=LONGEST_NAME, help_text="与营业执照一致的全称。")
    kinds = forms.MultipleChoiceField(
        label="以什么身份参加交易",
        choices=Application.Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="可以选几项，以后可以增加。",
    )
    contact = text_line(
        label="联系人",
        most=LONGEST_CONTACT,
        help_text="中心核验时联系。核验通过后，您本人成为本单位的管理员和经办人。",
    )
    phone = text_line(label="联系电话", most=LONGEST_PHONE, help_text="只用于中心核验，不公开，不写入见证日志。")

    def __init__(self, *args: Any, certificate: Certificate | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, one in self.fields.items():
            one.error_messages["required"] = "请选择。" if name == "kinds" else "请填写。"
            one.widget.attrs["aria-describedby"] = f"hint-{name}"
        if certificate is not None:
            self.initial.update(code=certificate.organisation_code, name=certificate.organisation_name)
            self.fields["code"].disabled = True
            self.fields["contact"].help_text = "核验通过后成为本单位的管理员和经办人。"
            self.fields["code"].help_text = "取自您刚才使用的数字证书。"

    def clean_code(self) -> str:
        """A code whose check character is right."""
        code: str = self.cleaned_data["code"].strip().upper()
        try:
            parse_organisation_code(code)
        except BadCode as bad:
            raise ValidationError(f"{bad.refusal.reason}，{bad.refusal.remedy}。") from bad
        return code

    def shown(self) -> list[tuple[str, str]]:
        """Label and answer, to be checked."""
        labels = dict(Application.Kind.choices)
        given = self.cleaned_data | {"kinds": "、".join(str(labels[one]) for one in self.cleaned_data["kinds"])}
        return [(str(one.label), str(given[name])) for name, one in self.fields.items()]
