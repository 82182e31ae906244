"""Certificates: what makes one reliable, and every way in which one is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import crl, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.proof.certificates import (
    Certificate,
    CertificateUnreadable,
    RevocationList,
    Usage,
    check_binding,
    check_certificate,
    find_chains,
)
from yangguang.proof.democa import DemoAuthority, DemoUsage
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key
from yangguang.rules.refusal import Refusal

FAMILIES: tuple[Algorithm, ...] = ("rsa", "ecdsa", "ed25519", "sm2")
KEYS: dict[Algorithm, PrivateKey] = {family: generate_key(family, bits=2048) for family in FAMILIES}
MIDDLE_KEYS: dict[Algorithm, PrivateKey] = {family: generate_key(family, bits=2048) for family in FAMILIES}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = START + 3 * DAY
CODE = "91990000MA0000000X"


def codes(refusals: list[Refusal]) -> list[str]:
    assert all(one.reason and one.article and one.remedy for one in refusals)
    return [one.code for one in refusals]


def make_root(family: Algorithm = "ecdsa") -> DemoAuthority:
    return DemoAuthority.create(name="示例根CA", algorithm=family, at=START, key=KEYS[family])


def make_middle(root: DemoAuthority, family: Algorithm = "ecdsa", path_length: int | None = 0) -> DemoAuthority:
    return root.create_intermediate(
        name="示例二级CA", algorithm=family, at=START, path_length=path_length, key=MIDDLE_KEYS[family]
    )


def issue(
    issuer: DemoAuthority, family: Algorithm = "ecdsa", *, usage: DemoUsage = "sign", code: str = CODE
) -> Certificate:
    return issuer.issue(
        organisation_name="示例建设有限公司",
        organisation_code=code,
        common_name="示例建设",
        key=KEYS[family].public,
        usage=usage,
        not_before=START + DAY,
        not_after=START + 10 * DAY,
    )


def lists(*issuers: DemoAuthority) -> list[RevocationList]:
    return [one.revocation_list(START, START + 30 * DAY) for one in issuers]


def check(
    certificate: Certificate,
    *issuers: DemoAuthority,
    at: datetime = NOW,
    usage: Usage | None = "sign",
    revocation_lists: list[RevocationList] | None = None,
) -> list[str]:
    return codes(
        check_certificate(
            certificate=certificate,
            intermediates=issuers[-1].intermediates,
            roots=[issuers[0].root],
            revocation_lists=lists(*issuers) if revocation_lists is None else revocation_lists,
            at=at,
            usage=usage,
        )
    )


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("above", FAMILIES)
def test_a_good_chain_is_accepted_whatever_families_it_mixes(family: Algorithm, above: Algorithm) -> None:
    root = make_root(above)
    middle = make_middle(root, family)
    assert check(issue(middle, above), root, middle) == []


def test_a_certificate_directly_below_its_root_is_accepted() -> None:
    root = make_root("sm2")
    assert check(issue(root, "sm2"), root) == []


def test_a_certificate_that_is_itself_trusted_needs_no_list() -> None:
    root = make_root()
    assert check(root.root, root, usage=None, revocation_lists=[]) == []


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (START + DAY - timedelta(seconds=1), ["certificate.validity.not_yet"]),
        (START + DAY, []),
        (START + 10 * DAY, []),
        (START + 10 * DAY + timedelta(seconds=1), ["certificate.validity.expired"]),
    ],
)
def test_a_certificate_holds_from_its_first_to_its_last_second(at: datetime, expected: list[str]) -> None:
    root = make_root()
    assert check(issue(root), root, at=at) == expected


def test_a_time_without_zone_is_a_mistake_of_the_caller() -> None:
    root = make_root()
    with pytest.raises(ValueError, match="时区"):
        check(issue(root), root, at=datetime(2026, 3, 5))  # noqa: DTZ001 # that is the point


def test_an_expired_authority_is_refused() -> None:
    root = make_root()
    certificate = root.issue(
        organisation_name="示例",
        organisation_code=CODE,
        common_name="示例",
        key=KEYS["sm2"].public,
        usage="sign",
        not_before=START,
        not_after=START + 9000 * DAY,
    )
    later = START + 8000 * DAY
    current = [root.revocation_list(later, later + DAY)]
    assert check(certificate, root, at=later, revocation_lists=current) == ["certificate.validity.expired"]


@pytest.mark.parametrize("family", FAMILIES)
def test_an_authority_of_the_same_name_with_another_key_is_unknown(family: Algorithm) -> None:
    impostor = DemoAuthority.create(name="示例根CA", algorithm=family, at=START, key=MIDDLE_KEYS[family])
    assert check(issue(impostor), make_root(family)) == ["certificate.chain.unknown_issuer"]


def test_a_chain_without_its_middle_is_refused() -> None:
    root = make_root()
    certificate = issue(make_middle(root))
    refusals = check_certificate(certificate=certificate, roots=[root.root], at=NOW)
    assert codes(refusals) == ["certificate.chain.unknown_issuer"]
    assert "示例二级CA" in refusals[0].reason


def test_a_user_certificate_cannot_issue_another() -> None:
    root = make_root()
    user = issue(root, "ecdsa")
    pretender = DemoAuthority(
        certificate=user, root=root.root, intermediates=(user,), _key=KEYS["ecdsa"], _serials=iter([7])
    )
    assert "certificate.chain.not_authority" in check(issue(pretender), root, pretender)


@pytest.mark.parametrize(("path_length", "expected"), [(None, []), (1, []), (0, ["certificate.chain.path_length"])])
def test_the_path_length_is_kept(path_length: int | None, expected: list[str]) -> None:
    root = make_root()
    middle = make_middle(root, "sm2", path_length)
    third = middle.create_intermediate(name="示例三级CA", algorithm="rsa", at=START, key=MIDDLE_KEYS["rsa"])
    assert check(issue(third), root, middle, third) == expected


def test_a_self_issued_authority_does_not_count_for_the_path_length() -> None:
    root = make_root()
    middle = make_middle(root, "sm2", 0)
    renewed = middle.create_intermediate(name="示例二级CA", algorithm="rsa", at=START, key=MIDDLE_KEYS["rsa"])
    assert renewed.certificate.is_self_issued is True
    assert check(issue(renewed), root, middle, renewed) == []


@pytest.mark.parametrize(
    ("family", "made_for", "asked", "expected"),
    [
        ("rsa", "sign", "sign", []),
        ("rsa", "encrypt", "encrypt", []),
        ("sm2", "both", "encrypt", []),
        ("sm2", "both", "sign", []),
        ("rsa", "sign", None, []),
        ("rsa", "sign", "encrypt", ["certificate.usage.encrypt"]),
        ("sm2", "encrypt", "sign", ["certificate.usage.sign"]),
        ("ecdsa", "sign", "encrypt", ["certificate.usage.encrypt"]),
    ],
)
def test_the_usage_is_kept(family: Algorithm, made_for: DemoUsage, asked: Usage | None, expected: list[str]) -> None:
    root = make_root()
    assert check(issue(root, family, usage=made_for), root, usage=asked) == expected


def test_a_revoked_certificate_is_refused_with_its_date() -> None:
    root = make_root("sm2")
    certificate, other = issue(root), issue(root)
    root.revoke(certificate.serial_number, START + 2 * DAY)
    current = [root.revocation_list(START + 2 * DAY, START + 9 * DAY)]
    refusals = check_certificate(
        certificate=certificate, roots=[root.root], revocation_lists=current, at=NOW, usage="sign"
    )
    assert codes(refusals) == ["certificate.revocation.revoked"]
    assert "已于北京时间 2026-03-04 17:00:00 被吊销" in refusals[0].reason
    assert check(other, root, revocation_lists=current) == []


def test_a_revoked_authority_is_refused() -> None:
    root = make_root()
    middle = make_middle(root)
    root.revoke(middle.certificate.serial_number, START)
    assert check(issue(middle), root, middle) == ["certificate.revocation.revoked"]


def test_every_link_needs_its_list() -> None:
    root = make_root()
    middle = make_middle(root)
    certificate = issue(middle)
    for present in ([], lists(root), lists(middle)):
        missing = check(certificate, root, middle, revocation_lists=present)
        assert missing == ["certificate.revocation.missing"] * (2 - len(present))


@pytest.mark.parametrize(
    ("this_update", "next_update", "expected"),
    [
        (NOW, NOW, []),
        (NOW - DAY, NOW - timedelta(seconds=1), ["certificate.revocation.stale"]),
        (NOW + timedelta(seconds=1), NOW + DAY, ["certificate.revocation.stale"]),
    ],
)
def test_a_list_counts_only_in_its_time(this_update: datetime, next_update: datetime, expected: list[str]) -> None:
    root = make_root()
    current = [root.revocation_list(this_update, next_update)]
    assert check(issue(root), root, revocation_lists=current) == expected


def test_a_list_forged_under_the_authoritys_name_is_refused() -> None:
    root = make_root()
    forger = DemoAuthority.create(name="示例根CA", algorithm="ecdsa", at=START, key=MIDDLE_KEYS["ecdsa"])
    assert check(issue(root), root, revocation_lists=lists(forger)) == ["certificate.revocation.unverified"]


def test_one_good_list_among_bad_ones_is_enough_and_any_good_one_revokes() -> None:
    root = make_root()
    certificate = issue(root)
    forger = DemoAuthority.create(name="示例根CA", algorithm="ecdsa", at=START, key=MIDDLE_KEYS["ecdsa"])
    forger.revoke(certificate.serial_number, START)
    stale = root.revocation_list(START, START + DAY)
    assert check(certificate, root, revocation_lists=[*lists(forger), stale, *lists(root)]) == []
    good = lists(root)
    root.revoke(certificate.serial_number, START)
    assert check(certificate, root, revocation_lists=[*good, *lists(root)]) == ["certificate.revocation.revoked"]


def test_several_reasons_are_told_together() -> None:
    root = make_root()
    assert check(issue(root), root, at=START + 40 * DAY, usage="encrypt") == [
        "certificate.validity.expired",
        "certificate.revocation.stale",
        "certificate.usage.encrypt",
    ]


def test_of_two_chains_the_good_one_counts() -> None:
    """A cross-certificate that was revoked does not spoil the other way up."""
    good, bad = make_root("sm2"), DemoAuthority.create(name="示例旧根CA", algorithm="rsa", at=START, key=KEYS["rsa"])
    middle, crossed = make_middle(good), make_middle(bad)
    bad.revoke(crossed.certificate.serial_number, START)
    certificate = issue(middle)
    for order in ((middle, crossed), (crossed, middle)):
        refusals = check_certificate(
            certificate=certificate,
            intermediates=[one.certificate for one in order],
            roots=[good.root, bad.root],
            revocation_lists=lists(good, bad, middle),
            at=NOW,
        )
        assert refusals == []


def test_certificates_that_sign_each_other_in_circles_do_not_trap_the_search() -> None:
    key = KEYS["ecdsa"]
    knot = [DemoAuthority.create(name="示例环CA", algorithm="ecdsa", at=START, key=key).root for _ in range(40)]
    chains = list(find_chains(certificate=issue(make_root()), intermediates=knot, roots=[make_root("sm2").root]))
    assert chains == []
    circle = DemoAuthority.create(name="示例环CA", algorithm="ecdsa", at=START, key=key)
    assert list(find_chains(certificate=issue(circle), intermediates=knot, roots=[make_root("sm2").root])) == []


def test_a_chain_longer_than_eight_is_not_followed() -> None:
    authority = make_root()
    for number in range(8):
        authority = authority.create_intermediate(
            name=f"示例{number}级CA", algorithm="ecdsa", at=START, path_length=None, key=MIDDLE_KEYS["ecdsa"]
        )
    chains = find_chains(certificate=issue(authority), intermediates=authority.intermediates, roots=[authority.root])
    assert list(chains) == []


# binding


def test_a_certificate_is_bound_to_its_organisation() -> None:
    certificate = issue(make_root())
    assert check_binding(certificate=certificate, organisation_code=f" {CODE.lower()} ") == []
    other = check_binding(certificate=certificate, organisation_code="91990000MA00000011")
    assert codes(other) == ["certificate.binding.different"]
    nobody = issue(make_root(), code="")
    assert codes(check_binding(certificate=nobody, organisation_code=CODE)) == ["certificate.binding.missing"]


def test_an_empty_code_is_never_a_match() -> None:
    nobody = issue(make_root(), code="")
    assert codes(check_binding(certificate=nobody, organisation_code="")) == ["certificate.binding.missing"]


# certificates of other makers, built with the library

OTHER_KEY = ec.generate_private_key(ec.SECP256R1())


def name_of(*pairs: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for kind, value in pairs])


def build(
    *extensions: tuple[x509.ExtensionType, bool],
    name: x509.Name | None = None,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = OTHER_KEY,
    **options: Any,
) -> Certificate:
    subject = name or name_of((NameOID.COMMON_NAME, "别家根CA"))
    built = x509.CertificateBuilder(subject, subject, key.public_key(), 0xF00D, START, START + 99 * DAY)
    for extension, critical in extensions:
        built = built.add_extension(extension, critical)
    algorithm = options.pop("algorithm", hashes.SHA256())
    return Certificate.from_der(built.sign(key, algorithm, **options).public_bytes(serialization.Encoding.DER))


def trusted(certificate: Certificate, usage: Usage | None = None) -> list[str]:
    return codes(check_certificate(certificate=certificate, roots=[certificate], at=NOW, usage=usage))


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([(NameOID.ORGANIZATION_IDENTIFIER, "NTRCN-91990000ma0000000x")], CODE),
        ([(NameOID.SERIAL_NUMBER, CODE)], CODE),
        ([(NameOID.SERIAL_NUMBER, "7"), (NameOID.ORGANIZATION_IDENTIFIER, CODE)], CODE),
        ([(NameOID.COMMON_NAME, CODE)], ""),
    ],
)
def test_the_organisation_code_is_found_where_authorities_write_it(
    pairs: list[tuple[x509.ObjectIdentifier, str]], code: str
) -> None:
    assert build(name=name_of(*pairs)).organisation_code == code


def test_a_name_is_written_out_with_its_special_characters_escaped() -> None:
    certificate = build(
        name=name_of((NameOID.COUNTRY_NAME, "CN"), (NameOID.ORGANIZATION_NAME, "甲, 乙+丙"), (NameOID.USER_ID, "u"))
    )
    assert certificate.subject == r"C=CN, O=甲\, 乙\+丙, 0.9.2342.19200300.100.1.1=u"
    assert certificate.is_demo is False


def test_names_with_rare_characters_and_other_spacing_still_link() -> None:
    """U+2CB2D came with Unicode 8: it occurs in names of real companies."""
    certificate = build(name=name_of((NameOID.COMMON_NAME, "示例\U0002cb2d  CA")))
    same = build(name=name_of((NameOID.COMMON_NAME, "示例\U0002cb2d ca")))
    assert certificate.subject_name == same.subject_name
    assert certificate != same
    assert same.is_issued_by(certificate) is True


def test_sha1_signatures_are_refused() -> None:
    der = build().der.replace(bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d040301"))
    certificate = Certificate.from_der(der)
    refusals = check_certificate(certificate=certificate, roots=[make_root().root], at=NOW)
    assert codes(refusals) == ["certificate.signature.unsupported"]


@pytest.mark.parametrize(
    ("key", "options", "good"),
    [
        (ec.generate_private_key(ec.SECP384R1()), {"algorithm": hashes.SHA384()}, True),
        (rsa.generate_private_key(65537, 2048), {"algorithm": hashes.SHA512()}, True),
        (rsa.generate_private_key(65537, 2048), {"rsa_padding": padding.PSS(padding.MGF1(hashes.SHA256()), 32)}, False),
    ],
)
def test_signatures_of_other_sizes_verify_and_unknown_ones_do_not(
    key: Any, options: dict[str, Any], *, good: bool
) -> None:
    certificate = build(key=key, **options)
    assert certificate.is_issued_by(certificate) is good


def test_a_short_rsa_key_is_refused() -> None:
    assert trusted(build(key=rsa.generate_private_key(65537, 1024))) == ["certificate.key.weak"]  # noqa: S505


def test_a_key_of_an_unknown_family_is_refused() -> None:
    with pytest.raises(CertificateUnreadable, match="密钥类型"):
        build(key=ec.generate_private_key(ec.SECP256K1()))


def usages(**granted: bool) -> x509.KeyUsage:
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
        "crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: granted.get(name, False) for name in every.split()})


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        ((x509.BasicConstraints(ca=True, path_length=None), True), (usages(crl_sign=True), True)),
        ((x509.BasicConstraints(ca=False, path_length=None), True), (usages(key_cert_sign=True), True)),
    ],
)
def test_an_authority_needs_both_marks(extensions: tuple[tuple[x509.ExtensionType, bool], ...]) -> None:
    authority = build(*extensions)
    certificate = below(authority)
    refusals = check_certificate(certificate=certificate, roots=[authority], at=NOW)
    assert codes(refusals) == ["certificate.chain.not_authority", "certificate.revocation.missing"]


def test_an_authority_without_key_usage_may_do_both() -> None:
    authority = build((x509.BasicConstraints(ca=True, path_length=None), True))
    refusals = check_certificate(
        certificate=below(authority), roots=[authority], revocation_lists=[build_list()], at=NOW
    )
    assert refusals == []


def test_an_authority_that_may_not_sign_lists_has_none() -> None:
    authority = build((x509.BasicConstraints(ca=True, path_length=None), True), (usages(key_cert_sign=True), True))
    refusals = check_certificate(
        certificate=below(authority), roots=[authority], revocation_lists=[build_list()], at=NOW
    )
    assert codes(refusals) == ["certificate.revocation.unverified"]


@pytest.mark.parametrize("usage", ["sign", "encrypt"])
def test_a_certificate_for_web_servers_signs_and_encrypts_nothing(usage: Usage) -> None:
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    both = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    key = rsa.generate_private_key(65537, 2048)
    assert trusted(build((server, True), key=key), usage) == [f"certificate.usage.{usage}"]
    assert trusted(build((both, True), key=key), usage) == []


def test_an_unknown_critical_extension_is_refused_and_an_unknown_other_is_not() -> None:
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    limits = x509.NameConstraints([x509.DNSName("example.org")], None)
    assert trusted(build((odd, False))) == []
    assert trusted(build((odd, True), (limits, True))) == ["certificate.extension.critical"]


# lists of other makers

LOCATION = x509.UniformResourceIdentifier("ldap://list-1")
OTHER_LOCATION = x509.UniformResourceIdentifier("ldap://list-2")


def below(
    authority: Certificate, *, is_authority: bool = False, location: x509.GeneralName | None = None
) -> Certificate:
    issuer = name_of((NameOID.COMMON_NAME, authority.common_name))
    subject = name_of((NameOID.COMMON_NAME, "示例下级"))
    built = x509.CertificateBuilder(issuer, subject, OTHER_KEY.public_key(), 0xBEEF, START, START + 99 * DAY)
    built = built.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    if location:
        point = x509.DistributionPoint([location], None, None, None)
        built = built.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return Certificate.from_der(built.sign(OTHER_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


def build_list(*extensions: tuple[x509.ExtensionType, bool], entry: x509.ExtensionType | None = None) -> RevocationList:
    built = x509.CertificateRevocationListBuilder(name_of((NameOID.COMMON_NAME, "别家根CA")), START, START + 99 * DAY)
    for extension, critical in extensions:
        built = built.add_extension(extension, critical)
    revoked = x509.RevokedCertificateBuilder(0xDEAD, START)
    if entry:
        revoked = revoked.add_extension(entry, critical=True)
    built = built.add_revoked_certificate(revoked.build())
    return RevocationList.from_der(built.sign(OTHER_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER))


def point(**options: Any) -> x509.IssuingDistributionPoint:
    given_options = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**given_options, **options})


AUTHORITY = build((x509.BasicConstraints(ca=True, path_length=None), True))
USER, LOWER = below(AUTHORITY, location=LOCATION), below(AUTHORITY, is_authority=True)


@pytest.mark.parametrize(
    ("extensions", "user", "lower"),
    [
        ((), True, True),
        (((x509.CRLNumber(7), False),), True, True),
        (((point(only_contains_user_certs=True), True),), True, False),
        (((point(only_contains_ca_certs=True), True),), False, True),
        (((point(full_name=[LOCATION]), True),), True, False),
        (((point(full_name=[OTHER_LOCATION]), True),), False, False),
        (((point(full_name=[OTHER_LOCATION, LOCATION]), True),), True, False),
        (((point(only_some_reasons=frozenset([x509.ReasonFlags.key_compromise])), True),), False, False),
        (((point(indirect_crl=True), True),), False, False),
        (((point(only_contains_attribute_certs=True), True),), False, False),
        (((x509.DeltaCRLIndicator(3), True),), False, False),
        (((x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),), False, False),
    ],
)
def test_a_list_counts_only_for_the_certificates_it_speaks_of(
    extensions: tuple[tuple[x509.ExtensionType, bool], ...], *, user: bool, lower: bool
) -> None:
    revocations = build_list(*extensions)
    assert (revocations.covers(USER), revocations.covers(LOWER)) == (user, lower)
    assert revocations.verify(AUTHORITY) is True


def test_a_list_named_relative_to_its_authority_is_not_used() -> None:
    relative = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "list-1")])
    assert build_list((point(relative_name=relative), True)).covers(USER) is False


def test_a_list_that_speaks_for_other_authorities_is_not_used() -> None:
    other = x509.CertificateIssuer([x509.DirectoryName(name_of((NameOID.COMMON_NAME, "别人")))])
    assert build_list(entry=other).covers(USER) is False
    assert dict(build_list().revoked) == {"dead": START}


def test_a_list_that_never_ends_is_refused() -> None:
    body = crl.CertificateList.load(build_list().der)["tbs_cert_list"].copy()
    endless = crl.TbsCertList({name: body[name] for name in ("version", "signature", "issuer", "this_update")})
    der = crl.CertificateList(
        {"tbs_cert_list": endless, "signature_algorithm": body["signature"], "signature": b"x"}
    ).dump()
    with pytest.raises(CertificateUnreadable, match="吊销列表"):
        RevocationList.from_der(der)


# files


def test_a_certificate_survives_its_pem() -> None:
    certificate = issue(make_root("sm2"), "sm2")
    again = Certificate.from_pem(certificate.pem)
    assert again == certificate
    assert hash(again) == hash(certificate)
    assert again != "a certificate"
    assert len(again.fingerprint) == 64
    revocations = build_list()
    assert RevocationList.from_pem(pem.armor("X509 CRL", revocations.der)).der == revocations.der


@pytest.mark.parametrize("data", [b"", b"junk", pem.armor("PRIVATE KEY", b"x"), pem.armor("CERTIFICATE", b"x")])
@pytest.mark.parametrize("read", [Certificate.from_pem, RevocationList.from_pem])
def test_a_file_of_something_else_is_refused(read: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(CertificateUnreadable):
        read(data)


def test_bytes_after_the_end_are_refused() -> None:
    with pytest.raises(CertificateUnreadable):
        Certificate.from_der(make_root().root.der + b"\0")
    with pytest.raises(CertificateUnreadable):
        RevocationList.from_der(build_list().der + b"\0")


def test_an_outer_algorithm_unlike_the_inner_one_is_refused() -> None:
    parsed = asn1_x509.Certificate.load(build().der)
    parsed["signature_algorithm"] = {"algorithm": "sha384_ecdsa"}
    with pytest.raises(CertificateUnreadable):
        Certificate.from_der(parsed.dump())


def test_an_extension_that_occurs_twice_is_refused() -> None:
    parsed = asn1_x509.Certificate.load(AUTHORITY.der)
    body = parsed["tbs_certificate"]
    values = {
        name: body[name]
        for name in (
            "version",
            "serial_number",
            "signature",
            "issuer",
            "validity",
            "subject",
            "subject_public_key_info",
        )
    }
    twice = asn1_x509.TbsCertificate({**values, "extensions": [*body["extensions"], *body["extensions"]]})
    der = asn1_x509.Certificate(
        {"tbs_certificate": twice, "signature_algorithm": body["signature"], "signature_value": b"x"}
    ).dump()
    with pytest.raises(CertificateUnreadable):
        Certificate.from_der(der)


SM2_ROOT = make_root("sm2")
SM2_CERTIFICATE = issue(SM2_ROOT, "sm2")
SM2_LISTS = lists(SM2_ROOT)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_a_certificate_with_any_byte_changed_is_never_accepted(mask: int) -> None:
    for position in range(len(SM2_CERTIFICATE.der)):
        changed = flip(SM2_CERTIFICATE.der, position, mask)
        with pytest.raises((CertificateUnreadable, NotAcceptedError)):
            accept(Certificate.from_der(changed), SM2_LISTS)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_a_list_with_any_byte_changed_is_never_accepted(mask: int) -> None:
    for position in range(len(SM2_LISTS[0].der)):
        changed = flip(SM2_LISTS[0].der, position, mask)
        with pytest.raises((CertificateUnreadable, NotAcceptedError)):
            accept(SM2_CERTIFICATE, [RevocationList.from_der(changed)])


def test_the_unchanged_certificate_and_list_are_accepted() -> None:
    accept(SM2_CERTIFICATE, SM2_LISTS)


def test_a_certificate_whose_unsigned_part_is_not_strict_der_is_refused() -> None:
    der = SM2_CERTIFICATE.der
    assert der[:2] == b"\x30\x82"
    with pytest.raises(CertificateUnreadable):
        Certificate.from_der(b"\x30\x83\x00" + der[2:])


class NotAcceptedError(Exception):
    pass


def accept(certificate: Certificate, revocation_lists: list[RevocationList]) -> None:
    if check(certificate, SM2_ROOT, revocation_lists=revocation_lists):
        raise NotAcceptedError


def flip(data: bytes, position: int, mask: int) -> bytes:
    changed = bytearray(data)
    changed[position] ^= mask
    return bytes(changed)


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=200))
def test_junk_is_refused_in_one_way_only(junk: bytes) -> None:
    for read in (Certificate.from_der, Certificate.from_pem, RevocationList.from_der, RevocationList.from_pem):
        with pytest.raises(CertificateUnreadable):
            read(junk)
