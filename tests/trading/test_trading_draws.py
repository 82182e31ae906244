"""Who can be drawn, by whom and how often: 回避, one draw a need, the centre reveals first."""

from datetime import timedelta

import pytest

from support.rows import refused
from support.stages import draw_experts, trade_at
from trading.samples_base import NONCES
from yangguang.demo.cast import OTHER_SPECIALTY, SPECIALTY
from yangguang.experts import draws
from yangguang.experts.models import Expert
from yangguang.trading.acts.draws import eligible_experts
from yangguang.trading.stages import Stage
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db


def pool(scene):
    return set(scene.current_draw().pool.values_list("member_id", flat=True))


def test_the_pool_is_everybody_of_the_specialty_without_those_who_must_stand_back():
    scene = trade_at(Stage.OPENED)
    scene.do("open_draw", "centre")
    marks = list(scene.cast.experts)
    assert pool(scene) == set(marks[1:-1])  # the first works for a bidder, the last is of another specialty
    assert scene.data("open_draw")["pool_size"] == 6
    assert not any(mark in Entry.objects.latest("pk").payload for mark in marks)


@pytest.mark.parametrize("party", ["tenderer", "agency", "bidder2"])
@pytest.mark.parametrize("relation", ["", "close_relative", "economic_interest", "former_employee"])
def test_whoever_is_tied_to_a_party_of_the_trade_is_left_out(party, relation):
    scene = trade_at(Stage.OPENED)
    mark = list(scene.cast.experts)[2]
    assert mark in eligible_experts(scene.trade, at=scene.at)
    code = scene.actor(party).organisation
    tie = {"recusals": {code: relation}} if relation else {"employer": code}
    Expert.objects.filter(person__mark=mark).update(**tie)
    assert mark not in eligible_experts(scene.trade, at=scene.at)


def test_a_tie_to_an_organisation_that_did_not_bid_does_not_matter():
    scene = trade_at(Stage.OPENED)
    mark = list(scene.cast.experts)[2]
    Expert.objects.filter(person__mark=mark).update(employer=scene.actor("bidder4").organisation)
    assert mark in eligible_experts(scene.trade, at=scene.at)


def test_an_expert_who_is_off_duty_or_of_another_trade_is_left_out():
    scene = trade_at(Stage.OPENED)
    marks = list(scene.cast.experts)
    Expert.objects.filter(person__mark=marks[2]).update(active=False)
    Expert.objects.filter(person__mark=marks[3]).update(specialties=[OTHER_SPECIALTY])
    Expert.objects.filter(person__mark=marks[-1]).update(specialties=[OTHER_SPECIALTY, SPECIALTY])
    assert set(eligible_experts(scene.trade, at=scene.at)) == {marks[1], *marks[4:]}


def test_nobody_can_be_drawn_from_nobody():
    scene = trade_at(Stage.OPENED)
    Expert.objects.update(active=False)
    with refused("draw.pool_empty", article="第四十六条"):
        scene.do("open_draw", "centre")


def test_experts_are_not_drawn_again_because_the_first_draw_does_not_please():
    scene = trade_at(Stage.OPENED)
    scene.do("open_draw", "centre")
    with refused("draw.running", article="第四十六条"):
        scene.do("open_draw", "centre")


def test_a_completed_draw_is_not_held_again_while_somebody_is_left():
    scene = trade_at(Stage.OPENED)
    draw_experts(scene)
    with refused("draw.running"):
        scene.do("open_draw", "centre")
    with refused("draw.completed"):
        scene.do("complete_draw", "centre")


def test_when_the_pool_is_used_up_a_new_one_may_be_opened():
    scene = trade_at(Stage.OPENED)
    scene.draw()
    while (position := draws.next_position(scene.current_draw())) is not None:
        scene.do("record_expert_reply", "centre", position=position, reply="no_answer")
    with refused("draw.wrong_position", article="第四十六条"):
        scene.do("record_expert_reply", "centre", position=0, reply="accepted")
    scene.do("open_draw", "centre")
    assert scene.data("open_draw")["draw"].endswith("/experts/2")


def test_replies_follow_the_drawn_order_and_stop_when_there_are_enough():
    scene = trade_at(Stage.OPENED)
    draw_experts(scene)
    with refused("draw.enough", article="第四十六条"):
        position = draws.next_position(scene.current_draw())
        scene.do("record_expert_reply", "centre", position=position, reply="accepted")


@pytest.mark.parametrize("reply", ["refused", "recused"])
def test_who_refuses_or_stands_back_says_why(reply):
    scene = trade_at(Stage.OPENED)
    scene.draw()
    position = draws.next_position(scene.current_draw())
    with refused("draw.reason_missing", article="第四十六条"):
        scene.do("record_expert_reply", "centre", position=position, reply=reply, reason=" ")


def test_the_committee_is_the_one_that_the_document_announced():
    scene = trade_at(Stage.OPENED)
    scene.draw()
    with refused("committee.not_as_announced", article="第三十七条"):
        scene.do("form_committee", "tenderer", representatives=[scene.cast.representative.person])


def test_whoever_does_not_come_is_followed_by_the_next_of_the_same_draw():
    scene = trade_at(Stage.DRAWN)
    before = [member.person.mark for member in scene.trade.members.select_related("person")]
    scene.do("sign_in_member", "seat1")
    with refused("member.not_replaceable", article="第四十八条"):
        scene.do("replace_member", "centre", seat=1, reason="已签到")
    with refused("member.not_replaceable"):
        scene.do("replace_member", "centre", seat=5, reason="招标人代表")
    with refused("member.not_replaceable"):
        scene.do("replace_member", "centre", seat=2, reason=" ")
    scene.do("replace_member", "centre", seat=2, reason="未到场")
    position = draws.next_position(scene.current_draw())
    scene.do("record_expert_reply", "centre", position=position, reply="accepted")
    scene.do("form_committee", "tenderer", representatives=[scene.cast.representative.person])
    after = [member.person.mark for member in scene.trade.members.select_related("person")]
    assert (before[1] in after, len(after)) == (False, 5)
    assert set(before) - set(after) == {before[1]}
    assert not scene.trade.members.filter(signed_in_at__isnull=False).exists()


def test_the_centre_reveals_before_the_others():
    scene = trade_at(Stage.LISTED)
    scene.do("open_draw", "centre")
    for party, nonce in NONCES.items():
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, nonce))
    with refused("draw.centre_first", article="平台规则"):
        scene.do("reveal_for_draw", "tenderer", nonce=NONCES["tenderer"])
    with refused("draw.reveal_wrong"):
        scene.do("reveal_for_draw", "centre", nonce=NONCES["tenderer"])


def test_a_party_that_has_not_revealed_is_waited_for_and_then_its_commitment_stands_in():
    scene = trade_at(Stage.LISTED)
    scene.do("open_draw", "centre")
    for party, nonce in NONCES.items():
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, nonce))
    for party in ("centre", "tenderer"):
        scene.do("reveal_for_draw", party, nonce=NONCES[party])
    scene.at += timedelta(minutes=10, seconds=-1)
    with refused("draw.reveals_missing", article="抽取揭示等待"):
        scene.do("complete_draw", "centre")
    scene.at += timedelta(seconds=1)
    scene.do("complete_draw", "centre")
    assert [party.reveal is None for party in draws.facts(scene_draw(scene)).parties] == [False, False, True]
    assert draws.facts(scene_draw(scene)).verify() == []


def test_the_parameter_must_be_drawn_before_the_decryption_starts():
    scene = trade_at(Stage.LISTED)
    with refused("draw.parameters_missing", article="第四十条"):
        scene.do("start_decryption", "agency")
    scene.do("open_draw", "centre")
    with refused("draw.not_completed"):
        scene.do("start_decryption", "agency")


def test_a_drawn_parameter_is_one_of_the_options_and_stands_in_the_log():
    scene = trade_at(Stage.DECRYPTING)
    data, draw = scene.data("complete_draw"), scene_draw(scene)
    assert data["value"] == draws.drawn_member(draw)
    assert data["value"] in {member.member_id for member in draw.pool.all()}
    assert draws.facts(draw).verify() == []


def scene_draw(scene):
    return draws.draws_of(stream=scene.stream, kind=draws.PARAMETER)[0]


def test_a_chair_needs_more_than_half_and_a_drawn_vote_starts_again():
    scene = trade_at(Stage.SEATED)
    for seat, choice in (("seat1", 1), ("seat2", 2), ("seat3", 3), ("seat4", 1), ("seat5", 2)):
        scene.do("vote_for_chair", seat, seat=choice)
    assert scene.trade.stage == Stage.SEATED
    assert not scene.trade.members.filter(chair_vote__isnull=False).exists()
    with refused("chair.no_seat"):
        scene.do("vote_for_chair", "seat1", seat=9)
    for seat in ("seat1", "seat2", "seat3"):
        scene.do("vote_for_chair", seat, seat=5)
    assert scene.trade.members.get(chairs=True).seat == 5
