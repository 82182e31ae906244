"""谈心谈话: pairs and their gaps for all who may read them, contents for the two who talked."""

from datetime import date

import pytest

from support.units import a_branch
from yangguang.branch.pairs import matrix
from yangguang.ledger.acts import look_at_sealed
from yangguang.ledger.models import Look, Sealed
from yangguang.rules.party.talks import Relation
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def talk(branch, one, *others, **values):
    """A heart-to-heart talk in March."""
    usual = {"kind": "谈心谈话", "day": "2026-03-12", "owner": branch.marks(one)[0], "present": branch.marks(*others)}
    return branch.enter("talk", **{**usual, **values})


def test_a_talk_is_two_people_and_a_day_and_needs_nothing_else():
    branch = a_branch()
    record = talk(branch, "书记", "党员1")
    assert (record.title, [one.person.name for one in record.attendances.all()]) == ("书记谈心谈话", ["党员1"])


def test_a_talk_without_one_of_the_two_or_with_oneself_is_refused():
    branch = a_branch()
    for values, code in (
        ({"owner": ""}, "talk.talker"),
        ({"present": None}, "talk.nobody"),
        ({"present": branch.marks("书记")}, "talk.oneself"),
    ):
        with pytest.raises(Refused) as refused:
            branch.enter(
                "talk",
                **{
                    "kind": "家访",
                    "day": "2026-03-12",
                    "owner": branch.marks("书记")[0],
                    "present": branch.marks("党员1"),
                }
                | values,
            )
        assert refused.value.codes == (code,)


def test_what_was_said_is_sealed_to_all_but_the_two_and_every_look_is_kept():
    branch = a_branch()
    record = talk(branch, "纪检委员", "党员1", matter="思想汇报")
    assert record.fields == {}
    assert b"\xe6\x80\x9d\xe6\x83\xb3" not in bytes(Sealed.objects.get(record=record).content)
    for name in ("党员1", "纪检委员"):
        assert look_at_sealed(branch.unit, actor=branch.actor(name), at=branch.at, record=record.pk) == {
            "matter": "思想汇报"
        }
    with pytest.raises(Refused) as refused:
        look_at_sealed(branch.unit, actor=branch.actor("党员2"), at=branch.at, record=record.pk)
    assert (refused.value.codes, Look.objects.count()) == (("access.denied",), 2)


@pytest.mark.parametrize("talks", [1, 3])
def test_the_matrix_counts_pairs_and_names_the_gaps(talks, django_assert_num_queries):
    branch = a_branch(members=2)
    for _ in range(talks):
        talk(branch, "书记", "党员1")
        talk(branch, "党员2", "书记", kind="家访")
    with django_assert_num_queries(5):
        found = matrix(branch.unit, year=2026, on=date(2026, 12, 31))
    secretary, other, first, second = (branch.people[name] for name in ("书记", "纪检委员", "党员1", "党员2"))
    assert [found.between(secretary, one) for one in (first, second, other)] == [talks, 0, 0]
    gaps = {one.relation: one.gaps for one in found.coverage}
    assert gaps == {
        Relation.COMMITTEE: ((secretary.mark, other.mark),),
        Relation.COMMITTEE_MEMBER: ((second.mark,),),
        Relation.MEMBERS: ((first.mark,), (second.mark,)),
    }
