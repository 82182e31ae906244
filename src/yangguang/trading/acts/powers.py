"""授权委托: who acts for an organisation, from when until when, for everything or for one trade.

All of it is concealed in the log: a power for one trade would tell who prepares to bid there. For the same reason the
centre itself may give one for a trade only to whoever tenders it.
"""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yangguang.parties.models import Appointment, Office, Organisation, Person
from yangguang.rules.calendar import legal_date
from yangguang.trading.acts.organisations import organisation_for, person_of
from yangguang.trading.models import Centre, Trade
from yangguang.trading.roles import Role
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless, refuse_unreasoned
from yangguang.witness.inputs import is_text
from yangguang.witness.models import Evidence
from yangguang.witness.record import record

AGENCY = "民法典第一百六十五条"
ENDS = "民法典第一百七十三条"
OWN = frozenset({Office.HANDLER, Office.ADMINISTRATOR})
LONGEST_NAME = 60


@act("grant_power", by={Role.CENTRE, Role.ADMINISTRATOR})
def grant_power(
    centre: Centre,
    *,
    actor: Actor,
    at: datetime,
    organisation: str,
    office: str,
    valid_from: date,
    person: str = "",
    name: str = "",
    valid_until: date | None = None,
    stream: str = "",
    document: Evidence | None = None,
) -> Appointment:
    """办理授权委托: `person` is the mark of somebody of the organisation, or `name` is somebody new.

    Both days count. Raises `Refused` for an office that is not the organisation's to give, days that are over, and a
    power that is there already.
    """
    owner = organisation_for(centre, actor, organisation)
    by_centre = centre.has_role(actor, Role.CENTRE)
    _check_office(centre, owner, office, by_centre=by_centre)
    _check_days(valid_from, valid_until, today=legal_date(at))
    if stream:
        _check_trade(owner, office, stream, by_centre=by_centre)
    holder = person_of(owner, person) if person else _new_person(name)
    _refuse_twice(holder, owner, office=office, stream=stream, first=valid_from, last=valid_until)
    made = Appointment.objects.create(
        person=holder, organisation=owner, office=office, valid_from=valid_from, valid_until=valid_until,
        stream=stream, document=document,
    )  # fmt: skip
    hidden = {
        "organisation": owner.code, "person": holder.mark, "office": office, "stream": stream,
        "from": valid_from.isoformat(), "until": valid_until.isoformat() if valid_until else "",
    }  # fmt: skip
    record(concealed=hidden, files=[("授权委托书", document)] if document else [])
    return made


@act("end_power", by={Role.CENTRE, Role.ADMINISTRATOR})
def end_power(centre: Centre, *, actor: Actor, at: datetime, power: int, reason: str) -> Appointment:
    """终止授权委托: at once; what was done under it stays good."""
    refuse_unreasoned(reason, code="reason.missing", article=ENDS)
    today = legal_date(at)
    lasts = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    held = found_or_refuse(
        manageable(centre, actor).filter(lasts, pk=power, ended_at__isnull=True).select_related("organisation").first(),
        code="power.unknown",
        reason="没有这项授权，或者已经终止、到期",
        article=ENDS,
        remedy="请从列表中选择。",
    )
    _refuse_last(centre, held, today=today)
    held.ended_at, held.end_reason = at, reason.strip()
    held.save(update_fields=["ended_at", "end_reason"])
    record(concealed={"organisation": held.organisation.code, "power": held.pk, "reason": held.end_reason})
    return held


def manageable(centre: Centre, actor: Actor) -> QuerySet[Appointment]:
    """The powers that the actor may see and end: an administrator those of the own organisation; the centre all others.

    Except those for one trade, which would tell the centre who prepares to bid there.
    """
    if not centre.has_role(actor, Role.CENTRE):
        return Appointment.objects.filter(organisation__code=actor.organisation)
    hosts = Q(tender__tenderer=OuterRef("organisation")) | Q(tender__agency=OuterRef("organisation"))
    hosted = Trade.objects.filter(hosts, stream=OuterRef("stream"))
    return Appointment.objects.filter(Q(stream="") | Exists(hosted))


def _check_office(centre: Centre, owner: Organisation, office: str, *, by_centre: bool) -> None:
    is_centre = owner.code == centre.code
    possible = OWN | {Office.CENTRE} if is_centre else OWN | {Office.SUPERVISION, Office.DISCIPLINE}
    refuse_unless(
        office in (possible if by_centre else OWN),
        code="power.office",
        reason="这个岗位不能这样授予",
        article=f"{PLATFORM}：岗位由有权的单位授予",
        remedy="经办人、单位管理员由单位授予；监督、纪检人员由中心登记；中心人员只能在中心任职。",
    )


def _check_days(first: date, last: date | None, *, today: date) -> None:
    refuse_unless(
        today <= first and (last is None or first <= last),
        code="power.days",
        reason="授权应自今天或者以后开始，且不早于开始之日结束",
        article=AGENCY,
        remedy="请核对起止日期；以前的行为不能补办授权。",
    )


def _check_trade(owner: Organisation, office: str, stream: str, *, by_centre: bool) -> None:
    trades = Trade.objects.filter(stream=stream)
    hosts = Q(tender__tenderer=owner) | Q(tender__agency=owner)
    refuse_unless(
        office == Office.HANDLER and (trades.filter(hosts) if by_centre else trades).exists(),
        code="power.trade",
        reason="没有这个项目，或者不能这样授权",
        article=f"{AGENCY}；招标投标法第二十二条",
        remedy="只限一个项目的授权由单位的管理员自己办理，中心不应知道谁准备投标；只适用于经办人。",
    )


def _new_person(name: str) -> Person:
    refuse_unless(
        is_text(name, most=LONGEST_NAME) and name.strip(),
        code="power.person",
        reason="应选择人员，或者填写新人员的姓名",
        article=AGENCY,
        remedy="请选择或者填写。",
    )
    return Person.objects.create(name=name.strip())


def _refuse_twice(
    holder: Person, owner: Organisation, *, office: str, stream: str, first: date, last: date | None
) -> None:
    same = Appointment.objects.filter(person=holder, organisation=owner, office=office, stream=stream)
    over = same.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), ended_at__isnull=True)
    refuse_unless(
        not over.filter(valid_from__lte=last or date.max).exists(),
        code="power.twice",
        reason="这段时间里已有同样的授权",
        article=AGENCY,
        remedy="要改变期限的，请先终止原来的授权。",
    )


def _refuse_last(centre: Centre, held: Appointment, *, today: date) -> None:
    if held.office != Office.CENTRE:
        return
    lasts = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    others = Appointment.objects.filter(lasts, ended_at__isnull=True, office=Office.CENTRE, valid_from__lte=today)
    refuse_unless(
        others.filter(organisation__code=centre.code).exclude(pk=held.pk).exists(),
        code="power.last",
        reason="这是中心最后一名工作人员的授权",
        article=f"{PLATFORM}：中心始终有人值守",
        remedy="请先为接替的人员办理授权。",
    )
