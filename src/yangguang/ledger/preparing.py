"""What a register knows beyond its catalogue entry: its rules, and what is derived before a record stands.

A package above the ledger registers a function under the name that the catalogue entry gives in `check`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.remembering import remembered
from yangguang.ledger.values import PLATFORM, Cleaned, title_of
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record before it stands. A check answers with refusals and may derive columns in `cleaned`.

    `record` is the row that is corrected, or whose roll is taken; None for a new one. `before` are the rows of the same
    import that stand above this one.
    """

    unit: Unit
    register: Register
    cleaned: Cleaned
    at: datetime
    record: Record | None = None
    before: Collection[Cleaned] = ()


Check = Callable[[Draft], Iterable[Refusal]]

CHECKS: dict[str, Check] = {}


def checks_records(name: str) -> Callable[[Check], Check]:
    """Register a check under a name of the catalogue; used as a decorator."""

    def keep(check: Check) -> Check:
        CHECKS[name] = check
        return check

    return keep


def check_draft(draft: Draft) -> list[Refusal]:
    """What holds for every record, then what the register's own checks answer, in their order; they see a title.

    An unknown name is a fault of the catalogue.
    """
    if not draft.cleaned.title and draft.register.title:
        draft.cleaned.title = title_of(draft.register, draft.cleaned, unit=draft.unit.name)
    if refusals := [*_refuse_times(draft), *_refuse_parent(draft)]:
        return refusals
    return [refusal for name in draft.register.check if name in CHECKS for refusal in CHECKS[name](draft)]


def _refuse_times(draft: Draft) -> Iterable[Refusal]:
    begins, ends = draft.cleaned.columns.get("begins"), draft.cleaned.columns.get("ends")
    if begins and legal_date(begins) != draft.cleaned.day:
        yield _refusal("begins", "开始时间不在登记的日期内", "请核对日期和开始时间。")
    if ends and (begins is None or ends < begins):
        yield _refusal("ends", "结束时间早于开始时间，或者没有开始时间", "请核对起止时间。")


def _refuse_parent(draft: Draft) -> Iterable[Refusal]:
    """A parent stands in the register that the catalogue names, here or in a unit above, and is not the record."""
    number = draft.cleaned.columns.get("parent")
    if number is None:
        return
    is_itself = draft.record is not None and number == draft.record.pk
    if is_itself or not _can_be_parent(draft.unit, number=number, registers=draft.register.parents):
        label = draft.register.label_of("parent")
        yield _refusal("parent", f"没有可以作为“{label}”的记录{number}", "请从列表中选择；没有登记的请先登记。")


@remembered
def _can_be_parent(unit: Unit, *, number: int, registers: tuple[str, ...]) -> bool:
    rows = Record.objects.filter(pk=number, unit__code__in=[unit.code, *unit.above]).exclude(state=State.CANCELLED)
    return (rows.filter(register__in=registers) if registers else rows).exists()


def _refusal(key: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=f"record.{key}", reason=reason, article=PLATFORM, remedy=remedy)


BallotCheck = Callable[[Record, dict[str, Any]], Iterable[Refusal]]

BALLOTS: dict[str, BallotCheck] = {}


def checks_ballots(name: str) -> Callable[[BallotCheck], BallotCheck]:
    """Register what a ballot may say in the registers that name it in `check`; used as a decorator."""

    def keep(check: BallotCheck) -> BallotCheck:
        BALLOTS[name] = check
        return check

    return keep


Options = Callable[[Unit, date], list[str]]

OPTIONS: dict[str, Options] = {}


def suggests_options(name: str) -> Callable[[Options], Options]:
    """Register what a form suggests for the fields that name it in `options`; used as a decorator."""

    def keep(options: Options) -> Options:
        OPTIONS[name] = options
        return options

    return keep
