"""What the records behind a figure are called in checks, in the annex and on the screen (记录名称)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Record
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.figures import RecordId

MOST_NAMED = 5
NEEDED = ("pk", "unit__code", "register", "kind", "year", "number", "day", "title", "is_late")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One record as people know it; `title` is empty where only totals may leave the register."""

    id: RecordId
    number: str
    called: str = ""
    day: date | None = None
    title: str = ""
    is_late: bool = False
    unit: str = ""

    @property
    def text(self) -> str:
        """三会一课2023-3号（2023-03-10）三月支委会（补录）."""
        day = f"（{self.day.isoformat()}）" if self.day else ""
        return f"{self.called}{self.number}{day}{self.title}{'（补录）' if self.is_late else ''}"

    @property
    def short(self) -> str:
        """2023-3号（03-10）三月支委会（补录）: where the column beside it says what it is."""
        day = f"（{self.day:%m-%d}）" if self.day else ""
        return f"{self.number}{day}{self.title}{'（补录）' if self.is_late else ''}"


def name_records(ids: Iterable[RecordId]) -> Mapping[RecordId, Named]:
    """The records by id, in one query; trades and posts are named by themselves."""
    wanted = list(ids)
    numbers = [one for one in wanted if isinstance(one, int)]
    found = {one.id: one for one in map(_named, Record.objects.filter(pk__in=numbers).values_list(*NEEDED))}
    return {one: found.get(one) or Named(id=one, number=_stream(one)) for one in wanted}


def names_of(rows: Sequence[tuple[object, ...]], *, total: int) -> str:
    """The first records by name and how many there are besides."""
    shown = [_named(row).text for row in rows[:MOST_NAMED]]
    return "；".join(shown) + (f"等{total}条" if total > len(shown) else "")


def is_open_to_all(register: Register | None) -> bool:
    """Whether the titles of a register's records may stand in a paper: members read them, nothing is sealed."""
    if register is None or register.is_counted_only or LedgerRole.MEMBER not in register.read:
        return False
    return not any(one.sealed for one in register.fields)


def _named(row: tuple[object, ...]) -> Named:
    pk, unit, register_id, kind, year, number, day, title, is_late = row
    register = register_named(str(register_id))
    assert isinstance(pk, int) and isinstance(day, date)  # noqa: S101, PT018 - the columns' own types
    called = str(kind or (register.name if register else register_id))
    return Named(
        id=pk, called=called, number=f"{year}-{number}号", day=day, is_late=bool(is_late), unit=str(unit),
        title=str(title) if is_open_to_all(register) else "",
    )  # fmt: skip


def _stream(one: RecordId) -> str:
    kind, _, rest = str(one).partition(":")
    return f"名册第{rest}行" if kind == "post" else rest
