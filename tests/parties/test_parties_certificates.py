"""Whose signature counts: recognised roots by time, the newest revocation lists, the bearer."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from support.scenes import START
from support.stages import trade_at
from yangguang.demo.cast import signed
from yangguang.demo.people import publish_revocations
from yangguang.parties.certificates import check_signatures, check_trusted, recognised_roots, revocation_lists
from yangguang.parties.models import PersonalCertificate, RevocationListIssue, TrustedRoot
from yangguang.parties.signing import check_signed, named_files, statement
from yangguang.proof.signatures import Signature, sign
from yangguang.trading.stages import Stage
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def codes(refusals):
    return [refusal.code for refusal in refusals]


def test_a_root_counts_from_its_acceptance_to_its_end():
    trade_at(Stage.REGISTERED)
    assert len(recognised_roots(at=START)) == 3
    assert recognised_roots(at=START - 366 * DAY) == []
    TrustedRoot.objects.filter(pk=TrustedRoot.objects.order_by("pk")[0].pk).update(accepted_until=START)
    assert len(recognised_roots(at=START - timedelta(microseconds=1))) == 3
    assert len(recognised_roots(at=START)) == 2


def test_a_certificate_under_a_root_that_is_no_longer_recognised_does_not_hold():
    scene = trade_at(Stage.REGISTERED)
    certificate = scene.who("tenderer").signing.certificate
    assert check_trusted(certificate=certificate, at=START) == []
    TrustedRoot.objects.update(accepted_until=START)
    assert codes(check_trusted(certificate=certificate, at=START)) == ["certificate.chain.unknown_issuer"]


def test_of_the_lists_of_an_issuer_the_newest_that_is_out_counts():
    scene = trade_at(Stage.REGISTERED)
    first = {one.issuer: one.this_update for one in revocation_lists(at=START)}
    publish_revocations(scene.cast.registry.authorities["rsa"], at=START + DAY)
    assert {one.issuer: one.this_update for one in revocation_lists(at=START)} == first
    later = revocation_lists(at=START + DAY)
    assert len(later) == 3
    assert max(one.this_update for one in later) == START + DAY
    assert RevocationListIssue.objects.count() == 4


def test_without_a_list_of_its_issuer_no_certificate_holds():
    scene = trade_at(Stage.REGISTERED)
    RevocationListIssue.objects.all().delete()
    certificate = scene.who("tenderer").signing.certificate
    assert codes(check_trusted(certificate=certificate, at=START)) == ["certificate.revocation.missing"]


def test_the_statement_says_act_stream_name_and_both_digests():
    trade_at(Stage.REGISTERED)
    kept = evidence.keep(b"paper", media_type="text/plain")
    said = statement(act="award", stream="S", name="公告", evidence=kept).decode()
    assert said == f"yangguang-signed-file/1\naward\nS\n公告\n{kept.sha256}\n{kept.sm3}\n"


def test_a_signed_file_is_listed_with_its_signature_and_can_be_read_back():
    scene = trade_at(Stage.REGISTERED)
    file = signed(party=scene.who("tenderer"), name="公告", content=b"paper", act="award", stream="S")
    (name, kept), (signature_name, signature) = named_files(file)
    assert (name, kept, signature_name) == ("公告", file.evidence, "公告.sig")
    assert Signature.from_json(json.loads(evidence.read(signature.sha256))) == file.signature
    assert check_signed(file=file, act="award", stream="S", actor=scene.actor("tenderer"), at=START) == []


def test_a_signature_for_one_paper_of_an_act_is_none_for_another():
    scene = trade_at(Stage.REGISTERED)
    file = signed(party=scene.who("tenderer"), name="公告", content=b"paper", act="award", stream="S")
    given = {"act": "award", "stream": "S", "actor": scene.actor("tenderer"), "at": START}
    assert check_signed(file=file, paper="公告", **given) == []
    assert codes(check_signed(file=file, paper="合同", **given)) == ["signature.other_paper"]
    assert codes(check_signed(file=replace(file, name="合同"), paper="合同", **given)) == ["signature.wrong"]


@pytest.mark.parametrize("name", ["名" * 201, "\0", "\ud800"], ids=ascii)
def test_a_name_that_the_log_cannot_keep_is_refused(name):
    scene = trade_at(Stage.REGISTERED)
    file = signed(party=scene.who("tenderer"), name="公告", content=b"paper", act="award", stream="S")
    given = {"act": "award", "stream": "S", "actor": scene.actor("tenderer"), "at": START}
    assert codes(check_signed(file=replace(file, name=name), **given)) == ["signature.other_paper"]


def test_a_personal_certificate_signs_for_its_person_alone():
    scene = trade_at(Stage.REGISTERED)
    one, other = list(scene.cast.experts.values())[:2]
    file = signed(party=one, name="意见", content=b"paper", act="sign_report", stream="S")
    given = {"file": file, "act": "sign_report", "stream": "S", "at": START}
    assert check_signed(actor=one.actor, **given) == []
    assert codes(check_signed(actor=other.actor, **given)) == ["signature.not_yours"]
    assert codes(check_signed(actor=scene.actor("tenderer"), **given)) == ["certificate.binding.missing"]
    PersonalCertificate.objects.filter(person=one.person).delete()
    assert codes(check_signed(actor=one.actor, **given)) == ["signature.not_yours"]


def test_several_signatures_over_the_same_data_are_judged_one_by_one():
    scene = trade_at(Stage.REGISTERED)
    kinds = ("tenderer", "agency", "supervisor")
    pairs = {kind: scene.who(kind).signing for kind in kinds}
    signatures = {kind: sign(data=b"x", key=pair.key, certificate=pair.certificate) for kind, pair in pairs.items()}
    own = [(signature, scene.actor(kind)) for kind, signature in signatures.items()]
    assert check_signatures(data=b"x", signed=own, at=START) == []
    assert codes(check_signatures(data=b"y", signed=own, at=START)) == ["signature.wrong"] * 3
    swapped = [own[0], (signatures["agency"], scene.actor("supervisor"))]
    assert codes(check_signatures(data=b"x", signed=swapped, at=START)) == ["certificate.binding.different"]
