"""What is masked or still to be filled in (遮挡与待补): ***, XX, 【待补：…】."""

import re
from collections.abc import Iterator

from yangguang.reports.proofreading.document import Summary
from yangguang.reports.proofreading.finding import Family, Finding, Level

FIGURE_UNITS = (
    r"余?(?:[万亿]?元|[万亿]|人次|个(?![人别体])|次|名(?![称单山城])|份|件|项(?!目)|条(?![例件块])|家(?![园庭乡属])|篇|期(?![间末])"
    r"|场(?![所馆地])|处(?![长室置理级])|部(?![门长分署])|册|支(?![部队行持委])|间|宗|笔|户(?![外籍])|批|例(?![会如])|岁|年|月"
    r"|日(?!报)|人(?![民大社力才事物员口])|%|学时)"
)
LEFT_OPEN = re.compile(
    r"[【\[（(]?待(?:补充?|填写?|定|核实?)[：:][^】\]）)，。]*[】\])）]?|[【\[（(]待(?:补充?|填写?|定|核实?)[】\]）)]|TODO"
)
MASK = r"(?:\*+|[×○□]{2,}|(?<![A-Za-z])[XxＸ]{2,}(?![A-Za-z])|_{2,})"
MASKED_FIGURE = re.compile(rf"(?<!\d)(?:{MASK}|(?<![A-Za-z0-9])[XxＸ×]){FIGURE_UNITS}|20\d?{MASK}?[XxＸ×*]年")
MASKED_NAME = re.compile(rf"{MASK}|(?<![A-Za-z])[XＸ](?=[〔\[号])")
MULTIPLIED = re.compile(r"(?<=\d)\*+(?=\d)")
BLOCKING = (
    (LEFT_OPEN, "待补，材料尚未完成", "补登记录后重新生成，或者查明后填写；没有记录的，删去这一句，不得估填。"),
    (MASKED_FIGURE, "数字被遮挡，没有实际数据", "按记录填写实际数字；一时查不到的写【待补：指标名称】，不得估填。"),
)
SHOWN = 5


def find_masks(summary: Summary) -> Iterator[Finding]:
    """Open places and masked figures line by line; masked names once for the whole paper."""
    named: list[tuple[int, str]] = []
    for line in summary.lines:
        text = MULTIPLIED.sub("乘", line.text)
        for pattern, what, remedy in BLOCKING:
            yield from _blocked(line.number, [one.group() for one in pattern.finditer(text)], what=what, remedy=remedy)
        rest = MASKED_FIGURE.sub("", LEFT_OPEN.sub("", text))
        named += [(line.number, _around(rest, found)) for found in MASKED_NAME.finditer(rest)]
    if named:
        yield _names(named)


def _blocked(line: int, places: list[str], *, what: str, remedy: str) -> Iterator[Finding]:
    if places:
        yield Finding(
            family=Family.MASK,
            level=Level.BLOCK,
            line=line,
            quote="、".join(places),
            reason=f"有{len(places)}处{what}。",
            remedy=remedy,
        )


def _names(named: list[tuple[int, str]]) -> Finding:
    lines = tuple(dict.fromkeys(number for number, _ in named))
    quotes = list(dict.fromkeys(quote for _, quote in named))
    return Finding(
        family=Family.MASK,
        level=Level.WARN,
        line=lines[0],
        others=lines[1:],
        quote="、".join(quotes[:SHOWN]) + ("……" if len(quotes) > SHOWN else ""),
        reason=f"名称、文号等有{len(named)}处被遮挡，全文合并提示。",
        remedy="正式上报前还原为全称；对外公开需要隐去的，按公开要求统一处理。",
    )


def _around(text: str, found: re.Match[str]) -> str:
    """The mask with the word after it."""
    word = re.match(r"[^，,。；;：:、！？“”《》（）(){}\s\d*Xx]{0,5}", text[found.end() :])
    return found.group() + (word.group() if word else "")
