"""X.509 certificates and revocation lists as read from their DER (RFC 5280, GM/T 0015); nothing is judged here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Self

from asn1crypto import crl, pem, x509

from yangguang.proof.keys import Algorithm, Digest, PublicKey, load_public_key
from yangguang.proof.sm2_curve import SIGNATURE_OID
from yangguang.proof.x509_names import NameKey, name_key, name_text, name_values, organisation_code

DEMO_MARK = "演示 DEMO – NOT FOR REAL USE"

_SIGNATURES: dict[str, tuple[Algorithm, Digest]] = {
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
    "1.3.101.112": ("ed25519", "sha256"),
    SIGNATURE_OID: ("sm2", "sha256"),
}
_SIGNING = frozenset({"digital_signature", "non_repudiation"})
_ENCRYPTING = frozenset({"key_encipherment", "data_encipherment", "key_agreement"})
_READ_FAILURES = (ValueError, TypeError, KeyError, AttributeError, OverflowError)


class CertificateUnreadable(ValueError):  # noqa: N818 # named as what happened, like every error of this package
    """The bytes are no X.509 certificate or revocation list of a known key family."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPart:
    """What an authority signed: the exact bytes, the algorithm (None if not accepted) and the signature."""

    data: bytes = field(repr=False)
    algorithm: tuple[Algorithm, Digest] | None
    value: bytes = field(repr=False)

    def is_good_under(self, key: PublicKey) -> bool:
        """Whether the key's holder signed this."""
        if self.algorithm is None or self.algorithm[0] != key.algorithm:
            return False
        return key.verify(signature=self.value, data=self.data, digest=self.algorithm[1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certificate:
    """A certificate (数字证书). Two are equal when their DER is.

    `serial_number` is lowercase hex, times are aware UTC, `key_usage` and `extended_usage` are asn1crypto's names or
    dotted numbers, None where the extension is absent. `organisation_code` is the 统一社会信用代码 of the subject's
    organizationIdentifier (2.5.4.97), else of its serialNumber (2.5.4.5), else empty.
    """

    der: bytes = field(repr=False)
    subject: str
    issuer: str
    subject_name: NameKey = field(repr=False)
    issuer_name: NameKey = field(repr=False)
    serial_number: str
    not_before: datetime
    not_after: datetime
    common_name: str
    organisation_name: str
    organisation_code: str
    public_key: PublicKey = field(repr=False)
    is_authority: bool
    path_length: int | None
    key_usage: frozenset[str] | None
    extended_usage: frozenset[str] | None
    critical_extensions: frozenset[str]
    list_locations: frozenset[str]
    signed: SignedPart = field(repr=False)

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read DER; CertificateUnreadable for anything else."""
        try:
            parsed = x509.Certificate.load(der, strict=True)
            signed = _signed_part(parsed, body="tbs_certificate", value="signature_value")
            return cls(der=der, signed=signed, **_certificate_values(parsed))
        except _READ_FAILURES as error:
            raise CertificateUnreadable("证书无法读取：不是 X.509 格式，或密钥类型不受支持") from error

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """Read the first certificate of a PEM text; CertificateUnreadable for anything else."""
        return cls.from_der(_unarmor(data, "CERTIFICATE"))

    @property
    def pem(self) -> bytes:
        """PEM text."""
        text: bytes = pem.armor("CERTIFICATE", self.der)
        return text

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER, lowercase hex."""
        return sha256(self.der).hexdigest()

    @property
    def algorithm(self) -> Algorithm:
        """Family of the subject's key."""
        return self.public_key.algorithm

    @property
    def may_sign(self) -> bool:
        """Whether the key usage lets the holder sign documents; an absent extension restricts nothing."""
        return self.key_usage is None or bool(self.key_usage & _SIGNING)

    @property
    def may_encrypt(self) -> bool:
        """Whether secrets may be encrypted to the holder: by the key usage, and by what the key family can do."""
        return self.public_key.can_encrypt and (self.key_usage is None or bool(self.key_usage & _ENCRYPTING))

    @property
    def is_self_issued(self) -> bool:
        """Whether subject and issuer are the same name."""
        return self.subject_name == self.issuer_name

    @property
    def is_demo(self) -> bool:
        """Whether a demonstration authority made it, for no real use."""
        return DEMO_MARK in self.subject

    def is_issued_by(self, issuer: "Certificate") -> bool:
        """Whether the names link and the signature is the issuer's."""
        return self.issuer_name == issuer.subject_name and self.signed.is_good_under(issuer.public_key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and self.der == other.der

    def __hash__(self) -> int:
        return hash(self.der)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScope:
    """Which certificates a revocation list speaks of (RFC 5280 §5.2.5).

    `is_supported` is false for delta and indirect lists, lists of some reasons only, and lists with an unknown
    critical extension: their silence proves nothing.
    """

    is_supported: bool
    users_only: bool = False
    authorities_only: bool = False
    locations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RevocationList:
    """A revocation list (证书吊销列表, CRL): `revoked` maps serial numbers (lowercase hex) to aware UTC times."""

    der: bytes = field(repr=False)
    issuer: str
    issuer_name: NameKey = field(repr=False)
    this_update: datetime
    next_update: datetime
    revoked: Mapping[str, datetime] = field(repr=False)
    scope: ListScope
    signed: SignedPart = field(repr=False)

    @classmethod
    def from_der(cls, der: bytes) -> Self:
        """Read DER; CertificateUnreadable for anything else, and for a list that names no next update."""
        try:
            parsed = crl.CertificateList.load(der, strict=True)
            signed = _signed_part(parsed, body="tbs_cert_list", value="signature")
            return cls(der=der, signed=signed, **_list_values(parsed))
        except _READ_FAILURES as error:
            raise CertificateUnreadable("吊销列表无法读取：不是 X.509 CRL 格式") from error

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """Read PEM text; CertificateUnreadable for anything else."""
        return cls.from_der(_unarmor(data, "X509 CRL"))

    def verify(self, issuer: Certificate) -> bool:
        """Whether this authority issued the list and was allowed to."""
        may_issue = issuer.key_usage is None or "crl_sign" in issuer.key_usage
        return may_issue and self.issuer_name == issuer.subject_name and self.signed.is_good_under(issuer.public_key)

    def covers(self, certificate: Certificate) -> bool:
        """Whether the list would name this certificate if it were revoked."""
        if not self.scope.is_supported or self.issuer_name != certificate.issuer_name:
            return False
        if certificate.is_authority and self.scope.users_only:
            return False
        if not certificate.is_authority and self.scope.authorities_only:
            return False
        return not self.scope.locations or bool(self.scope.locations & certificate.list_locations)


def _unarmor(data: bytes, wanted: str) -> bytes:
    try:
        kind, _, der = pem.unarmor(data)
    except _READ_FAILURES as error:
        raise CertificateUnreadable("文件不是 PEM 格式") from error
    if kind != wanted:
        raise CertificateUnreadable(f"PEM 文件的内容不是 {wanted}")
    return bytes(der)


def _signed_part(parsed: Any, *, body: str, value: str) -> SignedPart:
    """The inner and the outer algorithm must be the same (RFC 5280 §4.1.1.2), and everything unsigned strict DER."""
    outer, signature = parsed["signature_algorithm"], parsed[value].contents[1:]
    if outer.dump() != parsed[body]["signature"].dump():
        raise ValueError("signature algorithms differ")
    strict = type(parsed)({body: parsed[body], "signature_algorithm": outer, value: signature})
    if strict.dump() != parsed.dump():
        raise ValueError("not DER")
    return SignedPart(data=parsed[body].dump(), algorithm=_SIGNATURES.get(outer["algorithm"].dotted), value=signature)


def _certificate_values(parsed: Any) -> dict[str, Any]:
    body = parsed["tbs_certificate"]
    _refuse_duplicates(body["extensions"])
    subject = name_values(body["subject"])
    constraints = parsed.basic_constraints_value
    return {
        "subject": name_text(body["subject"]),
        "issuer": name_text(body["issuer"]),
        "subject_name": name_key(body["subject"]),
        "issuer_name": name_key(body["issuer"]),
        "serial_number": _serial_text(body["serial_number"]),
        "not_before": body["validity"]["not_before"].native,
        "not_after": body["validity"]["not_after"].native,
        "common_name": subject.get("common_name", ""),
        "organisation_name": subject.get("organization_name", ""),
        "organisation_code": organisation_code(subject),
        "public_key": load_public_key(body["subject_public_key_info"].dump()),
        "is_authority": bool(constraints and constraints["ca"].native),
        "path_length": constraints["path_len_constraint"].native if constraints else None,
        "key_usage": _usage(parsed.key_usage_value),
        "extended_usage": _usage(parsed.extended_key_usage_value),
        "critical_extensions": frozenset(parsed.critical_extensions),
        "list_locations": _locations(parsed.crl_distribution_points_value or ()),
    }


def _list_values(parsed: Any) -> dict[str, Any]:
    body = parsed["tbs_cert_list"]
    if body["next_update"].native is None:
        raise ValueError("no next update")
    _refuse_duplicates(body["crl_extensions"])
    entries = list(body["revoked_certificates"])
    return {
        "issuer": name_text(body["issuer"]),
        "issuer_name": name_key(body["issuer"]),
        "this_update": body["this_update"].native,
        "next_update": body["next_update"].native,
        "revoked": {_serial_text(one["user_certificate"]): one["revocation_date"].native for one in entries},
        "scope": _scope(parsed, entries),
    }


def _scope(parsed: Any, entries: list[Any]) -> ListScope:
    strange = set(parsed.critical_extensions) - {"issuing_distribution_point"}
    if strange or any(one.critical_extensions for one in entries) or parsed.delta_crl_indicator_value is not None:
        return ListScope(is_supported=False)
    point = parsed.issuing_distribution_point_value
    if point is None:
        return ListScope(is_supported=True)
    partial = any(point[kind].native for kind in ("only_some_reasons", "indirect_crl", "only_contains_attribute_certs"))
    locations = _locations([point])
    has_other_name = point["distribution_point"].native is not None and not locations
    return ListScope(
        is_supported=not (partial or has_other_name),
        users_only=point["only_contains_user_certs"].native,
        authorities_only=point["only_contains_ca_certs"].native,
        locations=locations,
    )


def _locations(points: Any) -> frozenset[str]:
    """The full names of distribution points, as hex of their DER."""
    names = (point["distribution_point"] for point in points)
    full = (name.chosen for name in names if name.native is not None and name.name == "full_name")
    return frozenset(one.dump().hex() for group in full for one in group)


def _refuse_duplicates(extensions: Any) -> None:
    names = [one["extn_id"].dotted for one in extensions]
    if len(names) != len(set(names)):
        raise ValueError("an extension occurs twice")


def _usage(value: Any) -> frozenset[str] | None:
    return None if value is None else frozenset(value.native)


def _serial_text(number: Any) -> str:
    """Hex of the bytes as they stand: some authorities forgot the zero that keeps a number positive."""
    text: str = number.contents.lstrip(b"\0").hex()
    return text or "00"
