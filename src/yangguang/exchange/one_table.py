"""一表通: what a higher level asks for, in its own columns, from the records that stand; a mapping is a file of data.

A mapping (`*.toml`) has a `title` and `[[sheets]]`; a sheet has a `title` and `[[sheets.columns]]`, each with the
`name` that the higher level gives it. A sheet with a `register` has one row a record, whose columns take a `column` of
`export_sheet`; without one it has one row a unit, whose columns take a `metric` or a `fact` of the unit. Every column
may have a `text` instead, the same in each row.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from yangguang.exchange.exporting import export_rows, records_of
from yangguang.exchange.registers import export_sheet
from yangguang.exchange.sheets import LONGEST_TITLE, NOT_IN_TITLES
from yangguang.exchange.workbook_writing import Table, tables_bytes
from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Unit
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import metric_named
from yangguang.reports.figures import Figure
from yangguang.reports.spans import Span

FACTS: Mapping[str, str] = {"name": "单位名称", "code": "单位编码", "kind": "单位类型", "opened_on": "成立日期"}
SOURCES = "数据来源"
SOURCE_HEADS = ("单位", "栏目", "指标", "指标版本", "期间", "数值", "记录数", "摘要")


class MappingError(ValueError):
    """A mapping that cannot work; says which place, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What fills a column of the higher level: one of `metric`, `column`, `fact`, `text`."""

    name: str
    metric: str = ""
    column: str = ""
    fact: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One sheet of the higher level."""

    title: str
    columns: tuple[Column, ...]
    register: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTable:
    """A mapping as read."""

    title: str
    sheets: tuple[Asked, ...]


def read_mapping(text: str) -> OneTable:
    """The mapping that a file describes. Raises `MappingError` for one that names what there is not."""
    try:
        content = tomllib.loads(text)
        made = OneTable(title=content["title"], sheets=tuple(map(_sheet, content["sheets"])))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise MappingError(f"不是一表通的对应表：{error}") from error
    for sheet in made.sheets:
        for problem in _problems(sheet):
            raise MappingError(f"{sheet.title}：{problem}")
    if len({one.title for one in made.sheets} | {SOURCES}) <= len(made.sheets):
        raise MappingError(f"工作表的名称重复，或者叫作“{SOURCES}”")
    return made


def one_table(mapping: OneTable, *, units: Sequence[Unit], span: Span, as_of: date) -> bytes:
    """The workbook that the higher level asks for, over some units and months, with the sources on a sheet of its own.

    What cannot be counted prints 【待补：指标】; nothing is typed in for it. Sealed content is marked 密封.
    """
    figures: list[tuple[Unit, Column, Figure]] = []
    tables = [
        Table(
            title=sheet.title,
            heads=tuple(one.name for one in sheet.columns),
            rows=_record_rows(sheet, units, span, as_of)
            if sheet.register
            else _unit_rows(sheet, units, span, as_of, figures),
        )
        for sheet in mapping.sheets
    ]
    return tables_bytes([*tables, Table(title=SOURCES, heads=SOURCE_HEADS, rows=(_source(*one) for one in figures))])


def _sheet(entry: Mapping[str, Any]) -> Asked:
    columns = tuple(Column(**one) for one in entry["columns"])
    return Asked(
        title=entry["title"], columns=columns, register=entry.get("register", ""), kinds=tuple(entry.get("kinds", ()))
    )


def _problems(sheet: Asked) -> Iterator[str]:
    register = register_named(sheet.register)
    if sheet.register and register is None:
        yield f"目录中没有台账 {sheet.register}"
        return
    if not 0 < len(sheet.title) <= LONGEST_TITLE or set(sheet.title) & set(NOT_IN_TITLES) or not sheet.columns:
        yield "名称不能作工作表的名称，或者没有栏目"
    if register and set(sheet.kinds) - set(register.kinds):
        yield "台账没有这些种类"
    known = _columns(register) if register else set[str]()
    for one in sheet.columns:
        if sum(bool(getattr(one, part.name)) for part in fields(one) if part.name != "name") != 1:
            yield f"栏目“{one.name}”应有 metric、column、fact、text 中的一个"
        if one.metric and (register or metric_named(one.metric) is None):
            yield f"栏目“{one.name}”不能用指标 {one.metric}"
        if one.column and one.column not in known:
            yield f"栏目“{one.name}”：台账没有栏目 {one.column}"
        if one.fact and one.fact not in FACTS:
            yield f"栏目“{one.name}”：只能用 {'、'.join(FACTS)}"


def _columns(register: Register) -> set[str]:
    return {one.key for one in export_sheet(register).columns}


def _unit_rows(
    sheet: Asked, units: Sequence[Unit], span: Span, as_of: date, figures: list[tuple[Unit, Column, Figure]]
) -> Iterator[list[Any]]:
    for unit in units:
        yield [_of_unit(one, unit, span, as_of, figures) for one in sheet.columns]


def _of_unit(column: Column, unit: Unit, span: Span, as_of: date, figures: list[tuple[Unit, Column, Figure]]) -> Any:
    metric = metric_named(column.metric)
    if metric is None:
        return column.text or _fact(unit, column.fact)
    figure = compute(metric=metric, period=span, unit=unit, as_of=as_of)
    figures.append((unit, column, figure))
    return f"【待补：{metric.name}】" if figure.value is None else figure.value


def _record_rows(sheet: Asked, units: Sequence[Unit], span: Span, as_of: date) -> Iterator[list[Any]]:
    register = register_named(sheet.register)
    assert register is not None  # noqa: S101 - the mapping was checked
    for unit in units:
        rows = records_of(unit, register, first=span.first_day, last=min(span.last_day, as_of))
        rows = rows.filter(kind__in=sheet.kinds) if sheet.kinds else rows
        for row in export_rows(rows, unit=unit, register=register):
            yield [
                one.text or (_fact(unit, one.fact) if one.fact else _cell(row.get(one.column))) for one in sheet.columns
            ]


def _fact(unit: Unit, fact: str) -> Any:
    return unit.get_kind_display() if fact == "kind" else getattr(unit, fact)


def _cell(value: Any) -> Any:
    return "、".join(value) if isinstance(value, tuple) else value


def _source(unit: Unit, column: Column, figure: Figure) -> Iterable[Any]:
    return (
        unit.name, column.name, figure.name, figure.version, figure.period, figure.text, len(figure.record_ids),
        figure.digest,
    )  # fmt: skip
