"""The cast: fictitious, complete, and able to sign, seal and open."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from yangguang.demo.cast import build_cast, signed, terms
from yangguang.experts.models import Expert
from yangguang.parties.certificates import check_trusted
from yangguang.parties.signing import check_signed
from yangguang.trading.terms import parse_terms

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_bidders_come_from_three_authorities_with_two_certificates_each(tmp_path: Path) -> None:
    cast = build_cast(AT, folder=tmp_path, bidders=9, experts=3)
    families = [one.signing.certificate.algorithm for one in cast.bidders]
    assert families.count("rsa") == 4
    assert families.count("ecdsa") == 4
    assert families.count("sm2") == 1
    for one in cast.bidders:
        assert one.encryption is not None
        assert not check_trusted(certificate=one.signing.certificate, at=AT, usage="sign")
        assert not check_trusted(certificate=one.encryption.certificate, at=AT, usage="encrypt")
        assert one.signing.certificate.is_demo
        assert one.signing.certificate.organisation_code == one.code


def test_an_experts_signature_counts_and_another_persons_does_not(tmp_path: Path) -> None:
    cast = build_cast(AT, folder=tmp_path, bidders=1, experts=2)
    one, other = cast.experts.values()
    paper = signed(party=one, name="意见", content="同意".encode(), act="sign_report", stream="S")
    assert not check_signed(file=paper, act="sign_report", stream="S", actor=one.actor, at=AT)
    refusals = check_signed(file=paper, act="sign_report", stream="S", actor=other.actor, at=AT)
    assert [refusal.code for refusal in refusals] == ["signature.not_yours"]


def test_one_expert_works_for_a_bidder_and_one_is_of_another_specialty(tmp_path: Path) -> None:
    cast = build_cast(AT, folder=tmp_path, bidders=2, experts=12)
    assert Expert.objects.filter(employer=cast.bidders[0].code).count() == 1
    assert sum(parse_terms(terms()).specialty in one.specialties for one in Expert.objects.all()) == 11


def test_the_terms_draw_one_parameter_and_score_the_technical_part_blind() -> None:
    read = parse_terms(terms())
    assert [parameter.name for parameter in read.parameters] == ["drawn_float"]
    assert {item.id for item in read.items_of("technical")} == {"施工组织设计", "质量保证措施", "安全文明施工"}
    assert {item.id for item in read.items_of("business")} == {"企业业绩", "项目经理"}
    assert sum(item.most for item in read.items) == 50
