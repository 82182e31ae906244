"""Reading the JSON of a scoring description field by field, with a refusal for each mistake."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, overload

from yangguang.rules.refusal import Refusal, Refused
from yangguang.rules.scoring.values import number_of
from yangguang.rules.scoring.vocabulary import FORMAT

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_TEXT = 500


class BadDescription(Refused):
    """评分说明有误: the description is refused; `refusals[0]` names the place and what to do."""


def bad(code: str, *, where: str, reason: str, remedy: str) -> BadDescription:
    """The exception for one mistake in a description at `where`."""
    return BadDescription(
        Refusal(
            code=f"score.description.{code}",
            reason=f"{where}：{reason}",
            article=f"平台规则：评分说明格式 {FORMAT}",
            remedy=remedy,
        )
    )


def known_fields(raw: Any, fields: Iterable[str], *, where: str) -> None:
    """Refuse what is not an object or has a field outside `fields`."""
    if not isinstance(raw, dict):
        raise bad("not_an_object", where=where, reason="应为 JSON 对象", remedy="请按公布的格式改写。")
    unknown = sorted(str(field) for field in raw.keys() - set(fields))
    if unknown:
        raise bad(
            "unknown_field",
            where=where,
            reason=f"有未公布的字段：{'、'.join(unknown)}",
            remedy=f"可用的字段：{'、'.join(fields)}。",
        )


def name_field(name: Any, *, where: str) -> str:
    """A name: a lower-case letter, then up to 39 lower-case letters, digits or underscores."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise bad(
            "name",
            where=where,
            reason="名称应以小写字母开头，只含小写字母、数字和下划线，最长 40 个字符",
            remedy="请改名。",
        )
    return name


def text_field(raw: Mapping[str, Any], field: str, *, where: str) -> str:
    """A required text."""
    text = optional_text(raw, field, where=where)
    if not text:
        raise bad("missing_field", where=where, reason=f"缺少 {field}", remedy=f"请补写 {field}。")
    return text


def optional_text(raw: Mapping[str, Any], field: str, *, where: str) -> str:
    """A text, empty when absent."""
    text = raw.get(field, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise bad("text", where=where, reason=f"{field} 应为不超过 {LONGEST_TEXT} 字的文字", remedy="请改写。")
    return text


def whole_field(raw: Mapping[str, Any], field: str, *, where: str, lowest: int, highest: int) -> int:
    """A required JSON integer from `lowest` to `highest`."""
    number = raw.get(field)
    if isinstance(number, bool) or not isinstance(number, int) or not lowest <= number <= highest:
        raise bad("whole_number", where=where, reason=f"{field} 应为 {lowest} 至 {highest} 的整数", remedy="请改写。")
    return number


@overload
def number_field(raw: Mapping[str, Any], field: str, *, where: str) -> Decimal | None: ...
@overload
def number_field(raw: Mapping[str, Any], field: str, *, where: str, required: Literal[True]) -> Decimal: ...
def number_field(raw: Mapping[str, Any], field: str, *, where: str, required: bool = False) -> Decimal | None:
    """A decimal text such as "0.95"; None when absent and not required."""
    if field not in raw and not required:
        return None
    leaf = raw.get(field)
    number = number_of(leaf) if isinstance(leaf, str) else None
    if number is None:
        raise bad("number", where=where, reason=f'{field} 应为带引号的十进制数，如 "0.95"', remedy="请改写。")
    return number


def mapping_field(
    raw: Mapping[str, Any], field: str, *, where: str, default: dict[str, Any] | None = None
) -> dict[str, Any]:
    """An object; `default` when absent."""
    mapping = raw.get(field, default)
    if not isinstance(mapping, dict):
        raise bad("not_an_object", where=where, reason=f"{field} 应为 JSON 对象", remedy="请按公布的格式改写。")
    return mapping


def list_field(raw: Mapping[str, Any], field: str, *, where: str, default: list[Any] | None = None) -> list[Any]:
    """An array; `default` when absent."""
    items = raw.get(field, default)
    if not isinstance(items, list):
        raise bad("not_an_array", where=where, reason=f"{field} 应为 JSON 数组", remedy="请按公布的格式改写。")
    return items
