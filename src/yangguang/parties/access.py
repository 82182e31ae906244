"""From a signed-in person to an actor: one organisation at a time, offices with dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yangguang.parties.models import Appointment, Organisation, Person
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """For whom a person may act: until which day (None: no end), and for which trades only (empty: for all)."""

    organisation: Organisation
    until: date | None
    only: frozenset[str] = frozenset()


def actor_for(*, person: Person, organisation: Organisation, at: datetime) -> Actor:
    """The actor that `person` is for `organisation` at this moment.

    A power for everything counts before those for single trades. Raises `Refused` when no appointment (任职授权) covers
    the legal date, and says when it begins or when it ended.
    """
    powers = list(_running(at).filter(person=person, organisation=organisation))
    if not powers:
        raise Refused(_no_power(person, organisation, at=at))
    whole = _whole(powers)
    return Actor(
        person=person.mark,
        organisation=organisation.code,
        offices=frozenset(one.office for one in whole or powers),
        only=frozenset() if whole else frozenset(one.stream for one in powers),
    )


def standings_of(*, person: Person, at: datetime) -> list[Standing]:
    """The organisations that `person` may act for at this moment, by name, each with its end."""
    held: dict[Organisation, list[Appointment]] = {}
    powers = _running(at).filter(person=person).select_related("organisation")
    for one in powers.order_by("organisation__name", "pk"):
        held.setdefault(one.organisation, []).append(one)
    return [_standing(organisation, powers) for organisation, powers in held.items()]


def organisations_of(*, person: Person, at: datetime) -> list[Organisation]:
    """The organisations that `person` may act for at this moment, by name."""
    return [one.organisation for one in standings_of(person=person, at=at)]


def coming_powers(*, person: Person, at: datetime) -> list[Appointment]:
    """Powers of the person that have not begun yet, the next one first."""
    given = Appointment.objects.filter(person=person, ended_at__isnull=True, valid_from__gt=legal_date(at))
    return list(given.select_related("organisation").order_by("valid_from", "pk"))


def appointees_of(*, organisation: Organisation, at: datetime) -> dict[Person, frozenset[str]]:
    """Who may act for the organisation at this moment, by name, with their offices."""
    held: dict[Person, set[str]] = {}
    running = _running(at).filter(organisation=organisation).select_related("person")
    for one in running.order_by("person__name", "person_id"):
        held.setdefault(one.person, set()).add(one.office)
    return {person: frozenset(offices) for person, offices in held.items()}


def _running(at: datetime) -> QuerySet[Appointment]:
    day = legal_date(at)
    lasts = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    stands = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    return Appointment.objects.filter(lasts, stands, valid_from__lte=day)


def _whole(powers: Sequence[Appointment]) -> list[Appointment]:
    return [one for one in powers if not one.stream]


def _standing(organisation: Organisation, powers: Sequence[Appointment]) -> Standing:
    counted = _whole(powers) or powers
    ends = [one.valid_until for one in counted if one.valid_until is not None]
    only = frozenset() if _whole(powers) else frozenset(one.stream for one in powers)
    return Standing(organisation=organisation, until=max(ends) if len(ends) == len(counted) else None, only=only)


def _no_power(person: Person, organisation: Organisation, *, at: datetime) -> Refusal:
    return Refusal(
        code="access.no_appointment",
        reason=f"您今天没有代表“{organisation.name}”办事的有效授权{_why_not(person, organisation, at=at)}",
        article="民法典第一百六十五条",
        remedy="请由该单位重新办理授权委托后再试。",
    )


def _why_not(person: Person, organisation: Organisation, *, at: datetime) -> str:
    """When the power begins, or when it ended; nothing where there never was one."""
    newest = Appointment.objects.filter(person=person, organisation=organisation).order_by("-valid_from", "-pk").first()
    if newest is None:
        return ""
    if newest.ended_at is not None:
        return f"（已于 {newest.ended_at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M} 终止）"
    return f"（自 {newest.valid_from} 起）" if newest.valid_from > legal_date(at) else f"（{newest.valid_until} 到期）"
