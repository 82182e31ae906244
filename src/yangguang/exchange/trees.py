"""任务树 in and out: a workbook whose rows have levels becomes a tree of tasks; the tree becomes the 任务分解表."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from yangguang.branch.acts import plant_tree, try_tree
from yangguang.branch.tasks import Line, decomposition
from yangguang.exchange.cells import Unreadable
from yangguang.exchange.filled_rows import MOST_PROBLEMS
from yangguang.exchange.importing import keep_file, read_file
from yangguang.exchange.names import Names
from yangguang.exchange.sheets import Column, Kind, Problem, ReadRow, Sheet
from yangguang.exchange.workbook_writing import workbook_bytes
from yangguang.ledger.acts.importing import Imported
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import refuse_other_writers
from yangguang.ledger.models import Unit
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor

RULE = "平台规则：任务凭记录办结"
SPLIT = ("任务分解表", "怎样分解由本单位决定")
DERIVED = ("任务分解表", "由系统得出，导出时填好")


def _column(reasons: tuple[str, str], key: str, label: str, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    used_by, why_typed = reasons
    return Column(key=key, label=label, kind=kind, used_by=used_by, why_typed=why_typed, **more)


TREE = Sheet(
    title="任务分解",
    columns=(
        _column(SPLIT, "level", "级别", Kind.INTEGER, required=True, help="1、2、3……，逐级分解"),
        _column(SPLIT, "title", "内容", required=True),
        _column(SPLIT, "owner", "责任人", Kind.PERSON),
        _column(SPLIT, "due_on", "办结期限", Kind.DATE),
        _column(SPLIT, "waits_for", "等什么记录", help="台账/种类#标签×次数"),
    ),
    examples=(
        {"level": 1, "title": "年度党建工作计划"},
        {"level": 2, "title": "组织生活正常"},
        {"level": 3, "title": "每月召开支委会", "waits_for": "三会一课/支部委员会×12"},
    ),
)
TABLE = Sheet(
    title="任务分解表",
    columns=(
        _column(DERIVED, "number", "编号"),
        _column(DERIVED, "kind", "级别"),
        _column(DERIVED, "title", "内容"),
        _column(DERIVED, "section", "责任科室"),
        _column(DERIVED, "owner", "责任人"),
        _column(DERIVED, "due_on", "办结期限", Kind.DATE),
        _column(DERIVED, "tags", "标签"),
        _column(DERIVED, "state", "状态"),
        _column(DERIVED, "share", "完成（%）", Kind.INTEGER),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRow:
    """One row of a file as the preview shows it: its number, what it says, whose it is, whether it is new."""

    number: int
    values: Mapping[str, Any]
    owner: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TreePreview:
    """What a file would do, row by row, or what is wrong with it. Nothing has changed."""

    rows: Sequence[TreeRow] = ()
    problems: Sequence[Problem] = ()

    @property
    def new(self) -> int:
        """How many rows would be new."""
        return sum(one.is_new for one in self.rows)

    @property
    def known(self) -> int:
        """How many rows stand already, or twice in the file."""
        return len(self.rows) - self.new


def preview_tree(
    unit: Unit, *, actor: Actor, at: datetime, register: Register, day: date, source: BinaryIO, name: str
) -> TreePreview:
    """What importing a tree (.xlsx or .csv by `name`) would do. Raises `Refused` for whoever may not write."""
    refuse_other_writers(unit, register, actor)
    read = _read(unit, source=source, name=name)
    if read.problems:
        return TreePreview(problems=read.problems)
    given: dict[str, Any] = {"actor": actor, "at": at, "register": register.id, "day": day}
    tried = try_tree(unit, rows=read.rows, numbers=read.numbers, **given)
    if tried.wrong:
        wrong = [
            Problem(row=number, column="", what=one.reason, remedy=one.remedy.rstrip("。"))
            for number, one in tried.wrong[:MOST_PROBLEMS]
        ]
        return TreePreview(problems=wrong)
    found = zip(read.numbers, read.rows, read.owners, tried.is_new, strict=True)
    return TreePreview(
        rows=[TreeRow(number=number, values=row, owner=owner, is_new=new) for number, row, owner, new in found]
    )


def import_tree(
    unit: Unit, *, actor: Actor, at: datetime, register: Register, day: date, source: BinaryIO, name: str
) -> Imported:
    """导入任务树: every row of the file or none, and what stands already does not come again.

    `day` is that of the plan; the same file with another day is another plan. The file is kept as evidence. Raises
    `Refused` with row and remedy of everything that is wrong.
    """
    refuse_other_writers(unit, register, actor)
    read = _read(unit, source=source, name=name)
    if read.problems:
        raise Refused(*map(_refusal, read.problems))
    given: dict[str, Any] = {"actor": actor, "at": at, "register": register.id, "day": day}
    file = keep_file(source, name=name)
    new = plant_tree(unit, rows=read.rows, numbers=read.numbers, file=file, **given)
    return Imported(new=new, known=len(read.rows) - new)


@dataclass(slots=True, kw_only=True)
class _Read:
    """What a file says: its rows as `plant_tree` takes them, their numbers and owners' names, and every problem."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def _read(unit: Unit, *, source: BinaryIO, name: str) -> _Read:
    names, found = Names(unit), _Read()
    for read in read_file(sheet=TREE, source=source, name=name):
        found.problems += read.problems
        try:
            found.rows.append(_row(read, names))
            found.numbers.append(read.number)
            found.owners.append(read.values.get("owner") or "")
        except Unreadable as wrong:
            found.problems.append(Problem(row=read.number, column="责任人", what=wrong.what, remedy=wrong.remedy))
    del found.problems[MOST_PROBLEMS:]
    return found


def decomposition_workbook(unit: Unit, *, register: str, year: int) -> bytes:
    """任务分解表 of a year as a workbook: who answers for what, until when, and how far it is done."""
    lines = decomposition(unit, register=register, year=year)
    return workbook_bytes(sheet=TABLE, rows=[_line(one) for one in lines])


def _row(read: ReadRow, names: Names) -> dict[str, Any]:
    row = {key: value for key, value in read.values.items() if value is not None}
    if "owner" in row:
        row["owner"] = names.mark_of(row["owner"])
    if isinstance(row.get("due_on"), date):
        row["due_on"] = row["due_on"].isoformat()
    return row


def _refusal(problem: Problem) -> Refusal:
    place = (f"第{problem.row}行" if problem.row else "文件") + (f"“{problem.column}”" if problem.column else "")
    return Refusal(code="tree.file", reason=f"{place}：{problem.what}", article=RULE, remedy=problem.remedy)


def _line(line: Line) -> Mapping[str, Any]:
    task = line.task
    return {
        "number": line.number, "kind": task.kind, "title": task.title, "section": line.section or None,
        "owner": task.owner.name if task.owner else None, "due_on": task.due_on, "tags": "、".join(line.tags) or None,
        "state": task.get_state_display(), "share": line.share,
    }  # fmt: skip
