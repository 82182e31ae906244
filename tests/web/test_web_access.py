"""The table of who may use what, against every address and every act, as everyone."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import ResolverMatch

from support.browser import account_of
from support.scenes import Scene
from support.stages import trade_at
from yangguang.parties.models import Appointment, Office, Organisation, Person
from yangguang.trading import acts as trading_acts
from yangguang.trading.roles import Role
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.web.access import ACT_ROLES, DOORS, Who, door_of
from yangguang.web.accounts.models import Account
from yangguang.web.acts.pages import PAGES
from yangguang.web.models import Draft
from yangguang.witness import evidence
from yangguang.witness.acts import ACTS
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

BACKEND = "yangguang.web.accounts.backends.AccountBackend"
OFFICE_OF = {"centre": "centre", "supervisor": "supervision", "discipline": "discipline"}
KINDS = (
    "stranger", "bidder", "supplier", "tenderer", "agency", "centre", "supervisor", "discipline", "expert", "member",
)  # fmt: skip
TRADE_ROLES = {
    "bidder": {Role.BIDDER, Role.SUPPLIER},
    "supplier": {Role.SUPPLIER, Role.INTERESTED},
    "tenderer": {Role.TENDERER},
    "agency": {Role.AGENCY},
    "centre": {Role.CENTRE},
    "supervisor": {Role.SUPERVISOR},
    "member": {Role.MEMBER},
}


def walked(resolver, namespace=""):
    """Every named address below a resolver; one without a name has none to be declared by."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from walked(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            assert isinstance(one, URLPattern)
            yield f"{namespace}{one.name}", one


# Before the deadline the clock alone refunds: whoever else asks must not learn whether there is a bond.
CLOCK_ALONE = {(Stage.BIDDING, "refund_guarantee")}
ADDRESSES = dict(walked(get_resolver()))


def client_of(scene: Scene, kind: str) -> Client:
    """A client signed in as somebody of this kind."""
    client = Client(raise_request_exception=True)
    if kind == "discipline":
        client.force_login(discipline_officer(scene), backend=BACKEND)
    elif kind != "stranger":
        client.force_login(account_of(scene.who(kind)), backend=BACKEND)
    return client


def discipline_officer(scene: Scene) -> Account:
    person, _ = Person.objects.get_or_create(name="示例纪检监察员")
    office, _ = Organisation.objects.get_or_create(code=scene.cast.staff.code)
    day = scene.at.date().replace(year=2025)
    Appointment.objects.get_or_create(person=person, organisation=office, office=Office.DISCIPLINE, valid_from=day)
    found = Account.objects.filter(person=person).first()
    return found or Account.objects.create_user("discipline", person=person)


def values_for(scene: Scene) -> dict[str, object]:
    """Something real for every parameter that an address has."""
    entry = next(one for one in Entry.objects.filter(stream=scene.stream) if payload_of(one)["files"])
    kept = evidence.keep("草稿文件".encode(), media_type="text/plain")
    draft = Draft.objects.create(
        account=account_of(scene.who("centre")), organisation=scene.actor("centre").organisation,
        stream=scene.stream, act="suspend", files={"order": {"name": "x", "sha256": kept.sha256}}, made_at=scene.at,
    )  # fmt: skip
    sha256 = payload_of(entry)["files"][0]["sha256"]
    return {
        "stream": scene.stream, "sequence": entry.sequence, "sha256": sha256, "name": "suspend", "token": draft.token,
        "leaf": "00" * 32, "path": "tile/0/000.p/1", "pk": 1, "index": 1, "key": "k", "uidb36": "1",
    }  # fmt: skip


def path_of(name: str, values: dict[str, object]) -> str:
    space, _, plain = name.rpartition(":")
    resolver = get_resolver().namespace_dict[space][1] if space else get_resolver()
    wanted = resolver.reverse_dict.getlist(plain)[0][0][0][1]
    missing = set(wanted) - set(values)
    assert not missing, f"{name}: give this test a value for {missing}"
    return reverse(name, kwargs={one: values[one] for one in wanted})


def test_every_address_is_declared_and_nothing_else():
    assert set(ADDRESSES) == set(DOORS)


def test_every_act_is_declared_as_it_declares_itself():
    ours = {name for module in trading_acts.__all__ for name in vars(getattr(trading_acts, module))}
    assert {name: declared.by for name, declared in ACTS.items() if name in ours} == ACT_ROLES


def test_an_undeclared_address_lets_nobody_in():
    request = RequestFactory().get("/")
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="new-page")
    with pytest.raises(ImproperlyConfigured, match="new-page"):
        door_of(request)


def outcome(response) -> str:
    """passes, sign-in, forbidden or missing."""
    response.close()
    if response.status_code in {301, 302} and "/account/login/" in response["Location"]:
        return "sign-in"
    named = {403: "forbidden", 404: "missing", 405: "no such method", 409: "passes"}
    assert response.status_code < 500
    return named.get(response.status_code, "passes")


def allowed(name: str, kind: str) -> set[str]:
    """What the table lets happen to somebody of this kind at this address."""
    door = DOORS[name]
    if door.who in {Who.CLOSED, Who.DEMO}:
        return {"missing"}
    if door.who == Who.ANYONE:
        return {"passes", "missing"} if door.is_logged else {"passes", "missing", "sign-in"}
    return {"sign-in"} if kind == "stranger" else allowed_inside(name, kind)


def allowed_inside(name: str, kind: str) -> set[str]:
    """The same, once signed in."""
    door = DOORS[name]
    if door.offices:
        return {"passes"} if OFFICE_OF.get(kind) in door.offices else {"forbidden"}
    if door.roles:
        return {"passes"} if TRADE_ROLES.get(kind, set()) & door.roles else {"forbidden", "missing"}
    if door.is_own:
        return {"passes", "missing"} if kind == "centre" else {"missing"}
    if name == "act-inputs" or name.startswith(("account_", "mfa_")):  # these accounts have no password to confirm
        return {"passes", "missing", "forbidden"}
    return {"passes", "missing"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", [Stage.BIDDING, Stage.REVIEWING])
def test_every_address_answers_everyone_as_declared(point, time_machine):
    kinds = [kind for kind in KINDS if kind != "member" or point == Stage.REVIEWING]
    scene = trade_at(point)
    time_machine.move_to(scene.at)
    values = values_for(scene)
    wrong = {}
    for kind in kinds:
        client = client_of(scene, kind)
        for name in sorted(DOORS, key=lambda one: one == "account_logout"):
            for method in ("get", "post"):
                happened = outcome(getattr(client, method)(path_of(name, values)))
                if happened not in allowed(name, kind) | {"no such method"}:
                    wrong[name, kind, method] = happened
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", sorted({stage for stage, act in OPEN_WORKS if act in PAGES}))
def test_every_act_of_a_stage_opens_for_its_roles_and_nobody_else(point, time_machine):
    scene = trade_at(point)
    time_machine.move_to(scene.at)
    has_members = scene.trade.members.exists()
    clients = {kind: client_of(scene, kind) for kind in KINDS if kind != "member" or has_members}
    wrong = {}
    for act in sorted({act for stage, act in OPEN_WORKS if stage == point and act in PAGES}):
        for kind, client in clients.items():
            happened = outcome(client.get(f"/trades/{scene.stream}/do/{act}/"))
            may = bool(TRADE_ROLES.get(kind, set()) & ACT_ROLES[act]) and (point, act) not in CLOCK_ALONE
            expected = "sign-in" if kind == "stranger" else "passes" if may else "forbidden"
            if happened != expected:
                wrong[act, kind] = happened
    assert wrong == {}
