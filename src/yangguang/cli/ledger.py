"""`yangguang ledger`: registers in and out, as workbooks, CSV and JSON."""

import sys
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from yangguang.cli import django_ready
from yangguang.cli.report_making import span_or_fail

if TYPE_CHECKING:
    from yangguang.exchange.importing import Preview
    from yangguang.exchange.trees import TreePreview
    from yangguang.ledger.catalogue import Register
    from yangguang.ledger.models import Unit
    from yangguang.reports.spans import Span
    from yangguang.witness.actor import Actor

FORMS = ("xlsx", "csv", "json")
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group("ledger", help="台账：模板、导入、导出。")
def command() -> None:
    """The group; each command reads what it needs itself."""


@command.command("registers", help="列出台账。")
def list_registers() -> None:
    """Print id, name and system of every register."""
    django_ready()
    from yangguang.ledger.catalogue import catalogue

    for one in catalogue().values():
        click.echo(f"{one.id}\t{one.name}\t{one.system}\t{one.group}")


@command.command("template", help="写出一个台账的导入模板（.xlsx）：每一列说明谁用、为什么不能由系统得出。")
@click.argument("register")
@click.option("-o", "--output", required=True, type=OUTPUT, help="写到哪个文件。")
def template(*, register: str, output: Path) -> None:
    """Write the template of a register."""
    django_ready()
    from yangguang.exchange import workbook_bytes
    from yangguang.exchange.registers import sheet_of
    from yangguang.rules.refusal import Refused

    try:
        output.write_bytes(workbook_bytes(sheet=sheet_of(_register(register))))
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{output}：填好后用 yangguang ledger import 导入。")


@command.command(
    "import",
    help="""导入填好的模板（.xlsx 或 .csv）：逐行检查，全部成功或者全部不改；同一文件再次导入不会重复。

    退出码：成功为 0；有一行不能导入为 1，什么都没有改；参数有误为 2。
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="单位编码。")
@click.option("--register", required=True, help="台账编号，见 yangguang ledger registers。")
@click.option("--by", required=True, help="办理人的编号；应有这个台账的登记权限，记入见证日志。")
@click.option("--check", "only_check", is_flag=True, help="只检查，不导入。")
def import_(*, file: Path, code: str, register: str, by: str, only_check: bool) -> None:
    """Import a file, or tell what importing it would do; exit with 1 and change nothing when a row is wrong."""
    django_ready()
    from yangguang.exchange.importing import import_file, preview_file
    from yangguang.rules.refusal import Refused
    from yangguang.web.moment import now

    at, unit, entry = now(), _unit(code), _register(register)
    with file.open("rb") as source:
        given = {"actor": _actor(by), "at": at, "register": entry, "source": source, "name": file.name}
        try:
            if only_check:
                preview = preview_file(unit, **given)  # type: ignore[arg-type]
                click.echo("\n".join(_told(preview)))
                sys.exit(1 if preview.problems else 0)
            done = import_file(unit, **given)  # type: ignore[arg-type]
        except Refused as refused:
            raise click.ClickException(f"{refused}\n没有导入，什么都没有改。") from refused
    click.echo(f"新登记{done.new}条，已有{done.known}条没有重复登记。")


@command.command(
    "tree",
    help="""导入任务树（有级别的分解表，.xlsx 或 .csv）：逐行检查，全部成功或者全部不改。

    同一天的同一计划再次导入不会重复；日期是计划的日期，不是导入的日期。

    退出码：成功为 0；有一行不能导入为 1，什么都没有改；参数有误为 2。
    """,
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="单位编码。")
@click.option("--register", default="task", show_default=True, help="任务树的台账编号：task 或者 civil_task。")
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="计划的日期，决定编号的年度。")
@click.option("--by", required=True, help="办理人的编号；应有这个台账的登记权限，记入见证日志。")
@click.option("--check", "only_check", is_flag=True, help="只检查，不导入；打印每一行会怎样。")
def tree(*, file: Path, code: str, register: str, day: datetime, by: str, only_check: bool) -> None:
    """Import a tree of tasks, or tell of each row what importing it would do; exit with 1 when a row is wrong."""
    django_ready()
    from yangguang.exchange.trees import import_tree, preview_tree
    from yangguang.rules.refusal import Refused
    from yangguang.web.moment import now

    unit, given = _unit(code), {"actor": _actor(by), "at": now(), "register": _register(register), "day": day.date()}
    with file.open("rb") as source:
        try:
            if only_check:
                preview = preview_tree(unit, source=source, name=file.name, **given)  # type: ignore[arg-type]
                click.echo("\n".join(_told_of_tree(preview)))
                sys.exit(1 if preview.problems else 0)
            done = import_tree(unit, source=source, name=file.name, **given)  # type: ignore[arg-type]
        except Refused as refused:
            raise click.ClickException(f"{refused}\n没有导入，什么都没有改。") from refused
    click.echo(f"新登记{done.new}条，已有{done.known}条没有重复登记。")


@command.command(
    "export",
    help="""导出台账：一个文件；或者用 --all 把本单位的全部内容写进一个文件夹，与页面上的“全部导出”相同。

    全部内容：各台账、名册、出席、签署、票数、关联、佐证材料及其文件、更正、调阅、签核、报告及其数字，附目录。
    密封内容只标“密封”，每张票不导出。--period 限定记录和附在记录上的内容；组织、名册、签核和报告不按期间。
    """,
)
@click.option("--unit", "code", required=True, help="单位编码。")
@click.option("--register", default="", help="台账编号。")
@click.option("--all", "everything", is_flag=True, help="全部内容，写进 -o 指定的文件夹。")
@click.option("--format", "form", type=click.Choice(FORMS), default="xlsx", show_default=True, help="格式。")
@click.option("--period", default="", help="期间，如 2023、2023-H1、2023-Q2、2023-05；不写为全部。")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="写到哪里。")
def export(*, code: str, register: str, everything: bool, form: str, period: str, output: Path) -> None:
    """Write one register to a file, or everything of a unit to a folder."""
    django_ready()
    from yangguang.exchange.exporting import export_records, records_of
    from yangguang.rules.refusal import Refused

    if everything == bool(register):
        raise click.UsageError("用 --register 指定一个台账，或者用 --all 导出全部")
    unit, entry = _unit(code), None if everything else _register(register)
    span = span_or_fail(period) if period else None
    try:
        if entry is None:
            _write_all(unit, form=form, into=output, span=span)
            return
        rows = records_of(unit, entry, **_days(span))
        _write(output, export_records(rows, unit=unit, register=entry, form=form))
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{output}\t{rows.count()}条")


@command.command("one-table", help="一表通：按上级的栏目（对应表，.toml）由记录得出一个工作簿，附数据来源。")
@click.argument("mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="单位编码；下级单位各占一行。")
@click.option("--period", required=True, help="期间，如 2023、2023-H1、2023-Q2、2023-05。")
@click.option("-o", "--output", required=True, type=OUTPUT, help="写到哪个文件。")
def one_table(*, mapping: Path, code: str, period: str, output: Path) -> None:
    """Write the workbook that a higher level asks for."""
    django_ready()
    from yangguang.exchange import one_table as tables
    from yangguang.ledger.models import Unit
    from yangguang.rules.calendar import legal_date
    from yangguang.rules.refusal import Refused
    from yangguang.web.moment import now

    units = list(Unit.objects.filter(path__startswith=_unit(code).path).order_by("path"))
    span, today = span_or_fail(period), legal_date(now())
    try:
        read = tables.read_mapping(mapping.read_text(encoding="utf-8"))
        content = tables.one_table(read, units=units, span=span, as_of=today)
    except (tables.MappingError, UnicodeDecodeError, Refused) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    output.write_bytes(content)
    click.echo(f"{output}：{read.title}，{span.name}，{len(units)}个单位")


@command.command("mapping", help="打印一份一表通对应表的示例，改成上级的栏目后用 one-table 得出工作簿。")
def mapping() -> None:
    """Print the mapping that serves as an example."""
    click.echo((files("yangguang.exchange") / "mappings/example.toml").read_text(encoding="utf-8"), nl=False)


def _write(target: Path, pieces: Iterable[bytes]) -> None:
    with target.open("wb") as file:
        file.writelines(pieces)


class _Days(TypedDict):
    first: date | None
    last: date | None


def _days(span: "Span | None") -> _Days:
    return _Days(first=span.first_day, last=span.last_day) if span else _Days(first=None, last=None)


def _write_all(unit: "Unit", *, form: str, into: Path, span: "Span | None") -> None:
    from yangguang.exchange.tables import Scope
    from yangguang.exchange.whole import package_files
    from yangguang.ledger.catalogue import catalogue

    scope = Scope(unit=unit, registers=tuple(catalogue().values()), **_days(span))
    for packed in package_files(scope, form=form):
        target = into / packed.path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, packed.pieces)
        click.echo(f"{target}\t{packed.count}条" if packed.count else f"{target}")


def _told(preview: "Preview") -> list[str]:
    if preview.problems:
        return [*map(str, preview.problems), f"共{len(preview.problems)}处有误，不能导入；什么都没有改。"]
    alike = [f"第{row}行：与编号{number}看来是同一件事，导入会再登记一条，请核对。" for row, number in preview.alike]
    return [*alike, f"将新登记{preview.new}条；已有{preview.known}条、文件中重复{preview.doubled}条不再登记。"]


def _told_of_tree(preview: "TreePreview") -> list[str]:
    if preview.problems:
        return [*map(str, preview.problems), f"共{len(preview.problems)}处有误，不能导入；什么都没有改。"]
    rows = [f"第{one.number}行\t{'新登记' if one.is_new else '已有'}\t{one.values['title']}" for one in preview.rows]
    return [*rows, f"将新登记{preview.new}条；已有{preview.known}条不再登记。"]


def _unit(code: str) -> "Unit":
    from yangguang.ledger.models import Unit

    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise click.UsageError(f"没有编码为 {code} 的单位")
    return found


def _register(name: str) -> "Register":
    from yangguang.ledger.catalogue import register_named

    found = register_named(name)
    if found is None:
        raise click.UsageError(f"目录中没有台账 {name}；用 yangguang ledger registers 列出")
    return found


def _actor(mark: str) -> "Actor":
    from yangguang.ledger.people import with_posts
    from yangguang.parties.models import Person
    from yangguang.web.moment import now
    from yangguang.witness.actor import Actor

    person = Person.objects.filter(mark=mark).first()
    if person is None:
        raise click.UsageError(f"没有编号为 {mark} 的人员")
    return with_posts(Actor(person=person.mark), person=person, at=now())
