"""Layout profiles (版式): every measure of the page as data, with the clause it comes from or the word 通行做法."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from math import floor
from typing import Any

from yangguang.rules.refusal import Refusal, Refused

NATIONAL = "national"
TWIPS_PER_POINT = 20
TWIPS_PER_MILLIMETRE = Decimal(1440) / Decimal("25.4")
CHARACTER_SPACE_UNITS = 4096  # ECMA-376 17.6.5: charSpace counts 1/4096 of a point
NUMBERS = ("mm", "pt", "lines", "characters", "records")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRow:
    """One measure of a profile: its value, and the source and level (standard, derived, habit, platform) of it."""

    profile: str
    key: str
    value: str
    unit: str
    source: str
    article: str
    level: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutProfile:
    """版式: lengths in mm, sizes and line spacing in points, fonts by name; an empty `latin_font` follows the Chinese.

    The fonts are named in the file and never part of it.
    """

    title: str
    page_width: Decimal
    page_height: Decimal
    margin_top: Decimal
    margin_left: Decimal
    type_width: Decimal
    type_height: Decimal
    lines_per_page: Decimal
    characters_per_line: Decimal
    line_spacing: Decimal
    title_font: str
    body_font: str
    heading1_font: str
    heading2_font: str
    page_number_font: str
    latin_font: str
    title_size: Decimal
    body_size: Decimal
    page_number_size: Decimal
    page_number_gap: Decimal
    table_size: Decimal
    annex_table_size: Decimal
    subtitle_font: str
    lines_before_title: Decimal
    lines_before_stamped_signer: Decimal
    records_listed: Decimal
    widow_control: bool

    @property
    def line(self) -> int:
        """行距 in twips; the national one is 579, the largest of which 22 fit into the type area."""
        return points(self.line_spacing)

    @property
    def character_space(self) -> int:
        """What a character gives up so that 28 fill a line, in 1/4096 of a point; −848 for the national profile."""
        width = self.type_width * TWIPS_PER_MILLIMETRE / TWIPS_PER_POINT / self.characters_per_line
        return floor((width - self.body_size) * CHARACTER_SPACE_UNITS)

    @property
    def character_kerning(self) -> int:
        """The same in whole twips, rounded so that a line surely holds them; −6 for the national profile.

        Measured: at −5 LibreOffice puts 27 on a line, as it narrows the type area to whole cells of the grid.
        """
        return floor(Decimal(self.character_space) / CHARACTER_SPACE_UNITS * TWIPS_PER_POINT) - 1

    @property
    def character(self) -> int:
        """一字: the width of one character of the body in twips."""
        return int(self.type_width * TWIPS_PER_MILLIMETRE / self.characters_per_line)


def points(size: Decimal) -> int:
    """A size in points as twips."""
    return round(size * TWIPS_PER_POINT)


def millimetres(length: Decimal) -> int:
    """A length in millimetres as twips."""
    return int(length * TWIPS_PER_MILLIMETRE)


@cache
def layout_rows() -> tuple[LayoutRow, ...]:
    """Every row of the shipped profiles, for pages that show where a measure comes from."""
    text = files("yangguang.reports.paper").joinpath("data/layout_profiles.csv").read_text(encoding="utf-8")
    return tuple(LayoutRow(**row) for row in csv.DictReader(text.splitlines()))


@cache
def layout_profile(name: str = NATIONAL) -> LayoutProfile:
    """A shipped profile; every one but the national states only how it differs. Raises `Refused` for an unknown one."""
    rows = {row.key: row.value for row in layout_rows() if row.profile == NATIONAL}
    own = {row.key: row.value for row in layout_rows() if row.profile == name}
    if not own:
        raise Refused(_refusal("layout.profile.unknown", f"没有名为“{name}”的版式", "从版式列表中选择。"))
    return LayoutProfile(**{key: _value(key, value) for key, value in (rows | own).items()})


def house_profile(values: Mapping[str, str], *, base: str = NATIONAL) -> LayoutProfile:
    """单位版式: a shipped profile with a unit's own values put over it, as texts; raises `Refused` for what is wrong.

    The source of these values is 本单位规定; they never print as the standard's.
    """
    known = {field.name for field in fields(LayoutProfile)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refused(_refusal("layout.key.unknown", f"没有名为“{'、'.join(unknown)}”的版式项", "对照版式项列表。"))
    profile = replace(layout_profile(base), **{key: _value(key, value) for key, value in values.items()})
    if profile.type_width + profile.margin_left > profile.page_width:
        raise Refused(_refusal("layout.page.narrow", "版心加订口宽于纸张", "减小版心宽或者订口。"))
    if profile.type_height + profile.margin_top > profile.page_height:
        raise Refused(_refusal("layout.page.short", "版心加天头高于纸张", "减小版心高或者天头。"))
    if profile.line * profile.lines_per_page > millimetres(profile.type_height):
        raise Refused(_refusal("layout.lines.many", "行距乘以行数超出版心", "减小行距，或者减少每面行数。"))
    return profile


def _value(key: str, value: str) -> Any:  # text, flag or number, as the unit of the national row says
    unit = next((row.unit for row in layout_rows() if row.profile == NATIONAL and row.key == key), "")
    if unit == "flag":
        return _flag(key, value)
    return _number(key, value) if unit in NUMBERS else value


def _flag(key: str, value: str) -> bool:
    if value not in {"yes", "no"}:
        raise Refused(_refusal("layout.value.flag", f"版式项“{key}”的值“{value}”既不是yes也不是no", "改为yes或者no。"))
    return value == "yes"


def _number(key: str, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0 or (number == 0 and not key.startswith("lines_before")):
        raise Refused(_refusal("layout.value.number", f"版式项“{key}”的值“{value}”不是正数", "改为正数。"))
    return number


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article="本单位规定：版式", remedy=remedy)
