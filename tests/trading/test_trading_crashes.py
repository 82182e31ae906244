"""A killed process at any point of an act: what was acknowledged is there, and the log agrees with the state."""

import os
import random
import select
import signal
import sys
import time
from contextlib import suppress

import pytest
from django.db import connection

from support.market import AFTER, IN_TIME, open_markets
from yangguang.demo.cast import released_keys
from yangguang.rules.refusal import Refused
from yangguang.rules.scoring.families import build_family
from yangguang.trading.acts.bidding import close_bidding, receive, replace_bid, submit_bid
from yangguang.trading.acts.opening import announce_bidders, open_bid, start_decryption
from yangguang.trading.acts.unlocking import unlock
from yangguang.trading.models import Bid, OpenedBid
from yangguang.trading.models.bids import standing_bids
from yangguang.witness import evidence
from yangguang.witness.actor import CLOCK
from yangguang.witness.models import Entry, Pending, SealedEntry
from yangguang.witness.receipts import issue_receipt

pytestmark = pytest.mark.django_db(transaction=True)

LOTS, BIDDERS = 20, 5
ROUNDS = LOTS * BIDDERS
LONGER = 1.4  # kills fall up to this much later than undisturbed work ends: before, within and after every step


def done_undisturbed(work):
    """Run `work(say)` in a process of its own to its end; gives what it said and how long it took, in seconds."""
    began = time.perf_counter()
    child, reader = _started(work)
    os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        return said.read().splitlines(), time.perf_counter() - began


def killed_at_random(work, chance, *, usual):
    """Run `work(say)` in a process of its own and kill it (SIGKILL) at a random moment; gives what it had said."""
    child, reader = _started(work)
    select.select([], [], [], chance.uniform(0, usual * LONGER))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        return said.read().splitlines()


def _started(work):
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _work_until_killed(work, reader, writer)
    os.close(writer)
    return child, reader


def _work_until_killed(work, reader, writer):
    os.close(reader)
    try:
        work(lambda line: os.write(writer, f"{line}\n".encode()))
    except BaseException as error:  # noqa: BLE001 - the parent must hear of it, and the child must end here
        os.write(writer, f"broken: {error!r}\n".encode())
    finally:
        sys.stdout.flush()
        os._exit(0)


def acknowledged(entry):
    """A bidder has the receipt in hand: what is said now may never be lost."""
    receipt = issue_receipt(entry)
    return f"{entry.stream} {entry.sequence} {entry.leaf_hash} {len(receipt) > 0}"


def sealed_log_agrees(trade):
    trade.refresh_from_db()
    entries = list(SealedEntry.objects.filter(stream=trade.stream).order_by("sequence"))
    chained = ["", *(entry.leaf_hash for entry in entries)]
    assert [entry.previous for entry in entries] == chained[:-1]
    assert (trade.sealed_entries, trade.sealed_head) == (len(entries), chained[-1])
    bids = Bid.objects.filter(trade=trade)
    assert sorted(bids.values_list("entry__pk", flat=True)) == [entry.pk for entry in entries]
    assert all(evidence.path_of(bid.evidence_id).stat().st_size == bid.evidence.size for bid in bids)


def public_log_agrees(trade):
    trade.refresh_from_db()
    entries = list(Entry.objects.filter(stream=trade.stream).order_by("sequence"))
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert (trade.entries, trade.head) == (len(entries), entries[-1].leaf_hash)
    assert Pending.objects.filter(entry__stream=trade.stream).count() == len(entries)
    opened = [entry.sequence for entry in entries if entry.act == "open_bid"]
    assert OpenedBid.objects.filter(bid__trade=trade).count() == len(opened)


def test_no_receipt_without_its_bid_however_often_the_process_is_killed(tmp_path):
    markets = open_markets(lots=LOTS, bidders=BIDDERS, folder=tmp_path)
    chance = random.Random(20260302)  # noqa: S311 - moments, not secrets
    said, usual = done_undisturbed(_submissions(markets[0], 0))
    assert len(said) == 2
    for market in markets:
        for number in range(BIDDERS):
            if market is markets[0] and number == 0:
                continue  # has bid already
            said += killed_at_random(_submissions(market, number), chance, usual=usual)
            sealed_log_agrees(market.trade)
    kept = {f"{one.stream} {one.sequence} {one.leaf_hash} True" for one in SealedEntry.objects.all()}
    assert set(said) <= kept
    assert 0 < len(said) < ROUNDS * 2  # some kills came too early for a receipt, some too late to prevent one


def _submissions(market, number):
    bidder = market.cast.bidders[number]
    files = [market.sealed(number), market.sealed(number)]

    def work(say):
        first, second = (receive(market.trade, actor=bidder.actor, at=IN_TIME, content=file) for file in files)
        say(acknowledged(submit_bid(market.trade, actor=bidder.actor, at=IN_TIME, received=first)))
        say(acknowledged(replace_bid(market.trade, actor=bidder.actor, at=IN_TIME, received=second)))

    return work


def test_an_opening_that_is_killed_can_go_on_and_log_and_state_agree(tmp_path):
    lowest = build_family(name="lowest_price").to_json()
    markets = open_markets(lots=LOTS, bidders=BIDDERS, folder=tmp_path, scoring=lowest)
    chance, said, usual = random.Random(20260327), [], 0.0  # noqa: S311 - moments, not secrets
    for market in markets:
        releases = _brought_to_decryption(market)
        for number in range(BIDDERS):
            work = _opening(market, number, releases[number])
            if usual:
                said += killed_at_random(work, chance, usual=usual)
            else:
                said, usual = done_undisturbed(work)
            public_log_agrees(market.trade)
        for number in range(BIDDERS):  # after the restart everybody simply does it again
            with suppress(Refused):
                _opening(market, number, releases[number])(said.append)
        public_log_agrees(market.trade)
        assert OpenedBid.objects.filter(bid__trade=market.trade, outcome="opened").count() == BIDDERS
    kept = {f"{one.stream} {one.sequence} {one.leaf_hash} True" for one in Entry.objects.filter(act="open_bid")}
    assert set(said) <= kept
    assert len(kept) == ROUNDS


def _brought_to_decryption(market):
    files = [market.sealed(number) for number in range(BIDDERS)]
    for bidder, file in zip(market.cast.bidders, files, strict=True):
        received = receive(market.trade, actor=bidder.actor, at=IN_TIME, content=file)
        submit_bid(market.trade, actor=bidder.actor, at=IN_TIME, received=received)
    assert standing_bids(market.trade).count() == BIDDERS
    close_bidding(market.trade, actor=CLOCK, at=AFTER)
    announce_bidders(market.trade, actor=market.cast.agency.actor, at=AFTER)
    start_decryption(market.trade, actor=market.cast.agency.actor, at=AFTER)
    market.trade.refresh_from_db()
    return [
        released_keys(bidder=bidder, file=file, at=AFTER)
        for bidder, file in zip(market.cast.bidders, files, strict=True)
    ]


def _opening(market, number, release):
    actor = market.cast.bidders[number].actor

    def work(say):
        unlocked = unlock(market.trade, actor=actor, at=AFTER, release=release)
        say(acknowledged(open_bid(market.trade, actor=actor, at=AFTER, unlocked=unlocked)))

    return work
