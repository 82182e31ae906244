"""The file of an import and the mapping of a higher level's table: limited in size, judged by what they hold."""

from typing import Any

from django import forms

from yangguang.web.acts.fields import DayField
from yangguang.web.acts.uploads import Kind, UploadField
from yangguang.web.drafts.models import fresh_token

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILLED = Kind(
    title="表格", suffix=".xlsx,.csv", media_type=EXCEL, most=8 << 20, wrong=lambda _: None
)  # the readers of workbooks and CSV files judge what is in it
MAPPING = Kind(title="对应表", suffix=".toml", media_type="application/toml", most=64 << 10, wrong=lambda _: None)


class ImportForm(forms.Form):
    """A filled template."""

    file = UploadField(kind=FILLED, label="填好的表格（.xlsx 或者 .csv，不超过 8 MB）")


class TreeForm(ImportForm):
    """A filled tree of tasks, and the day of the plan that it comes from."""

    day = DayField(label="计划的日期", error_messages={"required": "请填写。", "invalid": "应为日期，如 2026-01-05。"})


class OneTableForm(forms.Form):
    """一表通: which months, and the higher level's columns where they are not those of the example."""

    period = forms.ChoiceField(label="期间", widget=forms.Select({"class": "form-select"}))
    mapping = UploadField(kind=MAPPING, label="上级的对应表（.toml，不选用示例）", required=False)

    def __init__(self, *args: Any, periods: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token = fresh_token()
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fields["period"].error_messages |= {"required": "请选择。", "invalid_choice": "请从列表中选择。"}
