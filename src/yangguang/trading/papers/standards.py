"""评标标准: the review items, the score items and the names of the parts, as several papers print them."""

from yangguang.trading.models import Opinion
from yangguang.trading.papers.rendering import NUMBER, Column, Grid, grid
from yangguang.trading.terms import BUSINESS, TECHNICAL, ScoreItem, Terms

STEP_LABELS = {step.value: step.label for step in Opinion.Step}
PART_LABELS = {"qualification": "资格审查资料", "technical": "技术标", "business": "商务标", "price": "报价文件"}


def part_label(part: str) -> str:
    """The Chinese name of a part of a bid; its own name when the document made one up."""
    return PART_LABELS.get(part, part)


def standards_grid(terms: Terms) -> Grid:
    """What is looked at in each step of the preliminary review."""
    rows = [(label, "、".join(terms.review[step])) for step, label in STEP_LABELS.items()]
    return grid((Column("评审环节", width=22), Column("评审因素")), rows)


def in_order(terms: Terms) -> tuple[ScoreItem, ...]:
    """The score items, technical ones first; a database may have shuffled the document's own order."""
    return (*terms.items_of(TECHNICAL), *terms.items_of(BUSINESS))


def items_grid(terms: Terms) -> Grid:
    """What the members score, with the full mark and whether they know whose bid it is."""
    labels = {name: given.label for name, given in terms.scoring.inputs.items()}
    columns = (Column("评分部分", width=26), Column("评分项"), Column("满分", NUMBER, 14), Column("评分方式", width=14))
    rows = [
        (labels[one.of], one.title, f"{one.most:f}", "暗标" if one.group == TECHNICAL else "明标")
        for one in in_order(terms)
    ]
    return grid(columns, rows)


def options_grid(terms: Terms) -> Grid:
    """What is drawn at the opening, and from which options."""
    rows = [(one.label, "、".join(one.options)) for one in terms.parameters]
    return grid((Column("参数", width=36), Column("备选值")), rows)
