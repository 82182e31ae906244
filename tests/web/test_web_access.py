"""The table of who may use what, against every address and every act, as everyone."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from django.urls.resolvers import ResolverMatch

from support.stages import trade_at
from support.visitors import ADDRESSES, KINDS, client_of, path_of, values_for
from yangguang.trading import acts as trading_acts
from yangguang.trading.roles import Role
from yangguang.trading.stages import OPEN_WORKS, WITNESSING, Stage
from yangguang.web.access import ACT_ROLES, DOORS, Who, door_of
from yangguang.web.acts.pages import PAGES
from yangguang.witness.acts import ACTS

OFFICE_OF = {"centre": "centre", "supervisor": "supervision", "discipline": "discipline"}
TRADE_ROLES = {
    "bidder": {Role.BIDDER, Role.SUPPLIER},
    "supplier": {Role.SUPPLIER, Role.INTERESTED},
    "tenderer": {Role.TENDERER},
    "agency": {Role.AGENCY},
    "centre": {Role.CENTRE},
    "supervisor": {Role.SUPERVISOR},
    "member": {Role.MEMBER},
}


# Before the deadline the clock alone refunds: whoever else asks must not learn whether there is a bond.
CLOCK_ALONE = {(Stage.BIDDING, "refund_guarantee")}


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
    left_out = WITNESSING if point != Stage.REVIEWING else ()  # the same everywhere: once is enough
    for act in sorted({act for stage, act in OPEN_WORKS if stage == point and act in PAGES} - set(left_out)):
        for kind, client in clients.items():
            happened = outcome(client.get(f"/trades/{scene.stream}/do/{act}/"))
            may = bool(TRADE_ROLES.get(kind, set()) & ACT_ROLES[act]) and (point, act) not in CLOCK_ALONE
            expected = "sign-in" if kind == "stranger" else "passes" if may else "forbidden"
            if happened != expected:
                wrong[act, kind] = happened
    assert wrong == {}
