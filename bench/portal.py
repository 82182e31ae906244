"""The portal at 1,000 and at 100,000 trades: the 95th percentile may grow by half, the number of queries not at all."""

from collections.abc import Iterator

from measuring import Scale, child
from rows import AT_MOST, Aim, Row

GROUP = "门户"
AIM = Aim(sign=AT_MOST, bound=1.5, unit=" 倍")
HOW = (
    "门户：同一进程内请求整页（含模板），SQLite，处理器时间（不受邻居影响），取 95 分位；"
    "对照是较少项目时的同一页；查询数两处必须相同。"
)


def rows(scale: Scale) -> Iterator[Row]:
    """Each page at both sizes."""
    few, many = scale.of(1_000, 30), scale.of(100_000, 120)
    got = child("portal", sizes=[few, many], requests=scale.of(200, 20))
    for name, before in got[str(few)].items():
        after = got[str(many)][name]
        assert after["queries"] == before["queries"], f"{name}: {before['queries']} → {after['queries']} queries"
        yield Row(
            group=GROUP,
            name=f"{name}，{many:,} 个项目",
            figure=f"{after['p95'] * 1000:.1f} 毫秒，{after['queries']:.0f} 次查询",
            baseline=f"{few:,} 个项目 {before['p95'] * 1000:.1f} 毫秒",
            ratio=after["p95"] / before["p95"],
            aim=AIM,
            note=HOW,
        )
