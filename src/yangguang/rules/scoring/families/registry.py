"""The formula families as data: each file of `rules/data/scoring` holds a family's parameters, source and mark."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from yangguang.rules.scoring.description import Description
from yangguang.rules.scoring.families import composite, procurement, regional, transport, whole
from yangguang.rules.scoring.program import Program
from yangguang.rules.scoring.reading import bad
from yangguang.rules.scoring.values import number_of

BUILDERS: Mapping[str, Callable[..., Description]] = MappingProxyType(
    {
        "guangzhou_construction": regional.guangzhou_construction,
        "lanzhou_construction": regional.lanzhou_construction,
        "shanxi_building": regional.shanxi_building,
        "shanxi_building_limit": regional.shanxi_building_limit,
        "shanxi_transport": transport.shanxi_transport,
        "water_works": regional.water_works,
        "sichuan_supervision": regional.sichuan_supervision,
        "price_score_composite": composite.price_score_composite,
        "trimmed_percentage": composite.trimmed_percentage,
        "full_mark_range": composite.full_mark_range,
        "second_mean": composite.second_mean,
        "reference_composite": composite.reference_composite,
        "comprehensive_construction": whole.comprehensive_construction,
        "procurement_price": procurement.procurement_price,
        "procurement_price_addition": procurement.procurement_price_addition,
        "procurement_lowest_price": procurement.procurement_lowest_price,
        "procurement_comprehensive": whole.procurement_comprehensive,
        "lowest_evaluated_price": procurement.lowest_evaluated_price,
        "lowest_price": procurement.lowest_price,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """参数: its Chinese label, default value and mark (V read in the source, S second-hand, U unchecked)."""

    label: str
    value: Any
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """公式族: what its data file says. `description` is the program its defaults give."""

    name: str
    title: str
    source: str
    mark: str
    note: str
    parameters: Mapping[str, Parameter]
    description: Mapping[str, Any]


def family_names() -> tuple[str, ...]:
    """The names of all families, in the order of the documentation."""
    return tuple(BUILDERS)


def load_family(name: str) -> Family:
    """The family called `name`; raises `BadDescription` when there is none."""
    if name not in BUILDERS:
        raise bad(
            "family", where=f"公式族 {name}", reason="没有公布这个公式族", remedy=f"可用：{'、'.join(BUILDERS)}。"
        )
    return _read(name)


@cache
def _read(name: str) -> Family:
    text = (files("yangguang.rules") / "data" / "scoring" / f"{name}.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    return Family(
        name=name,
        title=raw["title"],
        source=raw["source"],
        mark=raw["mark"],
        note=raw["note"],
        parameters={key: Parameter(**given) for key, given in raw["parameters"].items()},
        description=raw["description"],
    )


def build_family(*, name: str, parameters: Mapping[str, Any] | None = None) -> Description:
    """The description of the family `name` with its defaults, replaced by `parameters` where given.

    Raises `BadDescription` for an unknown family or parameter, a value of another type than the default, or a value
    that the description refuses.
    """
    family = load_family(name)
    chosen = {key: parameter.value for key, parameter in family.parameters.items()}
    for key, given in (parameters or {}).items():
        if key not in chosen:
            raise _bad_parameter(name, key, "没有这个参数", f"可用：{'、'.join(chosen)}。")
        if not _same_type(given, chosen[key]):
            raise _bad_parameter(
                name, key, "类型不符", f"请比照默认值 {json.dumps(chosen[key], ensure_ascii=False)} 填写。"
            )
        chosen[key] = given
    program = Program(title=family.title, source=family.source, mark=family.mark, note=family.note)
    return BUILDERS[name](program=program, **chosen)


def _bad_parameter(name: str, key: str, reason: str, remedy: str) -> Exception:
    return bad("parameter", where=f"公式族 {name} 的参数 {key}", reason=reason, remedy=remedy)


def _same_type(given: Any, default: Any) -> bool:
    """Whether `given` is built like `default`, with decimal text where the default has decimal text."""
    if type(given) is not type(default):
        return False
    if isinstance(default, str):
        return (number_of(given) is None) == (number_of(default) is None)
    if isinstance(default, list):
        return bool(given) and all(_same_type(item, default[0]) for item in given)
    if isinstance(default, dict):
        return bool(given) and all(_same_type(item, next(iter(default.values()))) for item in given.values())
    return True
