"""Refusals of what the centre corrects: rules, working days, the roots of CAs and what they revoked."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from support.refusing import Play, act
from support.stages import PUBLISHED
from web.test_web_centre_rules import CHANGED, HOLIDAY
from yangguang.parties.certificates import recognised_roots
from yangguang.parties.models import TrustedRoot
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import generate_key


def uploaded(content, name="root.cer"):
    return SimpleUploadedFile(name, content, content_type="application/pkix-cert")


def rule(**changed):
    return act("correct_rule", lambda _: CHANGED | changed)


def days(**changed):
    return act("correct_days", lambda _: HOLIDAY | changed)


def root(certificate):
    return act("recognise_root", lambda scene: {"certificate": uploaded(certificate(scene).der)})


def listed(*, of=None, days_ago=0):
    """A revocation list of a recognised authority, or of another one."""

    def data(scene):
        authority = of(scene) if of else scene.cast.registry.authorities["rsa"]
        at = scene.at - timedelta(days=days_ago)
        found = authority.revocation_list(at=at, next_update=at + timedelta(days=30))
        return {"revocations": uploaded(found.der, "list.crl")}

    return act("update_revocation_list", data)


def stranger(scene):
    return DemoAuthority.create(
        name="示例戊认证中心", algorithm="sm2", at=scene.at - timedelta(days=100), key=generate_key("sm2")
    )


def withdrawal(scene):
    until = scene.at - timedelta(days=1)
    return {"fingerprint": TrustedRoot.objects.first().fingerprint, "until": f"{until:%Y-%m-%dT%H:%M}", "reason": "错"}


def centres(code, how):
    return Play(code=code, point=PUBLISHED, by="centre", how=how)


PLAYS = (
    centres("correction.nothing", rule(value="3", source="招标投标法实施条例")),
    centres("correction.row", rule(value="2.5")),
    centres("correction.days", days(first="2026-03-01", last="2026-03-02")),
    centres("root.not_root", root(lambda scene: scene.who("tenderer").signing.certificate)),
    centres("root.stands", root(lambda scene: recognised_roots(at=scene.at)[0])),
    centres("root.until", act("withdraw_root", withdrawal)),
    centres("revocations.issuer", listed(of=stranger)),
    centres("revocations.old", listed(days_ago=2)),
    centres("revocations.outdated", listed(days_ago=40)),
)
