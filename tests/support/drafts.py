"""Outlines of one test and the papers that they make."""

from collections.abc import Sequence
from datetime import date

from support.reporting import AS_OF, ENTERED, Year
from yangguang.ledger.models import SignOff
from yangguang.reports.drafting import Drafted, draft
from yangguang.reports.notes import Note
from yangguang.reports.outlines import Outline, read_outline
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import read_span
from yangguang.reports.text_checks import text_of

HEAD = 'code = "900"\nname = "试"\ntitle = "{单位}{本年}年总结"\n'


def outline(body: str) -> Outline:
    """An outline with this text."""
    return read_outline(f"{HEAD}body = '''\n{body}\n'''", file="test.toml")


def drafted(year: Year, body: str, *, period: str = "2023", as_of: date = AS_OF, notes: Sequence[Note] = ()) -> Drafted:
    """The paper of an outline with this text."""
    return draft(outline=outline(body), unit=year.unit, span=read_span(period), as_of=as_of, notes=notes)


def lines(made: Drafted) -> list[str]:
    """Its paragraphs without the title."""
    return text_of(made.paper).split("\n")[1:]


def blocks(made: Drafted) -> list[tuple[str, str]]:
    """What keeps it from leaving: which check, and about what."""
    return [(one.code, one.about) for one in made.concerns if one.level is Level.BLOCK]


def questions(made: Drafted) -> list[str]:
    """What it asks a person about."""
    return [one.about for one in made.concerns if one.level is Level.ASK]


def sign_off(year: Year, register: str = "meeting", period: str = "2023", *, by: str = "x") -> None:
    """A register of the branch signed off for the months."""
    span = read_span(period)
    SignOff.objects.create(
        unit=year.unit, register=register, first=span.first_day, last=span.last_day, by=by, at=ENTERED
    )
