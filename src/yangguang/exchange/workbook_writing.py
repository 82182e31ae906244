"""Writing a workbook (导入模板、导出): typed columns, drop-downs, and a sheet that explains every field."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from yangguang.exchange.cells import CONTROL, LONGEST_TEXT, typed_cell
from yangguang.exchange.rows import MOST_ROWS, header_of
from yangguang.exchange.sheets import CHOICES, EXAMPLES, EXPLANATIONS, Column, Kind, Row, Sheet
from yangguang.rules.refusal import Refusal, Refused

EXPLAINED = ("字段", "必填", "类型", "可填内容", "谁用", "为什么不能由系统得出", "怎样填写")
KIND_LABELS = {
    Kind.TEXT: "文字",
    Kind.INTEGER: "整数",
    Kind.DECIMAL: "数字",
    Kind.DATE: "日期，例如2026-01-31",
    Kind.MOMENT: "日期和时刻，例如2026-01-31 09:30",
    Kind.FLAG: "是或者否",
    Kind.CHOICE: "从列表中选择",
    Kind.PERSON: "一个人的姓名",
    Kind.PERSONS: "姓名，多人用顿号分开",
}
FORMATS = {
    Kind.INTEGER: "0",
    Kind.DECIMAL: "General",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
}
TEXT_FORMAT = "@"  # numbers of documents and telephones keep their zeros
LONGEST_PROMPT = 250
HEADER_FONT, HEADER_FILL = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
WRAPPED = Alignment(wrap_text=True, vertical="top")
WIDTH, WIDE = 16, 32
WIDTHS = {Kind.TEXT: WIDE, Kind.MOMENT: 22, Kind.PERSONS: WIDE}
FLAG_LABELS = ("是", "否")


def workbook_bytes(*, sheet: Sheet, rows: Iterable[Row] = ()) -> bytes:
    """An .xlsx workbook with the rows, without rows the template to fill in.

    The first sheet has a frozen header, typed columns and drop-downs; 填写说明 says of every field who uses it and why
    it has to be typed; 示例 holds the examples. Raises `Refused` for a text Excel cannot hold.
    """
    workbook = openpyxl.Workbook(write_only=True)
    _write_rows(workbook.create_sheet(sheet.title), sheet, rows, validated=True)
    _write_explanations(workbook.create_sheet(EXPLANATIONS), sheet)
    if sheet.examples:
        _write_rows(workbook.create_sheet(EXAMPLES), sheet, sheet.examples, validated=False)
    lists = [_labels(column) for column in sheet.columns]
    if any(lists):
        _write_choices(workbook.create_sheet(CHOICES), lists)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A plain sheet for others to read: a title, headers, and rows of texts, numbers, dates and moments."""

    title: str
    heads: tuple[str, ...]
    rows: Iterable[Iterable[Any]]


def tables_bytes(tables: Iterable[Table]) -> bytes:
    """An .xlsx workbook with these sheets in their order. Raises `Refused` for a text Excel cannot hold."""
    workbook = openpyxl.Workbook(write_only=True)
    for table in tables:
        columns = [Column(key=one, label=one, kind=Kind.TEXT, used_by=one, why_typed=one) for one in table.heads]
        page = workbook.create_sheet(table.title)
        _set_up(page)
        for number in range(1, len(columns) + 1):
            page.column_dimensions[get_column_letter(number)].width = WIDTH
        page.append([_header(page, one) for one in table.heads])
        for number, row in enumerate(table.rows, start=2):
            page.append([_plain(page, column, value, number) for column, value in zip(columns, row, strict=True)])
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _plain(page: Any, column: Column, value: Any, number: int) -> WriteOnlyCell:
    """A value as Excel holds values of its type."""
    kinds = (
        (bool, Kind.FLAG),
        (int, Kind.INTEGER),
        (Decimal, Kind.DECIMAL),
        (datetime, Kind.MOMENT),
        (date, Kind.DATE),
    )
    kind = next((kind for type_, kind in kinds if isinstance(value, type_)), Kind.TEXT)
    return _cell(page, replace(column, kind=kind), value, number)


def _write_rows(page: Any, sheet: Sheet, rows: Iterable[Row], *, validated: bool) -> None:
    _set_up(page)
    for number, column in enumerate(sheet.columns, start=1):
        look = page.column_dimensions[get_column_letter(number)]
        look.width = WIDTHS.get(column.kind, WIDTH)
        look.number_format = FORMATS.get(column.kind, TEXT_FORMAT)
        if validated:
            page.data_validations.append(_validation(column, number))
    page.append([_header(page, header_of(column)) for column in sheet.columns])
    try:
        for number, row in enumerate(rows, start=2):
            page.append([_cell(page, column, row.get(column.key), number) for column in sheet.columns])
    except BaseException:
        page.close()  # openpyxl streams to a file of its own, which would stay
        page._writer.cleanup()  # noqa: SLF001
        raise


def _set_up(page: Any) -> None:
    """A frozen header; printed across, as wide as the paper, the header on each page."""
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_explanations(page: Any, sheet: Sheet) -> None:
    _set_up(page)
    for number, width in enumerate((WIDTH, 8, WIDE, WIDE, WIDE, WIDE, WIDE), start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_header(page, text) for text in EXPLAINED])
    for column in sheet.columns:
        needed = "是" if column.required else ""
        allowed = "、".join(choice.label for choice in column.choices)
        words = (column.label, needed, KIND_LABELS[column.kind], allowed, column.used_by, column.why_typed, column.help)
        page.append([_words(page, text) for text in words])


def _write_choices(page: Any, lists: list[tuple[str, ...]]) -> None:
    """The lists of the drop-downs, on a hidden sheet: in a validation itself 255 characters would be too few."""
    page.sheet_state = "hidden"
    for place in range(max(map(len, lists))):
        page.append([_words(page, labels[place] if place < len(labels) else "") for labels in lists])


def _labels(column: Column) -> tuple[str, ...]:
    return FLAG_LABELS if column.kind is Kind.FLAG else tuple(choice.label for choice in column.choices)


def _validation(column: Column, number: int) -> DataValidation:
    """What Excel lets in, and what it tells who stands on the cell."""
    letter = get_column_letter(number)
    prompt = "；".join(part for part in (column.help, f"谁用：{column.used_by}") if part)[:LONGEST_PROMPT]
    made = DataValidation(**_rule(column, letter), allow_blank=True, showErrorMessage=True, showInputMessage=True)
    made.promptTitle, made.prompt = column.label[:32], prompt
    made.errorTitle, made.error = "请检查", f"应填：{KIND_LABELS[column.kind]}"
    made.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    return made


def _rule(column: Column, letter: str) -> dict[str, str]:
    if labels := _labels(column):
        return {"type": "list", "formula1": f"'{CHOICES}'!${letter}$1:${letter}${len(labels)}"}
    if column.kind in {Kind.DATE, Kind.MOMENT}:
        return {"type": "date", "operator": "greaterThan", "formula1": "1"}
    if column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        kind = "whole" if column.kind is Kind.INTEGER else "decimal"
        return {"type": kind, "operator": "between", "formula1": "-1E+15", "formula2": "1E+15"}
    return {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(LONGEST_TEXT)}


def _cell(page: Any, column: Column, value: Any, number: int) -> WriteOnlyCell:
    typed = typed_cell(column, value)
    if isinstance(typed, str):
        _refuse_text(typed, column, number)
        return _words(page, typed)
    cell = WriteOnlyCell(page, value=typed)
    cell.number_format = FORMATS.get(column.kind, TEXT_FORMAT)
    return cell


def _refuse_text(text: str, column: Column, number: int) -> None:
    if len(text) > LONGEST_TEXT or CONTROL.search(text):
        what = "太长" if len(text) > LONGEST_TEXT else "含有控制字符"
        raise Refused(
            Refusal(
                code="workbook.text",
                reason=f"第{number}行“{column.label}”的内容{what}，Excel放不下",
                article="平台规则：导出",
                remedy="改正这条记录，或者导出为CSV。",
            )
        )


def _header(page: Any, text: str) -> WriteOnlyCell:
    cell = _words(page, text)
    cell.font, cell.fill = HEADER_FONT, HEADER_FILL
    return cell


def _words(page: Any, text: str) -> WriteOnlyCell:
    """A text and never a formula, whatever it begins with."""
    cell = WriteOnlyCell(page, value=text or None)
    if text:
        cell.data_type = "s"
    cell.alignment, cell.number_format = WRAPPED, TEXT_FORMAT
    return cell
