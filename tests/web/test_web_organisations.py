"""Organisations ask to be registered and the centre confirms them; certificates are registered, and ended at once."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.act_pages import Desk, errors
from support.rows import refused
from support.stages import PUBLISHED, trade_at
from yangguang.demo.people import REGION, Registry, publish_revocations
from yangguang.parties.access import actor_for
from yangguang.parties.certificates import check_trusted
from yangguang.parties.models import (
    Application,
    Appointment,
    Organisation,
    OrganisationCertificate,
    Person,
    PersonalCertificate,
    TrustedRoot,
)
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import generate_key
from yangguang.proof.signatures import sign
from yangguang.rules.codes import make_organisation_code
from yangguang.trading.acts.organisations import apply_to_register, end_certificate
from yangguang.web.desk.tasks import tasks_of
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

APPLY, SIGN_IN = "/organisations/apply/", "/account/certificate/"
CODE = str(make_organisation_code(region=REGION, serial="77000001"))
TYPED = {"name": "示例新来建设有限公司", "kinds": ["bidder", "agency"], "contact": "申请人甲", "phone": "12345678901"}


@pytest.fixture
def desk():
    return Desk(trade_at(PUBLISHED), "centre")


@pytest.fixture
def registry(desk):
    """An authority that the scene does not know, recognised by the centre."""
    at = desk.scene.at - timedelta(days=2)
    authority = DemoAuthority.create(name="示例戊认证中心", algorithm="ecdsa", at=at, key=generate_key("ecdsa"))
    root = authority.certificate
    TrustedRoot.objects.create(pem=root.pem.decode(), fingerprint=root.fingerprint, name="戊", accepted_from=at)
    publish_revocations(authority, at=at)
    return Registry(at=desk.scene.at, authorities={"ecdsa": authority})


def newcomer(registry: Registry, *, code=CODE):
    """A certificate of an organisation that nobody registered."""
    return registry._pair(Organisation(code=code, name=TYPED["name"]), algorithm="ecdsa", usage="sign")  # noqa: SLF001


def sign_in(client, pair, at):
    with time_machine.travel(at, tick=False):
        challenge = client.post(f"{SIGN_IN}challenge/").json()
        signature = sign(data=challenge["statement"].encode(), key=pair.key, certificate=pair.certificate)
        return client.post(SIGN_IN, {"nonce": challenge["nonce"], "signature": json.dumps(signature.to_json())})


def asked(desk, *, code=CODE, **changed):
    """An application of a signed-in person."""
    mark = desk.scene.who("tenderer").person.mark
    given = {"code": code, "name": "示例单位", "kinds": ["bidder"], "contact": "乙", "phone": "1", **changed}
    return apply_to_register(desk.scene.cast.centre, actor=Actor(person=mark), at=desk.scene.at, **given)


def kept(certificate):
    return evidence.keep(certificate.der, media_type="application/pkix-cert")


def test_a_stranger_with_a_certificate_asks_is_confirmed_and_signs_in(desk, registry):
    pair, client, at = newcomer(registry), Client(), desk.scene.at
    with time_machine.travel(at, tick=False):
        assert "请先证明您是谁" in client.get(APPLY).content.decode()
    turned_away = sign_in(client, pair, at)
    assert turned_away.status_code == 409
    assert APPLY in turned_away.content.decode()
    with time_machine.travel(at, tick=False):
        assert f'value="{CODE}"' in client.get(APPLY).content.decode()
        checked = client.post(APPLY, TYPED)
        assert pair.certificate.fingerprint in checked.content.decode()
        assert Application.objects.count() == 0
        assert "已提交第" in client.post(APPLY, TYPED | {"confirm": "1"}).content.decode()
        assert "已有一件申请等待核验" in client.post(APPLY, TYPED | {"confirm": "1"}).content.decode()
    application = Application.objects.get()
    assert (application.code, application.kinds) == (CODE, ["bidder", "agency"])
    entry = Entry.objects.get(act="apply_to_register")
    for secret in (CODE, TYPED["name"], TYPED["contact"], TYPED["phone"]):
        assert secret not in entry.payload
    assert TYPED["contact"] not in entry.concealed
    assert sign_in(client, pair, at).status_code == 409
    assert tasks_of(desk.scene.cast.centre, at=at)[0].title == "核验主体登记"
    assert TYPED["name"] in desk.get("/organisations/").content.decode()
    done = desk.do("confirm_organisation", {"application": str(application.pk)})
    assert "已办理" in done.content.decode()
    entered = sign_in(Client(), pair, at)
    assert (entered.status_code, entered["Location"]) == (302, "/desk/")
    assert OrganisationCertificate.objects.get().fingerprint == pair.certificate.fingerprint


def test_the_check_page_shows_the_application_whole(desk):
    application = asked(desk)
    filled = desk.fill("reject_organisation", {"application": str(application.pk), "reason": "名称与营业执照不符"})
    assert filled.status_code == 302, errors(filled)
    text = desk.get(filled["Location"]).content.decode()
    for said in (CODE, "示例单位", "投标人（供应商）", "名称与营业执照不符"):
        assert said in text
    desk.confirm(filled["Location"])
    application.refresh_from_db()
    assert (application.decision, application.reason) == ("rejected", "名称与营业执照不符")
    assert not Organisation.objects.filter(code=CODE).exists()
    asked(desk)  # may ask again
    with refused("application.unknown"):
        desk.scene.do("confirm_organisation", "centre", application=application.pk)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": CODE[:-1] + "0"}, "code.organisation"),
        ({"name": " "}, "application.unsaid"),
        ({"kinds": []}, "application.kinds"),
        ({"kinds": ["centre"]}, "application.kinds"),
    ],
)
def test_an_application_that_says_too_little_is_refused(desk, changed, code):
    with refused(code):
        asked(desk, **changed)


def test_who_is_known_waits_or_is_a_stranger_is_told_so(desk, registry):
    with refused("application.known"):
        asked(desk, code=desk.scene.actor("tenderer").organisation)
    asked(desk)
    with refused("application.waits"):
        asked(desk)
    other = str(make_organisation_code(region=REGION, serial="77000002"))
    given = {"code": other, "name": "某", "kinds": ["bidder"], "contact": "某", "phone": "1"}
    centre, at = desk.scene.cast.centre, desk.scene.at
    certificate = newcomer(registry).certificate
    with refused("application.stranger"):
        apply_to_register(centre, actor=Actor(person=""), at=at, **given)
    with refused("certificate.binding.different"):
        apply_to_register(centre, actor=Actor(person=""), at=at, certificate=certificate, **given)


def test_a_wrong_code_is_answered_and_what_was_typed_stays(desk):
    with time_machine.travel(desk.scene.at, tick=False):
        page = desk.client.post(APPLY, TYPED | {"code": CODE[:-1] + "0"})
    assert page.status_code == 422
    assert "校验位不符" in page.content.decode()
    assert TYPED["contact"] in page.content.decode()


def test_a_certificate_is_registered_under_the_organisation_and_ended_at_once(desk):
    scene = desk.scene
    party = scene.who("tenderer")
    upload = SimpleUploadedFile("zheng.cer", party.signing.certificate.der)
    filled = desk.fill("register_certificate", {"organisation": party.code, "person": "", "certificate": upload})
    assert filled.status_code == 302, errors(filled)
    assert party.name in desk.get(filled["Location"]).content.decode()
    desk.confirm(filled["Location"])
    fingerprint = OrganisationCertificate.objects.get(organisation=party.organisation).fingerprint
    assert fingerprint in desk.get(f"/organisations/{party.code}/").content.decode()
    entry = Entry.objects.get(act="register_certificate")
    assert fingerprint not in entry.payload
    assert party.code not in entry.payload
    desk.do("end_certificate", {"organisation": party.code, "fingerprint": fingerprint, "reason": "遗失"})
    assert [one.code for one in check_trusted(certificate=party.signing.certificate, at=scene.at)] == [
        "certificate.ended"
    ]
    assert check_trusted(certificate=party.signing.certificate, at=scene.at - timedelta(seconds=1)) == []
    assert "已经在本中心停用" in sign_in(Client(), party.signing, scene.at).content.decode()
    with refused("certificate.unknown"):
        scene.do("end_certificate", "centre", organisation=party.code, fingerprint=fingerprint, reason="又")
    with refused("certificate.ended"):
        certificate = kept(party.signing.certificate)
        scene.do("register_certificate", "centre", organisation=party.code, certificate=certificate)


def test_a_certificate_of_somebody_else_or_of_a_stranger_ca_is_refused(desk):
    scene = desk.scene
    tenderer, bidder = scene.who("tenderer"), scene.who("bidder")
    theirs, mine = kept(bidder.signing.certificate), kept(tenderer.signing.certificate)
    with refused("certificate.binding.different"):
        scene.do("register_certificate", "centre", organisation=tenderer.code, certificate=theirs)
    with refused("person.unknown"):
        person = bidder.person.mark
        scene.do("register_certificate", "centre", organisation=tenderer.code, person=person, certificate=mine)
    TrustedRoot.objects.all().delete()
    with refused("certificate.chain.unknown_issuer"):
        scene.do("register_certificate", "centre", organisation=tenderer.code, certificate=mine)


def test_a_persons_own_certificate_signs_in_that_person(desk, registry):
    scene, party = desk.scene, desk.scene.who("tenderer")
    pair = registry._pair(party.organisation, algorithm="ecdsa", usage="sign")  # noqa: SLF001
    scene.do(
        "register_certificate", "centre", organisation=party.code, person=party.person.mark,
        certificate=kept(pair.certificate),
    )  # fmt: skip
    assert PersonalCertificate.objects.get(person=party.person).fingerprint == pair.certificate.fingerprint
    with refused("certificate.registered"):
        scene.do("register_certificate", "centre", organisation=party.code, certificate=kept(pair.certificate))
    assert sign_in(Client(), pair, scene.at).status_code == 302


def test_what_belongs_to_an_organisation_opens_nothing_else_of_its_bearer(desk, registry):
    scene, party, other = desk.scene, desk.scene.who("tenderer"), desk.scene.who("agency")
    Appointment.objects.create(
        person=party.person, organisation=other.organisation, office="handler", valid_from=scene.at.date()
    )
    pair, client = registry._pair(party.organisation, algorithm="ecdsa", usage="sign"), Client()  # noqa: SLF001
    sign_in(client, pair, scene.at)
    with time_machine.travel(scene.at, tick=False):
        client.post("/account/me/", {"organisation": other.code})
        page = client.get("/account/me/")
    assert [one.organisation for one, _ in page.context["possible"]] == [party.organisation]
    assert page.wsgi_request.actor.organisation == party.code
    assert "您用单位的证书登录" in page.content.decode()
    with time_machine.travel(scene.at, tick=False):
        assert client.get("/account/password/set/").status_code == 403
        assert client.get("/account/mfa/").status_code == 403
    Appointment.objects.filter(organisation=party.organisation).update(ended_at=scene.at)
    with time_machine.travel(scene.at, tick=False):
        assert client.get("/account/me/").wsgi_request.actor == Actor(person="")


def test_an_organisation_ends_only_what_it_had_registered_itself(desk):
    scene, staff, tenderer = desk.scene, desk.scene.who("centre"), desk.scene.who("tenderer")
    Appointment.objects.create(
        person=staff.person, organisation=tenderer.organisation, office="handler", valid_from=scene.at.date()
    )
    Appointment.objects.create(
        person=tenderer.person, organisation=tenderer.organisation, office="administrator", valid_from=scene.at.date()
    )
    actor = actor_for(person=tenderer.person, organisation=tenderer.organisation, at=scene.at)
    given = {"organisation": tenderer.code, "fingerprint": staff.signing.certificate.fingerprint, "reason": "越权"}
    with refused("certificate.unknown"):
        end_certificate(scene.cast.centre, actor=actor, at=scene.at, **given)


def test_nobody_confirms_what_they_asked_for_themselves(desk):
    mark = desk.scene.who("centre").person.mark
    given = {"code": CODE, "name": "示例单位", "kinds": ["bidder"], "contact": "乙", "phone": "1"}
    made = apply_to_register(desk.scene.cast.centre, actor=Actor(person=mark), at=desk.scene.at, **given)
    with refused("application.own"):
        desk.scene.do("confirm_organisation", "centre", application=made.pk)


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_as_much_about_three_rows_as_about_one(desk, number):
    organisation = desk.scene.who("tenderer").organisation
    for one in range(number):
        asked(desk, code=str(make_organisation_code(region=REGION, serial=f"7800000{one}")))
        person = Person.objects.create(name=f"经办{one}")
        Appointment.objects.create(
            person=person, organisation=organisation, office="handler", valid_from=desk.scene.at.date()
        )
        OrganisationCertificate.objects.create(
            organisation=organisation, fingerprint=str(one) * 64, registered_at=desk.scene.at,
            pem=desk.scene.who("tenderer").signing.certificate.pem.decode(),
        )  # fmt: skip
    assert [queries(desk, path) for path in ("/organisations/", f"/organisations/{organisation.code}/")] == ASKED


ASKED = [9, 11]


def queries(desk, path):
    desk.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert desk.get(path).status_code == 200
    return len(caught)


def test_the_list_is_the_centres_and_finds_by_name_and_code(desk):
    name, code = desk.scene.who("tenderer").name, desk.scene.who("tenderer").code
    for words in (name[2:6], code[:10]):
        assert name in desk.get(f"/organisations/?q={words}").content.decode()
    assert desk.get("/organisations/?q=没有这样的").context["organisations"].count() == 0
    for by in ("tenderer", "supervisor", "bidder"):
        assert Desk(desk.scene, by).get("/organisations/").status_code == 404
        assert Desk(desk.scene, by).get(f"/organisations/{code}/").status_code == 404
