"""Names of regions (行政区划): GB/T 2260, provinces only, and the fictitious ones of the demonstration (99)."""

from functools import cache

from yangguang.rules.dated import shipped_rows
from yangguang.rules.law import regions_upwards
from yangguang.rules.rule_rows import NATIONWIDE


def region_name(code: str) -> str:
    """江苏省; a region below it without a name here by province and code, 江苏省 320100; an unknown one by its code."""
    names = _names()
    if code in names:
        return names[code][0]
    known = next((one for one in regions_upwards(code) if one in names and one != NATIONWIDE), None)
    return f"{names[known][0]} {code}" if known else code


def region_in_english(name: str) -> str:
    """A name that `region_name` gave, in English; any other text as it is."""
    first, space, code = name.partition(" ")
    english = dict(_names().values()).get(first)
    return f"{english}{space}{code}" if english else name


@cache
def _names() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["name"], row["english"]) for row in shipped_rows("regions.csv")}
