from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import law_on
from yangguang.rules.party.talks import RELATION_LABELS, Relation, coverage

TODAY = date(2026, 3, 2)
LAW = law_on(date=TODAY)
COMMITTEE, MEMBERS = ["书", "组", "宣"], ["甲", "乙", "丙"]
PERSONS = st.sampled_from([*COMMITTEE, *MEMBERS])
PAIRS = st.lists(st.tuples(PERSONS, PERSONS), max_size=12)


def covered(*pairs, law=LAW, members=MEMBERS, year=2026):
    talks = [(TODAY, one, other) for one, other in pairs]
    return coverage(law=law, year=year, committee=COMMITTEE, members=members, talks=talks)


def test_without_talks_every_pairing_is_a_gap():
    assert [(one.relation, one.required, one.gaps) for one in covered()] == [
        (Relation.COMMITTEE, 3, (("书", "组"), ("书", "宣"), ("组", "宣"))),
        (Relation.COMMITTEE_MEMBER, 3, (("甲",), ("乙",), ("丙",))),
        (Relation.MEMBERS, 3, (("甲",), ("乙",), ("丙",))),
    ]


def test_talks_close_the_gaps_of_their_pairing_in_either_order():
    found = covered(("组", "书"), ("甲", "宣"), ("甲", "乙"), ("丙", "丙"))
    assert [one.gaps for one in found] == [(("书", "宣"), ("组", "宣")), (("乙",), ("丙",)), (("丙",),)]
    assert [one.covered for one in found] == [1, 1, 2]


def test_a_talk_of_another_year_does_not_count():
    assert covered(("书", "组"), year=2025) == covered(year=2025)


def test_where_there_is_nobody_to_talk_with_nothing_is_asked():
    found = covered(members=["甲"])
    assert [one.required for one in found] == [3, 1, 0]


def test_the_centre_may_ask_for_every_pair_and_for_two_talks():
    pairs = LAW.rule("party.talk.every_pair_committee_member").to_row() | {"value": "1"}
    twice = LAW.rule("party.cadence.talk").to_row() | {"value": "2"}
    law = law_on(date=TODAY, corrections=[pairs, twice])
    found = covered(("书", "甲"), ("书", "甲"), ("书", "组"), law=law)
    assert [(one.required, one.covered) for one in found] == [(3, 0), (9, 1), (3, 0)]


@given(PAIRS)
def test_a_further_talk_never_opens_a_gap(pairs):
    for fewer, more in zip(covered(*pairs[1:]), covered(*pairs), strict=True):
        assert set(more.gaps) <= set(fewer.gaps)


def test_every_relation_has_a_name():
    assert set(RELATION_LABELS) == set(Relation)
