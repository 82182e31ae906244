"""A demonstration certificate authority (演示CA) making test certificates, marked as such in every subject.

Never for real use: its keys live in memory and nobody checks whom it certifies.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, Self

from asn1crypto import algos, core, crl, keys, x509

from yangguang.proof.keys import Algorithm, PrivateKey, PublicKey, generate_key
from yangguang.proof.sm2_curve import SIGNATURE_OID
from yangguang.proof.x509_documents import DEMO_MARK, Certificate, RevocationList

DemoUsage = Literal["sign", "encrypt", "both"]

_YEARS = timedelta(days=365 * 20)
_SERIAL = 16
_LAST_SHORT_YEAR = 2049  # UTCTime has two digits for the year (RFC 5280 §4.1.2.5)
_SIGNATURES: dict[Algorithm, str] = {
    "rsa": "sha256_rsa",
    "ecdsa": "sha256_ecdsa",
    "ed25519": "ed25519",
    "sm2": SIGNATURE_OID,
}
_AUTHORITY_USAGE = {"key_cert_sign", "crl_sign"}
_SIGN_USAGE = {"digital_signature", "non_repudiation"}
_ENCRYPT_USAGE: dict[Algorithm, set[str]] = {
    "rsa": {"key_encipherment", "data_encipherment"},
    "sm2": {"key_encipherment", "data_encipherment", "key_agreement"},
}


@dataclass(slots=True, kw_only=True)
class DemoAuthority:
    """One authority: its key, its own certificate, and what it revoked.

    `certificate` is its own, `root` the top of its chain, `intermediates` what a relying party needs between the two.
    """

    certificate: Certificate
    root: Certificate
    intermediates: tuple[Certificate, ...] = ()
    _key: PrivateKey = field(repr=False)
    _serials: Iterator[int] = field(repr=False)
    _revoked: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        *,
        name: str,
        algorithm: Algorithm,
        at: datetime,
        seed: bytes | None = None,
        key: PrivateKey | None = None,
    ) -> Self:
        """A root authority, valid for 20 years from an aware time.

        `seed` makes the serial numbers repeatable (keys and signatures stay random); `key` brings a key of one's own.
        """
        signer, serials = key or generate_key(algorithm), _serials(seed)
        subject = _subject(common_name=name)
        certificate = _certify(
            signer=signer,
            body=_body(subject=subject, issuer=subject, key=signer.public, serial=next(serials))
            | _validity(at, at + _YEARS),
            extensions=_authority_extensions(key=signer.public, issuer_key=signer.public, path_length=None),
        )
        return cls(certificate=certificate, root=certificate, _key=signer, _serials=serials)

    def create_intermediate(
        self,
        *,
        name: str,
        algorithm: Algorithm,
        at: datetime,
        path_length: int | None = 0,
        seed: bytes | None = None,
        key: PrivateKey | None = None,
    ) -> "DemoAuthority":
        """An authority below this one, valid from the time until this one ends."""
        signer = key or generate_key(algorithm)
        certificate = _certify(
            signer=self._key,
            body=self._body(subject=_subject(common_name=name), key=signer.public)
            | _validity(at, self.certificate.not_after),
            extensions=_authority_extensions(key=signer.public, issuer_key=self._key.public, path_length=path_length),
        )
        return DemoAuthority(
            certificate=certificate,
            root=self.root,
            intermediates=(certificate, *self.intermediates),
            _key=signer,
            _serials=_serials(seed),
        )

    def issue(
        self,
        *,
        organisation_name: str,
        organisation_code: str,
        common_name: str,
        key: PublicKey,
        usage: DemoUsage,
        not_before: datetime,
        not_after: datetime,
    ) -> Certificate:
        """A certificate of an organisation; ValueError if its key family cannot do what `usage` says."""
        subject = _subject(
            organisation_name=organisation_name, organisation_code=organisation_code, common_name=common_name
        )
        return _certify(
            signer=self._key,
            body=self._body(subject=subject, key=key) | _validity(not_before, not_after),
            extensions=[
                _extension("basic_constraints", {"ca": False}, critical=True),
                _extension("key_usage", _key_usage(usage, key), critical=True),
                *_key_identifiers(key=key, issuer_key=self._key.public),
            ],
        )

    def revoke(self, serial: str, at: datetime) -> None:
        """Note that the certificate of this serial number (hex) is revoked from an aware time."""
        self._revoked[serial.lower()] = at

    def revocation_list(self, at: datetime, next_update: datetime) -> RevocationList:
        """The list of what was revoked up to `at`, in force until `next_update`; both aware."""
        revoked = [
            {"user_certificate": int(serial, 16), "revocation_date": _time(moment)}
            for serial, moment in sorted(self._revoked.items())
            if moment <= at
        ]
        body = crl.TbsCertList(
            {
                "version": "v2",
                "signature": _signature_algorithm(self._key.algorithm),
                "issuer": self._name,
                "this_update": _time(at),
                "next_update": _time(next_update),
                **({"revoked_certificates": revoked} if revoked else {}),
                "crl_extensions": [
                    _extension("authority_key_identifier", {"key_identifier": _key_identifier(self._key.public)}),
                    _extension("crl_number", int(at.timestamp())),
                ],
            }
        )
        signed = crl.CertificateList(
            {
                "tbs_cert_list": body,
                "signature_algorithm": _signature_algorithm(self._key.algorithm),
                "signature": self._key.sign(body.dump()),
            }
        )
        return RevocationList.from_der(signed.dump())

    @property
    def _name(self) -> x509.Name:
        return x509.Certificate.load(self.certificate.der).subject

    def _body(self, *, subject: x509.Name, key: PublicKey) -> dict[str, Any]:
        return _body(subject=subject, issuer=self._name, key=key, serial=next(self._serials))


def _serials(seed: bytes | None) -> Iterator[int]:
    """Positive numbers of 16 bytes that do not begin with a zero byte."""
    count = 0
    while True:
        count += 1
        drawn = secrets.token_bytes(_SERIAL) if seed is None else sha256(seed + count.to_bytes(8)).digest()[:_SERIAL]
        yield int.from_bytes(bytes([drawn[0] & 0x3F | 0x40]) + drawn[1:])


def _subject(*, common_name: str, organisation_name: str = "", organisation_code: str = "") -> x509.Name:
    values = {
        "country_name": "CN",
        "organization_name": organisation_name,
        "organizational_unit_name": DEMO_MARK,
        "organization_identifier": organisation_code,
        "common_name": common_name,
    }
    return x509.Name.build({kind: value for kind, value in values.items() if value})


def _body(*, subject: x509.Name, issuer: x509.Name, key: PublicKey, serial: int) -> dict[str, Any]:
    return {
        "version": "v3",
        "serial_number": serial,
        "issuer": issuer,
        "subject": subject,
        "subject_public_key_info": keys.PublicKeyInfo.load(key.to_der()),
    }


def _validity(not_before: datetime, not_after: datetime) -> dict[str, Any]:
    return {"validity": {"not_before": _time(not_before), "not_after": _time(not_after)}}


def _certify(*, signer: PrivateKey, body: dict[str, Any], extensions: list[dict[str, Any]]) -> Certificate:
    algorithm = _signature_algorithm(signer.algorithm)
    signed = x509.TbsCertificate({**body, "signature": algorithm, "extensions": extensions})
    certificate = x509.Certificate(
        {"tbs_certificate": signed, "signature_algorithm": algorithm, "signature_value": signer.sign(signed.dump())}
    )
    return Certificate.from_der(certificate.dump())


def _signature_algorithm(algorithm: Algorithm) -> algos.SignedDigestAlgorithm:
    values: dict[str, Any] = {"algorithm": _SIGNATURES[algorithm]}
    if algorithm == "rsa":
        values["parameters"] = core.Null()  # RFC 4055 §5 wants it here and nowhere else
    return algos.SignedDigestAlgorithm(values)


def _authority_extensions(*, key: PublicKey, issuer_key: PublicKey, path_length: int | None) -> list[dict[str, Any]]:
    constraints: dict[str, Any] = {"ca": True}
    if path_length is not None:
        constraints["path_len_constraint"] = path_length
    return [
        _extension("basic_constraints", constraints, critical=True),
        _extension("key_usage", _AUTHORITY_USAGE, critical=True),
        *_key_identifiers(key=key, issuer_key=issuer_key),
    ]


def _key_usage(usage: DemoUsage, key: PublicKey) -> set[str]:
    if usage == "sign":
        return _SIGN_USAGE
    if not key.can_encrypt:
        raise ValueError(f"{key.algorithm} 密钥不能用于加密证书")
    encrypting = _ENCRYPT_USAGE[key.algorithm]
    return encrypting if usage == "encrypt" else encrypting | _SIGN_USAGE


def _key_identifiers(*, key: PublicKey, issuer_key: PublicKey) -> list[dict[str, Any]]:
    return [
        _extension("key_identifier", _key_identifier(key)),
        _extension("authority_key_identifier", {"key_identifier": _key_identifier(issuer_key)}),
    ]


def _key_identifier(key: PublicKey) -> bytes:
    """160 bits of SHA-256 over the key bits (RFC 7093 §2, method 1)."""
    bits = keys.PublicKeyInfo.load(key.to_der())["public_key"].contents[1:]
    return sha256(bits).digest()[:20]


def _extension(kind: str, value: Any, *, critical: bool = False) -> dict[str, Any]:
    return {"extn_id": kind, "critical": critical, "extn_value": value}


def _time(moment: datetime) -> x509.Time:
    utc = moment.astimezone(UTC).replace(microsecond=0)
    return x509.Time({"utc_time" if utc.year <= _LAST_SHORT_YEAR else "general_time": utc})
