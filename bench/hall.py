"""A live opening hall: 500 viewers on one server, acts in another process, the delay until a viewer has the event."""

from collections.abc import Iterator

from measuring import Scale, child
from rows import AT_MOST, Aim, Row

GROUP = "开标大厅"
HOW = (
    "开标大厅：一个服务进程（SQLite），观众为同机一个进程里的长连接，每次收到事件就取一次公共区页面；"
    "办理在另一进程。延迟从办理提交到观众收到事件（或取到页面）。"
)
SOON = Aim(sign=AT_MOST, bound=1, unit=" 秒")


def rows(scale: Scale) -> Iterator[Row]:
    """Delay to the event and to the new board at all viewers, and what the server spent."""
    got = child("hall", viewers=scale.of(500, 20), acts=scale.of(20, 3))
    name = f"{got['viewers']} 名观众，{got['acts']} 次办理"
    for what, key in (("收到事件", "event"), ("取到新页面", "board")):
        half, most = got[key]
        yield Row(
            group=GROUP,
            name=f"{name}：{what}",
            figure=f"中位 {1000 * half:.0f} 毫秒，p95 {1000 * most:.0f} 毫秒",
            judged=most,
            aim=SOON,
            note=HOW,
        )
    yield Row(
        group=GROUP,
        name=f"{name}：服务进程",
        figure=f"处理器 {100 * got['busy']:.0f} %，内存 {got['mib']:.0f} MiB",
        baseline=f"无办理时 {100 * got['idle']:.1f} %",
    )
    yield Row(
        group=GROUP,
        name=f"{name}：漏收",
        figure=f"{got['missed']} 次",
        judged=got["missed"],
        aim=Aim(sign=AT_MOST, bound=0, unit=" 次"),
    )
