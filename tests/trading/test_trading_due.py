"""What is due when and by whom; the clock does its own share and nothing else."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.rows import unchanged
from support.scenes import AFTER_DEADLINE, DEADLINE, PUBLICITY_UNTIL, START, beijing
from support.stages import PUBLISHED, trade_at
from yangguang.ledger.deadlines import all_due
from yangguang.trading.due import CLOSING_GRACE, deadlines_of, perform_due
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.stages import ENDED, Stage
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db


def due(scene):
    return [(one.act, one.moment, one.roles) for one in deadlines_of(scene.trade)]


def test_bidding_is_closed_by_the_clock_a_moment_after_the_deadline():
    scene = trade_at(Stage.BIDDING)
    assert due(scene) == [("close_bidding", DEADLINE + CLOSING_GRACE, {Role.CLOCK})]
    with unchanged():
        assert perform_due(at=DEADLINE + CLOSING_GRACE - timedelta(microseconds=1)) == []
    ((performed, problem),) = perform_due(at=DEADLINE + CLOSING_GRACE)
    assert (performed.act, problem, scene.trade.stage) == ("close_bidding", None, Stage.CLOSED)
    assert Entry.objects.latest("pk").at == AFTER_DEADLINE
    assert perform_due(at=DEADLINE + timedelta(days=1)) == []


def test_the_window_is_closed_by_the_clock_and_unopened_bids_count_as_given_up():
    scene = trade_at(Stage.DECRYPTING)
    until = scene.trade.decryption_until
    assert due(scene) == [("end_decryption", until + CLOSING_GRACE, {Role.CLOCK})]
    perform_due(at=until + CLOSING_GRACE)
    assert scene.trade.stage == Stage.DECRYPTED
    assert scene.trade.bids.filter(opened__outcome="revoked").count() == 3


def test_an_objection_is_due_for_an_answer_within_three_days():
    scene = trade_at(PUBLISHED)
    scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    # Raised on 3 March: the third day is the 6th, a Friday.
    assert ("answer_document_objection", beijing("03-07", "00:00"), TENDERERS) in due(scene)
    name = "answer_document_objection"
    scene.do(name, "agency", number=1, answer=scene.signed("agency", name))
    assert [act for act, _, _ in due(scene)] == ["close_bidding"]


def test_an_unanswered_objection_takes_the_closing_off_the_clocks_list():
    scene = trade_at(PUBLISHED)
    scene.do("object_to_document", "supplier", objection=scene.kept("异议"))
    with unchanged():
        assert perform_due(at=DEADLINE + timedelta(days=1)) == []


def test_after_publicity_the_award_is_due_and_objections_first():
    scene = trade_at(Stage.PUBLICITY)
    assert due(scene) == [("award", PUBLICITY_UNTIL, {Role.TENDERER})]
    scene.do("object_to_result", "bidder2", objection=scene.kept("异议"))
    # Raised on 25 March: the third day, the 28th, is a Saturday and rolls to the 30th.
    assert ("answer_result_objection", beijing("03-31", "00:00"), TENDERERS) in due(scene)


def test_after_the_notice_contract_and_report_are_due():
    scene = trade_at(Stage.NOTIFIED)
    assert due(scene) == [
        ("sign_contract", beijing("05-07", "00:00"), TENDERERS),
        ("submit_written_report", beijing("04-16", "00:00"), TENDERERS),
    ]


def test_after_the_contract_the_bonds_are_due_until_all_are_returned():
    scene = trade_at(Stage.CONTRACTED)
    assert ("refund_guarantee", beijing("04-16", "00:00"), TENDERERS) in due(scene)
    for held in scene.trade.guarantees.all():
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(200_000), interest=Decimal(0))
    assert "refund_guarantee" not in [act for act, _, _ in due(scene)]


@pytest.mark.parametrize("stage", [Stage.SUSPENDED, *ENDED])
def test_nothing_is_due_for_the_clock_while_a_trade_stands_still_or_after_its_end(stage):
    scene = trade_at(stage)
    with unchanged():
        assert perform_due(at=scene.at + timedelta(days=400)) == []
    left = {one.act for one in all_due() if one.stream == scene.stream}
    assert left <= ({"refund_guarantee"} if stage in ENDED else {"answer_document_objection"})


def test_what_is_due_comes_earliest_first():
    trade_at(Stage.NOTIFIED)
    moments = [one.moment for one in all_due()]
    assert moments == sorted(moments)
    assert moments[0] > START
