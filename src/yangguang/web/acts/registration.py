"""进场登记: the tender, its parties found by name or code, and one or more lots."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.parties.models import Organisation
from yangguang.rules.checks.money import SubjectKind
from yangguang.rules.codes import BadCode, TradeCategory, parse_organisation_code
from yangguang.trading.acts.registration import LONGEST_TITLE, LotInput, register_tender
from yangguang.trading.models import Trade
from yangguang.trading.models.tenders import SupervisionLine
from yangguang.trading.stages import FAILED
from yangguang.web.acts.fields import AmountField, pick, text_line, yes_or_no
from yangguang.web.acts.forms import ActForm, form_of

MOST_LOTS, MOST_LISTED = 20, 8
PARTIES = ("tenderer", "agency", "supervisor", "discipline")
GIVEN = ("title", "category", *PARTIES, "supervision_line", "state_controlled")
CODE_LENGTH = 18
COUNT, MORE, FEWER = "lots_count", "add_lot", "drop_lot"
KINDS = {
    SubjectKind.CONSTRUCTION: "施工",
    SubjectKind.GOODS: "货物",
    SubjectKind.SURVEY_DESIGN: "勘察设计",
    SubjectKind.SERVICES: "监理等服务",
}


class OrganisationField(forms.CharField):
    """单位, found by its 统一社会信用代码 or by its name, whole or in part."""

    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", "maxlength": 120})

    def clean(self, value: Any) -> Any:
        """The organisation; several that fit are listed with their codes."""
        text = super().clean(value).strip()
        return organisation_of(text) if text else None


def organisation_of(text: str) -> Organisation:
    """The one organisation that the text means. Raises ValidationError that says what to type instead."""
    if found := Organisation.objects.filter(code=text.upper()).first():
        return found
    if len(text) == CODE_LENGTH and text.isascii():
        raise ValidationError(_wrong_code(text.upper()))
    if exact := Organisation.objects.filter(name=text).first():
        return exact
    like = list(Organisation.objects.filter(name__icontains=text).order_by("name")[: MOST_LISTED + 1])
    if len(like) == 1:
        return like[0]
    if not like:
        raise ValidationError("没有找到这个单位，请核对名称，或者先办理主体登记。")
    listed = "；".join(f"{one.name} {one.code}" for one in like[:MOST_LISTED])
    raise ValidationError(f"有多个单位符合，请填写全称或者代码：{listed}{'……' if len(like) > MOST_LISTED else '。'}")


def _wrong_code(code: str) -> str:
    try:
        parse_organisation_code(code)
    except BadCode as bad:
        return f"{bad.refusal.reason}，{bad.refusal.remedy}"
    return "没有登记使用这个代码的单位，请核对，或者先办理主体登记。"


@form_of(register_tender)
class RegistrationForm(ActForm):
    """登记项目和标段."""

    labels = {
        "title": "项目名称",
        "category": "交易分类",
        "tenderer": "招标人",
        "agency": "招标代理机构",
        "supervision_line": "监督条线",
        "supervisor": "行政监督部门",
        "discipline": "纪检监察机构",
        "state_controlled": "国有资金是否占控股或者主导地位",
        "retender_of": "重新招标的原标段",
    }

    def _add(self, name: str, form: Any) -> None:  # noqa: ARG002 - every field is made here
        label = self.labels.get(name, "")
        match name:
            case "title":
                self.fields[name] = text_line(label=label, most=LONGEST_TITLE)
            case "category":
                choices = [(one.value, f"{one.value} {one.text}") for one in TradeCategory]
                self.fields[name] = pick(choices, label=label)
            case "tenderer":
                self.fields[name] = OrganisationField(label=label, help_text="单位名称或者统一社会信用代码。")
            case "agency":
                self.fields[name] = OrganisationField(label=label, help_text="自行招标的留空。", required=False)
            case "supervision_line":
                self.fields[name] = pick(SupervisionLine.choices, label=label)
            case "supervisor":
                hint = "监督这个项目的部门；只有它的监督人员能够查看和监督。"
                self.fields[name] = OrganisationField(label=label, help_text=hint)
            case "discipline":
                hint = "没有指定的留空。"
                self.fields[name] = OrganisationField(label=label, help_text=hint, required=False)
            case "state_controlled":
                hint = "是的，应当确定排名第一的中标候选人为中标人。"
                self.fields[name] = yes_or_no(label=label, help_text=hint)
            case "retender_of":
                self.fields[name] = _failed_trades(label)

    def choose(self) -> None:
        """The fields of each lot."""
        self.fields[COUNT] = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_LOTS)
        self.initial.setdefault(COUNT, 1)
        for number in range(self.count()):
            self.fields |= _lot_fields(number)

    def count(self) -> int:
        """How many lots the page shows."""
        given = (self.data if self.is_bound else self.initial).get(COUNT, 1)
        return min(max(int(given), 1), MOST_LOTS) if str(given).isdigit() else 1

    def grows(self) -> dict[str, Any] | None:
        """One lot more, or the last one away."""
        step = 1 if MORE in self.data else -1 if FEWER in self.data else 0
        typed = {name: value for name, value in self.answers().items() if value != ""}
        return typed | {COUNT: min(max(self.count() + step, 1), MOST_LOTS)} if step else None

    def lots(self) -> list[list[Any]]:
        """The fields of each lot, for the page."""
        return [[self[name] for name in _lot_fields(number)] for number in range(self.count())]

    def heading(self) -> list[Any]:
        """The fields of the tender itself, for the page."""
        return [self[name] for name in self.labels]

    def clean(self) -> dict[str, Any]:
        """Nobody is the agency of itself."""
        cleaned = super().clean()
        if cleaned.get("agency") is not None and cleaned["agency"] == cleaned.get("tenderer"):
            self.add_error("agency", ValidationError("招标代理机构不能是招标人自己；自行招标的留空。"))
        return cleaned

    def inputs(self) -> dict[str, Any]:
        """As the act takes them."""
        given = {name: self.cleaned_data[name] for name in GIVEN}
        stream = self.cleaned_data.get("retender_of")
        failed = Trade.objects.get(stream=stream) if stream else None
        lots = [self._lot(number) for number in range(self.count())]
        return given | {"retender_of": failed, "lots": lots}

    def _lot(self, number: int) -> LotInput:
        given = {name: self.cleaned_data[f"lot_{number}_{name}"] for name in ("title", "estimate", "limit_price")}
        return LotInput(kind=SubjectKind(self.cleaned_data[f"lot_{number}_kind"]), **given)

    def shown(self) -> list[tuple[str, str]]:
        """With the codes of the parties, and without the count."""
        rows = [(label, text) for label, text in super().shown() if label != str(self.fields[COUNT].label)]
        parties = {str(self.fields[name].label): self.cleaned_data.get(name) for name in PARTIES}
        codes = {label: party.code for label, party in parties.items() if party is not None}
        return [(label, f"{text}　{codes[label]}" if label in codes else text) for label, text in rows]


def _lot_fields(number: int) -> dict[str, forms.Field]:
    said = f"第{number + 1}标段"
    return {
        f"lot_{number}_title": text_line(label=f"{said}名称", most=LONGEST_TITLE),
        f"lot_{number}_kind": pick([(one.value, text) for one, text in KINDS.items()], label=f"{said}类别"),
        f"lot_{number}_estimate": AmountField(label=f"{said}估算价（元）"),
        f"lot_{number}_limit_price": AmountField(
            label=f"{said}最高投标限价（元）", help_text="不设的留空。", required=False
        ),
    }


def _failed_trades(label: str) -> forms.Field:
    failed = Trade.objects.filter(stage__in=FAILED).select_related("tender").order_by("-pk")[:200]
    choices = [("", "不是重新招标"), *((one.stream, f"{one.tender.title} {one.title}") for one in failed)]
    return forms.ChoiceField(
        choices=choices, label=label, required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
