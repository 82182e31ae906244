"""Units, posts and what they give: who is opened, appointed and ended, and which roles reach how far."""

from datetime import date

import pytest

from support.units import a_branch
from yangguang.ledger.acts import appoint_to_post, end_post, open_unit, sign_off_register, sign_record
from yangguang.ledger.models import Post, Record, SignOff, State, Unit
from yangguang.ledger.numbering import written_number
from yangguang.ledger.people import with_posts
from yangguang.ledger.roles import LedgerRole
from yangguang.parties.models import Person
from yangguang.rules.refusal import Refused
from yangguang.witness.actor import CLOCK, Actor

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_comes_to_a_post_and_leaves_it_once():
    branch = a_branch()
    person = Person.objects.create(name="新同志")
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    made = appoint_to_post(
        branch.unit,
        person=person.mark,
        post="full",
        since=date(2026, 1, 1),
        facts={"joined_on": "2010-07-01"},
        **inputs,
    )
    for values, code in (
        ({"person": person.mark, "post": "full", "since": date(2026, 2, 1)}, "post.held"),
        ({"person": "nobody", "post": "full", "since": date(2026, 2, 1)}, "post.person"),
        ({"person": person.mark, "post": "king", "since": date(2026, 2, 1)}, "post.dates"),
        ({"person": person.mark, "post": "staff", "since": date(2026, 2, 1), "until": date(2026, 1, 1)}, "post.dates"),
    ):
        with pytest.raises(Refused) as refused:
            appoint_to_post(branch.unit, **values, **inputs)
        assert refused.value.codes == (code,)
    with pytest.raises(Refused) as refused:
        end_post(branch.unit, post=made.pk, until=date(2025, 12, 31), **inputs)
    assert refused.value.codes == ("post.dates",)
    assert end_post(branch.unit, post=made.pk, until=date(2026, 3, 1), **inputs).until == date(2026, 3, 1)
    with pytest.raises(Refused) as refused:
        end_post(branch.unit, post=made.pk, until=date(2026, 3, 2), **inputs)
    assert refused.value.codes == ("post.unknown",)
    assert Post.objects.get(pk=made.pk).facts == {"joined_on": "2010-07-01"}


def test_a_unit_is_opened_below_another_under_a_code_of_its_own():
    branch = a_branch()
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "opened_on": date(2026, 1, 1)}
    made = open_unit(branch.unit, code="zb-1", name="第一党小组", kind="cell", **inputs)
    assert (made.path, made.above, made.stream) == ("/zb/zb-1/", ["zb"], "unit:zb-1")
    for code, name, kind, refusal in (
        ("zb-1", "第二党小组", "cell", "unit.code"),
        ("党小组", "第二党小组", "cell", "unit.code"),
        ("zb-2", " ", "cell", "unit.name"),
        ("zb-2", "第二党小组", "club", "unit.name"),
    ):
        with pytest.raises(Refused) as refused:
            open_unit(branch.unit, code=code, name=name, kind=kind, **inputs)
        assert refused.value.codes == (refusal,)


def test_posts_reach_downwards_as_reading_and_never_as_writing():
    branch = a_branch()
    cell = open_unit(
        branch.unit, actor=branch.actor("书记"), at=branch.at, code="zb-1", name="第一党小组", kind="cell",
        opened_on=date(2026, 1, 1),
    )  # fmt: skip
    roles = {name: cell.roles_of(branch.actor(name)) for name in ("书记", "纪检委员", "干事", "党员1")}
    assert roles == {
        "书记": {LedgerRole.LEADER}, "纪检委员": {LedgerRole.LEADER, LedgerRole.INSPECTOR}, "干事": {LedgerRole.LEADER},
        "党员1": set(),
    }  # fmt: skip
    assert (cell.has_role(CLOCK, LedgerRole.CLOCK), cell.has_role(Actor(person="x"), LedgerRole.CLOCK)) == (True, False)


def test_a_post_that_ended_gives_nothing_the_day_after():
    branch = a_branch()
    person = branch.people["书记"]
    Post.objects.filter(person=person).update(until=date(2026, 3, 15))
    actor = with_posts(Actor(person=person.mark), person=person, at=branch.at)
    assert Unit.objects.get(code="zb").roles_of(actor) == set()


def test_a_register_is_signed_off_for_a_period_that_is_over():
    branch = a_branch()
    inputs = {"actor": branch.actor("纪检委员"), "at": branch.at, "register": "meeting", "first": date(2026, 1, 1)}
    for last, actor, code in (
        (date(2026, 3, 31), "纪检委员", "signoff.period"),
        (date(2025, 12, 31), "纪检委员", "signoff.period"),
        (date(2026, 2, 28), "党员1", "access.denied"),
    ):
        with pytest.raises(Refused) as refused:
            sign_off_register(branch.unit, **{**inputs, "last": last, "actor": branch.actor(actor)})
        assert refused.value.codes == (code,)
    made = sign_off_register(branch.unit, last=date(2026, 2, 28), **inputs)
    assert (SignOff.objects.get(), made.by) == (made, branch.people["纪检委员"].mark)


def test_a_pledge_is_signed_in_one_click_by_those_who_are_asked():
    branch = a_branch()
    record = branch.enter(
        "pledge", title="廉洁承诺书", day="2026-03-12", kind="保密承诺书", named=branch.marks("党员1", "党员2")
    )
    for name in branch.people:
        assert Record.objects.get(pk=record.pk).state == State.OPEN
        sign_record(branch.unit, actor=branch.actor(name), at=branch.at, record=record.pk)
        with pytest.raises(Refused) as refused:
            sign_record(branch.unit, actor=branch.actor(name), at=branch.at, record=record.pk)
        assert refused.value.codes == ("signature.none",)
    assert Record.objects.get(pk=record.pk).state == State.DONE


def test_a_letter_is_written_with_its_year_in_brackets():
    assert written_number("示交党", year=2026, number=3) == "示交党〔2026〕3号"
