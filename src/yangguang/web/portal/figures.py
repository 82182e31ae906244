"""统计一览: how many trades and notices there are, each number leading to its list."""

from dataclasses import dataclass

from yangguang.trading.stages import Stage
from yangguang.web.portal.lists import Choice, Filters, choices
from yangguang.web.portal.telling import Kind

GROUPS = (("line", "trades", "按交易大类"), ("stage", "trades", "按阶段"), ("region", "trades", "按地区"))
NOTICES = ("kind", "notices", "按公告类别")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Numbers of one kind; `page` is the list that they lead to."""

    title: str
    page: str
    rows: list[tuple[Choice, str]]

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(choice.number for choice, _ in self.rows)


def groups() -> list[Group]:
    """Every number there is, by line, stage, region and kind of notice."""
    wanted = (*GROUPS, NOTICES)
    known = choices(*(field for field, _, _ in wanted))
    return [Group(title=title, page=page, rows=_rows(field, known[field])) for field, page, title in wanted]


def glance() -> list[tuple[str, int, str, str]]:
    """The few numbers of the front page: words, number, the list and its filters."""
    known = choices("stage", "kind")
    numbers = {one.value: one.number for values in known.values() for one in values}
    return [
        ("公开项目", sum(one.number for one in known["stage"]), "trades", ""),
        ("正在招标", numbers.get(Stage.BIDDING, 0), "trades", Filters(stage=Stage.BIDDING).address()),
        ("中标结果", numbers.get(Kind.RESULT, 0), "notices", Filters(kind=Kind.RESULT).address()),
        ("合同公告", numbers.get(Kind.CONTRACT, 0), "notices", Filters(kind=Kind.CONTRACT).address()),
    ]


def _rows(field: str, values: list[Choice]) -> list[tuple[Choice, str]]:
    return [(one, Filters(**{field: one.value}).address()) for one in values]  # type: ignore[arg-type]
