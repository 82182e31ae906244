"""台账目录: a register is an entry of data; its form, list, calendar, template and statistics come from it.

The entries stand in `registers/*.toml`, and a house may add its own in `YANGGUANG_HOME/registers/`. docs/registers.md
shows how one is added.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yangguang.ledger.roles import POSTS, LedgerRole

OURS = Path(__file__).parent / "registers"
COLUMNS = ("begins", "ends", "place", "chair", "recorder", "owner", "parent", "due_on", "amount", "quantity")
LONGEST_NAME = 40  # as the columns keep a register, a kind and a tag


class Engine(StrEnum):
    """What a register's records do."""

    EVENT = "event"  # happens at a time with people
    TASK = "task"  # belongs to a tree and closes by the record it points at
    MATTER = "matter"  # has a clock and is answered
    LETTER = "letter"  # is numbered, signed, sent, answered
    ASSESSMENT = "assessment"  # has items, votes or grades
    ROW = "row"  # stands in a list


class FieldType(StrEnum):
    """What may be written in a field."""

    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"
    YES = "yes"
    PERSON = "person"
    PERSONS = "persons"
    TEXTS = "texts"  # one a line: titles of films, of articles
    ADDRESS = "address"  # of a public page


class CatalogueError(ValueError):
    """An entry of the catalogue that cannot work; says which, and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """填写项: one input, with who uses what is typed and why the system cannot derive it (减负).

    What is `derived` nobody types: a check of the register works it out, and `why` says from what. `options` names a
    list of suggestions that only the day knows, as the steps of a procedure.
    """

    key: str
    label: str
    type: FieldType
    used_in: str
    why: str
    required: bool = False
    sealed: bool = False
    derived: bool = False
    options: str = ""
    choices: tuple[str, ...] = ()
    help: str = ""
    most: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """台账: what one list of records is.

    `columns` are the shared columns its form asks for, `labels` what they are called here; `rolls` says, by kind
    ("" for all others), whose roll is taken: `members`, `committee`, `staff`, `leaders` or `named`. `cadence` maps a
    kind (`#` and a tag, "" for all) to the rule that says how often, `asked_of` such a key to the only kind of unit
    that is asked for it, `clock` a kind to the rule that says until when. `write`, `read` and `unseal` are roles; of
    the writers only those who hold one of the `posts` in the unit itself write, where there are any;
    `check` names functions that know more than the catalogue, and `derives` the shared columns that they work out and
    no form asks for. `requires` are the shared columns without which nothing is entered; `used` says of a shared column
    who uses it and why it is asked, where the words that all registers share do not fit. Where there is a pattern for
    the `title`, people need not think of one. A letter with a `word` (发文代字) is drafted, signed, sent and answered;
    each such register numbers its own series.
    """

    id: str
    system: str
    name: str
    engine: Engine
    group: str
    about: str = ""
    title: str = ""
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    used: Mapping[str, Sequence[str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    rolls: Mapping[str, str] = field(default_factory=dict)
    signers: str = ""
    word: str = ""
    cadence: Mapping[str, str] = field(default_factory=dict)
    asked_of: Mapping[str, str] = field(default_factory=dict)
    clock: Mapping[str, str] = field(default_factory=dict)
    write: frozenset[LedgerRole] = frozenset({LedgerRole.KEEPER})
    posts: tuple[str, ...] = ()
    read: frozenset[LedgerRole] = frozenset({LedgerRole.MEMBER, LedgerRole.LEADER, LedgerRole.INSPECTOR})
    unseal: frozenset[LedgerRole] = frozenset({LedgerRole.NAMED})
    is_counted_only: bool = False  # other readers see totals and no rows
    check: tuple[str, ...] = ()
    late_after: int = 10
    parent: str = ""
    other_parents: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()

    def field(self, key: str) -> Field | None:
        """The field with this key."""
        return next((one for one in self.fields if one.key == key), None)

    @property
    def parents(self) -> tuple[str, ...]:
        """The registers in which a parent may stand; none is any."""
        return (self.parent, *self.other_parents) if self.parent else ()

    @property
    def asked(self) -> tuple[Field, ...]:
        """The fields that people fill in."""
        return tuple(one for one in self.fields if not one.derived)

    def roll_for(self, kind: str) -> str:
        """Whose roll is taken for a record of this kind; empty for none."""
        return self.rolls.get(kind, self.rolls.get("", ""))

    def label_of(self, column: str) -> str:
        """What a shared column is called in this register."""
        return self.labels.get(column, LABELS[column])


LABELS = {
    "title": "名称", "kind": "种类", "day": "日期", "begins": "开始时间", "ends": "结束时间", "place": "地点",
    "chair": "主持人", "recorder": "记录人", "owner": "责任人", "parent": "上级事项", "due_on": "办结期限",
    "amount": "金额（元）", "quantity": "数量", "tags": "标签",
}  # fmt: skip
TAKEN = ("turn", "token", "because", "absent", "chosen", "unknown_roll")  # what a form sends besides its fields
TITLE_PARTS = ("kind", "name", "unit", "owner", "year", "month", "day")
ROLLS = {"", "members", "committee", "staff", "leaders", "named"}
_SETS = {"write", "read", "unseal"}
_TUPLES = {"posts", "kinds", "tags", "unit_kinds", "columns", "derives", "requires", "check", "other_parents"}


@cache
def catalogue() -> Mapping[str, Register]:
    """Every register by its id, in the order of the files. Raises `CatalogueError` for an entry that cannot work."""
    found: dict[str, Register] = {}
    for register in _registers():
        if register.id in found:
            raise CatalogueError(f"{register.id}: 台账编号重复")
        found[register.id] = register
    for register in found.values():
        if unknown := set(register.parents) - set(found):
            raise CatalogueError(f"{register.id}: 没有上级台账 {'、'.join(sorted(unknown))}")
    return found


def register_named(name: str) -> Register | None:
    """The register with this id, or None."""
    return catalogue().get(name)


def _registers() -> Iterator[Register]:
    for folder in (OURS, Path(settings.HOME) / "registers"):
        for path in sorted(folder.glob("*.toml")):
            yield from read_registers(path.read_text(encoding="utf-8"), group=path.stem)


def read_registers(text: str, *, group: str) -> Iterator[Register]:
    """The registers that a file of the catalogue describes."""
    content = tomllib.loads(text)
    group_name = content.pop("group", group)
    for name, entry in content.items():
        yield _register(name, entry, group=group_name)


def _register(name: str, entry: dict[str, Any], *, group: str) -> Register:
    known = {one.name for one in fields(Register)} - {"id", "group"}
    if unknown := set(entry) - known:
        raise CatalogueError(f"{name}: 不认识的项目 {'、'.join(sorted(unknown))}")
    try:
        register = Register(id=name, group=group, **{key: _converted(key, value) for key, value in entry.items()})
    except (TypeError, ValueError) as error:
        raise CatalogueError(f"{name}: {error}") from error
    _must_fit(register)
    return register


def _converted(key: str, value: Any) -> Any:
    if key == "engine":
        return Engine(value)
    if key == "fields":
        return tuple(_field(one) for one in value)
    if key in _SETS:
        return frozenset(LedgerRole(one) for one in value)
    return tuple(value) if key in _TUPLES else value


def _field(entry: dict[str, Any]) -> Field:
    values = {**entry, "type": FieldType(entry["type"]), "choices": tuple(entry.get("choices", ()))}
    made = Field(**values)
    if not made.used_in or not made.why:
        raise ValueError(f"{made.key} 应写明谁用、为什么不能由系统得出（减负）")
    if (made.type is FieldType.CHOICE) != bool(made.choices):
        raise ValueError(f"{made.key} 的选项与类型不符")
    return made


def _is_pattern(title: str) -> bool:
    """Whether a title can be made from it; `title_of` in `values` fills it in."""
    try:
        return bool(title.format(**dict.fromkeys(TITLE_PARTS, "")) or "{" in title)
    except (KeyError, IndexError, ValueError):
        return False


def _counted_apart(register: Register) -> set[str]:
    return {"", *register.kinds, *(f"#{tag}" for tag in register.tags)}


def _must_fit(register: Register) -> None:
    keys = [one.key for one in register.fields]
    for problem, holds in (
        (f"共用栏目有误：{register.columns}", set(register.columns) <= set(COLUMNS)),
        (f"得出的栏目有误：{register.derives}", set(register.derives) <= set(COLUMNS) - set(register.columns)),
        (f"必填的栏目有误：{register.requires}", set(register.requires) <= set(register.columns)),
        ("栏目的用途应写明谁用和为什么", all(len(words) == len(("used", "why")) for words in register.used.values())),
        (f"点名范围有误：{register.rolls}", {*register.rolls.values(), register.signers} <= ROLLS),
        (
            f"编号、种类或者标签超过{LONGEST_NAME}字",
            max(map(len, [register.id, *register.kinds, *register.tags])) <= LONGEST_NAME,
        ),
        ("填写项重复", len(keys) == len(set(keys)) and not set(keys) & {*LABELS, *TAKEN}),
        (f"没有这样的职务：{register.posts}", set(register.posts) <= set(POSTS)),
        ("频次的种类不在目录中", {*register.cadence, *register.asked_of} <= _counted_apart(register)),
        (f"名称样式有误：{register.title}", not register.title or _is_pattern(register.title)),
    ):
        if not holds:
            raise CatalogueError(f"{register.id}: {problem}")
