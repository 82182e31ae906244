"""Historical tenders for the replay (历史数据): a table of bids, one row each, gathered tender by tender.

The columns are `tender`, `dataset` (the market), `bid_eur` and `label`; the label is not used. Amounts are taken over
as yuan of the same number, rounded to the cent.
"""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import TextIOWrapper
from pathlib import Path

COLUMNS = ("tender", "dataset", "bid_eur")
CENT = Decimal("0.01")
HIGHEST = Decimal(10**15)  # yuan; what the database keeps of a price
GZIP_MAGIC = b"\x1f\x8b"


class BadHistory(ValueError):  # noqa: N818 - named after what is wrong
    """The file is no table of bids, or has no such market; the message says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTender:
    """One historical tender: its number in the file, its prices in yuan in the order of the rows, rows left out."""

    market: str
    number: str
    prices: tuple[Decimal, ...]
    left_out: int = 0


def read_history(file: Path, *, market: str, limit: int | None = None) -> list[PastTender]:
    """The first `limit` tenders of a market, in the order of the file.

    The name is compared without regard to case, and a part of it is enough where only one market has it: `ticino`
    finds `Switzerland_Ticino`. Rows without a positive finite price are left out and counted. Raises `BadHistory`
    that lists the markets of the file; OSError.
    """
    rows = list(_rows(file))
    known = sorted({row["dataset"] for row in rows})
    name = _market(market, known)
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["dataset"] == name:
            found.setdefault(row["tender"], []).append(row["bid_eur"])
    return [_tender(name, number, texts) for number, texts in list(found.items())[:limit]]


def _market(asked: str, known: list[str]) -> str:
    wanted = asked.casefold()
    same = [name for name in known if name.casefold() == wanted]
    parts = [name for name in known if wanted in name.casefold()]
    for found in (same, parts):
        if len(found) == 1:
            return found[0]
    raise BadHistory(f"没有唯一的市场“{asked}”。文件中的市场：{'、'.join(known)}")


def _tender(market: str, number: str, texts: list[str]) -> PastTender:
    prices = [price for text in texts if (price := _price(text)) is not None]
    return PastTender(market=market, number=number, prices=tuple(prices), left_out=len(texts) - len(prices))


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text)
        cents = price.quantize(CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return cents if price.is_finite() and 0 < cents <= HIGHEST else None


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open("rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    with (
        gzip.open(file) if packed else file.open("rb") as source,
        TextIOWrapper(source, encoding="utf-8", newline="") as text,
    ):
        try:
            table = csv.DictReader(text)
            missing = set(COLUMNS) - set(table.fieldnames or ())
            if missing:
                raise BadHistory(f"文件缺少列：{'、'.join(sorted(missing))}")
            yield from table
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise BadHistory(f"文件无法读取：{error}") from error
