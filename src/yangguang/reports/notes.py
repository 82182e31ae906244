"""补充段落: what a person adds to a report at the places that its outline leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yangguang.reports.outline_text import WrongText, read_sentences, typed_numbers
from yangguang.reports.outlines import Outline
from yangguang.rules.refusal import Refusal
from yangguang.witness.guards import PLATFORM
from yangguang.witness.inputs import is_text

TRACED = f"{PLATFORM}：数字可追溯"
LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One paragraph at a place of the outline; `sources` say where each typed number comes from."""

    place: str
    text: str
    sources: Mapping[str, str] = field(default_factory=dict)


def read_notes(kept: Sequence[Mapping[str, Any]]) -> tuple[Note, ...]:
    """The paragraphs as a report keeps them."""
    return tuple(Note(place=one["place"], text=one["text"], sources=dict(one.get("sources", {}))) for one in kept)


def check_notes(*, outline: Outline, notes: Sequence[Note]) -> list[Refusal]:
    """Why paragraphs cannot be taken: no such place, slots that cannot be read, a typed number without a source."""
    places = {part.words for part in outline.parts if part.directive == "补充"}
    return [refusal for note in notes for refusal in _of_note(note, places)]


def _of_note(note: Note, places: set[str]) -> list[Refusal]:
    if note.place not in places:
        return [
            _refusal(
                "place", f"提纲中没有“{note.place}”这个补充位置", f"可以补充的有：{'、'.join(sorted(places)) or '无'}。"
            )
        ]
    if not note.text.strip() or not is_text(note.text, most=LONGEST):
        return [_refusal("text", f"“{note.place}”应为不超过{LONGEST}字的文字", "请更正后重新提交。")]
    try:
        sentences = read_sentences(note.text)
    except WrongText as wrong:
        return [_refusal("slot", f"“{note.place}”：{wrong}", "请按 {指标|期间|筛选} 书写。")]
    typed = dict.fromkeys(one for sentence in sentences for one in typed_numbers(sentence, note.sources))
    return [
        _refusal(
            "typed",
            f"“{note.place}”里的数字“{one}”是手工键入的，没有注明出处",
            "能由记录得出的请改用指标，如 {committee_meetings}；其他数字请注明出处（文件名称、文号或者来源）。",
        )
        for one in typed
    ]


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"note.{code}", reason=reason, article=TRACED, remedy=remedy)
