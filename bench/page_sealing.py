"""Sealing in the bidder's page against the command-line tool on the same file."""

from collections.abc import Iterator

from measuring import MIB, Scale, child
from rows import AT_LEAST, Aim, Row

GROUP = "网页内加密"
USABLE = Aim(sign=AT_LEAST, bound=5, unit=" MB/s")
HOW = (
    "网页内加密：真实的投标页在 Chromium 里（Worker、分片读取），从点击到封装完成，由页面自己计时；"
    "对照为同一文件、同一证书的 yangguang bid seal，含程序启动。"
    "内存为渲染进程的最高常驻内存（密文由浏览器存放在别处）。"
)
NOT_HERE = "此处没有 Chromium 或没有构建网页资源，未测。"


def rows(scale: Scale) -> Iterator[Row]:
    """Both suites."""
    got = child("page_sealing", mib=scale.of(100, 4))
    if got is None:
        yield Row(group=GROUP, name="网页内加密", note=NOT_HERE)
        return
    mega = got.pop("bytes") / 1e6
    for suite, one in got.items():
        name = f"网页内加密 {suite}，{mega * 1e6 / MIB:.0f} MiB"
        yield Row(
            group=GROUP,
            name=name,
            figure=f"{one['page']:.1f} 秒，{mega / one['page']:,.1f} MB/s",
            baseline=f"投标工具 {one['tool']:.1f} 秒，{mega / one['tool']:,.0f} MB/s",
            ratio=one["tool"] / one["page"],
            judged=mega / one["page"],
            aim=USABLE,
            note=HOW,
        )
        yield Row(
            group=GROUP,
            name=f"{name}，最高内存",
            figure=f"{one['mib']:.0f} MiB",
            baseline=f"加密前 {one['before']:.0f} MiB",
        )
