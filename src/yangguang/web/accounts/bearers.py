"""Whom a certificate signs in (持证人): a person, and the organisation that they then act for.

The rule, in this order:

1. A certificate registered under a person's name (by fingerprint) is that person's and nobody else's. If it names an
   organisation, the person must hold an appointment there today.
   One that an organisation had registered speaks for that organisation only.
2. Any other certificate must name an organisation that the centre knows. It signs in whoever the organisation
   appointed as handler (经办人) and nothing more; if there are several, the holder says which one they are: the
   certificate is the organisation's seal, and the organisation answers for whom it gives it to.
3. Centre staff, supervisors and discipline inspectors answer in person, so rule 2 never signs them in: their
   certificate is registered under their name, or they sign in with password and second factor.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from yangguang.parties.access import appointees_of
from yangguang.parties.models import Office, Organisation, Person, PersonalCertificate
from yangguang.proof.certificates import Certificate
from yangguang.rules.refusal import Refusal, Refused

SIGNATURE_LAW = "电子签名法第十三条"
UNKNOWN_ORGANISATION = "sign_in.unknown_organisation"
AGENCY_LAW = "民法典第一百六十五条"
HANDLES = frozenset({Office.HANDLER, Office.ADMINISTRATOR})  # what the seal of the organisation may speak for


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearers:
    """The people whom a certificate may sign in, by name, and the organisation they act for (None: by themselves).

    `is_bound`: the certificate is the organisation's doing, so it opens nothing else that the person may do.
    """

    people: tuple[Person, ...]
    organisation: Organisation | None
    is_bound: bool = False


def bearers_of(certificate: Certificate, *, at: datetime) -> Bearers:
    """Whom this valid certificate signs in at an aware time; raises Refused when that is nobody."""
    registered = (
        PersonalCertificate.objects.select_related("person", "organisation")
        .filter(fingerprint=certificate.fingerprint)
        .first()
    )
    organisation = _organisation_of(certificate) if certificate.organisation_code else None
    if registered is not None:
        bearers = _in_person(registered.person, registered.organisation or organisation, at=at)
        return replace(bearers, is_bound=registered.organisation is not None)
    if organisation is None:
        raise Refused(_not_registered())
    return _handlers(organisation, at=at)


def _organisation_of(certificate: Certificate) -> Organisation:
    organisation = Organisation.objects.filter(code=certificate.organisation_code).first()
    if organisation is None:
        raise Refused(
            Refusal(
                code=UNKNOWN_ORGANISATION,
                reason=f"证书中的单位（统一社会信用代码 {certificate.organisation_code}）还没有在本中心登记",
                article="平台规则：CA互认",
                remedy="请先申请单位登记；已登记而代码变更的，请更新主体信息。",
            )
        )
    return organisation


def _in_person(person: Person, organisation: Organisation | None, *, at: datetime) -> Bearers:
    if organisation is not None and person not in appointees_of(organisation=organisation, at=at):
        raise Refused(_not_appointed(f"持证人今天没有代表“{organisation.name}”办事的有效授权"))
    return Bearers(people=(person,), organisation=organisation)


def _handlers(organisation: Organisation, *, at: datetime) -> Bearers:
    appointed = appointees_of(organisation=organisation, at=at)
    handlers = tuple(person for person, offices in appointed.items() if Office.HANDLER in offices <= HANDLES)
    if not handlers and appointed:
        raise Refused(
            Refusal(
                code="sign_in.in_person",
                reason=f"“{organisation.name}”的工作人员须以本人名义登录，单位证书不能代替",
                article=SIGNATURE_LAW,
                remedy="请把证书登记在本人名下，或者用密码和动态码登录。",
            )
        )
    if not handlers:
        raise Refused(_not_appointed(f"“{organisation.name}”今天没有有效授权的经办人"))
    return Bearers(people=handlers, organisation=organisation, is_bound=True)


def _not_registered() -> Refusal:
    return Refusal(
        code="sign_in.not_registered",
        reason="证书中没有统一社会信用代码，也没有登记在任何人名下",
        article=SIGNATURE_LAW,
        remedy="个人证书（例如评标专家）请先到中心登记；单位请使用机构证书。",
    )


def _not_appointed(reason: str) -> Refusal:
    remedy = "请由该单位重新办理授权委托后再试。"
    return Refusal(code="access.no_appointment", reason=reason, article=AGENCY_LAW, remedy=remedy)
