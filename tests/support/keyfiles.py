"""Certificate files (.p12) of demo authorities for tests: a few seconds of derivation are not what they are about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from yangguang.demo.people import KeyPair, Registry, publish_revocations
from yangguang.proof.certificates import Certificate
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import Algorithm, generate_key
from yangguang.proof.pkcs12 import write_pkcs12

PASSWORD = "演示-Pass 123"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
CODE = "91990100MA00000015"
FEW = 2000


def pair(
    algorithm: Algorithm, *, usage: str = "sign", code: str = CODE, until: datetime = NOW + YEAR, name: str = "示例公司"
) -> KeyPair:
    """A key with a certificate of an authority of its own."""
    authority = DemoAuthority.create(name="示例认证中心", algorithm="ecdsa", at=NOW - YEAR)
    key = generate_key(algorithm, bits=2048)
    certificate = authority.issue(
        organisation_name=name,
        organisation_code=code,
        common_name=name,
        key=key.public,
        usage=usage,  # type: ignore[arg-type] # the word is one of them
        not_before=NOW - YEAR,
        not_after=until,
    )
    return KeyPair(key=key, certificate=certificate)


def take_back(registry: Registry, certificate: Certificate, *, at: datetime) -> None:
    """Publish that a certificate is revoked; the authority forgets it again, for other scenes have the same one."""
    authority = registry.authorities[certificate.algorithm]
    authority.revoke(certificate.serial_number, at - timedelta(hours=2))
    publish_revocations(authority, at=at - timedelta(hours=1))
    authority._revoked.clear()  # noqa: SLF001


def key_file(*pairs: KeyPair, password: str = PASSWORD, others: Sequence[KeyPair] = ()) -> bytes:
    """The .p12 of these pairs."""
    return write_pkcs12(
        [(one.key, one.certificate) for one in pairs],
        password=password,
        others=[one.certificate for one in others],
        iterations=FEW,
    )
