"""Forms of the centre's corrections: a rule with its dates, working days; both show what changes before it does."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from yangguang.lawbook.standing import Change, calendar_of, changes_by, law_of, rows_of
from yangguang.rules.calendar import legal_date
from yangguang.rules.law import BadRuleRow, DayType, Rule, Unit, regions_upwards
from yangguang.rules.refusal import Refused
from yangguang.rules.rule_rows import NATIONWIDE
from yangguang.trading.acts.corrections import (
    LONGEST_SOURCE,
    MOST_DAYS,
    correct_days,
    correct_rule,
    corrected_row,
)
from yangguang.trading.models import Centre
from yangguang.web.acts.fields import CONTROL, pick, text_line
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.witness.guards import LONGEST_REASON

DAY_TYPES = {DayType.CALENDAR: "自然日", DayType.WORKING: "工作日", DayType.NONE: "不以日计"}
WEEKDAYS = "一二三四五六日"


class CorrectionForm(ActForm):
    """What both ask: source, reason, document."""

    def _add(self, name: str, form: Any) -> None:
        label, hint = self.labels.get(name, name), self.hints.get(name, "")
        match name:
            case "source" | "article":
                self.fields[name] = text_line(label=label, most=LONGEST_SOURCE, help_text=hint)
            case "reason":
                self.fields[name] = text_line(label=label, most=LONGEST_REASON, help_text=hint)
            case _:
                super()._add(name, form)

    def choose(self) -> None:
        """In the order in which people think of it."""
        self.order_fields(list(self.labels))

    @property
    def centre(self) -> Centre:
        """The centre whose rules these are."""
        return self.trade  # type: ignore[return-value] # the subject of the act


@form_of(correct_rule)
class CorrectRuleForm(CorrectionForm):
    """更正规则."""

    asks = ("rule_id", "region")
    labels = {
        "rule_id": "规则",
        "region": "适用地区",
        "value": "更正后的数值",
        "day_type": "日的算法",
        "source": "依据的法规或者文件",
        "article": "条款",
        "is_verified": "是否已与法规原文核对",
        "effective_from": "生效日期",
        "effective_to": "失效日期",
        "reason": "更正原因",
        "document": "依据文件",
    }
    hints = {
        "value": "只填数字，单位不变；“适用”填 1，“不适用”填 0。",
        "day_type": "只对以日计的规则有意义。",
        "source": "名称和文号，例如：招标投标法实施条例。",
        "is_verified": "没有核对原文的，规则表会标明“默认值，条文待核对”。",
        "effective_from": "自这一天起登记的交易适用；以前登记的交易不受影响。",
        "effective_to": "长期有效的留空。",
        "document": "PDF，公开。",
    }

    def _add(self, name: str, form: Any) -> None:
        label, hint = self.labels[name], self.hints.get(name, "")
        match name:
            case "rule_id":
                self.fields[name] = pick(list(self._rules()), label=label)
            case "region":
                self.fields[name] = pick(list(_places(self.centre)), label=label)
            case "value":
                box = forms.TextInput(attrs=CONTROL | {"inputmode": "decimal", "autocomplete": "off"})
                most = {"max_digits": 15, "decimal_places": 2, "min_value": 0}
                self.fields[name] = forms.DecimalField(label=label, help_text=hint, widget=box, **most)  # type: ignore[arg-type]
            case "day_type":
                self.fields[name] = pick([(str(one), said) for one, said in DAY_TYPES.items()], label=label, hint=hint)
            case _:
                super()._add(name, form)

    def _rules(self) -> Iterator[tuple[str, str]]:
        known = {one.id: one for one in rows_of(self.centre)}
        return ((one, f"{known[one].note}（{one}）") for one in sorted(known))

    def initials(self) -> dict[str, Any]:
        """The rule as it stands, where a link names it."""
        rule = self._standing(str(self.initial.get("rule_id", "")))
        given: dict[str, Any] = {"effective_from": legal_date(self.at), "region": self.centre.region}
        if rule is None:
            return given
        given |= {"value": f"{rule.value:f}", "day_type": str(rule.day_type), "source": rule.source}
        return given | {"article": rule.article, "region": rule.region}

    def _standing(self, rule_id: str) -> Rule | None:
        centre = self.centre
        return law_of(centre, date=legal_date(self.at), region=centre.region).find(rule_id)

    def shown(self) -> list[tuple[str, str]]:
        """What changes, first of all."""
        given = self.cleaned_data
        rows = [(label, text) for label, text in super().shown() if label != self.labels["value"]]
        return [("将要改变", self._effects()), *rows, ("更正后的数值", f"{given['value']:f}")]

    def _effects(self) -> str:
        try:
            changes = changes_by(self._row(), centre=self.centre, region=self.centre.region)
        except (BadRuleRow, Refused) as bad:
            return f"不能更正：{bad}"
        return "\n".join(change_text(one) for one in changes) or "没有变化"

    def _row(self) -> Any:
        given = self.cleaned_data
        row = {
            "value": f"{Decimal(given['value']).normalize():f}",
            "day_type": given["day_type"],
            "source": given["source"],
            "article": given["article"],
            "mark": "V" if given["is_verified"] else "S",
            "effective_from": given["effective_from"].isoformat(),
            "effective_to": given["effective_to"].isoformat() if given.get("effective_to") else "",
        }
        return corrected_row(self.centre, rule_id=given["rule_id"], region=given["region"], given=row)


def change_text(change: Change) -> str:
    """自 2026-12-01 起：20日（某条例第十条）→ 15日（…）."""
    return f"自 {change.since} 起，{rule_text(change.before)} → {rule_text(change.after)}"


def rule_text(rule: Rule | None) -> str:
    """The number of a rule and its source."""
    if rule is None:
        return "没有这条规则"
    number = ("适用" if rule.count else "不适用") if rule.unit is Unit.FLAG else rule.amount_text
    return f"{number}（{rule.citation}）"


def _places(centre: Centre) -> Iterator[tuple[str, str]]:
    names = {NATIONWIDE: "全国", f"{centre.region[:2]}0000": "本省", f"{centre.region[:4]}00": "本市"}
    for place in regions_upwards(centre.region):
        yield place, f"{names.get(place, '本地')}（{place}）"


@form_of(correct_days)
class CorrectDaysForm(CorrectionForm):
    """更正工作日."""

    asks = ("first", "last")
    labels = {
        "first": "从哪一天",
        "last": "到哪一天（含当日）",
        "works": "这些日子是否上班",
        "source": "依据的文件",
        "reason": "更正原因",
        "document": "依据文件",
    }
    hints = {
        "last": f"一次不超过{MOST_DAYS}天；一天的，与上面相同。放假和调休上班分别办理。",
        "source": "例如：国务院办公厅关于某年部分节假日安排的通知及文号。",
        "document": "PDF，公开。",
    }

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days < MOST_DAYS:
            self.add_error("last", f"应不早于第一天，一次不超过{MOST_DAYS}天。")
        return cleaned

    def shown(self) -> list[tuple[str, str]]:
        """What changes, day by day."""
        return [("将要改变", "\n".join(self._effects()) or "没有变化"), *super().shown()]

    def _effects(self) -> Iterator[str]:
        first, works, calendar = self.cleaned_data["first"], self.cleaned_data["works"], calendar_of(self.centre)
        for number in range((self.cleaned_data["last"] - first).days + 1):
            day: date = first + timedelta(days=number)
            was = calendar.is_working_day(day)
            if was != works:
                said = f"{day} 星期{WEEKDAYS[day.weekday()]}"
                yield f"{said} {_said(works=was)} → {_said(works=works)}"
            elif not calendar.is_certain(day):
                yield f"{day} 星期{WEEKDAYS[day.weekday()]} {_said(works=works)}（由推算改为确定）"


def _said(*, works: bool) -> str:
    return "上班" if works else "放假"
