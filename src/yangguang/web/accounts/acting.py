"""For whom a signed-in person acts (代表单位办事): one organisation at a time, chosen and kept in the session."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from yangguang.ledger.people import with_posts
from yangguang.parties.access import Standing, actor_for, standings_of
from yangguang.parties.models import Appointment, Organisation, PersonalCertificate
from yangguang.rules.refusal import Refused
from yangguang.web.accounts.models import Account
from yangguang.witness.actor import Actor

KEY = "acting_for"
BOUND = "bound_to"  # signed in by what belongs to this organisation: nothing else is open to the session
IN_PERSON = "in-person"  # chosen by whoever sits on a committee and also works for somebody
STRANGER = Actor(person="")

Answer = Callable[[HttpRequest], HttpResponse]


def acting_middleware(get_response: Answer) -> Answer:
    """Put `actor`, `member` and `acting_for` on the request, all read when they are first asked for."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.acting_for = SimpleLazyObject(lambda: organisation_of(request))  # type: ignore[attr-defined]
        actor = cache(lambda: actor_of(request))  # once for both
        request.actor = SimpleLazyObject(actor)  # type: ignore[attr-defined]
        request.member = SimpleLazyObject(lambda: member_of(request, actor()))  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: a stranger, a person by themselves (an expert), or a person for an organisation."""
    account = request.user
    if not isinstance(account, Account):
        return STRANGER
    organisation = organisation_of(request)
    if organisation is None and request.session.get(BOUND):
        return STRANGER  # the power that the organisation's certificate stood for has ended
    if organisation is None:
        return Actor(person=account.person.mark)
    try:
        return actor_for(person=account.person, organisation=organisation, at=request.at)  # type: ignore[attr-defined]
    except Refused:  # the appointment ended since
        return Actor(person=account.person.mark)


def member_of(request: HttpRequest, actor: Actor) -> Actor:
    """The actor who asks, with the posts that the person holds in party organisations and sections."""
    account = request.user
    if not isinstance(account, Account):
        return STRANGER
    at = request.at  # type: ignore[attr-defined]
    return with_posts(actor, person=account.person, at=at)


def organisation_of(request: HttpRequest) -> Organisation | None:
    """The organisation in the session while the person may still act for it, else the only one there is."""
    account = request.user
    if not isinstance(account, Account):
        return None
    possible = [one.organisation for one in standings(request)]
    if request.session.get(BOUND):
        return possible[0] if possible else None
    chosen = request.session.get(KEY)
    if chosen == IN_PERSON:
        return None
    for one in possible:
        if one.code == chosen:
            return one
    return possible[0] if len(possible) == 1 else None


def act_for(request: HttpRequest, *, code: str) -> None:
    """Choose the organisation with this code; what is not one's own is dropped."""
    if request.session.get(BOUND):
        return
    if code == IN_PERSON or any(one.organisation.code == code for one in standings(request)):
        request.session[KEY] = code


def is_partial(request: HttpRequest) -> bool:
    """Whether the session rests on an organisation's certificate and its person is more than that organisation's.

    Such a session must not give itself another way to sign in as the person.
    """
    bound, account = request.session.get(BOUND), request.user
    if not bound or not isinstance(account, Account):
        return False
    elsewhere = Appointment.objects.filter(person=account.person).exclude(organisation__code=bound)
    own = PersonalCertificate.objects.filter(person=account.person, organisation=None)
    return elsewhere.exists() or own.exists()


def standings(request: HttpRequest) -> list[Standing]:
    """For whom the session may act: all that the person may, or what its certificate belongs to."""
    held = standings_of(person=request.user.person, at=request.at)  # type: ignore[attr-defined,union-attr]
    bound = request.session.get(BOUND)
    return [one for one in held if not bound or one.organisation.code == bound]
