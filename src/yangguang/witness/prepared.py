"""Statements that Django words once: an act asks the same few things each time, and only the values change.

Wording a query costs ten times what SQLite needs to answer it. So the query set is written as everywhere else, with a
`Given` where a value comes, and what Django made of it is kept. Values are always bound, never written into the text.
"""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class Given(Expression):
    """Stands in a query set for the value that is given at this place, from 0 on."""

    def __init__(self, place: int) -> None:
        """Say which of the given values."""
        super().__init__()
        self.place = place

    def as_sql(self, _compiler: object, _connection: object) -> tuple[str, list[Any]]:  # type: ignore[override]
        """One bound value; `_Worded` puts it in."""
        return "%s", [self]


class Prepared(Generic[M]):
    """A query set that is worded at its first use. `ask` returns it, with a `Given` for each value that varies."""

    def __init__(self, ask: Callable[[], QuerySet[M]]) -> None:
        """Keep how to ask; nothing is asked yet."""
        self._ask = ask

    def first(self, *given: int | str) -> M | None:
        """The first object found with these values, its `select_related` ones read along, or None."""
        with connection.cursor() as cursor:
            cursor.execute(self._worded.text, self._worded.bind(given))
            row = cursor.fetchone()
        return None if row is None else self._worded.read(row)

    def get(self, *given: int | str) -> M:
        """The same where there must be one. Raises the model's `DoesNotExist`."""
        found = self.first(*given)
        if found is None:
            raise self._worded.model.DoesNotExist
        return found

    @cached_property
    def _worded(self) -> "_Worded[M]":
        return _Worded(self._ask()[:1])


class _Worded(Generic[M]):
    """What Django made of a query set: the text, the values bound in it, and how a row becomes an object."""

    def __init__(self, rows: QuerySet[M]) -> None:
        compiler = rows.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.text, self._bound = compiler.as_sql()
        selected: Any = compiler.select
        kind: Any = compiler.klass_info
        self._converted = compiler.get_converters([column for column, _, _ in selected])
        self._convert = compiler.apply_converters
        self.model, places = kind["model"], kind["select_fields"]
        self._own = slice(places[0], places[-1] + 1)
        self._names = [column.target.attname for column, _, _ in selected[self._own]]
        self._related = get_related_populators(kind, selected, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]

    def bind(self, given: Sequence[int | str]) -> list[Any]:
        return [given[value.place] if isinstance(value, Given) else value for value in self._bound]

    def read(self, row: Sequence[Any]) -> M:
        (values,) = self._convert([row], self._converted)
        found: M = self.model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._own])
        for related in self._related:
            related.populate(values, found)
        return found


def insert(*rows: Model) -> None:
    """Add new rows of one table by one statement; afterwards each has its key."""
    text, fields = _insertion(type(rows[0]), len(rows))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as Django's save does


def update(row: Model, *names: str) -> None:
    """Write these fields of a stored row. Raises `RuntimeError` when the row is gone."""
    text, fields = _change(type(row), names)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(text, [*values, row.pk])
        if cursor.rowcount != 1:
            raise RuntimeError(f"{type(row).__name__} {row.pk} is not stored any more")


@cache
def _insertion(model: type[Model], count: int) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes (all but the key, which the database gives)."""
    table, key = _names(model)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]  # noqa: SLF001
    columns = ", ".join(_quoted(field.column) for field in fields)
    row = f"({', '.join('%s' for _ in fields)})"
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([row] * count)} RETURNING {key}", fields  # noqa: S608


@cache
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The statement, and the fields whose values it takes before the key."""
    table, key = _names(model)
    fields: list[Any] = [model._meta.get_field(name) for name in names]  # noqa: SLF001
    changes = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {table} SET {changes} WHERE {key} = %s", fields  # noqa: S608


def _names(model: type[Model]) -> tuple[str, str]:
    meta: Any = model._meta  # noqa: SLF001 - Django's documented way to a model's names
    return _quoted(meta.db_table), _quoted(meta.pk.column)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
