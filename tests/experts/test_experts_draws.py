"""A draw step by step: who may commit and reveal when, and an order that anyone computes again."""

import pytest

from support.rows import code_of
from yangguang.experts import draws
from yangguang.experts.models import Draw, Reply
from yangguang.proof import draws as proof
from yangguang.witness.platform import platform

pytestmark = pytest.mark.django_db

PARTIES = ("centre", "tenderer", "supervisor")
NONCES = {party: bytes([number]) * 32 for number, party in enumerate(PARTIES, start=1)}
MEMBERS = [f"expert-{number}" for number in range(7)]


def opened(members=MEMBERS, stream="S"):
    return draws.open_draw(stream=stream, kind=draws.EXPERTS, members=members, parties=PARTIES)


def commitment_of(draw, party):
    return proof.commitment(draw_id=draw.draw_id, party=party, nonce=NONCES[party], algorithm=draws.ALGORITHM)


def committed(draw, parties=PARTIES):
    for party in parties:
        draws.commit(draw=draw, party=party, value=commitment_of(draw, party))
    return draw


def revealed(draw, parties=PARTIES):
    for party in parties:
        draws.reveal(draw=draw, party=party, nonce=NONCES[party])
    return draw


def completed(parties=PARTIES):
    draw = revealed(committed(opened()), parties)
    draws.complete(draw=draw)
    return draw


def test_the_pool_is_frozen_in_order_under_fresh_salts():
    draw = opened()
    assert list(draw.pool.values_list("position", "member_id")) == list(enumerate(MEMBERS))
    assert len(set(draw.pool.values_list("salt", flat=True))) == len(MEMBERS)
    assert draw.pool_root == proof.pool_root(draw.pool.values_list("leaf", flat=True), algorithm=draws.ALGORITHM)
    assert opened().pool_root != draw.pool_root
    assert [one.draw_id for one in draws.draws_of(stream="S", kind=draws.EXPERTS)] == ["S/experts/1", "S/experts/2"]


def test_an_empty_pool_and_a_missing_draw_are_refused():
    assert code_of(lambda: opened(members=[])) == "draw.pool_empty"
    assert code_of(lambda: draws.current_draw(stream="S", kind=draws.EXPERTS)) == "draw.none"
    opened(stream="T")
    assert code_of(lambda: draws.current_draw(stream="S", kind=draws.EXPERTS)) == "draw.none"
    assert code_of(lambda: draws.current_draw(stream="T", kind=draws.PARAMETER)) == "draw.none"


@pytest.mark.parametrize("value", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 65])
def test_a_commitment_is_a_digest(value):
    draw = opened()
    assert code_of(lambda: draws.commit(draw=draw, party="centre", value=value)) == "draw.bad_commitment"
    assert not draw.commitments.exists()


def test_a_stranger_and_a_second_commitment_are_refused():
    draw = committed(opened(), ("centre",))
    value = commitment_of(draw, "centre")
    assert code_of(lambda: draws.commit(draw=draw, party="agency", value=value)) == "draw.not_a_party"
    assert code_of(lambda: draws.commit(draw=draw, party="centre", value="0" * 64)) == "draw.committed"
    assert draw.commitments.get().value == value


def test_nobody_reveals_before_everybody_committed():
    draw = committed(opened(), PARTIES[:2])
    assert (
        code_of(lambda: draws.reveal(draw=draw, party="centre", nonce=NONCES["centre"])) == "draw.commitments_missing"
    )


def test_nobody_commits_after_the_first_reveal():
    draw = revealed(committed(opened()), ("centre",))
    assert code_of(lambda: draws.commit(draw=draw, party="centre", value="0" * 64)) == "draw.reveals_began"


@pytest.mark.parametrize("nonce", [b"", b"\x09" * 32, b"\x01" * 31, b"\x01" * 33])
def test_a_nonce_must_be_the_committed_one(nonce):
    draw = committed(opened())
    assert code_of(lambda: draws.reveal(draw=draw, party="centre", nonce=nonce)) == "draw.reveal_wrong"


def test_one_reveals_once_and_only_for_oneself():
    draw = revealed(committed(opened()), ("centre",))
    assert code_of(lambda: draws.reveal(draw=draw, party="centre", nonce=NONCES["centre"])) == "draw.revealed"
    assert code_of(lambda: draws.reveal(draw=draw, party="agency", nonce=NONCES["centre"])) == "draw.not_a_party"
    assert code_of(lambda: draws.reveal(draw=draw, party="tenderer", nonce=NONCES["centre"])) == "draw.reveal_wrong"


def test_a_draw_is_completed_once_and_not_before_its_time():
    draw = opened()
    assert code_of(lambda: draws.complete(draw=draw)) == "draw.not_ready"
    committed(draw)
    assert code_of(lambda: draws.complete(draw=draw)) == "draw.not_ready"
    assert code_of(lambda: next(draws.order(draw))) == "draw.not_completed"
    revealed(draw)
    draws.complete(draw=draw)
    assert code_of(lambda: draws.complete(draw=draw)) == "draw.completed"


def test_the_order_holds_every_position_once_and_is_computed_again_from_the_facts():
    draw = completed()
    first = list(draws.order(draw))
    assert sorted(first) == list(range(len(MEMBERS)))
    assert list(draws.order(Draw.objects.get(pk=draw.pk))) == first
    assert draws.facts(draw).verify(registered_key=platform().vrf_public()) == []


def test_a_party_that_does_not_reveal_enters_with_its_commitment():
    draw = completed(parties=PARTIES[:2])
    assert draws.facts(draw).parties[2].reveal is None
    assert draws.facts(draw).verify(registered_key=platform().vrf_public()) == []


def test_those_who_cannot_come_are_followed_by_the_next_in_order():
    draw = completed()
    order = list(draws.order(draw))
    kinds = [Reply.Kind.ACCEPTED, Reply.Kind.REFUSED, Reply.Kind.NO_ANSWER, Reply.Kind.RECUSED, Reply.Kind.ACCEPTED]
    for position, kind in zip(order, kinds, strict=False):
        assert draws.next_position(draw) == position
        Reply.objects.create(draw=draw, position=position, kind=kind)
    assert draws.accepted_positions(draw) == [order[0], order[4]]
    Reply.objects.create(draw=draw, position=order[0], kind=Reply.Kind.ABSENT)
    assert draws.accepted_positions(draw) == [order[4]]
    assert draws.next_position(draw) == order[5]


def test_a_used_up_pool_has_no_next_position():
    draw = completed()
    for position in draws.order(draw):
        Reply.objects.create(draw=draw, position=position, kind=Reply.Kind.NO_ANSWER)
    assert draws.next_position(draw) is None
