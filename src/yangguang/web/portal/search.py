"""Chinese search (检索): every two neighbouring characters are a number in an index, on SQLite as on PostgreSQL.

A word is looked up by its rarest pair, newest trade first, and the text itself has the last word. So a word of two
characters is found by index alone and nothing depends on a dictionary or on an extension of the database.
"""

import unicodedata
from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from yangguang.web.portal.models import Gram, Listed, Notice

LONGEST = 40  # characters of a query that count
ENOUGH = 300  # a pair in more trades than this is common: how much more does not matter
SHIFT = 21  # bits of a code point


def normalised(text: str) -> str:
    """Full-width and capital letters as plain small ones; spaces single."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words_of(query: str) -> list[str]:
    """The words of a query, each to be found."""
    return normalised(query.replace("\x00", " "))[:LONGEST].split()


def grams_of(text: str) -> set[int]:
    """The pairs of a text; the last character pairs with nothing, so that single characters are found too."""
    return {_gram(text[place : place + 2]) for place in range(len(text)) if not text[place].isspace()}


def found(words: list[str]) -> QuerySet[Listed]:
    """The listed trades that hold every word, the newest first; all of them without a word."""
    result = Listed.objects.order_by("-id")
    if not words:
        return result
    for word in words:
        result = result.filter(text__contains=word)
    first, last = _rarest([one for word in words for one in _ranges(word)])
    if first == last:
        return result.filter(gram__gram=first).order_by("-gram__listed_id")
    return result.filter(pk__in=Gram.objects.filter(gram__gte=first, gram__lte=last).values("listed_id"))


def notices_found(rows: QuerySet[Notice], words: list[str]) -> QuerySet[Notice]:
    """The notices of trades that hold every word, the newest first.

    Few trades are looked up by index; where a word is in many, the newest notices are read until the page is full.
    """
    for word in words:
        rows = rows.filter(listed__text__contains=word)
    if not words:
        return rows
    first, last = _rarest([one for word in words for one in _ranges(word)])
    grams = Gram.objects.filter(gram__gte=first, gram__lte=last).values("listed_id")
    return rows if len(grams[:ENOUGH]) == ENOUGH else rows.filter(listed__in=grams)


def _gram(pair: str) -> int:
    return ord(pair[0]) << SHIFT | (ord(pair[1]) if len(pair) > 1 else 0)


def _ranges(word: str) -> Iterator[tuple[int, int]]:
    """The pairs of a word, each as a range of one; a single character is the range of all its pairs."""
    if len(word) == 1:
        yield _gram(word), _gram(word) | ((1 << SHIFT) - 1)
    for place in range(len(word) - 1):
        gram = _gram(word[place : place + 2])
        yield gram, gram


def _rarest(ranges: list[tuple[int, int]]) -> tuple[int, int]:
    """The range with the fewest trades, pairs before single characters; asked in one query, counted to `ENOUGH`."""
    pairs = [one for one in ranges if one[0] == one[1]]
    if len(pairs) < 2:  # noqa: PLR2004 - nothing to choose
        return (pairs or ranges)[0]
    table = connection.ops.quote_name(Gram._meta.db_table)  # noqa: SLF001 - Django's only name for it
    count = f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE gram = %s LIMIT {ENOUGH}) AS few)"  # noqa: S608 - ours
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([count] * len(pairs))}", [gram for gram, _ in pairs])
        counts = cursor.fetchone()
    return min(zip(counts, pairs, strict=True))[1]
