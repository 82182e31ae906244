"""Who supervises a trade: the body that was named at its registration, and nobody else's supervisors."""

import json

import pytest

from support.rows import refused
from support.scenes import registration
from support.stages import trade_at
from yangguang.trading.models import Tender
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db


def officer(organisation, *offices):
    return Actor(person="p-1", organisation=organisation.code, offices=frozenset(offices))


def test_registration_names_the_supervising_bodies_in_the_log():
    scene = trade_at(Stage.REGISTERED)
    data = json.loads(Entry.objects.get(act="register_tender").payload)["data"]
    assert (data["supervisor"], data["supervision_line"]) == (scene.cast.supervisor.code, "housing")
    assert data["discipline"] == scene.cast.inspector.code
    tender = Tender.objects.get()
    assert (tender.supervisor, tender.get_supervision_line_display()) == (
        scene.cast.supervisor.organisation,
        "住房城乡建设",
    )


def test_an_office_counts_only_in_the_body_that_was_named():
    scene = trade_at(Stage.BIDDING)
    trade, cast = scene.trade, scene.cast
    named, inspecting, stranger = (one.organisation for one in (cast.supervisor, cast.inspector, cast.bidders[-1]))
    both = ("supervision", "discipline")
    assert trade.has_role(officer(named, *both), Role.SUPERVISOR)
    assert trade.has_role(officer(inspecting, *both), Role.DISCIPLINE)
    assert not trade.has_role(officer(named, *both), Role.DISCIPLINE)
    assert not trade.has_role(officer(inspecting, *both), Role.SUPERVISOR)
    assert not any(trade.has_role(officer(stranger, *both), role) for role in (Role.SUPERVISOR, Role.DISCIPLINE))
    assert not any(trade.has_role(officer(named, "handler"), role) for role in (Role.SUPERVISOR, Role.SUPPLIER))


def test_a_strangers_supervisor_cannot_stop_a_trade():
    scene = trade_at(Stage.BIDDING)
    order = scene.signed("supplier", "suspend", name="暂停通知书")
    with refused("access.denied"):
        scene.do("suspend", "other supervisor", order=order)


def test_without_a_discipline_body_nobody_inspects():
    scene = trade_at(Stage.REGISTERED)
    tender = scene.do("register_tender", "centre", **registration(scene, discipline=None))
    trade = tender.trades.get()
    assert not trade.has_role(scene.actor("discipline"), Role.DISCIPLINE)
    assert trade.has_role(scene.actor("supervisor"), Role.SUPERVISOR)


@pytest.mark.parametrize("party", ["tenderer", "agency", "centre"])
@pytest.mark.parametrize("body", ["supervisor", "discipline"])
def test_no_party_supervises_itself(party, body):
    scene = trade_at(Stage.REGISTERED)
    own = scene.who(party).organisation
    with refused("registration.supervisor", article="第四条"):
        scene.do("register_tender", "centre", **registration(scene, **{body: own}))


def test_the_line_is_one_of_those_that_supervise_tenders():
    scene = trade_at(Stage.REGISTERED)
    with refused("registration.line", article="第四条"):
        scene.do("register_tender", "centre", **registration(scene, supervision_line="party"))
