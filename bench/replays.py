"""The replay of historical tenders, and how its cost grows with their number."""

import os
from collections.abc import Iterator
from typing import Any

from measuring import Scale, child
from rows import AT_MOST, Aim, Row

GROUP = "重放历史项目"
RIGHT = Aim(sign=AT_MOST, bound=0, unit=" 有误")
LINEAR = Aim(sign=AT_MOST, bound=1.2, unit=" 倍")
SMALL_MARKET, LARGE_MARKET = "Switzerland_Ticino", "Switzerland_GR_SG"
HOW = (
    "重放：每个项目走完登记、密封投标、解密、评标、定标、合同、退保证金、归档，导出归档并核验；SQLite，证书事先备好。"
    "增长以每办理一项的用时比较，各次都从空数据库开始。"
)


def rows(scale: Scale) -> Iterator[Row]:
    """Two hundred tenders of one market, and 50, 200, 800 of a larger one."""
    if not scale.bids_file.exists():
        yield Row(group=GROUP, name="重放", note=f"没有历史报价表（{scale.bids_file.name}），未测；用 --bids 给出。")
        return
    workers = min(2, os.cpu_count() or 1)
    limit = scale.of(200, 3)
    got = _replay(scale, market=SMALL_MARKET, limit=limit, workers=workers)
    yield Row(
        group=GROUP,
        name=f"{SMALL_MARKET} {limit} 个项目，{workers} 个进程",
        figure=f"每秒 {got['tenders'] / got['seconds']:.2f} 个项目、{got['acts'] / got['seconds']:.0f} 项、"
        f"{got['bids'] / got['seconds']:.1f} 份投标",
        baseline=f"共 {got['seconds']:.0f} 秒，有误 {got['bad']} 个",
        judged=got["bad"],
        aim=RIGHT,
        note=HOW,
    )
    yield from _growth(scale, workers)


def _growth(scale: Scale, workers: int) -> Iterator[Row]:
    smallest = None
    for limit in (scale.of(50, 2), scale.of(200, 4), scale.of(800, 8)):
        got = _replay(scale, market=LARGE_MARKET, limit=limit, workers=workers)
        cost = got["seconds"] / got["acts"] * 1000
        smallest = smallest or (limit, cost)
        yield Row(
            group=GROUP,
            name=f"{LARGE_MARKET} {limit} 个项目，每办理一项",
            figure=f"{cost:.2f} 毫秒（共 {got['seconds']:.0f} 秒，有误 {got['bad']} 个）",
            baseline=f"{smallest[0]} 个项目时 {smallest[1]:.2f} 毫秒",
            ratio=cost / smallest[1],
            aim=LINEAR,
            note=HOW,
        )


def _replay(scale: Scale, *, market: str, limit: int, workers: int) -> dict[str, Any]:
    got: dict[str, Any] = child(
        "replaying", file=str(scale.bids_file.resolve()), market=market, limit=limit, workers=workers
    )
    return got
