"""The sheets of a member as forms: an opinion on one bid, the scores of one bid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from yangguang.trading.models import Opinion
from yangguang.trading.terms import ScoreItem

VERDICTS = [("yes", "通过"), ("no", "不通过")]
LONGEST_REASON = 2000
RADIO, AREA, MARK = (
    {"class": "form-check-input"},
    {"class": "form-control", "rows": 2},
    {"class": "form-control yg-mark", "inputmode": "decimal", "autocomplete": "off"},
)


class OpinionSheet(forms.Form):
    """初步评审意见: each step passes or not, and why not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in Opinion.Step:
            radio = forms.RadioSelect(attrs=RADIO)
            self.fields[f"passes_{step}"] = forms.ChoiceField(label=step.label, choices=VERDICTS, widget=radio)
            label = f"{step.label}不通过的理由"
            area = forms.Textarea(attrs=AREA)
            self.fields[f"reason_{step}"] = forms.CharField(
                label=label, required=False, max_length=LONGEST_REASON, widget=area
            )

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Each step with its two fields."""
        return [
            {"step": step, "passes": self[f"passes_{step}"], "reason": self[f"reason_{step}"]} for step in Opinion.Step
        ]

    def inputs(self) -> dict[str, Any]:
        """What `give_opinion` takes besides the bid."""
        given = self.cleaned_data
        reasons = {step.value: given[f"reason_{step}"] for step in Opinion.Step if given[f"reason_{step}"].strip()}
        return {"passes": {step.value: given[f"passes_{step}"] == "yes" for step in Opinion.Step}, "reasons": reasons}


class ScoreSheet(forms.Form):
    """评分表: one mark for each item, from 0 to the most."""

    def __init__(self, *args: Any, items: Sequence[ScoreItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for number, item in enumerate(items):
            self.fields[f"mark_{number}"] = forms.DecimalField(
                label=f"{item.title}（0 至 {item.most} 分）",
                min_value=0,
                max_value=item.most,
                decimal_places=2,
                widget=forms.TextInput(attrs=dict(MARK)),
            )

    def inputs(self) -> dict[str, Decimal]:
        """The mark of each item."""
        return {item.id: self.cleaned_data[f"mark_{number}"] for number, item in enumerate(self.items)}
