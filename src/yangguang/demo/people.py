"""Who takes part in the demonstration: fictitious organisations and people with keys of three demo authorities.

Everything is made up: 示例市 does not exist, every certificate says that it is for demonstration. Private keys are
held by the objects here and are never written to the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from asn1crypto import pem

from yangguang.parties.access import actor_for
from yangguang.parties.models import (
    Appointment,
    Office,
    Organisation,
    Person,
    PersonalCertificate,
    RevocationListIssue,
    TrustedRoot,
)
from yangguang.proof.certificates import Certificate
from yangguang.proof.democa import DemoAuthority, DemoUsage
from yangguang.proof.keys import Algorithm, PrivateKey, generate_key
from yangguang.proof.x509_documents import RevocationList
from yangguang.rules.calendar import legal_date
from yangguang.rules.codes import make_organisation_code
from yangguang.witness.actor import Actor

REGION = "990100"  # no province of China has the digits 99
RSA_BITS = 2048
BEFORE = timedelta(days=365)
LIST_LASTS = timedelta(days=180)
AUTHORITIES: Sequence[tuple[str, Algorithm]] = (
    ("示例甲认证中心（RSA）", "rsa"),
    ("示例乙认证中心（ECDSA）", "ecdsa"),
    ("示例丙认证中心（SM2）", "sm2"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """A private key with its certificate."""

    key: PrivateKey = field(repr=False)
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person acting for an organisation, who signs with `signing`; `encryption` opens what is sealed for it."""

    organisation: Organisation
    person: Person
    actor: Actor
    signing: KeyPair
    encryption: KeyPair | None = None

    @property
    def code(self) -> str:
        """统一社会信用代码."""
        return self.organisation.code

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.organisation.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual:
    """A person acting for nobody but themselves, with a personal certificate: an expert, or who sits with them."""

    person: Person
    actor: Actor
    signing: KeyPair


Signatory = Party | Individual


@dataclass(slots=True, kw_only=True)
class Registry:
    """Makes organisations and people with certificates that hold from a year before `at` to years after it."""

    at: datetime
    authorities: dict[Algorithm, DemoAuthority]
    made: int = 0

    def party(
        self, *, name: str, office: Office = Office.HANDLER, algorithm: Algorithm = "rsa", encrypts: bool = False
    ) -> Party:
        """An organisation with one appointed person; with `encrypts` it also has an encryption certificate."""
        self.made += 1
        organisation = Organisation.objects.create(code=_code(self.made), name=name)
        person = Person.objects.create(name=f"{name}经办人")
        Appointment.objects.create(
            person=person, organisation=organisation, office=office, valid_from=legal_date(self.at - BEFORE)
        )
        signing = self._pair(organisation, algorithm=algorithm, usage="sign")
        if office != Office.HANDLER:  # who answers in person has the certificate registered under their name
            PersonalCertificate.objects.create(person=person, fingerprint=signing.certificate.fingerprint)
        return Party(
            organisation=organisation,
            person=person,
            actor=actor_for(person=person, organisation=organisation, at=self.at),
            signing=signing,
            encryption=self._pair(organisation, algorithm=algorithm, usage="encrypt") if encrypts else None,
        )

    def renewed(self, party: Party) -> Party:
        """The same party after its authority gave it a new encryption key (换证); the old key is gone."""
        algorithm = party.signing.certificate.algorithm
        return replace(party, encryption=self._pair(party.organisation, algorithm=algorithm, usage="encrypt"))

    def individual(self, *, name: str, algorithm: Algorithm = "sm2") -> Individual:
        """A person with a personal certificate that is registered under their name."""
        person = Person.objects.create(name=name)
        key = _key(algorithm)
        certificate = self._certify(key, name=name, organisation="", code="", algorithm=algorithm, usage="sign")
        PersonalCertificate.objects.create(person=person, fingerprint=certificate.fingerprint)
        pair = KeyPair(key=key, certificate=certificate)
        return Individual(person=person, actor=Actor(person=person.mark), signing=pair)

    def _pair(self, organisation: Organisation, *, algorithm: Algorithm, usage: DemoUsage) -> KeyPair:
        """ECDSA keys cannot encrypt: such an organisation has an RSA encryption certificate of the same authority."""
        key = _key("rsa" if usage == "encrypt" and algorithm == "ecdsa" else algorithm)
        certificate = self._certify(
            key,
            name=organisation.name,
            organisation=organisation.name,
            code=organisation.code,
            algorithm=algorithm,
            usage=usage,
        )
        return KeyPair(key=key, certificate=certificate)

    def _certify(
        self, key: PrivateKey, *, name: str, organisation: str, code: str, algorithm: Algorithm, usage: DemoUsage
    ) -> Certificate:
        return self.authorities[algorithm].issue(
            organisation_name=organisation,
            organisation_code=code,
            common_name=name,
            key=key.public,
            usage=usage,
            not_before=self.at - BEFORE,
            not_after=self.at + 3 * BEFORE,
        )


def open_registry(*, at: datetime) -> Registry:
    """Make the three authorities and have the centre recognise them (CA互认) with their revocation lists."""
    authorities = {
        algorithm: DemoAuthority.create(name=name, algorithm=algorithm, at=at - BEFORE, key=_key(algorithm))
        for name, algorithm in AUTHORITIES
    }
    for authority in authorities.values():
        root = authority.certificate
        TrustedRoot.objects.create(
            pem=root.pem.decode(), fingerprint=root.fingerprint, name=root.common_name, accepted_from=at - BEFORE
        )
        publish_revocations(authority, at=at - timedelta(days=1))
    return Registry(at=at, authorities=authorities)


def publish_revocations(authority: DemoAuthority, *, at: datetime) -> None:
    """A new issue of an authority's revocation list (吊销列表)."""
    issued = authority.revocation_list(at=at, next_update=at + LIST_LASTS)
    RevocationListIssue.objects.create(pem=_armoured(issued), issuer=issued.issuer, this_update=at)


def _armoured(issued: RevocationList) -> str:
    armoured: bytes = pem.armor("X509 CRL", issued.der)
    return armoured.decode()


def _key(algorithm: Algorithm) -> PrivateKey:
    return generate_key(algorithm, bits=RSA_BITS)


def _code(number: int) -> str:
    return str(make_organisation_code(region=REGION, serial=f"{number:08d}"))
