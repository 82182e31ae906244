"""The form of an act's inputs (输入格式): texts, numbers and moments that no law has to be asked about.

An act states the type of each input; what people and machines send is held to it before the act's own rules look, so
that no odd number or text can fail half-way, in the database or in the log.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from yangguang.proof.canonical import NotCanonical, canonical
from yangguang.rules.refusal import Refusal

LONGEST_TEXT = 2_000
LARGEST_WHOLE = 2**31 - 1
LARGEST_JSON = 1 << 20
MOST_YUAN = Decimal(10) ** 13  # SQLite gives back 15 digits exactly, two of them after the point
FIRST_YEAR, LAST_YEAR = 1970, 2999
GIVEN_BY_THE_ACT = {"actor", "at", "return"}


def check_inputs(body: Callable[..., Any], inputs: Mapping[str, Any]) -> list[Refusal]:
    """One refusal for each input that is not of the form that `body`, an act, declares for it."""
    forms = _forms(body)
    return [
        Refusal(
            code=f"input.{name}",
            reason=f"“{name}”填写有误：{_expected(forms[name])}",
            article="电子招标投标办法第十五条",
            remedy="请更正后重新提交。",
        )
        for name, value in inputs.items()
        if name in forms and not fits(forms[name], value)
    ]


def fits(form: Any, value: object) -> bool:
    """Whether a value is of a declared type; texts, numbers and moments have to be ones that can be kept."""
    kind, inner = get_origin(form), get_args(form)
    if kind in {Union, types.UnionType}:
        return any(fits(choice, value) for choice in inner)
    if kind is Mapping:
        return isinstance(value, Mapping) and (is_json(value) if inner[1] is Any else _all_fit(inner, value))
    if kind in {Sequence, list}:
        return isinstance(value, list | tuple) and all(fits(inner[0], one) for one in value)
    if form in FORMS:
        return FORMS[form][0](value)
    return isinstance(value, form)


def is_text(value: object, *, most: int = LONGEST_TEXT) -> bool:
    """Whether it is text that the log and both databases can keep, of at most `most` characters."""
    if not isinstance(value, str) or len(value) > most or "\0" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def is_money(value: object) -> bool:
    """Whether it is a finite Decimal of yuan, to the 分, that the tables can hold; never a float."""
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value) >= MOST_YUAN:
        return False
    return value == value.quantize(Decimal("0.01"))


def is_moment(value: object) -> bool:
    """Whether it is a moment with its time zone, of a year that every calendar here can count."""
    return isinstance(value, datetime) and value.tzinfo is not None and FIRST_YEAR <= value.year <= LAST_YEAR


def is_json(value: Mapping[str, Any]) -> bool:
    """Whether it is an object of canonical JSON that the log and both databases can keep."""
    try:
        written = canonical(dict(value))
    except NotCanonical:
        return False
    return len(written) <= LARGEST_JSON and b"\\u0000" not in written


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_WHOLE


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime) and FIRST_YEAR <= value.year <= LAST_YEAR


FORMS: Mapping[Any, tuple[Callable[[object], bool], str]] = {
    str: (is_text, f"应为不超过{LONGEST_TEXT}字的文字，不含控制字符"),
    int: (_is_whole, f"应为不超过{LARGEST_WHOLE}的整数"),
    bool: (lambda value: isinstance(value, bool), "应为是或否"),
    Decimal: (is_money, "应为精确到分的金额"),
    datetime: (is_moment, f"应为{FIRST_YEAR}年至{LAST_YEAR}年的时间，带时区"),
    date: (_is_day, f"应为{FIRST_YEAR}年至{LAST_YEAR}年的日期"),
}


def _all_fit(inner: tuple[Any, ...], value: Mapping[Any, Any]) -> bool:
    return all(fits(inner[0], key) and fits(inner[1], one) for key, one in value.items())


def _expected(form: Any) -> str:
    choices = [form, *get_args(form)]
    return next((FORMS[choice][1] for choice in choices if choice in FORMS), "缺少内容或者类型不符")


@cache
def _forms(body: Callable[..., Any]) -> Mapping[str, Any]:
    return {name: hint for name, hint in get_type_hints(body).items() if name not in GIVEN_BY_THE_ACT}
