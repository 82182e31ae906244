"""公平竞争审查清单: each item of the review of a tender document with its article, answered one by one."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.web.acts.fields import text_line

RULES, LAW = "招标投标法实施条例", "招标投标法"


@dataclass(frozen=True, slots=True)
class Item:
    """审查项: what must not be found, and the article that forbids it."""

    id: str
    text: str
    article: str


ITEMS = (
    Item("information", "就同一招标项目向潜在投标人提供有差别的项目信息", f"{RULES}第三十二条第二款第一项"),
    Item(
        "unrelated",
        "设定的资格、技术、商务条件与项目的具体特点和实际需要不相适应，或者与合同履行无关",
        f"{RULES}第三十二条第二款第二项",
    ),
    Item(
        "local_record",
        "以特定行政区域或者特定行业的业绩、奖项作为加分条件或者中标条件",
        f"{RULES}第三十二条第二款第三项",
    ),
    Item("different", "对潜在投标人采取不同的资格审查或者评标标准", f"{RULES}第三十二条第二款第四项"),
    Item("brand", "限定或者指定特定的专利、商标、品牌、原产地或者供应商", f"{RULES}第三十二条第二款第五项"),
    Item("ownership", "非法限定潜在投标人的所有制形式或者组织形式", f"{RULES}第三十二条第二款第六项"),
    Item(
        "other",
        "以其他不合理条件限制、排斥潜在投标人，例如要求在本地设立机构、缴税或者参加社会保险",
        f"{RULES}第三十二条第二款第七项；优化营商环境条例第十三条",
    ),
    Item("producer", "要求或者标明特定的生产供应者，以及含有倾向或者排斥潜在投标人的其他内容", f"{LAW}第二十条"),
    Item("lots", "利用划分标段限制、排斥潜在投标人，或者规避招标", f"{RULES}第二十四条"),
    Item("bond", "收取超过上限的保证金，或者拒绝接受保函等形式的保证金", f"{RULES}第二十六条"),
    Item("time", "给投标人编制投标文件的时间不合理，或者少于法定期限", f"{LAW}第二十四条"),
    Item("hidden", "把没有写进招标文件的标准和方法作为评标依据，或者评审因素不明确、不可核对", f"{RULES}第四十九条"),
)  # fmt: skip
ANSWERS = (("none", "未发现"), ("found", "发现，需要修改"))


class ChecklistForm(forms.Form):
    """Every item is answered; a note may be added. Nothing is answered beforehand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            radios = forms.RadioSelect(attrs={"class": "form-check-input"})
            self.fields[item.id] = forms.ChoiceField(
                choices=ANSWERS, label=item.text, help_text=f"依据：{item.article}", widget=radios
            )
            self.fields[item.id].error_messages["required"] = "这一项还没有审查。"
            note = text_line(label="说明", most=200, required=False)
            note.widget.attrs |= {"aria-label": f"“{item.text}”的说明", "placeholder": "说明（可不填）"}
            self.fields[f"{item.id}_note"] = note

    def clean(self) -> dict[str, Any]:
        """A document in which something was found has to be corrected first."""
        cleaned = super().clean() or {}
        for item in ITEMS:
            if cleaned.get(item.id) == "found":
                self.add_error(
                    item.id, ValidationError(f"审查未通过（依据：{item.article}），请先修改招标文件，再重新审查。")
                )
        return cleaned

    def items(self) -> list[tuple[Any, Any]]:
        """Each item with its note, for the page."""
        return [(self[item.id], self[f"{item.id}_note"]) for item in ITEMS]

    def rows(self) -> list[list[str]]:
        """Each item as the paper prints it."""
        notes = {item.id: self.cleaned_data.get(f"{item.id}_note") for item in ITEMS}
        return [[item.text, item.article, f"未发现。{notes[item.id] or ''}"] for item in ITEMS]
