"""The periods that a report may have, and the form of the paragraphs that a person adds."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from yangguang.reports.notes import LONGEST
from yangguang.reports.outlines import Outline
from yangguang.reports.spans import Span
from yangguang.web.acts.fields import CONTROL
from yangguang.web.drafts.models import fresh_token

YEARS = 2  # this one and the one before; what is older is a locked report by now


def periods(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that a report may have, by year, the present one first: years, halves, quarters, months so far."""
    return [
        (f"{year}年", [(span.key, span.name) for span in _spans(year) if span.first_day <= today])
        for year in range(today.year, today.year - YEARS, -1)
    ]


def _spans(year: int) -> Iterator[Span]:
    for size in (12, 6, 3, 1):
        yield from (Span(year, first, first + size - 1) for first in range(1, 13, size))
    yield from (Span(year, 1, last) for last in (10, 11))


class NotesForm(forms.Form):
    """补充段落: words for each open place of the outline, and where their numbers come from."""

    def __init__(self, *args: Any, outline: Outline, notes: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.token, self.places = fresh_token(), places_of(outline)
        for number, place in enumerate(self.places):
            kept = [one for one in notes if one["place"] == place]
            said = "\n".join(one["text"] for one in kept)
            sources = {typed: source for one in kept for typed, source in one.get("sources", {}).items()}
            self.fields[f"text{number}"] = _area(f"{place}：补充的段落", said, 4, LONGEST)
            listed = "\n".join(f"{typed}={source}" for typed, source in sources.items())
            self.fields[f"sources{number}"] = _area("其中手工键入的数字及其出处", listed, 2, LONGEST)

    def questions(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each place with its two fields."""
        return [(place, self[f"text{at}"], self[f"sources{at}"]) for at, place in enumerate(self.places)]

    def notes(self) -> list[dict[str, Any]]:
        """The paragraphs as the act takes them, one a line."""
        found: list[dict[str, Any]] = []
        for number, place in enumerate(self.places):
            sources = _sources(self.cleaned_data[f"sources{number}"])
            lines = self.cleaned_data[f"text{number}"].splitlines()
            found += [{"place": place, "text": line.strip(), "sources": sources} for line in lines if line.strip()]
        return found


def places_of(outline: Outline) -> list[str]:
    """The places at which a person may add paragraphs."""
    return list(dict.fromkeys(part.words for part in outline.parts if part.directive == "补充"))


def _sources(text: str) -> dict[str, str]:
    """12=某某文件, one a line; a line without a source is none."""
    pairs = (line.replace("＝", "=").partition("=") for line in text.splitlines())
    return {typed.strip(): source.strip() for typed, _, source in pairs if typed.strip() and source.strip()}


def _area(label: str, said: str, rows: int, most: int) -> forms.CharField:
    widget = forms.Textarea(attrs=CONTROL | {"rows": rows})
    errors = {"max_length": f"最多{most}字。"}
    return forms.CharField(
        label=label, required=False, max_length=most, initial=said, widget=widget, error_messages=errors
    )
