"""Acts that meet: first the race with the lock off, then the same race in service."""

import threading

import pytest
from django.db import connection

from support.market import AFTER, IN_TIME, open_market
from support.races import at_once
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.bidding import close_bidding, receive, replace_bid, submit_bid, withdraw_bid
from yangguang.trading.acts.opening import announce_bidders
from yangguang.trading.models import Bid
from yangguang.trading.models.bids import standing_bids
from yangguang.witness import acts, log
from yangguang.witness.actor import CLOCK
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)


def received(market, number):
    bidder = market.cast.bidders[number]
    return receive(market.trade, actor=bidder.actor, at=IN_TIME, content=market.sealed(number))


def submission(market, number, file):
    actor = market.cast.bidders[number].actor
    return lambda: submit_bid(market.trade, actor=actor, at=IN_TIME, received=file)


def good(outcomes):
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]


def consistent(market):
    """The sealed chain has no gap and the trade's own counters say the same."""
    market.trade.refresh_from_db()
    entries = list(SealedEntry.objects.filter(stream=market.trade.stream).order_by("sequence"))
    chained = ["", *(entry.leaf_hash for entry in entries)]
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.previous for entry in entries] == chained[:-1]
    assert (market.trade.sealed_entries, market.trade.sealed_head) == (len(entries), chained[-1])
    return len(entries)


def hold_two_readers(monkeypatch):
    """Take the lock away and let two acts both read before either writes: the race that the lock prevents."""
    both_have_read = threading.Barrier(2, timeout=5)
    database_lock = acts.lock

    def read_without_lock(subject):
        fresh = type(subject).objects.get(pk=subject.pk)
        if threading.current_thread() is not threading.main_thread():
            both_have_read.wait()
        return fresh

    monkeypatch.setattr(acts, "lock", read_without_lock)
    return database_lock


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's write lock is taken with the transaction itself")
def test_without_the_lock_one_of_two_bids_at_the_same_moment_would_be_lost(monkeypatch):
    market = open_market(bidders=2)
    files = [received(market, number) for number in range(2)]
    hold_two_readers(monkeypatch)
    outcomes = at_once(*(submission(market, number, files[number]) for number in range(2)))
    assert len(good(outcomes)) == 1
    assert Bid.objects.count() == 1


def test_every_one_of_many_bids_at_the_deadline_second_is_taken():
    market = open_market(bidders=12)
    files = [received(market, number) for number in range(12)]
    outcomes = at_once(*(submission(market, number, file) for number, file in enumerate(files)))
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert standing_bids(market.trade).count() == 12
    assert consistent(market) == 12


def test_one_bid_submitted_many_times_at_once_is_taken_once():
    market = open_market(bidders=1)
    file = received(market, 0)
    outcomes = at_once(*[submission(market, 0, file)] * 6)
    assert len(good(outcomes)) == 1
    assert {type(outcome) for outcome in outcomes} == {SealedEntry, Refused}
    assert Bid.objects.count() == 1
    assert consistent(market) == 1


def test_two_different_bids_of_one_bidder_at_once_leave_one_standing():
    market = open_market(bidders=1)
    files = [received(market, 0), received(market, 0)]
    outcomes = at_once(*(submission(market, 0, file) for file in files))
    assert len(good(outcomes)) == 1
    assert standing_bids(market.trade).count() == 1


def test_a_replacement_and_a_withdrawal_at_once_leave_a_sound_chain():
    market = open_market(bidders=1)
    submission(market, 0, received(market, 0))()
    second, actor = received(market, 0), market.cast.bidders[0].actor
    outcomes = at_once(
        lambda: replace_bid(market.trade, actor=actor, at=IN_TIME, received=second),
        lambda: withdraw_bid(market.trade, actor=actor, at=IN_TIME),
    )
    assert standing_bids(market.trade).count() in {0, 1}
    assert {type(outcome) for outcome in outcomes} <= {SealedEntry, Refused}
    assert consistent(market) == 1 + len(good(outcomes))


def test_bids_and_the_closing_at_once_end_with_every_receipt_under_the_sealed_root():
    market = open_market(bidders=6)
    files = [received(market, number) for number in range(6)]
    calls = [submission(market, number, file) for number, file in enumerate(files)]
    outcomes = at_once(*calls, lambda: close_bidding(market.trade, actor=CLOCK, at=AFTER))
    accepted = [outcome for outcome in outcomes if isinstance(outcome, SealedEntry)]
    closing = outcomes[-1]
    assert isinstance(closing, Entry)
    assert consistent(market) == len(accepted)
    assert log.sealed_root(market.trade.stream)["sha256"] in closing.payload
    assert f'"size":{len(accepted)}' in closing.payload


def test_two_openings_at_once_open_once():
    market = open_market(bidders=3)
    for number in range(3):
        submission(market, number, received(market, number))()
    close_bidding(market.trade, actor=CLOCK, at=AFTER)
    host = market.cast.agency.actor
    outcomes = at_once(*[lambda: announce_bidders(market.trade, actor=host, at=AFTER)] * 4)
    assert len(good(outcomes)) == 1
    assert [outcome.codes for outcome in outcomes if isinstance(outcome, Refused)] == [("stage.wrong",)] * 3
    assert Entry.objects.filter(act="announce_bidders").count() == 1
