"""What depends on the database, on SQLite and on a PostgreSQL that keeps every commit: acts, crowds, many bids."""

import statistics
from collections.abc import Iterator

from measuring import Scale, child
from rows import AT_LEAST, AT_MOST, Aim, Row

DATABASES = {"SQLite": False, "PostgreSQL": True}
ACTS = {
    "download": "下载招标文件（封存记录）",
    "bid": "递交投标文件（封存记录）",
    "opinion": "一名评委对一份投标的全部评审意见（公开记录）",
}
NOT_HERE = "此处没有 PostgreSQL，未测。"
ACT_AIM, GROWTH_AIM, REFUSED_AIM = (
    Aim(sign=AT_LEAST, bound=0.3),
    Aim(sign=AT_MOST, bound=1.2, unit=" 倍"),
    Aim(sign=AT_MOST, bound=0, unit=" 拒绝"),
)
HOW_ACTS = (
    "办理：对照是同一数据库里一次落盘事务插入两行（各约 0.8 KB），每办理一项随即插入一次，各取中位数；"
    "PostgreSQL 每次提交都落盘。"
)
HOW_CROWD = "同时投标：每个客户端一个线程、一条数据库连接，投标文件事先制作好，同一时刻上传并递交；单个服务进程。"
HOW_MANY = "同一项目逐份投标：每份含上传、落盘、查验和递交，不含制作；取各位置附近 20 份的下四分位数。"


def acts(scale: Scale) -> Iterator[Row]:
    """Acts a second, and entries a second into the public log."""
    for name, postgresql in DATABASES.items():
        sizes = {"downloads": scale.of(300, 10), "bidders": scale.of(12, 3), "bids": scale.of(100, 4)}
        got = child("acts", postgresql=postgresql, **sizes)
        if got is None:
            yield Row(group="办理", name=f"办理，{name}", note=NOT_HERE)
            continue
        for act, label in ACTS.items():
            ours, bare = map(statistics.median, zip(*got["acts"][act], strict=True))
            yield Row(
                group="办理",
                name=f"{label}，{name}",
                figure=f"每秒 {1 / ours:,.0f} 项",
                baseline=f"裸插入每秒 {1 / bare:,.0f} 次",
                ratio=bare / ours,
                aim=ACT_AIM,
                note=HOW_ACTS,
            )
        pace = got["sequenced"] / got["sequencing"]
        yield Row(group="办理", name=f"编入日志并签检查点，{name}", figure=f"每秒 {pace:,.0f} 条")


def crowd(scale: Scale) -> Iterator[Row]:
    """Sixty-four bidders at the last second."""
    clients = scale.of(64, 8)
    for name, postgresql in DATABASES.items():
        got = child("crowd", postgresql=postgresql, clients=clients)
        if got is None:
            yield Row(group="同时投标", name=f"{clients} 家同时投标，{name}", note=NOT_HERE)
            continue
        refused = len(got["refused"])
        note = f"{name} 拒绝原因：{'；'.join(sorted(set(got['refused'])))[:300]}" if refused else HOW_CROWD
        yield Row(
            group="同时投标",
            name=f"{clients} 家同时投标，{name}",
            figure=f"每秒受理 {got['accepted'] / got['seconds']:,.1f} 份，拒绝 {refused} 份",
            baseline=f"最慢一份 {got['slowest']:.2f} 秒",
            judged=refused,
            aim=REFUSED_AIM,
            note=note,
        )


def many_bids(scale: Scale) -> Iterator[Row]:
    """Bid 1, 100 and 1,000 on one tender."""
    bids = scale.of(1000, 30)
    for name, postgresql in DATABASES.items():
        got = child("many_bids", postgresql=postgresql, bids=bids)
        if got is None:
            yield Row(group="同一项目的投标数", name=f"第 {bids} 份投标，{name}", note=NOT_HERE)
            continue
        yield from _growth(got["seconds"], name=name)


def _growth(durations: list[float], *, name: str) -> Iterator[Row]:
    count = len(durations)
    width = max(2, min(20, count // 10))
    first = _around(durations, 0, width)
    for place in (count // 10, count):
        later = _around(durations, place - width, width)
        yield Row(
            group="同一项目的投标数",
            name=f"第 {place} 份投标，{name}",
            figure=f"{later:.1f} 毫秒",
            baseline=f"第 1 份 {first:.1f} 毫秒",
            ratio=later / first,
            aim=GROWTH_AIM,
            note=HOW_MANY,
        )


def _around(durations: list[float], start: int, width: int) -> float:
    """The lower quartile in milliseconds: a neighbour's load lengthens some bids, growth lengthens all of them."""
    return statistics.quantiles(durations[start : start + width], n=4)[0] * 1000
