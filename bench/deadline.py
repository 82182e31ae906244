"""The deadline minute against a plain write: 64 bidders upload 20 MB each to one tender on a running server."""

from collections.abc import Iterator
from typing import Any

from databases import DATABASES, NOT_HERE
from measuring import MIB, Scale, child
from rows import AT_MOST, Aim, Row

GROUP = "截止前一分钟"
ALL_IN = Aim(sign=AT_MOST, bound=0, unit=" 拒绝")
IN_TIME = Aim(sign=AT_MOST, bound=60, unit=" 秒")
HOW = (
    "截止前一分钟：一个 yangguang serve 进程（网页和时钟），投标人为同机另一进程的线程，"
    "按投标页的方式分片（8 MiB）上传，最后一片到达即查验、封存，再取回执页；"
    "对照为把同样的字节逐个文件写盘并落盘（fsync）一次。"
)


def rows(scale: Scale) -> Iterator[Row]:
    """All complete, how long, how fast, and what the server needed."""
    for name, postgresql in DATABASES.items():
        got = child("deadline", postgresql=postgresql, bidders=scale.of(64, 4), mib=scale.of(20, 2))
        if got is None:
            yield Row(group=GROUP, name=f"截止前一分钟上传，{name}", note=NOT_HERE)
            continue
        yield from _rows(got, f"{got['bidders']} 家各 {got['bytes'] / got['bidders'] / MIB:.0f} MiB，{name}")


def _rows(got: dict[str, Any], name: str) -> Iterator[Row]:
    lost = got["bidders"] - got["accepted"]
    why = "；".join(sorted(set(got["refused"])))[:300]
    yield Row(
        group=GROUP,
        name=f"{name}：受理",
        figure=f"{got['accepted']} 家受理，{lost} 家没有",
        judged=lost,
        aim=ALL_IN,
        note=f"{name} 没有受理的原因：{why}" if why else HOW,
    )
    yield Row(
        group=GROUP,
        name=f"{name}：到最后一家拿到回执",
        figure=f"{got['seconds']:.1f} 秒，一家中位 {got['median']:.1f} 秒，最慢 {got['slowest']:.1f} 秒",
        baseline=f"写盘 {got['plain']:.1f} 秒",
        ratio=got["plain"] / got["seconds"],
        judged=got["seconds"],
        aim=IN_TIME,
    )
    yield Row(
        group=GROUP,
        name=f"{name}：吞吐",
        figure=f"{got['bytes'] / 1e6 / got['seconds']:,.0f} MB/s",
        baseline=f"写盘 {got['bytes'] / 1e6 / got['plain']:,.0f} MB/s",
    )
    yield Row(
        group=GROUP,
        name=f"{name}：服务进程",
        figure=f"处理器 {got['processor']:.1f} 秒，最高内存 {got['mib']:.0f} MiB",
        baseline=f"无人时 {got['idle']:.0f} MiB",
    )
