"""编号: running numbers of letters and papers, by the organ that writes them and by year, without gaps."""

from typing import Any

from django.db.models import Max, QuerySet

from yangguang.ledger.catalogue import register_named
from yangguang.ledger.models import Record


def next_number(series: QuerySet[Any], *, year: int) -> int:
    """The number after the highest of `year` in a series, the rows of one organ; they have the fields year and number.

    Whoever takes it holds a lock that all writers of this organ share, until the row is stored.
    """
    taken: int | None = series.filter(year=year).aggregate(highest=Max("number"))["highest"]
    return (taken or 0) + 1


def written_number(kind: str, *, year: int, number: int) -> str:
    """发文字号, as papers print it: `kind〔2026〕3号`."""
    return f"{kind}〔{year}〕{number}号"


def number_of(letter: Record) -> str:
    """发文字号 of a letter that goes out: its word as drafted, the year and the number (示交易函〔2026〕3号)."""
    register = register_named(letter.register)
    word = letter.fields.get("word") or (register.word if register else "")
    return written_number(str(word), year=letter.year, number=letter.number)
