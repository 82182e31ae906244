"""Powers of attorney: from a day until a day, for all or one trade, ended at once; and nobody learns who prepares."""

from datetime import date, timedelta

import pytest

from support.act_pages import Desk, errors, signed_in
from support.rows import code_of, refused
from support.scenes import registration
from support.stages import PUBLISHED, trade_at
from yangguang.parties.access import actor_for, standings_of
from yangguang.parties.models import Appointment, Office, Person
from yangguang.trading.acts.powers import end_power, grant_power
from yangguang.trading.roles import Role
from yangguang.web.desk.trades import my_trades
from yangguang.witness.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = date(2026, 3, 3)


@pytest.fixture
def scene():
    made = trade_at(PUBLISHED)
    for kind in ("tenderer", "bidder"):
        party = made.who(kind)
        Appointment.objects.create(
            person=party.person, organisation=party.organisation, office=Office.ADMINISTRATOR, valid_from=TODAY
        )
    return made


def admin(scene, kind):
    party = scene.who(kind)
    return actor_for(person=party.person, organisation=party.organisation, at=scene.at)


def desk_of(scene, kind):
    desk = Desk(scene, "centre")
    desk.client = signed_in(admin(scene, kind))
    return desk


def inputs(scene, kind="tenderer", **changed):
    given = {
        "organisation": scene.who(kind).code, "office": "handler", "name": "受托人丙",
        "valid_from": scene.at.date() + timedelta(days=1), "valid_until": scene.at.date() + timedelta(days=10),
    }  # fmt: skip
    return given | changed


def grant(scene, kind="tenderer", by=None, **changed):
    given = inputs(scene, kind, **changed)
    return grant_power(scene.cast.centre, actor=by or admin(scene, kind), at=scene.at, **given)


def test_an_administrator_gives_a_power_that_begins_and_ends(scene):
    desk, first = desk_of(scene, "tenderer"), scene.at.date() + timedelta(days=1)
    filled = desk.fill(
        "grant_power",
        {
            "organisation": scene.who("tenderer").code, "person": "", "name": "受托人丙", "office": "handler",
            "valid_from": str(first), "valid_until": str(first + timedelta(days=4)), "stream": "",
        },
    )  # fmt: skip
    assert filled.status_code == 302, errors(filled)
    assert "全部项目" in desk.get(filled["Location"]).content.decode()
    desk.confirm(filled["Location"])
    person, organisation = Person.objects.get(name="受托人丙"), scene.who("tenderer").organisation
    ask = {"person": person, "organisation": organisation}
    day = timedelta(days=1)
    assert code_of(lambda: actor_for(**ask, at=scene.at)) == "access.no_appointment"
    assert actor_for(**ask, at=scene.at + day).offices == {"handler"}
    assert actor_for(**ask, at=scene.at + 5 * day).offices == {"handler"}
    assert code_of(lambda: actor_for(**ask, at=scene.at + 6 * day)) == "access.no_appointment"
    entry = Entry.objects.get(act="grant_power")
    for secret in (organisation.code, person.mark, "受托人丙"):
        assert secret not in entry.payload


def test_the_switcher_says_until_when_and_what_has_not_begun(scene):
    grant(scene)
    person, at = Person.objects.get(name="受托人丙"), scene.at + timedelta(days=2)
    (standing,) = standings_of(person=person, at=at)
    assert standing.until == scene.at.date() + timedelta(days=10)
    scene.at = at
    desk = Desk(scene, "centre")
    desk.client = signed_in(actor_for(person=person, organisation=standing.organisation, at=at))
    assert f"授权至 {standing.until}" in desk.get("/account/me/").content.decode()
    scene.at = at - timedelta(days=2)
    assert "尚未开始的授权" in desk.get("/account/me/").content.decode()


def test_a_power_that_is_ended_is_over_at_once(scene):
    made = grant(scene, valid_from=scene.at.date())
    ask = {"person": made.person, "organisation": made.organisation}
    assert actor_for(**ask, at=scene.at).offices == {"handler"}
    desk = desk_of(scene, "tenderer")
    assert "受托人丙" in desk.get(f"/organisations/{made.organisation.code}/").content.decode()
    desk.do("end_power", {"power": str(made.pk), "reason": "离职"})
    assert code_of(lambda: actor_for(**ask, at=scene.at)) == "access.no_appointment"
    assert "已终止" in desk.get(f"/organisations/{made.organisation.code}/").content.decode()
    with refused("power.unknown"):
        scene.do("end_power", "centre", power=made.pk, reason="又")
    grant(scene, person=made.person.mark, name="", valid_from=scene.at.date())  # and may be given again


def test_a_power_for_one_trade_reaches_no_other(scene):
    other = scene.do("register_tender", "centre", **registration(scene)).trades.get()
    made = grant(scene, valid_from=scene.at.date(), stream=scene.stream)
    actor = actor_for(person=made.person, organisation=made.organisation, at=scene.at)
    assert actor.only == {scene.stream}
    assert (scene.trade.has_role(actor, Role.TENDERER), other.has_role(actor, Role.TENDERER)) == (True, False)
    assert [one.stream for one in my_trades(actor)] == [scene.stream]
    desk = Desk(scene, "centre")
    desk.client = signed_in(actor)
    assert "只限" in desk.get("/account/me/").content.decode()
    assert desk.get(f"/trades/{other.stream}/do/publish_notice/").status_code == 403


def test_nobody_learns_from_a_power_who_prepares_to_bid(scene):
    made = grant(scene, "bidder", valid_from=scene.at.date(), stream=scene.stream)
    page = Desk(scene, "centre").get(f"/organisations/{made.organisation.code}/").content.decode()
    assert "受托人丙" not in page
    assert "受托人丙" in desk_of(scene, "bidder").get(f"/organisations/{made.organisation.code}/").content.decode()
    with refused("power.unknown"):
        scene.do("end_power", "centre", power=made.pk, reason="不应看到")
    entry = Entry.objects.get(act="grant_power")
    for secret in (made.organisation.code, made.person.mark, scene.stream):
        assert secret not in entry.payload
    with refused("power.trade"):
        grant(scene, "bidder", by=scene.actor("centre"), stream=scene.stream, valid_from=scene.at.date())
    grant(scene, "tenderer", by=scene.actor("centre"), stream=scene.stream, valid_from=scene.at.date(), name="丁")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"office": "centre"}, "power.office"),
        ({"office": "supervision"}, "power.office"),
        ({"valid_from": date(2026, 3, 1)}, "power.days"),
        ({"valid_until": date(2026, 3, 2)}, "power.days"),
        ({"stream": "no-such-trade"}, "power.trade"),
        ({"name": " "}, "power.person"),
        ({"person": "somebody"}, "person.unknown"),
    ],
)
def test_a_power_that_cannot_be_given_is_refused(scene, changed, code):
    with refused(code):
        grant(scene, **changed)


def test_the_same_power_is_not_given_twice(scene):
    made = grant(scene)
    with refused("power.twice"):
        grant(scene, person=made.person.mark, name="", valid_from=made.valid_until, valid_until=None)
    grant(scene, person=made.person.mark, name="", valid_from=made.valid_until + timedelta(days=1), valid_until=None)


def test_an_administrator_arranges_nothing_of_another_organisation(scene):
    made = grant(scene)
    with refused("access.denied"):
        grant(scene, "bidder", by=admin(scene, "tenderer"))
    with refused("power.unknown"):
        scene.cast.centre.refresh_from_db()
        end_power(scene.cast.centre, actor=admin(scene, "bidder"), at=scene.at, power=made.pk, reason="不是我的")
    code = scene.who("tenderer").code
    assert desk_of(scene, "bidder").get(f"/organisations/{code}/").status_code == 404


def test_the_centre_keeps_its_last_officer(scene):
    held = Appointment.objects.get(person=scene.cast.staff.person)
    with refused("power.last"):
        scene.do("end_power", "centre", power=held.pk, reason="调离")
    grant(
        scene, by=scene.actor("centre"), organisation=scene.cast.staff.code, office="centre",
        valid_from=scene.at.date(), valid_until=None,
    )  # fmt: skip
    scene.do("end_power", "centre", power=held.pk, reason="调离")
