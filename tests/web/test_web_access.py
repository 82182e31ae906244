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
from yangguang.web.acts.pages import HALL, PAGES
from yangguang.web.evaluation.draw_views import DOINGS as DRAWS
from yangguang.web.evaluation.views import ON_SHEETS
from yangguang.web.hall.forms import DOINGS
from yangguang.witness.acts import ACTS

OFFICE_OF = {
    "centre": "centre", "supervisor": "supervision", "foreign supervisor": "supervision", "inspector": "discipline",
}  # fmt: skip
TRADE_ROLES = {
    "bidder": {Role.BIDDER, Role.SUPPLIER, Role.INTERESTED},
    "supplier": {Role.SUPPLIER, Role.INTERESTED},
    "tenderer": {Role.TENDERER},
    "agency": {Role.AGENCY},
    "centre": {Role.CENTRE},
    "supervisor": {Role.SUPERVISOR},
    "inspector": {Role.DISCIPLINE},
    "member": {Role.MEMBER},
}


# Before the deadline the clock alone refunds: whoever else asks must not learn whether there is a bond.
CLOCK_ALONE = {(Stage.BIDDING, "refund_guarantee")}


def test_every_address_is_declared_and_nothing_else():
    assert set(ADDRESSES) == set(DOORS)


def test_every_act_is_declared_as_it_declares_itself():
    ours = {name for module in trading_acts.__all__ for name in vars(getattr(trading_acts, module))}
    assert {name: declared.by for name, declared in ACTS.items() if name in ours} == ACT_ROLES


def test_every_role_and_a_stranger_come_to_every_address():
    signs_in_nowhere, of_the_centre = {Role.CLOCK}, {Role.ADMINISTRATOR, Role.APPLICANT}  # test_web_organisations
    where_a_rescue_is_declared = {Role.TRUSTEE}  # test_web_rescue
    walked = set(Role) - signs_in_nowhere - of_the_centre - where_a_rescue_is_declared
    assert set().union(*TRADE_ROLES.values()) == walked
    assert set(TRADE_ROLES) | set(OFFICE_OF) | {"stranger", "expert"} == set(KINDS)


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
    if door.posts:  # nobody around a trade has a post in a party organisation
        return {"missing"}
    if door.is_own:
        return {"passes", "missing"} if kind == "centre" else {"missing"}
    if name == "act-inputs" or name.startswith(("account_", "mfa_")):  # these accounts have no password to confirm
        return {"passes", "missing", "forbidden"}
    return {"passes", "missing"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "point",
    [Stage.BIDDING, pytest.param(Stage.REVIEWING, marks=pytest.mark.both_databases)],  # each page asks what it has to
)
def test_every_address_answers_everyone_as_declared(point, time_machine):
    kinds = [kind for kind in KINDS if kind != "member" or point == Stage.REVIEWING]
    scene = trade_at(point)
    time_machine.move_to(scene.at)
    values = values_for(scene)
    wrong, unsent = {}, set()
    for kind in kinds:
        client = client_of(scene, kind)
        for name in sorted(DOORS, key=lambda one: one == "account_logout"):
            for method in ("get", "post"):
                if (name, method) in unsent:
                    continue
                happened = outcome(getattr(client, method)(path_of(name, values)))
                if happened == "no such method":
                    unsent.add((name, method))  # for nobody
                elif happened not in allowed(name, kind):
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
            wanted = expected(act, kind, point)
            ask = client.get if wanted == "passes" else client.post  # who may not is sent off whatever they send
            if (happened := outcome(ask(f"/trades/{scene.stream}/do/{act}/"))) != wanted:
                wrong[act, kind] = happened
    assert wrong == {}


def expected(act: str, kind: str, point: str) -> str:
    """What the table lets happen to somebody of this kind who comes to do an act."""
    may = bool(TRADE_ROLES.get(kind, set()) & ACT_ROLES[act]) and (point, act) not in CLOCK_ALONE
    return "sign-in" if kind == "stranger" else "passes" if may else "forbidden"


@pytest.mark.django_db(transaction=True)
def test_only_the_centre_registers(time_machine):
    scene = trade_at(Stage.REGISTERED)
    time_machine.move_to(scene.at)
    for kind in [one for one in KINDS if one not in {"member", "expert"}]:
        for method in ("get", "post"):
            answer = getattr(client_of(scene, kind), method)(f"/trades/{scene.cast.centre.stream}/do/register_tender/")
            assert outcome(answer) == expected("register_tender", kind, Stage.REGISTERED), (kind, method)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", sorted(set(HALL.values())))
def test_every_button_of_the_hall_is_for_its_roles_and_nobody_else(point, time_machine):
    scene = trade_at(point)
    time_machine.move_to(scene.at)
    clients = {kind: client_of(scene, kind) for kind in KINDS if kind not in {"member", "expert"}}
    wrong = {}
    for act in [name for name in DOINGS if HALL[name] == point]:
        for kind, client in clients.items():
            happened = outcome(client.post(f"/trades/{scene.stream}/opening/do/{act}/"))
            if happened != expected(act, kind, point):
                wrong[act, kind] = happened
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_the_steps_of_a_draw_and_the_sheets_of_a_room_are_for_their_roles(time_machine):
    scene = trade_at(Stage.REVIEWING)
    time_machine.move_to(scene.at)
    place, about = f"/trades/{scene.stream}", scene.digest("bidder")
    paths = {act: f"{place}/draw/{act}/" for act in DRAWS}
    paths |= {act: f"{place}/room/{act}/{about}/do/" for act in ON_SHEETS}
    wrong = {}
    for kind in KINDS:
        client = client_of(scene, kind)
        for act, path in paths.items():
            happened = outcome(client.post(path))
            if happened != expected(act, kind, Stage.REVIEWING):
                wrong[act, kind] = happened
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_a_contract_is_shown_to_the_winner_alone(time_machine):
    scene = trade_at(Stage.NOTIFIED)
    time_machine.move_to(scene.at)
    for kind in [one for one in KINDS if one != "expert"]:
        for method in ("get", "post"):
            happened = outcome(getattr(client_of(scene, kind), method)(f"/trades/{scene.stream}/contract/"))
            assert happened == {"stranger": "sign-in", "bidder": "passes"}.get(kind, "missing"), (kind, method)
