"""How much an act asks of the database: each statement costs every bidder and every member time under the lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.stages import PUBLISHED, opinions, trade_at
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db(transaction=True)


def asked(scene, name, by, **inputs):
    """The first words of the statements between the beginning and the commit of an act."""
    with CaptureQueriesContext(connection) as captured:
        scene.do(name, by, **inputs)
    statements = [query["sql"].replace('"', "").split() for query in captured]
    told = [" ".join(words[: {"INSERT": 3, "UPDATE": 2}.get(words[0], 1)]) for words in statements]
    return told[told.index("BEGIN") + 1 : told.index("COMMIT")]


def test_a_plain_act_reads_its_subject_and_what_it_asks_about_and_writes_two_rows():
    scene = trade_at(PUBLISHED)
    assert asked(scene, "download_document", "bidder1") == [
        *["SELECT"] * 3,  # the trade, locked, with its parties; the notice; the newest document
        "INSERT INTO witness_sealedentry",
        "UPDATE trading_trade",
    ]


def test_a_bid_is_submitted_in_eight_statements():
    scene = trade_at(PUBLISHED)
    received = scene.received("bidder", scene.sealed("bidder"))
    assert asked(scene, "submit_bid", "bidder", received=received) == [
        *["SELECT"] * 5,  # the trade, the bidder's newest bid, the document, a bid of the same file, the bidder
        "INSERT INTO witness_sealedentry",
        "UPDATE trading_trade",
        "INSERT INTO trading_bid",
    ]


def test_a_member_gives_all_opinions_on_a_bid_in_seven_statements():
    scene = trade_at(Stage.REVIEWING)
    assert asked(scene, "give_opinion", "seat2", bid=scene.digest("bidder1"), **opinions({})) == [
        *["SELECT"] * 4,  # the trade, the member, the bid, an opinion given before
        "INSERT INTO trading_opinion",
        "INSERT INTO witness_entry",
        "UPDATE trading_trade",
    ]
