"""Every bond goes back in time, or is kept on a legal ground: no trade is archived before."""

from datetime import timedelta
from decimal import Decimal

import pytest

from support.archives import AT, forge, problems_found_by_both
from support.rows import refused
from support.scenes import beijing
from support.stages import PUBLISHED, drop_out, refund_all, trade_at, walk
from yangguang.ledger.deadlines import all_due
from yangguang.rules.checks.forfeiture import ForfeitureGround
from yangguang.rules.refusal import Refused
from yangguang.trading.archive import export_archive
from yangguang.trading.bonds import waiting
from yangguang.trading.due import deadlines_of
from yangguang.trading.roles import TENDERERS
from yangguang.trading.stages import FAILED, Stage
from yangguang.trading.verification import verify_archive, verify_trade
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)

LATE_BY = timedelta(days=30)
WHOLE = Decimal("200000.00")
DUE = {
    Stage.TOO_FEW: beijing("03-31", "00:00"),  # failed on Monday 23 March: the fifth day, the 28th, is a Saturday
    Stage.ALL_REJECTED: beijing("03-31", "00:00"),  # 24 March + 5 is a Sunday
    Stage.NO_AWARD: beijing("04-01", "00:00"),
    Stage.TERMINATED: beijing("03-26", "00:00"),
}
ARTICLES = {stage: "第三十一条" if stage == Stage.TERMINATED else "第五十七条" for stage in FAILED}


def refund(scene, held, **changed):
    given = {"guarantee": held.pk, "amount": WHOLE, "interest": Decimal(0)}
    return scene.do("refund_guarantee", "agency", **{**given, **changed})


def decision(scene, held, *, by="tenderer", **changed):
    """What `forfeit_guarantee` asks for."""
    facts = {
        "guarantee": held.pk,
        "ground": "contract_refused",
        "reason": "中标人书面拒绝订立合同",
        "decision": scene.signed(by, "forfeit_guarantee", name="不予退还决定"),
    }
    return {**facts, **changed}


def forfeit(scene, held, **changed):
    return scene.do("forfeit_guarantee", "tenderer", **decision(scene, held, **changed))


def must_go_back(scene, held, code, *, article="第七十四条", by="tenderer", **changed):
    """Keeping the bond is refused, and nothing changes."""
    inputs = decision(scene, held, **changed)
    with refused(code, article=article):
        scene.do("forfeit_guarantee", by, **inputs)


def bond_of(scene, bidder):
    return scene.trade.guarantees.get(organisation__code=scene.actor(bidder).organisation)


def defaulted(reason="gave_up", *, stage=Stage.NOTIFIED):
    """A trade whose first candidate dropped out."""
    scene = trade_at(stage)
    drop_out(scene, "bidder1", reason)
    return scene


@pytest.mark.parametrize("stage", FAILED)
def test_the_bonds_of_a_failed_trade_are_due_five_days_after_it_failed(stage):
    scene = trade_at(stage)
    assert [(one.act, one.moment, one.roles) for one in deadlines_of(scene.trade)] == [
        ("refund_guarantee", DUE[stage], TENDERERS)
    ]
    assert "refund_guarantee" in {one.act for one in all_due()}
    refund_all(scene)
    # Ended before the deadline, who holds a bond stays secret: the reminder stands until the archive.
    assert [one.act for one in all_due()] == (["refund_guarantee"] if stage == Stage.TERMINATED else [])


@pytest.mark.parametrize("stage", FAILED)
def test_a_failed_trade_is_not_archived_while_a_bond_waits(stage):
    scene = trade_at(stage)
    left = list(waiting(scene.trade))
    for held in left:
        with refused("archive.refunds", article=ARTICLES[stage]):
            scene.do("archive_trade", "centre")
        refund(scene, held)
    scene.do("archive_trade", "centre")
    assert len(left) >= 1
    assert verify_trade(scene.trade) == []


def test_an_unopened_bond_holds_up_a_completed_trade_too():
    scene = trade_at(Stage.BIDDING)
    scene.guarantee("bidder4")  # and never a bid
    walk(scene, Stage.BIDDING, Stage.CONTRACTED)
    for bidder in ("bidder1", "bidder2", "bidder3"):
        refund(scene, bond_of(scene, bidder))
    with refused("archive.refunds", article="第五十七条"):
        scene.do("archive_trade", "centre")
    refund(scene, bond_of(scene, "bidder4"))
    with refused("archive.written_report"):
        scene.do("archive_trade", "centre")


@pytest.mark.parametrize(("stage", "words"), [(Stage.TERMINATED, "还有保证金"), (Stage.NO_AWARD, "还有3笔保证金")])
def test_nobody_is_told_how_many_bonds_wait_where_bidding_was_never_closed(stage, words):
    scene = trade_at(stage)
    with pytest.raises(Refused, match=words):
        scene.do("archive_trade", "centre")


def test_refunds_of_a_trade_terminated_before_the_deadline_stay_sealed():
    scene = trade_at(Stage.TERMINATED)
    entries = Entry.objects.count()
    refund_all(scene)
    assert Entry.objects.count() == entries
    sealed = SealedEntry.objects.filter(act="refund_guarantee")
    codes = [bidder.code for bidder in scene.cast.bidders]
    assert sealed.count() == 3
    assert not any(code in one.payload for one in sealed for code in codes)


def test_a_refund_after_the_deadline_names_no_bidder_who_was_never_listed():
    scene = trade_at(Stage.TOO_FEW)
    refund_all(scene)
    code = scene.actor("bidder1").organisation
    assert not Entry.objects.filter(stream=scene.stream, payload__contains=code).exists()


@pytest.mark.parametrize("stage", [Stage.CONTRACTED, Stage.TOO_FEW, Stage.ALL_REJECTED, Stage.NO_AWARD])
def test_a_late_refund_is_done_and_recorded_as_late(stage):
    scene = trade_at(stage)
    refund(scene, waiting(scene.trade).order_by("pk")[0])
    assert scene.data("refund_guarantee")["late"] is False
    if stage != Stage.TOO_FEW:
        scene.at += LATE_BY
        refund(scene, waiting(scene.trade).order_by("pk")[0])
        assert scene.data("refund_guarantee")["late"] is True


GROUNDS = {
    "gave_up": {"contract_refused", "conditions_added"},
    "no_performance_bond": {"no_performance_bond"},
    "force_majeure": set(),
    "illegal_acts": set(),
}


@pytest.mark.parametrize("reason", GROUNDS)
def test_a_winners_bond_is_kept_only_for_what_the_record_shows(reason):
    scene = defaulted(reason)
    held = bond_of(scene, "bidder1")
    for ground in set(ForfeitureGround) - GROUNDS[reason]:
        article = "第三十五条" if ground == "revoked" else "第七十四条"
        must_go_back(scene, held, "forfeiture.not_shown", article=article, ground=str(ground))
    for ground in sorted(GROUNDS[reason])[:1]:
        forfeit(scene, held, ground=ground)
        assert scene.data("forfeit_guarantee") == {
            "bidder": scene.actor("bidder1").organisation,
            "file": held.evidence_id,
            "ground": ground,
            "reason": "中标人书面拒绝订立合同",
            "complaint_until": "2026-04-13",  # ten days from 1 April end on a Saturday
        }
    assert verify_trade(scene.trade) == []


@pytest.mark.parametrize("stage", [Stage.PUBLICITY, Stage.AWARDED])
def test_a_candidate_who_drops_out_before_the_notice_gets_the_bond_back(stage):
    scene = defaulted(stage=stage)
    must_go_back(scene, bond_of(scene, "bidder1"), "forfeiture.not_shown")


def test_a_bond_of_another_bidder_is_not_kept_for_the_winners_default():
    scene = defaulted()
    must_go_back(scene, bond_of(scene, "bidder2"), "forfeiture.not_shown")


def test_nothing_is_kept_on_an_unlisted_ground_without_reasons_or_signature():
    scene = defaulted()
    held = bond_of(scene, "bidder1")
    must_go_back(scene, held, "forfeiture.unlisted_ground", ground="too_slow")
    must_go_back(scene, held, "forfeiture.no_reason", reason="  ")
    other = scene.signed("agency", "forfeit_guarantee")
    must_go_back(scene, held, "certificate.binding.different", article="电子签名法", decision=other)
    must_go_back(scene, held, "access.denied", article="平台规则", by="agency")


def test_what_is_kept_is_not_refunded_and_what_is_refunded_is_not_kept():
    scene = defaulted()
    for bidder in ("bidder2", "bidder3"):
        drop_out(scene, bidder)
    kept, returned = bond_of(scene, "bidder1"), bond_of(scene, "bidder2")
    forfeit(scene, kept)
    refund(scene, returned)
    with refused("refund.not_open"):
        refund(scene, kept)
    must_go_back(scene, returned, "refund.not_open", article="第五十七条")
    assert [one.pk for one in waiting(scene.trade)] == [bond_of(scene, "bidder3").pk]


def revoked_then_terminated():
    """A trade that failed after one bidder had not opened its bid in time."""
    scene = trade_at(Stage.DECRYPTING)
    code = scene.actor("bidder1").organisation
    scene.do("record_decryption_failure", "centre", bidder=code, bidders_fault=True, reason="投标人丢失私钥")
    scene.do("terminate", "tenderer", announcement=scene.signed("tenderer", "terminate"), reason="规划调整")
    return scene


def test_the_unopened_bond_of_a_revoked_bid_may_be_kept():
    scene = revoked_then_terminated()
    held = bond_of(scene, "bidder1")
    other = bond_of(scene, "bidder2")
    must_go_back(scene, other, "forfeiture.not_shown", article="第三十五条", ground="revoked")
    forfeit(scene, held, ground="revoked", reason="投标截止后撤销投标文件")
    assert scene.trade.guarantees.get(forfeiture__ground="revoked") == held


def test_a_bid_that_did_not_open_by_the_platforms_fault_costs_no_bond():
    scene = trade_at(Stage.DECRYPTING)
    code = scene.actor("bidder1").organisation
    scene.do("record_decryption_failure", "centre", bidder=code, bidders_fault=False, reason="平台故障")
    scene.do("terminate", "tenderer", announcement=scene.signed("tenderer", "terminate"), reason="规划调整")
    held = bond_of(scene, "bidder1")
    must_go_back(scene, held, "forfeiture.not_shown", article="第三十五条", ground="revoked")


def archived_with_a_kept_bond(tmp_path):
    scene = defaulted()
    for bidder in ("bidder2", "bidder3"):
        drop_out(scene, bidder)
    forfeit(scene, bond_of(scene, "bidder1"))
    refund_all(scene)
    scene.do("archive_trade", "centre")
    return export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)


def test_both_verifiers_accept_a_failed_trade_with_refunds_and_a_kept_bond(tmp_path):
    made = archived_with_a_kept_bond(tmp_path)
    assert problems_found_by_both(made) == ([], [])
    assert "3 笔投标保证金全部了结：依法不予退还 1 笔，其余已退还" in verify_archive(made).statements


def test_both_verifiers_accept_a_trade_terminated_before_the_deadline_with_sealed_refunds(tmp_path):
    scene = trade_at(Stage.TERMINATED)
    refund_all(scene)
    scene.do("archive_trade", "centre")
    made = export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    assert problems_found_by_both(made) == ([], [])
    assert any("不在本归档之内" in one for one in verify_archive(made).statements)


def refunds(entries):
    return [one for one in entries if one["act"] == "refund_guarantee"]


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda entries: entries.remove(refunds(entries)[0]), "共0次，应为一次"),
        (lambda entries: refunds(entries)[0]["data"].update(refunds(entries)[1]["data"]), "共2次，应为一次"),
        (lambda entries: refunds(entries)[0]["data"].update(file="0" * 64), "没有登记过这笔保证金"),
    ],
    ids=["a bond that nobody returned", "one returned twice", "one that was never taken"],
)
def test_an_archive_whose_bonds_do_not_come_out_even_is_told(tmp_path, harm, problem):
    made = archived_with_a_kept_bond(tmp_path)
    forge(made, entries=harm)
    assert any(problem in one for one in verify_archive(made).problems)


@pytest.mark.parametrize("secured", [False, True])
def test_the_deadlines_of_a_trade_ended_before_its_deadline_do_not_tell_whether_anybody_holds_a_bond(secured):
    scene = trade_at(PUBLISHED)
    if secured:
        scene.guarantee("bidder1")
    announcement = scene.signed("tenderer", "terminate")
    scene.do("terminate", "tenderer", announcement=announcement, reason="项目取消")
    assert [one.act for one in deadlines_of(scene.trade)] == ["refund_guarantee"]
