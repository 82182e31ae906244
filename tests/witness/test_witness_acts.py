import json
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from support.bench import AT, STAFF, STRANGER, choose, count, count_twice, make_bench, nest, reopen, say_nothing
from yangguang.rules.refusal import Refused
from yangguang.witness.acts import ACTS, WitnessError
from yangguang.witness.models import Entry, Pending, SecurityEvent
from yangguang.witness.record import record

pytestmark = pytest.mark.django_db(transaction=True)


def state(bench):
    bench.refresh_from_db()
    return (bench.stage, bench.registrations, bench.entries, bench.head, Entry.objects.count(), Pending.objects.count())


def test_an_act_changes_the_state_and_writes_one_entry_together():
    bench = make_bench()
    entry = count(bench, actor=STAFF, at=AT)
    assert state(bench) == ("open", 1, 1, entry.leaf_hash, 1, 1)
    assert json.loads(entry.payload) == {
        "format": "yangguang-entry/1",
        "stream": "bench-1",
        "sequence": 1,
        "previous": "",
        "act": "test_count",
        "at": "2026-03-02T01:00:00.000000Z",
        "actor": {"organisation": STAFF.organisation, "person": "staff-1"},
        "from": "open",
        "to": "open",
        "data": {"count": 1},
        "files": [],
    }


def test_each_entry_names_the_leaf_before_it():
    bench = make_bench()
    first = count(bench, actor=STAFF, at=AT)
    second = count(bench, actor=STAFF, at=AT + timedelta(seconds=1))
    assert (second.sequence, second.previous) == (2, first.leaf_hash)


def test_whoever_has_no_role_is_refused_and_noted_and_changes_nothing():
    bench = make_bench()
    before = state(bench)
    with pytest.raises(Refused) as refused:
        count(bench, actor=STRANGER, at=AT)
    assert refused.value.codes == ("access.denied",)
    assert state(bench) == before
    event = SecurityEvent.objects.get()
    assert (event.stream, event.act, event.person, event.organisation, event.codes, event.at) == (
        "bench-1",
        "test_count",
        STRANGER.person,
        STRANGER.organisation,
        ["access.denied"],
        AT,
    )


def test_an_act_at_the_wrong_stage_is_refused_and_told_when():
    bench = make_bench()
    with pytest.raises(Refused) as refused:
        reopen(bench, actor=STAFF, at=AT)
    (refusal,) = refused.value.refusals
    assert refusal.code == "stage.wrong"
    assert "开着" in refusal.reason
    assert "关着" in refusal.remedy


def test_an_act_may_choose_between_the_stages_of_its_table():
    bench = make_bench()
    choose(bench, actor=STAFF, at=AT, to="closed")
    assert state(bench)[0] == "closed"
    reopen(bench, actor=STAFF, at=AT)
    assert state(bench)[0] == "open"


@pytest.mark.parametrize("to", ["", "elsewhere"])
def test_a_stage_that_the_table_does_not_give_is_a_programming_error(to):
    bench = make_bench()
    before = state(bench)
    with pytest.raises(WitnessError):
        choose(bench, actor=STAFF, at=AT, to=to)
    assert state(bench) == before


@pytest.mark.parametrize("performed", [count_twice, say_nothing])
def test_an_act_without_exactly_one_entry_is_undone(performed):
    bench = make_bench()
    before = state(bench)
    with pytest.raises(WitnessError):
        performed(bench, actor=STAFF, at=AT)
    assert state(bench) == before


def test_an_act_inside_an_act_is_undone():
    bench = make_bench()
    before = state(bench)
    with pytest.raises(WitnessError):
        nest(bench, actor=STAFF, at=AT)
    assert state(bench) == before
    count(bench, actor=STAFF, at=AT)
    assert state(bench)[1] == 1


def test_an_act_inside_an_open_transaction_is_refused_because_it_could_still_be_undone():
    bench = make_bench()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        count(bench, actor=STAFF, at=AT)
    assert state(bench)[1] == 0


def test_an_act_needs_an_actor_and_an_aware_moment():
    bench = make_bench()
    with pytest.raises(WitnessError):
        count(bench, actor=STAFF, at=datetime(2026, 3, 2, 9, 0))  # noqa: DTZ001 - that is the point
    with pytest.raises(WitnessError):
        count(bench, actor="staff-1", at=AT)
    assert state(bench)[1] == 0


def test_nothing_can_be_recorded_outside_of_an_act():
    with pytest.raises(WitnessError):
        record(data={})


def test_every_act_is_declared_with_its_roles_and_its_words():
    declared = ACTS["test_count"]
    assert (declared.name, declared.by, declared.about) == ("test_count", frozenset({"centre"}), "Count one.")
