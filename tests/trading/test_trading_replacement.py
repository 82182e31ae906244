"""A member who must leave during the evaluation: the seat is filled, what it found is void, the rest stands."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from support.archives import AT, copy_of, forge, problems_found_by_both
from support.emptying import empty_database
from support.rows import code_of, refused, unchanged
from support.scenes import BIDDERS, BUSINESS_ITEM, PRICES, TECHNICAL_ITEM
from support.stages import REVIEWED_BY_ALL, SCORED_BY_ALL, SIGNED_BY_ALL, opinions, reject, trade_at, walk
from yangguang.experts import draws
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.evaluation import scoring_inputs
from yangguang.trading.archive import export_archive
from yangguang.trading.models import BlindCode, Candidate, Opinion, Replacement, Score
from yangguang.trading.papers import evaluation_report
from yangguang.trading.readings import valid_bids
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_trade

pytestmark = pytest.mark.django_db

ACT = "replace_committee_member"
WHY = {"ground": "unable", "reason": "突发疾病，不能继续评标"}
EVERYBODY = tuple(f"bidder{number}" for number in range(1, BIDDERS + 1))


def replace(scene, seat, by="tenderer", **inputs):
    scene.at += timedelta(minutes=1)
    return scene.do(ACT, by, **{"seat": seat, **WHY, **inputs})


def replace_representative(scene):
    return replace(scene, 5, representative=scene.cast.deputy.person)


def call_next(scene, reply="accepted"):
    position = draws.next_position(scene.current_draw())
    return scene.do("record_expert_reply", "centre", position=position, reply=reply, reason="出差")


def fill(scene):
    """The next expert accepts and signs in; gives the new seat."""
    call_next(scene)
    seat = scene.seats()[-1]
    scene.do("sign_in_member", seat)
    return seat


def opine(scene, seat, *, failing=()):
    for bidder in EVERYBODY:
        fails = {"qualification": "资质不符"} if bidder in failing else {}
        scene.do("give_opinion", seat, bid=scene.digest(bidder), **opinions(fails))


def score(scene, *seats, technical=(28, 24, 20), business=(18, 14, 10)):
    for code in BlindCode.objects.filter(bid__in=valid_bids(scene.trade)).select_related("bid__opened"):
        place = PRICES.index(code.bid.opened.price)
        for seat in seats:
            marks = {TECHNICAL_ITEM: Decimal(technical[place])}
            scene.do("score_technical", seat, code=code.code, marks=marks)
            marks = {BUSINESS_ITEM: Decimal(business[place])}
            scene.do("score_business", seat, bid=code.bid.evidence_id, marks=marks)


def totals(scene):
    return {one.bid.evidence_id: one.total for one in scene.trade.ranking.select_related("bid")}


def archived(scene, folder):
    """The archive of the trade, which stands at the closing of its scores, after the rest of the usual way."""
    walk(scene, SCORED_BY_ALL, Stage.ARCHIVED)
    assert verify_trade(scene.trade) == []
    return export_archive(trade=scene.trade, destination=folder / "archive", at=AT)


def test_members_replaced_in_review_and_in_scoring_lead_to_an_archive_that_verifies(tmp_path):
    scene = trade_at(REVIEWED_BY_ALL)
    replace(scene, 2, ground="recusal", reason="其近亲属在投标人单位任职")
    assert scene.trade.stage == Stage.DRAWN
    call_next(scene, "refused")
    assert fill(scene) == "seat6"
    assert scene.trade.stage == Stage.REVIEWING
    with refused("review.unfinished", article="第四十九条"):
        scene.do("close_review", "chair")
    opine(scene, "seat6")
    scene.do("close_review", "chair")
    codes = dict(BlindCode.objects.values_list("code", "bid"))
    score(scene, *scene.seats())
    replace_representative(scene)
    scene.do("sign_in_member", "seat7")
    opine(scene, "seat7")
    scene.do("close_review", "chair")
    assert dict(BlindCode.objects.values_list("code", "bid")) == codes
    with refused("scoring.unfinished", article="第四十九条"):
        scene.do("close_scoring", "chair")
    score(scene, "seat7")
    assert scene.seats() == ["seat1", "seat3", "seat4", "seat6", "seat7"]
    assert problems_found_by_both(archived(scene, tmp_path)) == ([], [])


def test_the_scores_of_whoever_was_replaced_do_not_count():
    scene = trade_at(Stage.SCORING)
    score(scene, "seat1", "seat3", "seat4", "seat5")
    score(scene, "seat2", technical=(0, 0, 30), business=(0, 0, 20))
    scene.do("close_scoring", "chair")
    scene.do("compute_results", "chair")
    biased = totals(scene)
    replace(scene, 2, ground="recusal", reason="与投标人有经济利益关系")
    assert not scene.trade.ranking.exists()
    opine(scene, fill(scene))
    scene.do("close_review", "chair")
    score(scene, "seat6")
    scene.do("close_scoring", "chair")
    assert set(scoring_inputs(scene.trade)["technical_scores"][scene.digest("bidder")]) == {
        f"seat-{seat}" for seat in (1, 3, 4, 5, 6)
    }
    scene.do("compute_results", "chair")
    fair, worst = totals(scene), scene.digest("bidder3")
    assert fair[worst] < biased[worst]
    # Nothing was deleted: void rows stay beside those that count.
    assert (Candidate._base_manager.count(), Score.objects.count(), Replacement.objects.count()) == (6, 36, 1)  # noqa: SLF001
    assert verify_trade(scene.trade) == []


def test_a_rejection_falls_with_the_opinion_that_made_its_majority(tmp_path):
    scene = trade_at(Stage.REVIEWING)
    for seat in scene.seats():
        opine(scene, seat, failing=("bidder3",) if seat in {"seat2", "seat3", "seat4"} else ())
    reject(scene, "bidder3")
    scene.do("close_review", "chair")
    assert valid_bids(scene.trade).count() == BIDDERS - 1
    score(scene, *scene.seats())
    replace(scene, 2, ground="left_post", reason="擅自离开评标室")
    opine(scene, fill(scene))
    scene.do("close_review", "chair")
    assert valid_bids(scene.trade).count() == BlindCode.objects.count() == BIDDERS
    score(scene, "seat6")
    with refused("scoring.unfinished"):
        scene.do("close_scoring", "chair")
    code = BlindCode.objects.get(bid__evidence_id=scene.digest("bidder3")).code
    for seat in ("seat1", "seat3", "seat4", "seat5"):
        scene.do("score_technical", seat, code=code, marks={TECHNICAL_ITEM: Decimal(20)})
        scene.do("score_business", seat, bid=scene.digest("bidder3"), marks={BUSINESS_ITEM: Decimal(10)})
    assert problems_found_by_both(archived(scene, tmp_path)) == ([], [])


def test_a_bid_that_fails_only_with_the_follower_leaves_its_scores_behind(tmp_path):
    scene = trade_at(Stage.REVIEWING)
    for seat in scene.seats():
        opine(scene, seat, failing=("bidder3",) if seat in {"seat3", "seat4"} else ())
    scene.do("close_review", "chair")
    score(scene, *scene.seats())
    replace(scene, 2)
    opine(scene, fill(scene), failing=("bidder3",))
    with refused("review.rejection_missing", article="第五十一条"):
        scene.do("close_review", "chair")
    reject(scene, "bidder3")
    scene.do("close_review", "chair")
    score(scene, "seat6")
    made = archived(scene, tmp_path)
    assert problems_found_by_both(made) == ([], [])


@pytest.mark.parametrize("point", [Stage.PRICING, Stage.RANKED, Stage.REPORTING])
def test_until_the_report_is_settled_everything_can_still_be_done_again(point, tmp_path):
    scene = trade_at(point)
    replace_representative(scene)
    scene.do("sign_in_member", "seat6")
    opine(scene, "seat6")
    scene.do("close_review", "chair")
    score(scene, "seat6")
    assert problems_found_by_both(archived(scene, tmp_path)) == ([], [])


def test_a_chair_who_leaves_is_followed_by_another_vote():
    scene = trade_at(Stage.REVIEWING)
    replace(scene, 1)
    fill(scene)
    assert scene.trade.stage == Stage.SEATED
    with refused("chair.no_seat"):
        scene.do("vote_for_chair", "seat2", seat=1)
    for seat in ("seat2", "seat3", "seat6"):
        scene.do("vote_for_chair", seat, seat=6)
    assert scene.trade.stage == Stage.REVIEWING
    with refused("chair.only"):
        scene.do("close_review", "seat2")
    with refused("review.unfinished"):
        scene.do("close_review", "seat6")


def test_a_voter_who_leaves_before_there_is_a_chair_takes_all_votes_along():
    scene = trade_at(Stage.SEATED)
    for seat in ("seat2", "seat3"):
        scene.do("vote_for_chair", seat, seat=1)
    replace(scene, 2)
    fill(scene)
    assert scene.trade.stage == Stage.SEATED
    scene.do("vote_for_chair", "seat6", seat=1)
    assert scene.trade.stage == Stage.SEATED


def test_whoever_was_replaced_can_do_nothing_more():
    scene = trade_at(Stage.REVIEWING)
    left = scene.who("seat2").actor
    replace(scene, 2)
    fill(scene)
    opined = {"bid": scene.digest("bidder"), **opinions({})}
    with refused("access.denied", article="平台规则"):
        scene.do("give_opinion", "seat2", **opined)
    assert scene.trade.seat_of(left.person) is None


def test_who_follows_signs_in_before_anything_else():
    scene = trade_at(Stage.REVIEWING)
    replace_representative(scene)
    for name in ("give_opinion", "close_review"):
        with refused("stage.wrong"):
            scene.do(name, "seat6")
    with refused("member.signed_in"):
        scene.do("sign_in_member", "seat1")


def test_a_follower_who_does_not_come_is_replaced_too():
    scene = trade_at(Stage.REVIEWING)
    replace(scene, 2)
    call_next(scene)
    with refused("member.evaluation_began", article="第四十八条"):
        scene.do("replace_member", "centre", seat=6, reason="未到场")
    replace(scene, 6, ground="left_post", reason="未到场")
    assert fill(scene) == "seat7"
    assert scene.trade.stage == Stage.REVIEWING
    assert verify_trade(scene.trade) == []


def test_a_used_up_pool_is_followed_by_a_supplementary_draw_without_those_who_sat(tmp_path):
    scene = trade_at(REVIEWED_BY_ALL)
    before = {member.person.mark for member in scene.trade.members.select_related("person")}
    replace(scene, 2)
    with refused("draw.running"):
        scene.do("open_draw", "centre")
    while draws.next_position(scene.current_draw()) is not None:
        call_next(scene, "refused")
    with pytest.raises(Refused) as caught:
        scene.do("record_expert_reply", "centre", position=0, reply="accepted")
    assert list(caught.value.codes) == ["draw.wrong_position"]
    assert "重新建立抽取池" in caught.value.refusals[0].remedy
    scene.draw()
    assert not before & set(scene.current_draw().pool.values_list("member_id", flat=True))
    opine(scene, fill(scene))
    replace(scene, 6)
    opine(scene, fill(scene))
    with refused("stage.wrong"):
        scene.do("open_draw", "centre")
    scene.do("close_review", "chair")
    score(scene, *scene.seats())
    assert problems_found_by_both(archived(scene, tmp_path)) == ([], [])


def test_no_draw_is_held_while_no_experts_seat_is_empty():
    scene = trade_at(Stage.REVIEWING)
    replace_representative(scene)
    with refused("draw.no_vacancy", article="第四十八条"):
        scene.do("open_draw", "centre")
    with refused("draw.enough"):
        call_next(scene)


@pytest.mark.parametrize(
    ("code", "inputs"),
    [
        ("replacement.unlisted_ground", {"ground": "打分偏低"}),
        ("replacement.unlisted_ground", {"ground": ""}),
        ("replacement.no_reason", {"reason": " "}),
        ("reason.long", {"reason": "长" * 201}),
        ("member.not_seated", {"seat": 6}),
        ("member.not_seated", {"seat": 0}),
        ("replacement.follower", {"seat": 5}),
    ],
)
def test_what_the_regulation_does_not_allow_is_refused(code, inputs):
    scene = trade_at(Stage.SCORING)
    with unchanged():
        assert code_of(lambda: replace(scene, **{"seat": 2, **inputs})) == code


def test_a_follower_is_not_chosen_for_an_expert_and_nobody_comes_twice():
    scene = trade_at(Stage.REVIEWING)
    people = {seat: scene.who(seat).person for seat in scene.seats()}
    with refused("replacement.follower", article="第四十六条"):
        replace(scene, 2, representative=scene.cast.deputy.person)
    for seat in ("seat1", "seat5"):
        with refused("committee.twice", article="第四十八条"):
            replace(scene, 5, representative=people[seat])
    replace_representative(scene)
    with refused("member.not_seated", article="第四十八条"):
        replace_representative(scene)
    with refused("committee.twice"):
        replace(scene, 6, representative=people["seat5"])


def test_a_drawn_expert_who_sits_as_a_representative_cannot_be_seated_again():
    scene = trade_at(Stage.REVIEWING)
    draw = draws.current_draw(stream=scene.stream, kind=draws.EXPERTS)
    mark = draw.pool.get(position=draws.next_position(draw)).member_id
    replace(scene, 5, representative=scene.cast.experts[mark].person)
    replace(scene, 2)
    with refused("committee.twice"):
        call_next(scene)
    call_next(scene, "recused")
    assert fill(scene) == "seat7"


@pytest.mark.parametrize("point", [SIGNED_BY_ALL, Stage.EVALUATED])
def test_after_the_report_is_settled_nobody_is_replaced(point):
    scene = trade_at(point)
    code = "stage.wrong" if point == Stage.EVALUATED else "replacement.report_signed"
    with refused(code):
        replace(scene, 2)


def test_the_report_names_who_was_replaced_and_counts_without_them():
    scene = trade_at(SCORED_BY_ALL)
    replace(scene, 2, ground="recusal", reason="与投标人有利害关系")
    opine(scene, fill(scene))
    scene.do("close_review", "chair")
    score(scene, "seat6")
    scene.do("close_scoring", "chair")
    scene.do("compute_results", "chair")
    text = evaluation_report(scene.trade).decode()
    assert "已更换（有回避事由），评审结论无效" in text
    assert "席位6（签名）" in text
    assert "席位2（签名）" not in text


def test_void_rows_stay_as_they_were():
    scene = trade_at(REVIEWED_BY_ALL)
    replace(scene, 2)
    for model in (Replacement, Opinion):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Replacement.objects.update(ground="recusal")


def test_a_ranking_stays_as_it_was():
    trade_at(Stage.RANKED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Candidate.objects.update(rank=9)


@pytest.fixture(scope="module")
def replaced(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        scene = trade_at(SCORED_BY_ALL)
        replace(scene, 2, ground="recusal", reason="与投标人有利害关系")
        opine(scene, fill(scene))
        scene.do("close_review", "chair")
        score(scene, "seat6", technical=(20, 20, 20))
        made = archived(scene, tmp_path_factory.mktemp("replaced"))
        empty_database()
        return made


def another_seat(entries):
    for one in entries:
        if one["act"] == ACT:
            one["data"] |= {"seat": 3}


def nobody_replaced(entries):
    for one in entries:
        if one["act"] == ACT:
            one |= {"act": "suspend"}


@pytest.mark.parametrize("change", [another_seat, nobody_replaced])
def test_an_archive_that_counts_the_wrong_seat_is_found_by_both(replaced, change, tmp_path):
    forged = copy_of(replaced, tmp_path)
    forge(forged, entries=change)
    ours, alone = problems_found_by_both(forged)
    assert ours != []
    assert alone != []


def acts_from_an_empty_seat(entries):
    next(one for one in entries if one["act"] == "sign_report" and one["actor"]["seat"] == 6)["actor"]["seat"] = 2


def seat_without_vacancy(entries):
    next(one for one in entries if one["act"] == "record_expert_reply" and "seat" in one["data"])["data"]["seat"] = 9


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (acts_from_an_empty_seat, "办理人当时不在评标委员会席位上"),
        (seat_without_vacancy, "没有空缺的专家席位"),
        (another_seat, "更换的席位与见证记录不符"),
    ],
)
def test_seats_that_do_not_follow_from_the_log_are_named(replaced, change, problem, tmp_path):
    forged = copy_of(replaced, tmp_path)
    forge(forged, entries=change)
    assert any(problem in one for one in problems_found_by_both(forged)[0])


def opinions_turned_round(opened, payloads, *, to):
    """Let every opinion of the archive say that a bid passes, or that it does not."""
    wanted = {one["sequence"] for one in payloads if one["act"] == "give_opinion"}
    for one in opened["concealed"]:
        if one["sequence"] in wanted:
            text = json.loads(one["text"])
            text["passes"] = dict.fromkeys(text["passes"], to)
            one["text"] = canonical(text).decode()


@pytest.fixture(scope="module")
def with_rejection(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        scene = trade_at(Stage.REVIEWING)
        for seat in scene.seats():
            opine(scene, seat, failing=("bidder3",))
        reject(scene, "bidder3")
        scene.do("close_review", "chair")
        score(scene, *scene.seats())
        made = archived(scene, tmp_path_factory.mktemp("rejection"))
        empty_database()
        return made


@pytest.mark.parametrize(
    ("to", "problem"), [(True, "否决投标没有过半数成员的意见"), (False, "按多数意见应当否决的投标没有否决")]
)
def test_opinions_that_do_not_bear_the_rejections_out_are_found_by_both(with_rejection, to, problem, tmp_path):
    forged = copy_of(with_rejection, tmp_path)
    payloads = [json.loads(path.read_bytes()) for path in sorted((forged / "data/log/entries").iterdir())]
    forge(forged, opened=lambda opened: opinions_turned_round(opened, payloads, to=to))
    ours, alone = problems_found_by_both(forged)
    assert any(problem in one for one in ours)
    assert alone != []
