"""The ledger: a yearly report over ten years of records of 200 branches, and 50,000 rows imported."""

from collections.abc import Iterator
from typing import Any

from databases import DATABASES, NOT_HERE
from measuring import Scale, child
from rows import AT_MOST, Aim, Row

REPORTS, IMPORTS = "年度报告", "导入台账"
GROWTH_AIM = Aim(sign=AT_MOST, bound=1.5, unit=" 倍")
WHOSE = {"committee": "机关党委（含全部支部）", "branch": "一个支部"}
HOW_REPORTS = (
    "年度报告：按提纲“年度总结”由最近一年的记录生成带佐证附件的 .docx，另起进程，取五次中最快的一次，不含程序启动；"
    "内存为该进程的最高常驻内存；对照是只有一年记录时的同一份报告，查询数两处必须相同。"
)
HOW_IMPORTS = (
    "导入：一个支部的三会一课，.csv 每行一次会议、到会人员写姓名，含读文件、逐行检查、登记、点名和见证；"
    "对照是同一数据库里一次落盘事务插入同样多的行（记录各约 0.7 KB，点名各 5 列，都有主键和唯一键）。"
)


def reports(scale: Scale) -> Iterator[Row]:
    """A committee's and a branch's report at one and at ten years."""
    years = scale.of(10, 2)
    sizes = {"branches": scale.of(200, 3), "events": scale.of(50, 8), "people": scale.of(20, 4), "years": years}
    for name, postgresql in DATABASES.items():
        got = child("year_report", postgresql=postgresql, **sizes)
        if got is None:
            yield Row(group=REPORTS, name=f"年度报告，{name}", note=NOT_HERE)
            continue
        for whose, label in WHOSE.items():
            yield _report(got["sizes"], whose=whose, years=years, name=f"{label}，{name}")


def _report(sizes: dict[str, Any], *, whose: str, years: int, name: str) -> Row:
    few, many = sizes["1"], sizes[str(years)]
    before, after = few[whose], many[whose]
    assert after["queries"] == before["queries"], f"{name}: {before['queries']} → {after['queries']} queries"
    return Row(
        group=REPORTS,
        name=f"{name}：{years} 年 {many['events']:,} 次活动、{many['attendances']:,} 人次",
        figure=f"{after['seconds']:.2f} 秒，{after['queries']} 次查询，{after['peak']:.0f} MiB",
        baseline=f"1 年 {few['events']:,} 次活动 {before['seconds']:.2f} 秒，{before['peak']:.0f} MiB",
        ratio=after["seconds"] / before["seconds"],
        aim=GROWTH_AIM,
        note=HOW_REPORTS,
    )


def imports(scale: Scale) -> Iterator[Row]:
    """A file imported, and imported again; what reading a workbook costs besides."""
    rows, few = scale.of(50_000, 200), scale.of(5_000, 100)
    for name, postgresql in DATABASES.items():
        got = child("ledger_import", postgresql=postgresql, rows=rows, few=few, people=10)
        if got is None:
            yield Row(group=IMPORTS, name=f"导入 {rows:,} 行，{name}", note=NOT_HERE)
            continue
        yield Row(
            group=IMPORTS,
            name=f"导入 {rows:,} 行、{got['attendances']:,} 人次，{name}",
            figure=f"每秒 {rows / got['import']:,.0f} 行（{got['import']:.0f} 秒），最高内存 {got['peak']:.0f} MiB",
            baseline=f"裸插入每秒 {rows / got['bare']:,.0f} 行",
            ratio=got["bare"] / got["import"],
            note=HOW_IMPORTS,
        )
        for key, label, count in (
            ("again", "同一文件再导入一次，不重复", rows),
            ("book", f"读 {few:,} 行的工作簿", few),
        ):
            figure = f"每秒 {count / got[key]:,.0f} 行（{got[key]:.1f} 秒）"
            yield Row(group=IMPORTS, name=f"{label}，{name}", figure=figure)
