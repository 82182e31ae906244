"""What an export of everything is made of (整体导出的表): tables by description, and who may take what along."""

import json
import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db.models import Model, Q, QuerySet

from yangguang.exchange.exporting import number_of
from yangguang.exchange.names import Names
from yangguang.exchange.registers import BY_SYSTEM
from yangguang.exchange.sheets import Column, Kind, Sheet
from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Record, Unit
from yangguang.parties.models import Person
from yangguang.witness.models import Evidence

SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """导出范围: of which unit, which registers' rows, between which days (both included).

    `looks` are the records whose look log goes along, `reads` whether a record behind a figure may be named;
    `personal` is what the roll knows of people beside their posts.
    """

    unit: Unit
    registers: tuple[Register, ...]
    first: date | None = None
    last: date | None = None
    looks: Q = field(default_factory=Q)
    reads: Callable[[Record], bool] = lambda _: True
    personal: bool = True

    def records(self) -> QuerySet[Record]:
        """Every record that goes along."""
        rows = Record.objects.filter(unit=self.unit, register__in=[one.id for one in self.registers])
        rows = rows.filter(day__gte=self.first) if self.first else rows
        return rows.filter(day__lte=self.last) if self.last else rows


class People:
    """Marks told as names: those of the unit's roll are read once, others as they are met."""

    def __init__(self, unit: Unit) -> None:
        """Read the roll; one query."""
        self.names = Names(unit)
        self.others: dict[str, Person] = {}

    def name_of(self, person: Person | None) -> str | None:
        """The person as a cell names them."""
        return None if person is None else self.names.name_of(person)

    def by(self, mark: str) -> str | None:
        """The name of whoever has this mark; the mark itself where nobody has it."""
        if not mark:
            return None
        if mark not in self.names.people and mark not in self.others:
            self.others |= {one.mark: one for one in Person.objects.filter(mark=mark)}
        return self.names.names_of([mark], self.others)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One column: what it is called, how it is read off a row, and which fields of the model it tells."""

    key: str
    label: str
    of: Callable[[Any, Scope, People], Any]
    kind: Kind = Kind.TEXT
    tells: tuple[str, ...] = ()

    @property
    def column(self) -> Column:
        """As a sheet has it."""
        used_by, why = BY_SYSTEM
        return Column(key=self.key, label=self.label, kind=self.kind, used_by=used_by, why_typed=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """一张表: its file's name, its title, the model that it tells, where its rows come from and its columns."""

    id: str
    name: str
    model: type[Model]
    rows: Callable[[Scope], Iterable[Any]]
    columns: tuple[Told, ...]

    @property
    def sheet(self) -> Sheet:
        """As a file has it."""
        return Sheet(title=self.name, columns=tuple(one.column for one in self.columns))

    def told(self, scope: Scope, people: People) -> Generator[dict[str, Any]]:
        """One row after the other; never what the scope leaves out."""
        for row in self.rows(scope):
            yield {one.key: _told(one.of(row, scope, people)) for one in self.columns}


def plain(key: str, label: str, kind: Kind = Kind.TEXT) -> Told:
    """A field as it is."""
    return Told(key=key, label=label, of=lambda row, *_: getattr(row, key), kind=kind, tells=(key,))


def shown(key: str, label: str) -> Told:
    """A choice by its Chinese name."""
    return Told(key=key, label=label, of=lambda row, *_: getattr(row, f"get_{key}_display")(), tells=(key,))


def named(key: str, label: str) -> Told:
    """A person, or somebody's mark, by name."""

    def of(row: Any, _: Scope, people: People) -> str | None:
        value = getattr(row, key)
        return people.by(value) if isinstance(value, str) else people.name_of(value)

    return Told(key=key, label=label, of=of, tells=(key,))


def of_record(*, tells: tuple[str, ...] = ("record",), record: str = "record") -> tuple[Told, ...]:
    """Which record a row belongs to: its register's file, the register's name, its number there."""

    def owner(row: Any) -> Record:
        found: Record = getattr(row, record) if record else row
        return found

    return (
        Told(key="register", label="台账编号", of=lambda row, *_: owner(row).register, tells=tells),
        Told(key="register_name", label="台账", of=lambda row, *_: register_name(owner(row).register)),
        Told(key="number", label="编号", of=lambda row, *_: number_of(owner(row))),
    )


def register_name(name: str) -> str:
    """What people call a register; its id where the catalogue no longer has it."""
    found = register_named(name)
    return found.name if found else name


def around(model: type[Model], *along: str) -> Callable[[Scope], Iterable[Any]]:
    """The rows of a model that belong to the records of a scope, in the records' order."""

    def rows(scope: Scope) -> Iterable[Any]:
        found = model._default_manager.filter(record__in=scope.records())  # noqa: SLF001 - Django's public name for it
        found = found.select_related("record", *along).defer("record__fields")
        return found.order_by("record__register", "record__day", "record_id", "pk").iterator(chunk_size=AT_ONCE)

    return rows


def path_of(kept: Evidence, *, name: str) -> str:
    """Where a kept file lies in the package: by its digest, with the ending of its name where that is harmless."""
    suffix = PurePath(name).suffix
    return f"files/{kept.sha256}{suffix if SUFFIX.fullmatch(suffix) else ''}"


def as_json(content: Any) -> str | None:
    """What has no columns of its own, as one text; None for nothing."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True) if content else None


def _told(value: Any) -> Any:
    return None if value == "" else value
