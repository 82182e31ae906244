"""One input of a register's form: its widget, the words around it, and what was answered as people read it.

Fields take text as it comes: the ledger reads it once, for forms, imports and programs alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from yangguang.ledger.catalogue import Field, FieldType
from yangguang.web.acts.fields import CONTROL

TEXT_INPUT = {"autocomplete": "off"}
# What the shared columns are for, where the catalogue has no words of its own.
USED = {
    "title": ("各台账列表、报告名单", "名称由登记人起"),
    "day": ("报告期间归属、到期提醒", "发生日期只有登记人知道"),
    "begins": ("学时", "起止时间只有登记人知道"),
    "ends": ("学时", "起止时间只有登记人知道"),
    "place": ("会议记录、场所使用", "已按上一次填好，不同才改"),
    "chair": ("会议记录、讲党课次数", "已按书记填好，不同才改"),
    "recorder": ("会议记录", "已按登记人填好，不同才改"),
    "owner": ("到期提醒、任务分解", "由谁负责需要指定"),
    "parent": ("任务分解、逐级汇总", "归到哪一项由登记人确定"),
    "due_on": ("到期提醒、逾期提示", "期限由来文或者会议确定"),
    "amount": ("金额汇总", "金额以凭证为准"),
    "quantity": ("数量汇总", "数量只有登记人知道"),
}
TAGS = ("分类统计：一次登记，各处共用", "归入哪些方面由登记人确定")
REASON = ("更正记录", "为什么更正只有登记人知道")
TICK = {"class": "form-check-input"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands around an input: label, help, who uses it and why it is asked, whether it is sealed."""

    label: str
    used: tuple[str, str]
    help: str = ""
    required: bool = False
    sealed: bool = False

    @classmethod
    def of(cls, one: Field, *, is_kept: bool) -> "Words":
        """The words of a catalogue's field; what is sealed and kept need not be given again."""
        help_text = "每行一条。" * (one.type is FieldType.TEXTS) + one.help
        if is_kept:
            help_text += "已密封，不改则保持原样。"
        return cls(
            label=one.label,
            used=(one.used_in, one.why),
            help=help_text,
            required=one.required and not is_kept,
            sealed=one.sealed,
        )


def input_for(one: Field, people: Sequence[tuple[str, str]]) -> forms.Field:
    """The input of a catalogue's field; people are given by mark and name."""
    made: dict[FieldType, Callable[[], forms.Field]] = {
        FieldType.CHOICE: lambda: choice([(text, text) for text in one.choices]),
        FieldType.PERSON: lambda: choice(people),
        FieldType.PERSONS: lambda: ticks(people),
        FieldType.LONG: lambda: area(5),
        FieldType.TEXTS: lambda: area(3),
        FieldType.YES: lambda: choice([("是", "是"), ("否", "否")]),
    }
    return made[one.type]() if one.type in made else plain(one.type)


def plain(kind: FieldType) -> forms.Field:
    """One line of text, with the keyboard or the calendar that fits its type."""
    attrs: dict[str, Any] = CONTROL | TEXT_INPUT
    match kind:
        case FieldType.DATE:
            attrs |= {"type": "date"}
        case FieldType.MOMENT:
            attrs |= {"type": "datetime-local"}
        case FieldType.WHOLE:
            attrs |= {"inputmode": "numeric"}
        case FieldType.NUMBER | FieldType.MONEY:
            attrs |= {"inputmode": "decimal"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs))


def area(rows: int) -> forms.Field:
    """Several lines of text."""
    return forms.CharField(widget=forms.Textarea(attrs=CONTROL | {"rows": rows}))


def choice(choices: Sequence[tuple[str, str]]) -> forms.Field:
    """One of several."""
    return forms.ChoiceField(
        choices=[("", "请选择"), *choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": "请从列表中选择。"},
    )


def ticks(choices: Sequence[tuple[str, str]]) -> forms.Field:
    """Any of several."""
    return forms.MultipleChoiceField(
        choices=choices,
        widget=forms.CheckboxSelectMultiple(attrs=dict(TICK)),
        error_messages={"invalid_choice": "请从列表中选择。", "invalid_list": "请从列表中选择。"},
    )


def said(field: forms.BoundField) -> str:
    """An answer as people read it: names instead of marks."""
    value = field.value()
    if isinstance(field.field, forms.MultipleChoiceField | forms.ChoiceField):
        names = {str(key): str(text) for key, text in field.field.choices if key != ""}  # type: ignore[union-attr,misc]
        given = value if isinstance(value, list) else [value]
        return "、".join(names.get(str(one), "") for one in given if one)
    return str(value or "")
