"""主体登记: organisations ask, the centre confirms; certificates are registered under them and their people, and ended.

Who asks and whose certificate it is stays concealed in the log: it would tell who prepares to bid.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from yangguang.parties.certificates import check_trusted, read_certificate
from yangguang.parties.models import (
    Application,
    Appointment,
    EndedCertificate,
    Office,
    Organisation,
    OrganisationCertificate,
    Person,
    PersonalCertificate,
)
from yangguang.proof.certificates import Certificate, check_binding
from yangguang.rules.calendar import legal_date
from yangguang.rules.codes import BadCode, parse_organisation_code
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.trading.models import Centre
from yangguang.trading.roles import Role
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED, act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless, refuse_unreasoned
from yangguang.witness.inputs import is_text
from yangguang.witness.models import Evidence
from yangguang.witness.record import record

REGISTER = "公共资源交易平台管理暂行办法；平台规则：主体登记"
SIGNATURES = "电子签名法第十三条"
MUTUAL = f"{PLATFORM}：CA互认"
LONGEST_NAME, LONGEST_CONTACT, LONGEST_PHONE = 120, 60, 20


@act("apply_to_register", by={Role.APPLICANT})
def apply_to_register(
    centre: Centre,
    *,
    actor: Actor,
    at: datetime,
    code: str,
    name: str,
    kinds: Sequence[str],
    contact: str,
    phone: str,
    certificate: Certificate | None = None,
) -> Application:
    """申请登记主体: by a signed-in person, or by whoever proved to hold a recognised certificate of the organisation.

    Raises `Refused` for a wrong code, a certificate of somebody else, and an organisation that is known or waits.
    """
    refuse_unless(
        actor.person or certificate,
        code="application.stranger",
        reason="还不知道是谁在申请",
        article=SIGNATURES,
        remedy="请先用本单位的数字证书证明身份，或者登录后再申请。",
    )
    refuse_if(_check_code(code), *(_check_own(certificate, code=code, at=at) if certificate else ()))
    _refuse_unsaid(name, kinds, contact, phone)
    _refuse_known(code)
    made = Application.objects.create(
        code=code, name=name.strip(), kinds=list(kinds), contact=contact.strip(), phone=phone.strip(),
        person=Person.objects.filter(mark=actor.person).first(),
        certificate=certificate.pem.decode() if certificate else "", made_at=at,
    )  # fmt: skip
    record(data={"number": made.pk}, concealed={"code": code, "name": made.name, "kinds": list(kinds)})
    return made


@act("confirm_organisation", by={Role.CENTRE})
def confirm_organisation(centre: Centre, *, actor: Actor, at: datetime, application: int) -> Organisation:
    """核验主体登记: from now on the organisation can act; whoever asked becomes its administrator and handler."""
    asked = _waiting(application)
    refuse_unless(
        asked.person is None or asked.person.mark != actor.person,
        code="application.own",
        reason="这是您本人提出的申请",
        article=f"{PLATFORM}：本人的申请由他人核验",
        remedy="请由中心的另一位工作人员核验。",
    )
    refuse_unless(
        not Organisation.objects.filter(code=asked.code).exists(),
        code="application.known",
        reason="这个单位已经登记",
        article=REGISTER,
        remedy="请不予通过，并告知申请人向该单位的管理员办理授权。",
    )
    made = Organisation.objects.create(code=asked.code, name=asked.name)
    person = asked.person or Person.objects.create(name=asked.contact)
    for office in (Office.HANDLER, Office.ADMINISTRATOR):
        Appointment.objects.create(person=person, organisation=made, office=office, valid_from=legal_date(at))
    if asked.certificate:
        certificate = Certificate.from_pem(asked.certificate.encode())
        OrganisationCertificate.objects.get_or_create(
            fingerprint=certificate.fingerprint,
            defaults={"organisation": made, "pem": asked.certificate, "registered_at": at},
        )
    _decide(asked, Application.Decision.CONFIRMED, at=at)
    record(data={"number": asked.pk}, concealed={"code": asked.code, "person": person.mark})
    return made


@act("reject_organisation", by={Role.CENTRE})
def reject_organisation(centre: Centre, *, actor: Actor, at: datetime, application: int, reason: str) -> Application:
    """不予通过主体登记: with the reason; the organisation may ask again."""
    refuse_unreasoned(reason, code="reason.missing", article=REGISTER)
    asked = _waiting(application)
    _decide(asked, Application.Decision.REJECTED, at=at, reason=reason.strip())
    record(data={"number": asked.pk}, concealed={"code": asked.code, "reason": asked.reason})
    return asked


@act("register_certificate", by={Role.CENTRE, Role.ADMINISTRATOR})
def register_certificate(
    centre: Centre, *, actor: Actor, at: datetime, organisation: str, certificate: Evidence, person: str = ""
) -> str:
    """登记数字证书: under the organisation, or under one of its people (`person` is a mark); gives the fingerprint.

    Raises `Refused` unless it chains to a recognised root, holds now, and names this organisation or none.
    """
    owner = organisation_for(centre, actor, organisation)
    given = read_certificate(evidence.read(certificate.sha256))
    refuse_if(check_trusted(certificate=given, at=at, usage=None))
    if given.organisation_code or not person:
        refuse_if(check_binding(certificate=given, organisation_code=owner.code))
    refuse_unless(
        not any(kind.objects.filter(fingerprint=given.fingerprint).exists() for kind in REGISTERED),
        code="certificate.registered",
        reason="这张证书已经登记过",
        article=MUTUAL,
        remedy="请核对；停用后不能再登记，请换领证书。",
    )
    facts = {"fingerprint": given.fingerprint, "pem": given.pem.decode(), "registered_at": at}
    if person:
        PersonalCertificate.objects.create(person=person_of(owner, person), organisation=owner, **facts)
    else:
        OrganisationCertificate.objects.create(organisation=owner, **facts)
    record(concealed={"organisation": owner.code, "person": person, "fingerprint": given.fingerprint})
    return given.fingerprint


@act("end_certificate", by={Role.CENTRE, Role.ADMINISTRATOR})
def end_certificate(
    centre: Centre, *, actor: Actor, at: datetime, organisation: str, fingerprint: str, reason: str
) -> EndedCertificate:
    """停用数字证书: it signs, encrypts and signs in no more from now on; what it signed before stays good."""
    owner = organisation_for(centre, actor, organisation)
    refuse_unreasoned(reason, code="reason.missing", article=REGISTER)
    known = OrganisationCertificate.objects.filter(organisation=owner, fingerprint=fingerprint).exists()
    theirs = certificates_of_people(centre, actor, owner).filter(fingerprint=fingerprint).exists()
    ended = EndedCertificate.objects.filter(fingerprint=fingerprint).exists()
    refuse_unless(
        (known or theirs) and not ended,
        code="certificate.unknown",
        reason="没有在这个单位登记过这张证书，或者已经停用",
        article=MUTUAL,
        remedy="请从列表中选择。",
    )
    made = EndedCertificate.objects.create(fingerprint=fingerprint, ended_at=at, reason=reason.strip())
    record(concealed={"organisation": owner.code, "fingerprint": fingerprint, "reason": made.reason})
    return made


REGISTERED = (PersonalCertificate, OrganisationCertificate)


def certificates_of_people(centre: Centre, actor: Actor, organisation: Organisation) -> QuerySet[PersonalCertificate]:
    """What is registered under its people: by the organisation; for the centre also what the centre itself registered.

    A person may act for several organisations, and none of them ends what another relies on.
    """
    here = Q(organisation=organisation)
    if centre.has_role(actor, Role.CENTRE):
        here |= Q(organisation=None, person__appointments__organisation=organisation)
    return PersonalCertificate.objects.filter(here).distinct()


def organisation_for(centre: Centre, actor: Actor, code: str) -> Organisation:
    """The organisation whose affairs the actor may arrange: the centre any, an administrator the own one."""
    if not centre.has_role(actor, Role.CENTRE) and actor.organisation != code:
        raise Refused(DENIED)
    return found_or_refuse(
        Organisation.objects.filter(code=code).first(),
        code="organisation.unknown",
        reason=f"没有登记使用代码 {code} 的单位",
        article=REGISTER,
        remedy="请核对，或者先办理主体登记。",
    )


def person_of(organisation: Organisation, mark: str) -> Person:
    """Somebody who acts or acted for the organisation. Raises `Refused`."""
    return found_or_refuse(
        Person.objects.filter(mark=mark, appointments__organisation=organisation).distinct().first(),
        code="person.unknown",
        reason="这个人不在该单位的人员里",
        article="民法典第一百六十五条",
        remedy="请先为其办理授权。",
    )


def _check_code(code: str) -> Sequence[Refusal]:
    try:
        parse_organisation_code(code)
    except BadCode as bad:
        return [bad.refusal]
    return []


def _check_own(certificate: Certificate, *, code: str, at: datetime) -> Sequence[Sequence[Refusal]]:
    trusted = check_trusted(certificate=certificate, at=at)
    return trusted, check_binding(certificate=certificate, organisation_code=code)


def _refuse_unsaid(name: str, kinds: Sequence[str], contact: str, phone: str) -> None:
    texts = ((name, LONGEST_NAME), (contact, LONGEST_CONTACT), (phone, LONGEST_PHONE))
    refuse_unless(
        all(is_text(text, most=most) and text.strip() for text, most in texts),
        code="application.unsaid",
        reason="单位名称、联系人和联系电话都应填写，且不能过长",
        article=REGISTER,
        remedy="请补充后重新提交。",
    )
    refuse_unless(
        kinds and set(kinds) <= set(Application.Kind.values),
        code="application.kinds",
        reason="应选择以什么身份参加交易",
        article=REGISTER,
        remedy="可以选择几项。",
    )


def _refuse_known(code: str) -> None:
    refuse_unless(
        not Organisation.objects.filter(code=code).exists(),
        code="application.known",
        reason="这个单位已经登记",
        article=REGISTER,
        remedy="请向该单位的管理员办理授权；没有管理员的，请联系中心。",
    )
    refuse_unless(
        not Application.objects.filter(code=code, decision=Application.Decision.WAITING).exists(),
        code="application.waits",
        reason="这个单位已有一件申请等待核验",
        article=REGISTER,
        remedy="请等待核验结果，或者联系中心。",
    )


def _waiting(number: int) -> Application:
    return found_or_refuse(
        Application.objects.filter(pk=number, decision=Application.Decision.WAITING).first(),
        code="application.unknown",
        reason="没有这件申请，或者已经核验",
        article=REGISTER,
        remedy="请从列表中选择。",
    )


def _decide(asked: Application, decision: str, *, at: datetime, reason: str = "") -> None:
    asked.decision, asked.decided_at, asked.reason = decision, at, reason
    asked.save(update_fields=["decision", "decided_at", "reason"])
