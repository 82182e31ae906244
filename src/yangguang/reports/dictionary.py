"""指标字典: a metric is an entry of data; its figures, their checks and their explanation come from it.

The entries stand in `metrics/*.toml`, and a house may add its own in `YANGGUANG_HOME/metrics/`. docs/reports.md shows
how one is added.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yangguang.ledger.catalogue import COLUMNS, FieldType, Register, register_named
from yangguang.ledger.models import State
from yangguang.ledger.roles import POSTS
from yangguang.reports.computing import COMPUTED, ROWS

OURS = Path(__file__).parent / "metrics"
PLAIN_COUNTS = frozenset({"records", "attendances", "persons", "signed", "should_sign", "posts"})
COUNTS_OF = frozenset({"titles", "sum", "distinct", "share", "python"})
CHECKS = frozenset(
    {"roll", "minutes", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "signatures", "overdue"}
)
BY_REGISTER = frozenset({"monthly", "quarterly", "half_yearly", "yearly"})  # a register says which rule asks for it
DATES = frozenset({"day", "closed_on", "due_on"})
NUMBERS = frozenset({FieldType.WHOLE, FieldType.NUMBER, FieldType.MONEY})
_TUPLES = {"kinds", "tags_any", "checks"}


class DictionaryError(ValueError):
    """An entry of the dictionary that cannot work; says which, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """指标: what is counted, over which records, and what is checked before the number may be printed.

    `count` is one of `records`, `attendances` (人次), `persons`, `signed`, `should_sign`, `posts`, `titles:<field>`,
    `sum:<column or field>`, `distinct:<column or field>`, `share:<metric>/<metric>`, `python:<name>`. Records count
    that are done (events and rows) or received (the other engines) on `date` within the months, unless `state` says
    otherwise. `typed` marks what people type for reports only; all else is derived.
    """

    id: str
    name: str
    unit: str
    definition: str
    count: str
    group: str
    version: int = 1
    register: str = ""
    kind: str = ""
    kinds: tuple[str, ...] = ()
    tag: str = ""
    tags_any: tuple[str, ...] = ()
    state: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)
    date: str = "day"
    checks: tuple[str, ...] = ()
    zero: str = ""
    typed: bool = False

    @property
    def way(self) -> str:
        """The first part of `count`."""
        return self.count.partition(":")[0]

    @property
    def of(self) -> str:
        """The second part of `count`: a field, a column, two metrics or a name."""
        return self.count.partition(":")[2]

    @property
    def all_kinds(self) -> tuple[str, ...]:
        """The kinds that count; none means all."""
        return (*self.kinds, *((self.kind,) if self.kind else ()))

    @property
    def same_count(self) -> tuple[Any, ...]:
        """What makes two metrics the same in a reader's eyes: name, unit and filter."""
        where = tuple(sorted((key, str(value)) for key, value in self.where.items()))
        tags = tuple(sorted({*self.tags_any, *((self.tag,) if self.tag else ())}))
        return (
            self.name, self.unit, self.register, tuple(sorted(self.all_kinds)), tags, self.state, self.date, where
        )  # fmt: skip


@cache
def dictionary() -> Mapping[str, Metric]:
    """Every metric by its id, in the order of the files. Raises `DictionaryError` for an entry that cannot work."""
    metrics = [one for folder in (OURS, Path(settings.HOME) / "metrics") for one in _in_folder(folder)]
    return checked(metrics)


def checked(metrics: list[Metric]) -> Mapping[str, Metric]:
    """The metrics by id, after what concerns several of them was checked too."""
    found: dict[str, Metric] = {}
    counts: dict[tuple[Any, ...], str] = {}
    for metric in metrics:
        if metric.id in found:
            raise DictionaryError(f"{metric.id}: 指标编号重复（{found[metric.id].group}、{metric.group}）")
        if other := counts.get(metric.same_count):
            raise DictionaryError(f"{metric.id}: 与 {other} 同名同口径（{metric.name}），同一指标只能定义一次")
        found[metric.id], counts[metric.same_count] = metric, metric.id
    for metric in found.values():
        if metric.way == "share" and (missing := [one for one in metric.of.split("/") if one not in found]):
            raise DictionaryError(f"{metric.id}: 没有指标 {'、'.join(missing)}")
    return found


def metric_named(name: str) -> Metric | None:
    """The metric with this id, or None."""
    return dictionary().get(name)


def read_metrics(text: str, *, group: str) -> Iterator[Metric]:
    """The metrics that a file of the dictionary describes."""
    for name, entry in tomllib.loads(text).items():
        yield _metric(name, entry, group=group)


def _in_folder(folder: Path) -> Iterator[Metric]:
    for path in sorted(folder.glob("*.toml")):
        try:
            yield from read_metrics(path.read_text(encoding="utf-8"), group=path.stem)
        except tomllib.TOMLDecodeError as error:
            raise DictionaryError(f"{path.name}: 不是 TOML（{error}）") from error


def _metric(name: str, entry: Any, *, group: str) -> Metric:
    if not isinstance(entry, dict):
        raise DictionaryError(f"{name}: 应为一个指标（[{name}]）")
    known = {one.name for one in fields(Metric)} - {"id", "group"}
    if unknown := set(entry) - known:
        raise DictionaryError(f"{name}: 不认识的项目 {'、'.join(sorted(unknown))}")
    if missing := {"name", "unit", "definition", "count"} - set(entry):
        raise DictionaryError(f"{name}: 缺少 {'、'.join(sorted(missing))}")
    values: dict[str, Any] = {key: tuple(value) if key in _TUPLES else value for key, value in entry.items()}
    metric = Metric(id=name, group=group, **values)
    for problem in _problems(metric):
        raise DictionaryError(f"{name}: {problem}")
    return metric


def _problems(metric: Metric) -> Iterator[str]:
    for problem, holds in (
        ("指标编号只用小写字母、数字和下划线", metric.id.isidentifier() and metric.id == metric.id.lower()),
        ("名称、单位和定义不能为空", all(one.strip() for one in (metric.name, metric.unit, metric.definition))),
        ("版本应为不小于1的整数", isinstance(metric.version, int) and metric.version >= 1),
        (f"没有这种统计方式：{metric.count}", _is_way(metric)),
        (f"没有这种检查：{'、'.join(metric.checks)}", set(metric.checks) <= CHECKS),
        (f"没有这种状态：{metric.state}", metric.state in {"", *State.values}),
        (f"不能按 {metric.date} 统计", metric.date in DATES),
        ("zero 应为空或者 signed_off", metric.zero in {"", "signed_off"}),
    ):
        if not holds:
            yield problem
    yield from _of_register(metric) if metric.way not in {"share", "python", "posts"} else _elsewhere(metric)


def _is_way(metric: Metric) -> bool:
    return (metric.way in COUNTS_OF and bool(metric.of)) or metric.count in PLAIN_COUNTS


def _elsewhere(metric: Metric) -> Iterator[str]:
    if metric.way == "python" and metric.of not in COMPUTED:
        yield f"没有登记过统计程序 {metric.of}"
    if metric.checks and metric.of not in ROWS:
        yield f"{metric.count} 背后没有台账记录，不能作{'、'.join(metric.checks)}检查"
    if by_register := sorted(set(metric.checks) & BY_REGISTER if not metric.register else ()):
        yield f"没有写明台账，不能作{'、'.join(by_register)}检查"
    if metric.way == "share" and len(metric.of.split("/")) != 2:  # noqa: PLR2004 - a part and a whole
        yield "比例应写作 share:部分/总数"
    if metric.way == "posts" and (strange := set(metric.all_kinds) - set(POSTS)):
        yield f"没有职务 {'、'.join(sorted(strange))}"
    if metric.register and register_named(metric.register) is None:
        yield f"目录中没有台账 {metric.register}"


def _of_register(metric: Metric) -> Iterator[str]:
    register = register_named(metric.register)
    if register is None:
        yield f"目录中没有台账 {metric.register or '（未写）'}"
        return
    tags = {*metric.tags_any, *((metric.tag,) if metric.tag else ())}
    for what, strange in (
        ("种类", set(metric.all_kinds) - set(register.kinds)),
        ("标签", tags - set(register.tags)),
        ("栏目", {key for key in metric.where if not _is_known(register, key)}),
    ):
        if strange:
            yield f"台账 {register.id} 没有{what} {'、'.join(sorted(strange))}"
    if metric.way in {"titles", "sum", "distinct"} and not _is_known(register, metric.of):
        yield f"台账 {register.id} 没有栏目 {metric.of}"
    typed = register.field(metric.of)
    if metric.way == "sum" and not (metric.of in {"amount", "quantity"} or (typed and typed.type in NUMBERS)):
        yield f"{metric.of} 不是数，不能合计"


def _is_known(register: Register, key: str) -> bool:
    own = register.field(key)
    return key in {"title", "day", "kind", *COLUMNS} if own is None else not own.sealed
