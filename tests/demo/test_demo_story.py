"""The whole tender, played once: who won by figures computed by hand, what was refused, what is provable."""

import json
from decimal import ROUND_HALF_UP, Decimal

import pytest

from support.emptying import empty_database
from yangguang.demo.bids import (
    FIRST,
    LATE,
    LOSES_KEY,
    NATIONAL,
    OFFERS,
    SECOND,
    THIRD,
    TOWN,
    UNQUALIFIED,
    WITHDRAWS,
)
from yangguang.demo.outcome import endings
from yangguang.demo.story import CHAPTERS, play_story
from yangguang.demo.telling import StoryError
from yangguang.experts import draws as held_draws
from yangguang.experts.models import Draw, Expert, Reply
from yangguang.proof import draws, merkle
from yangguang.trading.acts.award import award
from yangguang.trading.models import (
    Bid,
    Candidate,
    Objection,
    OpenedBid,
    OpenedGuarantee,
    Refund,
    Rejection,
    ReportSignature,
    SignIn,
    Withdrawal,
)
from yangguang.witness import evidence, log
from yangguang.witness.models import Entry, Leaf, Pending, SealedEntry, SecurityEvent
from yangguang.witness.platform import platform
from yangguang.witness.receipts import check_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CENT = Decimal("0.01")
VALID = (FIRST, SECOND, THIRD, TOWN, NATIONAL)
SIX_OPENED = (*VALID, UNQUALIFIED)
REFUSED = [
    ("publish_notice", "tender.bid_period.too_short", "招标投标法第二十四条"),
    ("change_document", "tender.clarification.too_late", "招标投标法实施条例第二十一条"),
    ("object_to_document", "tender.objection.too_late", "招标投标法实施条例第二十二条"),
    ("receive", "bid.unencrypted", "电子招标投标办法（20号令）第二十六条"),
    ("submit_bid", "bid.already_submitted", "招标投标法第二十九条"),
    ("unlock", "decryption.not_open", "电子招标投标办法第三十条"),
    ("sign_in_to_opening", "opening.sign_in.too_early", None),
    ("submit_bid", "bid.late", None),
    ("start_decryption", "draw.parameters_missing", "招标投标法第四十条"),
    ("reveal_for_draw", "draw.centre_first", None),
    ("bid keys", "bid.key.not_recipient", "电子招标投标办法（20号令）第三十一条"),
    ("sign_opening_record", "objection.unanswered", None),
    ("form_committee", "committee.not_as_announced", "招标投标法第三十七条"),
    ("reject_bid", "rejection.unlisted_ground", "招标投标法实施条例第五十一条"),
    ("score_technical", "score.range", None),
    ("publish_candidates", "publicity.too_short", "招标投标法实施条例第五十四条"),
    ("award", "objection.unanswered", None),
    ("award", "award.publicity_not_over", "招标投标法实施条例第五十四条"),
    ("award", "access.denied", None),
    ("award", "award.out_of_order", "招标投标法实施条例第五十五条"),
    ("sign_contract", "contract.price", "招标投标法第四十六条"),
    ("archive_trade", "archive.refunds", "招标投标法实施条例第五十七条"),
]
# Technical and business points: the members' differences cancel out, so these are what the offers are worth.
POINTS = {FIRST: "44", SECOND: "42", THIRD: "38", TOWN: "39", NATIONAL: "46"}


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """Played outside of the transaction that each test is rolled back with, so once for all of them."""
    with django_db_blocker.unblock():
        yield play_story(folder=tmp_path_factory.mktemp("bidders"))
        empty_database()


def total_by_hand(number, drawn):
    """The mean of the three middle prices is 11,400,000; the document's formula by plain arithmetic."""
    base = Decimal(11_400_000) * (100 - Decimal(drawn)) / 100
    ratio = ((OFFERS[number].price - base) / base).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    off = ratio * 100 if ratio > 0 else -ratio * 50
    price_score = (100 - off).quantize(CENT, ROUND_HALF_UP)
    return (price_score / 2 + Decimal(POINTS[number])).quantize(CENT, ROUND_HALF_UP)


def test_the_figures_by_hand_are_right_for_a_float_of_one_percent():
    totals = {number: total_by_hand(number, "1") for number in VALID}
    assert totals == {
        NATIONAL: Decimal("95.81"),  # base 11,286,000; 0.76 % below costs 0.38; 99.62 ÷ 2 + 46
        FIRST: Decimal("93.50"),  # 1.01 % above: 98.99 ÷ 2 = 49.495 + 44 = 93.495
        SECOND: Decimal("90.17"),  # 3.67 % above: 96.33 ÷ 2 + 42 = 90.165
        TOWN: Decimal("88.59"),  # 1.65 % below costs 0.825: 99.175 → 99.18 ÷ 2 + 39
        THIRD: Decimal("86.61"),  # 2.78 % above: 97.22 ÷ 2 + 38
    }


def test_the_ranking_is_the_one_computed_by_hand(story):
    expected = {story.cast.bidders[number].code: total_by_hand(number, story.drawn) for number in VALID}
    ranking = Candidate.objects.select_related("bid__bidder")
    assert {one.bid.bidder.code: one.total for one in ranking} == expected
    assert [one.bid.bidder.code for one in ranking] == sorted(expected, key=expected.__getitem__, reverse=True)
    assert [one.recommended for one in ranking] == [True, True, True, False, False]
    assert story.drawn in {"1.5", "1.25", "1", "0.75", "0.5", "0.25"}


def test_the_first_candidate_gets_the_contract_at_its_price_and_the_trade_is_archived(story):
    trade = story.trade
    assert trade.stage == "archived"
    assert trade.contract.award.bid.bidder == story.cast.bidders[NATIONAL].organisation
    assert trade.contract.price == Decimal("11200000.00")
    assert trade.contract.award.notified_at == story.moment(38, "10:00")
    assert story.happened[-1].at == story.moment(40, "16:00")


def test_every_unlawful_attempt_is_refused_with_its_article(story):
    assert [(one.act, one.code) for one in story.refusals] == [(act, code) for act, code, _ in REFUSED]
    for happening, (_, _, article) in zip(story.refusals, REFUSED, strict=True):
        assert happening.article == (article or happening.article)
        assert happening.article
        assert happening.reason
    noted = [event.codes[0] for event in SecurityEvent.objects.order_by("pk")]
    without_an_act = {"bid.key.not_recipient", "decryption.not_open"}  # the tool at home, and a look before the time
    assert noted == [code for _, code, _ in REFUSED if code not in without_an_act]


def test_each_bidder_meets_its_own_fate(story):
    bidders = [one.organisation for one in story.cast.bidders]
    outcomes = {one.bid.bidder: one.outcome for one in OpenedBid.objects.select_related("bid__bidder")}
    assert outcomes == {bidders[number]: "opened" for number in SIX_OPENED} | {bidders[LOSES_KEY]: "revoked"}
    assert not Bid.objects.filter(bidder=bidders[LATE]).exists()
    assert Withdrawal.objects.get().bid.bidder == bidders[WITHDRAWS]
    replaced = Bid.objects.get(replaces__isnull=False)
    assert (replaced.bidder, replaced.number, replaced.opened.price) == (bidders[THIRD], 2, Decimal("11600000.00"))
    rejection = Rejection.objects.get()
    assert (rejection.bid.bidder, rejection.ground) == (bidders[UNQUALIFIED], "unqualified")
    assert SignIn.objects.count() == 7


def test_the_table_of_endings_says_what_became_of_everyone(story):
    rows = [(row.bidder, row.price, row.fate, row.rank) for row in endings(story)]
    assert rows == [
        ("示例国密建设有限公司", "11,200,000.00", "中标", "1"),
        ("示例第一建筑有限公司", "11,400,000.00", "中标候选人", "2"),
        ("示例第二建筑有限公司", "11,700,000.00", "中标候选人", "3"),
        ("示例城建工程有限公司", "11,100,000.00", "未中标", "4"),
        ("示例第三建筑有限公司", "11,600,000.00", "替换后有效，未中标", "5"),
        ("示例路桥工程有限公司", "", "截止前撤回", ""),
        ("示例宏图建设有限公司", "", "未能解密，视为撤销（投标人原因）", ""),
        ("示例远山建设有限公司", "10,900,000.00", "否决：安全生产许可证已于投标截止日前失效", ""),
        ("示例平川建设有限公司", "", "迟到，拒收", ""),
    ]
    assert [row.total for row in endings(story)][:2] == [
        str(total_by_hand(number, story.drawn)) for number in (NATIONAL, FIRST)
    ]


def test_the_story_stops_when_something_is_refused_for_another_reason(story):
    attempt = {"who": story.cast.tenderer, "at": story.moment(41, "09:00"), "what": "归档之后定标", "bidder": "-"}
    with pytest.raises(StoryError, match=r"expected access\.denied, got stage\.wrong"):
        story.refused(award, because="access.denied", **attempt)


def test_one_bid_carries_twenty_megabytes_of_drawings(story):
    opened = OpenedBid.objects.get(bid__bidder=story.cast.bidders[SECOND].organisation)
    sizes = {one["name"]: one["size"] for one in opened.files}
    assert sizes["深化图纸.pdf"] > 20_000_000
    parts = {one["name"]: one["part"] for one in opened.files}
    assert parts == {
        "营业执照.pdf": "qualification",
        "资质证书.pdf": "qualification",
        "安全生产许可证.pdf": "qualification",
        "施工组织设计.pdf": "technical",
        "质量安全措施.pdf": "technical",
        "深化图纸.pdf": "technical",
        "投标函.pdf": "price",
        "price.json": "price",
    }


def test_no_two_bidders_send_the_same_technical_file(story):
    seen = set()
    for opened in OpenedBid.objects.filter(outcome="opened"):
        for file in (one for one in opened.files if one["part"] == "technical"):
            assert file["sha256"] not in seen
            seen.add(file["sha256"])
            assert evidence.read(file["sha256"]).startswith(b"%PDF")


def test_the_guarantees_are_good_and_all_nine_are_returned_with_interest(story):
    assert OpenedGuarantee.objects.count() == 6
    assert all(one.problems == [] for one in OpenedGuarantee.objects.all())
    refunds = {one.guarantee.organisation.code: one for one in Refund.objects.select_related("guarantee__organisation")}
    assert set(refunds) == {one.code for one in story.cast.bidders}
    assert refunds[story.cast.bidders[WITHDRAWS].code].interest == Decimal("1.11")  # 200,000 × 0.05 % × 4 ÷ 360
    assert refunds[story.cast.bidders[NATIONAL].code].interest == Decimal("4.44")  # … × 16 ÷ 360


def test_the_three_objections_were_answered(story):
    answered = Objection.objects.order_by("number").values_list("kind", "answered_at")
    assert list(answered) == [
        ("document", story.moment(11, "09:00")),
        ("opening", story.moment(29, "10:05")),
        ("result", story.moment(34, "16:00")),
    ]


def test_the_expert_whom_a_bidder_employs_is_not_in_the_pool_and_one_does_not_answer(story):
    draw = Draw.objects.get(kind="experts")
    pool = set(draw.pool.values_list("member_id", flat=True))
    stands_back = Expert.objects.get(employer=story.cast.bidders[FIRST].code)
    assert len(pool) == 12
    assert stands_back.person.mark not in pool
    kinds = list(draw.replies.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["no_answer", "accepted", "refused", "accepted", "accepted", "accepted"]
    assert Reply.objects.count() == 6


def test_anyone_can_compute_both_draws_again(story):
    for draw in Draw.objects.all():
        held = held_draws.facts(draw)
        assert held.verify(registered_key=platform().vrf_public()) == []
        assert draws.Draw.from_json(held.to_json()) == held


def test_one_member_dissents_in_writing_and_four_sign(story):
    kinds = list(ReportSignature.objects.order_by("member__seat").values_list("kind", flat=True))
    assert kinds == ["signed", "signed", "dissent", "signed", "signed"]


def test_the_log_holds_every_entry_of_the_trade_and_of_its_registration(story):
    assert not Pending.objects.exists()
    assert log.log_size() == Entry.objects.count() == Leaf.objects.count() == 1 + story.trade.entries
    assert SealedEntry.objects.count() == story.trade.sealed_entries
    size = log.log_size()
    root = merkle.root_at(size=size, hash_at=log.node_reader())
    for leaf in Leaf.objects.select_related("entry"):
        path = [bytes.fromhex(step) for step in log.inclusion(index=leaf.index, size=size)]
        hashed = bytes.fromhex(leaf.entry.leaf_hash)
        assert merkle.verify_inclusion(index=leaf.index, size=size, leaf=hashed, proof=path, root=root)


def test_every_receipt_is_provable_in_the_sealed_root_that_the_log_published(story):
    closing = json.loads(Entry.objects.get(act="close_bidding").payload)["data"]["sealed"]
    leaves = [one.leaf_hash for one in SealedEntry.objects.order_by("sequence")]
    assert merkle.root_of(map(bytes.fromhex, leaves)).hex() == closing["sha256"]
    assert len(leaves) == closing["size"]
    texts = [place.read_text(encoding="utf-8") for place in story.receipts.glob("*.txt")]
    promised = [check_receipt(text, verifiers=platform().verifiers()).facts["leaf"]["sha256"] for text in texts]
    assert sorted(promised) == sorted(leaves)


def test_the_story_tells_every_chapter_in_order(story):
    told = list(dict.fromkeys(one.chapter for one in story.happened))
    assert told == [title for title, _ in CHAPTERS]
    assert [one.at for one in story.happened] == sorted(one.at for one in story.happened)
