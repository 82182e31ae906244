"""Members of the terms that are typed as JSON: a scoring description that people write themselves, the rescue plan."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from yangguang.web.acts.fields import CONTROL

LONGEST = 200_000


class JsonField(forms.CharField):
    """An object; its reader says what is wrong with it."""

    def __init__(self, **common: Any) -> None:
        widget = forms.Textarea(attrs=CONTROL | {"rows": 12, "class": "form-control yg-code", "spellcheck": "false"})
        super().__init__(max_length=LONGEST, widget=widget, **common)

    def clean(self, value: Any) -> Any:
        """The object, None where nothing has to be typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError("不是可以读取的 JSON。") from None
        if not isinstance(found, dict):
            raise ValidationError("JSON 的最外层应为对象。")
        return found
