"""From a signed-in person to an actor: one organisation at a time, within the dates of the appointment."""

from datetime import UTC, date, datetime

import pytest

from support.rows import code_of
from yangguang.parties.access import actor_for
from yangguang.parties.models import Appointment, Organisation, Person
from yangguang.rules.codes import BadCode, make_organisation_code
from yangguang.witness.actor import Actor

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def organisation(number=1):
    code = str(make_organisation_code(region="990100", serial=f"{number:08d}"))
    return Organisation.objects.create(code=code, name=f"示例单位{number}")


def appointed(person, at, *offices, valid_from=date(2026, 1, 1), valid_until=None):
    for office in offices:
        Appointment.objects.create(
            person=person, organisation=at, office=office, valid_from=valid_from, valid_until=valid_until
        )


def test_an_actor_has_the_offices_of_the_one_organisation():
    person, one, other = Person.objects.create(name="经办人"), organisation(1), organisation(2)
    appointed(person, one, "handler", "centre")
    appointed(person, other, "supervision")
    assert actor_for(person=person, organisation=one, at=NOON) == Actor(
        person=person.mark, organisation=one.code, offices=frozenset({"handler", "centre"})
    )
    assert actor_for(person=person, organisation=other, at=NOON).offices == {"supervision"}


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), False),  # 23:59:59 of 1 March in Beijing
        (datetime(2026, 3, 1, 16, tzinfo=UTC), True),
        (datetime(2026, 3, 4, 15, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 4, 16, tzinfo=UTC), False),
    ],
)
def test_an_appointment_holds_from_its_first_to_its_last_legal_day(moment, allowed):
    person, one = Person.objects.create(name="经办人"), organisation()
    appointed(person, one, "handler", valid_from=date(2026, 3, 2), valid_until=date(2026, 3, 4))
    code = code_of(lambda: actor_for(person=person, organisation=one, at=moment))
    assert code == ("" if allowed else "access.no_appointment")


def test_whoever_was_never_appointed_acts_for_nobody():
    person, one, stranger = Person.objects.create(name="甲"), organisation(), Person.objects.create(name="乙")
    appointed(person, one, "handler")
    assert code_of(lambda: actor_for(person=stranger, organisation=one, at=NOON)) == "access.no_appointment"
    assert code_of(lambda: actor_for(person=person, organisation=organisation(2), at=NOON)) == "access.no_appointment"


def test_a_person_is_known_by_a_mark_that_says_nothing():
    person = Person.objects.create(name="王某")
    assert str(person) == person.mark
    assert len(person.mark) == 24
    assert Person.objects.create(name="王某").mark != person.mark


def test_an_organisation_with_a_wrong_check_character_is_refused():
    good = organisation()
    good.clean()
    assert str(good) == "示例单位1"
    wrong = Organisation(code=good.code[:-1] + ("0" if good.code[-1] != "0" else "1"), name="示例")
    with pytest.raises(BadCode):
        wrong.clean()
