"""From a signed-in person to an actor: one organisation at a time, offices with dates."""

from datetime import datetime

from django.db.models import Q, QuerySet

from yangguang.parties.models import Appointment, Organisation, Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor


def actor_for(*, person: Person, organisation: Organisation, at: datetime) -> Actor:
    """The actor that `person` is for `organisation` at this moment.

    Raises `Refused` when no appointment (任职授权) covers the legal date.
    """
    appointments = _running(at).filter(person=person, organisation=organisation)
    offices = frozenset(appointments.values_list("office", flat=True))
    if not offices:
        raise Refused(
            Refusal(
                code="access.no_appointment",
                reason=f"您今天没有代表“{organisation.name}”办事的有效授权",
                article="民法典第一百六十五条",
                remedy="请由该单位重新办理授权委托后再试。",
            )
        )
    return Actor(person=person.mark, organisation=organisation.code, offices=offices)


def organisations_of(*, person: Person, at: datetime) -> list[Organisation]:
    """The organisations that `person` may act for at this moment, by name."""
    held = Organisation.objects.filter(appointment__in=_running(at).filter(person=person))
    return list(held.distinct().order_by("name"))


def _running(at: datetime) -> QuerySet[Appointment]:
    day = legal_date(at)
    ends = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    return Appointment.objects.filter(ends, valid_from__lte=day)


def appointees_of(*, organisation: Organisation, at: datetime) -> dict[Person, frozenset[str]]:
    """Who may act for the organisation at this moment, by name, with their offices."""
    held: dict[Person, set[str]] = {}
    running = _running(at).filter(organisation=organisation).select_related("person")
    for one in running.order_by("person__name", "person_id"):
        held.setdefault(one.person, set()).add(one.office)
    return {person: frozenset(offices) for person, offices in held.items()}
