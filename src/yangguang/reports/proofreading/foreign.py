"""What came with the text from a website and is no part of the paper (夹带内容)."""

from collections.abc import Iterator

from yangguang.reports.proofreading.document import LEFT_BY_A_WEBSITE, Summary, is_foreign
from yangguang.reports.proofreading.finding import Family, Finding, Level


def find_foreign_matter(summary: Summary) -> Iterator[Finding]:
    """One finding for the marks of web pages, one for advertisements; no other check looks at those."""
    marks = [(line.number, found) for line in summary.raw for found in LEFT_BY_A_WEBSITE.findall(line.text)]
    if marks:
        yield _finding(marks, reason=f"有{len(marks)}处网页标记，是从网站复制时带入的。", remedy="删去标记。")
    advertisements = [(line.number, line.text[:12] + "……") for line in summary.raw if is_foreign(line.text)]
    if advertisements:
        yield _finding(
            advertisements,
            reason=f"有{len(advertisements)}行与本材料无关的推广文字，是从网站复制时带入的；其余检查不看这些行。",
            remedy="整行删去，并确认全文不是照抄网上材料。",
        )


def _finding(places: list[tuple[int, str]], *, reason: str, remedy: str) -> Finding:
    lines = tuple(dict.fromkeys(number for number, _ in places))
    return Finding(
        family=Family.FOREIGN,
        level=Level.WARN,
        line=lines[0],
        others=lines[1:],
        quote="、".join(dict.fromkeys(quote for _, quote in places)),
        reason=reason,
        remedy=remedy,
    )
