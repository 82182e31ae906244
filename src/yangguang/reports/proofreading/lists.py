"""A list of titles against its count (列举与个数): 观看《甲》《乙》等5部."""

import re
from collections.abc import Iterator

from yangguang.reports.proofreading.document import Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.numbers import chinese_number

TITLES = re.compile(
    r"(?P<titles>《[^《》]+》(?:(?:、|，|和|及|以及|与)?《[^《》]+》){1,30})(?P<open>等)?(?P<each>各|均)?"
    r"(?:[^\d，,。；;《一二两三四五六七八九十]{0,3}|(?<=等)[^\d，,。；;《]{0,8}(?:片|书|法规|制度|读本|作品|歌曲))"
    r"(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<more>余|多)?(?P<unit>部|个|项|份|篇|本|件|册|种|场|首)"
)
COPIES = frozenset({"份", "册", "本"})  # two titles may well be 48份


def find_wrong_counts(summary: Summary) -> Iterator[Finding]:
    """Each list of two titles or more whose number says another count."""
    for line in summary.lines:
        for found in TITLES.finditer(line.text):
            finding = _counted(line.number, found)
            if finding:
                yield finding


def _counted(line: int, found: re.Match[str]) -> Finding | None:
    listed = len(re.findall(r"《[^《》]+》", found["titles"]))
    said = int(found["number"]) if found["number"].isdigit() else chinese_number(found["number"])
    if found["each"] or said == listed or (said > listed and (found["more"] or found["unit"] in COPIES)):
        return None
    is_open = found["open"] and said > listed
    return Finding(
        family=Family.LIST,
        level=Level.ASK if is_open else Level.BLOCK,
        line=line,
        quote=found.group(),
        reason=f"列出{listed}{found['unit']}，写作{said}{found['unit']}"
        + ("；“等”字可表示未列尽，也可能是漏列或数错。" if is_open else "，个数不符。"),
        remedy="数清并改正个数，或者把名称列全；只列举一部分的，确认“等”字后的总数有记录可查。",
    )
