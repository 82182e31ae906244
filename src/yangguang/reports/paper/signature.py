"""Name and date (发文机关署名、成文日期): where GB/T 9704-2012 7.3.5 puts them, with a seal and without."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from docx.oxml.xmlchemy import BaseOxmlElement

from yangguang.reports.paper import styles
from yangguang.reports.paper.markup import paragraph
from yangguang.reports.paper.model import Paper, plain_text
from yangguang.reports.paper.profiles import LayoutProfile
from yangguang.reports.paper.runs import body_runs, literal_run

TWO, FOUR, HALF = Decimal(2), Decimal(4), Decimal("0.5")


def signature_elements(paper: Paper, *, profile: LayoutProfile) -> Iterator[BaseOxmlElement]:
    """Name and date, each on its line, kept together."""
    written = written_date(paper.issued_on)
    signer, day = signature_places(
        signer=plain_text(paper.signer), day=written, stamped=paper.stamped, line=profile.characters_per_line
    )
    yield paragraph(styles.SIGNATURE, *body_runs(paper.signer, paper), keep_next=True, indent=_left(signer, profile))
    yield paragraph(styles.SIGNATURE, literal_run(written), indent=_left(day, profile))


def written_date(day: date) -> str:
    """成文日期 in full, month and day without a leading zero (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def signature_places(*, signer: str, day: str, stamped: bool, line: Decimal) -> tuple[Decimal, Decimal]:
    """How many characters from the left the name and the date begin, on a line of `line` characters.

    With a seal (7.3.5.1) the date keeps four and the name is centred over it; a name so long that it would leave the
    page moves both. Without (7.3.5.2) the name keeps two and the date begins two to the right of the name's beginning;
    a date longer than the name keeps two and the name gives way.
    """
    name_width, day_width = width(signer), width(day)
    if stamped:
        over = (name_width - day_width) / 2
        right = max(FOUR, over)
        begins = line - right - day_width
        return max(begins - over, Decimal(0)), max(begins, Decimal(0))
    begins = line - max(TWO + name_width, TWO + day_width + TWO if day_width > name_width else Decimal(0))
    return max(begins, Decimal(0)), max(begins, Decimal(0)) + TWO


def width(text: str) -> Decimal:
    """The width of a text in characters (字); Latin letters and digits are half as wide."""
    return sum((HALF if character.isascii() else Decimal(1) for character in text), Decimal(0))


def _left(characters: Decimal, profile: LayoutProfile) -> dict[str, int]:
    return {"leftChars": int(characters * 100), "left": int(characters * profile.character)}
