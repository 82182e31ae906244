"""Chains of acts by anybody at any time: after each, done or refused, log, stage table and state tables agree.

The machine is handed a trade at some point of its life and then tries acts at random: lawful ones with lawful inputs,
the same again, by the wrong people, at the wrong stage, in the past and in the future.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from support.rows import all_values
from support.scenes import DEADLINE
from support.stages import MOMENTS, PUBLISHED, RESCUE, REVIEWED_BY_ALL, SCORED_BY_ALL, SIGNED_BY_ALL, WAYS, trade_at
from trading.act_samples import BY_NAME, SAMPLES
from yangguang.rules.refusal import Refused
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.trading.verification import verify_trade
from yangguang.witness import log
from yangguang.witness.models import Entry, Leaf, Pending, SealedEntry

pytestmark = pytest.mark.django_db

KINDS = (
    *("centre", "tenderer", "agency", "supervisor", "bidder1", "bidder2", "bidder3", "supplier"),
    *("seat1", "seat2", "seat3", "seat4", "seat5", "expert", "clock", "stranger"),
)
STAGE_OF = {
    PUBLISHED: Stage.BIDDING,
    RESCUE: Stage.DECRYPTING,
    REVIEWED_BY_ALL: Stage.REVIEWING,
    SCORED_BY_ALL: Stage.SCORING,
    SIGNED_BY_ALL: Stage.REPORTING,
}
STEPS_OF_TIME = (timedelta(), timedelta(seconds=1), timedelta(minutes=10), timedelta(days=1), timedelta(days=3))


class TradeChain(RuleBasedStateMachine):
    """One trade, tried at random."""

    @initialize(point=st.sampled_from(list(WAYS)))
    def begin(self, point):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        connection.atomic_blocks[-1]._from_testcase = True  # noqa: SLF001 - else acts want the outermost one
        self.scene = trade_at(point)
        self.tally = {"done": 0, "refused": 0}

    @rule(data=st.data(), again=st.booleans())
    def a_lawful_step(self, data, again):
        """An example of this stage with all it needs, at its time; perhaps a second time."""
        stage = self.scene.trade.stage
        fitting = [sample for sample in SAMPLES if STAGE_OF.get(sample.stage, sample.stage) == stage]
        if not fitting:
            return
        sample = data.draw(st.sampled_from(fitting))
        by = data.draw(st.sampled_from(self._doers(sample)))
        self.scene.at = max(self.scene.at, sample.at or MOMENTS[sample.stage])
        with suppress(Exception), transaction.atomic():
            sample.before(self.scene, by)
        self._agree()
        for _ in range(1 + again):
            self._attempt(sample.name, by)

    @rule(data=st.data(), later=st.sampled_from(STEPS_OF_TIME))
    def a_possible_act_by_whoever_may(self, data, later):
        """The stage allows it; whether the law does now is for the act to say."""
        stage = self.scene.trade.stage
        possible = [sample for sample in SAMPLES if (stage, sample.name) in OPEN_WORKS]
        if not possible:
            return
        sample = data.draw(st.sampled_from(possible))
        by = data.draw(st.sampled_from(self._doers(sample)))
        self.scene.at += later
        self._attempt(sample.name, by)

    @rule(name=st.sampled_from(sorted(BY_NAME)), by=st.sampled_from(KINDS))
    def any_act_by_anybody(self, name, by):
        self._attempt(name, by)

    @rule(data=st.data(), name=st.sampled_from(sorted(BY_NAME)))
    def an_act_at_an_odd_time(self, data, name):
        """Long ago, at the deadline itself, or much later."""
        now = self.scene.at
        self.scene.at = data.draw(st.sampled_from([now - timedelta(days=40), DEADLINE, now + timedelta(days=40)]))
        self._attempt(name, data.draw(st.sampled_from(self._doers(BY_NAME[name]))))
        self.scene.at = now

    @rule()
    def the_log_is_sequenced(self):
        """The tree takes what waits, and nothing of the trade changes."""
        log.sequence_log(at=self.scene.at)
        assert not Pending.objects.exists()
        assert Leaf.objects.count() == Entry.objects.count()
        self._agree()

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def _doers(self, sample):
        """Those of `sample.by`, every bidder for one of them and every seat for one of those."""
        doers = {"bidder": ["bidder1", "bidder2", "bidder3"], "seat2": self.scene.seats() or ["expert"]}
        return [who for by in sample.by for who in doers.get(by, [by])]

    def _attempt(self, name, by):
        """Do it, or be refused with nothing changed but the security log; then everything must agree."""
        seated = self.scene.trade.members.exists()
        by = by if seated or not by.startswith(("seat", "chair")) else "expert"
        inputs = self._inputs(name, by)
        if inputs is None:
            return
        counts, before = self._counts(), all_values()
        try:
            self.scene.do(name, by, **inputs)
        except Refused as refused:
            self.tally["refused"] += len(refused.refusals) > 0
            assert all_values() == before
        else:
            assert self._counts() == counts + 1
            self.tally["done"] += 1
        self._agree()

    def _inputs(self, name, by):
        """The sample's inputs; None where this trade went another way and has not what they are made of."""
        try:
            with transaction.atomic():
                return BY_NAME[name].inputs(self.scene, by)
        except Exception:  # noqa: BLE001 - how they are made is not tried here
            return None

    def _counts(self):
        return Entry.objects.count() + SealedEntry.objects.count()

    def _agree(self):
        assert verify_trade(self.scene.trade) == []
        assert Leaf.objects.count() + Pending.objects.count() == Entry.objects.count()


def test_after_every_act_the_log_the_stages_and_the_tables_agree():
    tallies = []

    class Counted(TradeChain):
        def teardown(self):
            tallies.append(dict(getattr(self, "tally", {})))
            super().teardown()

    run_state_machine_as_test(
        Counted,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a chain is short enough to read; shrinking it takes minutes
        ),
    )
    done, refused = (sum(tally.get(name, 0) for tally in tallies) for name in ("done", "refused"))
    # The chains are worth something only when both happen often.
    assert done > 30
    assert refused > 30


@pytest.mark.parametrize("point", WAYS)
def test_on_the_straight_way_they_agree_at_every_point(point):
    assert verify_trade(trade_at(point).trade) == []


def test_a_row_that_the_log_does_not_know_is_noticed():
    scene = trade_at("published")
    type(scene.trade).objects.update(stage="closed")
    assert verify_trade(scene.trade) == ["见证记录停在“bidding”，项目登记为“closed”"]
