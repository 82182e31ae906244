"""The centre recognises roots, withdraws them and updates what they revoked; each is shown before and logged."""

from datetime import timedelta

import pytest
from asn1crypto import pem
from django.core.files.uploadedfile import SimpleUploadedFile

from support.act_pages import Desk, errors
from support.rows import refused
from support.stages import PUBLISHED, trade_at
from yangguang.parties.certificates import check_trusted, recognised_roots
from yangguang.parties.models import RevocationListIssue, TrustedRoot
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import generate_key
from yangguang.web.desk.tasks import tasks_of
from yangguang.witness import evidence
from yangguang.witness.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def desk():
    return Desk(trade_at(PUBLISHED), "centre")


@pytest.fixture
def authority(desk):
    before = desk.scene.at - timedelta(days=100)
    return DemoAuthority.create(name="示例丁认证中心", algorithm="sm2", at=before, key=generate_key("sm2"))


def sent(content, name="root.cer"):
    return SimpleUploadedFile(name, content, content_type="application/pkix-cert")


def kept(content):
    return evidence.keep(content, media_type="application/pkix-cert")


def listed(authority, at, *, lasts=timedelta(days=30)):
    return authority.revocation_list(at=at, next_update=at + lasts).der


@pytest.mark.parametrize("armoured", [True, False])
def test_a_root_is_shown_and_then_recognised(desk, authority, armoured):
    root = authority.certificate
    filled = desk.fill("recognise_root", {"certificate": sent(root.pem if armoured else root.der)})
    assert filled.status_code == 302, errors(filled)
    text = desk.get(filled["Location"]).content.decode()
    assert "示例丁认证中心" in text
    assert "SM2" in text
    assert root.fingerprint[:4] + " " + root.fingerprint[4:8] in text
    desk.confirm(filled["Location"])
    assert root in recognised_roots(at=desk.scene.at)
    assert root.fingerprint in Entry.objects.get(act="recognise_root").payload
    assert root.fingerprint in desk.get("/centre/roots/").content.decode()
    assert "需要更新" in desk.get("/centre/roots/").content.decode()
    assert any("示例丁认证中心" in one.about for one in tasks_of(desk.scene.cast.centre, at=desk.scene.at))


def test_what_is_no_root_is_refused(desk, authority):
    scene = desk.scene
    party = scene.who("tenderer").signing.certificate
    for certificate, code in ((party, "root.not_root"), (recognised_roots(at=scene.at)[0], "root.stands")):
        sent_in = kept(certificate.der)
        with refused(code):
            scene.do("recognise_root", "centre", certificate=sent_in)
    old = DemoAuthority.create(
        name="过期", algorithm="sm2", at=scene.at - timedelta(days=11000), key=generate_key("sm2")
    ).certificate
    sent_in = kept(old.der)
    with refused("certificate.validity.expired"):
        scene.do("recognise_root", "centre", certificate=sent_in)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"-----BEGIN PRIVATE KEY-----", "文件里有私钥"), (b"nothing", "证书无法读取"), (b"-----BEGIN X", "PEM")],
)
def test_a_file_that_is_no_certificate_is_answered(desk, content, says):
    page = desk.fill("recognise_root", {"certificate": sent(content)})
    assert page.status_code == 422
    assert says in page.content.decode()


def test_a_root_is_withdrawn_and_its_certificates_count_no_more(desk):
    scene = desk.scene
    mine = scene.who("tenderer").signing.certificate
    root = next(one for one in TrustedRoot.objects.all() if mine.is_issued_by(one.certificate()))
    assert check_trusted(certificate=mine, at=scene.at) == []
    page = desk.get(f"{desk.address('withdraw_root')}?fingerprint={root.fingerprint}").content.decode()
    assert "checked" in page
    desk.do("withdraw_root", {"fingerprint": root.fingerprint, "until": "", "reason": "资质被撤销"})
    assert check_trusted(certificate=mine, at=scene.at)[0].code.startswith("certificate.")
    assert check_trusted(certificate=mine, at=scene.at - timedelta(days=1)) == []
    assert "资质被撤销" not in Entry.objects.get(act="withdraw_root").payload
    with refused("root.unknown"):
        scene.do("withdraw_root", "centre", fingerprint=root.fingerprint, reason="又一次")
    scene.at += timedelta(hours=1)
    scene.do("recognise_root", "centre", certificate=kept(root.certificate().der))
    assert TrustedRoot.objects.filter(fingerprint=root.fingerprint).count() == 2
    assert root.certificate() in recognised_roots(at=scene.at)


def test_a_withdrawal_looks_forward_and_has_a_reason(desk):
    root = TrustedRoot.objects.first()
    with refused("root.until"):
        before = desk.scene.at - timedelta(minutes=1)
        desk.scene.do("withdraw_root", "centre", fingerprint=root.fingerprint, reason="错", until=before)
    with refused("root.reason"):
        desk.scene.do("withdraw_root", "centre", fingerprint=root.fingerprint, reason=" ")


def test_a_newer_revocation_list_is_taken_and_an_older_one_is_not(desk, authority):
    scene = desk.scene
    scene.do("recognise_root", "centre", certificate=kept(authority.certificate.der))
    before = RevocationListIssue.objects.count()
    filled = desk.fill("update_revocation_list", {"revocations": sent(listed(authority, scene.at), "list.crl")})
    assert filled.status_code == 302, errors(filled)
    assert "示例丁认证中心" in desk.get(filled["Location"]).content.decode()
    desk.confirm(filled["Location"])
    assert RevocationListIssue.objects.count() == before + 1
    assert not any("示例丁认证中心" in one.about for one in tasks_of(scene.cast.centre, at=scene.at))
    assert any("示例丁" in one.about for one in tasks_of(scene.cast.centre, at=scene.at + timedelta(days=28)))
    again = kept(listed(authority, scene.at))
    with refused("revocations.old"):
        scene.do("update_revocation_list", "centre", revocations=again)


def test_a_list_of_somebody_else_or_out_of_date_is_refused(desk, authority):
    scene = desk.scene
    strange = kept(listed(authority, scene.at))
    with refused("revocations.issuer"):
        scene.do("update_revocation_list", "centre", revocations=strange)
    scene.do("recognise_root", "centre", certificate=kept(authority.certificate.der))
    outdated = kept(pem.armor("X509 CRL", listed(authority, scene.at - timedelta(days=40))))
    with refused("revocations.outdated"):
        scene.do("update_revocation_list", "centre", revocations=outdated)
