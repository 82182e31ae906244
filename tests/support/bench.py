"""A witnessed subject for tests of the witness alone: a counter with a door, and acts on it."""

from datetime import UTC, datetime

from yangguang.trading.models import Centre
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.models import Entry, Evidence, SealedEntry
from yangguang.witness.record import record, record_sealed

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CODE = "91990100MA0000000X"
STAFF = Actor(person="staff-1", organisation=CODE, offices=frozenset({"centre"}))
STRANGER = Actor(person="stranger-1", organisation="91990100MA0000001X")


class Bench(Centre):
    """The centre's row under a stage table of its own; `registrations` is the state that acts change."""

    class Meta:
        proxy = True
        app_label = "trading"

    def transitions(self):
        return {
            ("open", "test_count"): frozenset({"open"}),
            ("open", "test_count_twice"): frozenset({"open"}),
            ("open", "test_say_nothing"): frozenset({"open"}),
            ("open", "test_whisper"): frozenset({"open"}),
            ("open", "test_choose"): frozenset({"open", "closed"}),
            ("open", "test_nest"): frozenset({"open"}),
            ("open", "test_write_a_book"): frozenset({"open"}),
            ("open", "test_list_files"): frozenset({"open"}),
            ("open", "test_conceal"): frozenset({"open"}),
            ("closed", "test_reopen"): frozenset({"open"}),
        }

    def stage_name(self, stage):
        return {"open": "开着", "closed": "关着"}[stage]


def make_bench(stream="bench-1"):
    return Bench.objects.create(stream=stream, stage="open", name="示例市公共资源交易中心", code=CODE, region="990100")


def _count(bench):
    bench.registrations += 1
    bench.save(update_fields=["registrations"])


@act("test_count", by={"centre"})
def count(bench: Bench, *, actor: Actor, at: datetime) -> Entry:
    """Count one."""
    _count(bench)
    return record(data={"count": bench.registrations})


@act("test_count_twice", by={"centre"})
def count_twice(bench: Bench, *, actor: Actor, at: datetime) -> None:
    """Write two entries, which no act may."""
    _count(bench)
    record(data={"first": True})
    record(data={"second": True})


@act("test_say_nothing", by={"centre"})
def say_nothing(bench: Bench, *, actor: Actor, at: datetime) -> None:
    """Change something without saying so, which no act may."""
    _count(bench)


@act("test_whisper", by={"centre"})
def whisper(bench: Bench, *, actor: Actor, at: datetime, word: str = "") -> SealedEntry:
    """Write to the sealed sub-log."""
    return record_sealed(data={"word": word})


@act("test_choose", by={"centre"})
def choose(bench: Bench, *, actor: Actor, at: datetime, to: str) -> Entry:
    """Lead to one of two stages."""
    return record(data={}, to=to)


@act("test_nest", by={"centre"})
def nest(bench: Bench, *, actor: Actor, at: datetime) -> Entry:
    """Call an act inside an act, which nobody may."""
    return count(bench, actor=actor, at=at)


@act("test_write_a_book", by={"centre"})
def write_a_book(bench: Bench, *, actor: Actor, at: datetime, size: int) -> Entry:
    """Write an entry of about this size."""
    return record(data={"text": "x" * size})


@act("test_list_files", by={"centre"})
def list_files(bench: Bench, *, actor: Actor, at: datetime, file: Evidence, times: int) -> Entry:
    """Name one file many times."""
    return record(files=[("文件", file)] * times)


@act("test_conceal", by={"centre"})
def conceal(bench: Bench, *, actor: Actor, at: datetime) -> Entry:
    """Say something that stays secret for now."""
    return record(data={"shown": "1"}, concealed={"mark": "87.5"})


@act("test_reopen", by={"centre"})
def reopen(bench: Bench, *, actor: Actor, at: datetime) -> Entry:
    """Lead back."""
    return record(data={})
