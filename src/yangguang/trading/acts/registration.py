"""进场登记: a tender with its lots; each lot becomes a trade with a code of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from yangguang.lawbook.standing import law_of
from yangguang.parties.models import Organisation
from yangguang.proof.canonical import canonical
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.money import SubjectKind, check_limit_price
from yangguang.rules.codes import BadCode, build_trade_code, parse_project_code
from yangguang.rules.law import Law, Line
from yangguang.rules.refusal import Refused, refuse_if
from yangguang.trading.models import Centre, Tender, Trade
from yangguang.trading.models.tenders import SupervisionLine
from yangguang.trading.roles import Role
from yangguang.trading.stages import FAILED, Stage
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, REGULATION, refuse_unless
from yangguang.witness.inputs import is_money, is_text
from yangguang.witness.models import Evidence
from yangguang.witness.record import record

PROJECT_LETTER = "E"
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LotInput:
    """标段: what registration asks for. Amounts in yuan; `kind` is what is bought."""

    title: str
    kind: SubjectKind
    estimate: Decimal
    limit_price: Decimal | None


@act("register_tender", by={Role.CENTRE})
def register_tender(
    centre: Centre,
    *,
    actor: Actor,
    at: datetime,
    title: str,
    category: str,
    tenderer: Organisation,
    agency: Organisation | None,
    supervisor: Organisation,
    supervision_line: str,
    state_controlled: bool,
    lots: Sequence[LotInput],
    discipline: Organisation | None = None,
    retender_of: Trade | None = None,
) -> Tender:
    """进场登记: gives the codes, keeps the law of the day, and opens one stream a lot.

    `supervisor` is the body that supervises the tender (行政监督部门, 条例第四条) in its line, `discipline` the body
    whose inspectors may look on (纪检监察); no other body's staff may. `retender_of` names the failed trade that is
    tendered again (重新招标). Raises `Refused` without lots, for a limit price that cannot be, a bad code, a supervisor
    that is a party, or a re-tender of a trade that did not fail.
    """
    law = law_of(centre, date=legal_date(at), region=centre.region)
    _refuse_odd(title, *(lot.title for lot in lots))
    _check(lots, law=law, retender_of=retender_of)
    bodies = [body for body in (supervisor, discipline) if body]
    _check_overseers(bodies, line=supervision_line, parties=[tenderer.code, agency.code if agency else "", centre.code])
    tender = Tender(
        title=title,
        category=category,
        region=centre.region,
        tenderer=tenderer,
        agency=agency,
        supervisor=supervisor,
        supervision_line=supervision_line,
        discipline=discipline,
        state_controlled=state_controlled,
        registered_at=at,
        retender_of=retender_of,
    )
    _code(centre, tender)
    kept = evidence.keep(canonical(law.without(Line.PARTY).to_json()), media_type="application/json")
    trades = [_trade(centre, tender, lot, number=number, at=at, law=kept) for number, lot in enumerate(lots, start=1)]
    data = {
        "tender": tender.code,
        "title": title,
        "tenderer": tenderer.code,
        "agency": agency.code if agency else "",
        "supervisor": supervisor.code,
        "supervision_line": supervision_line,
        "discipline": discipline.code if discipline else "",
        "state_controlled": state_controlled,
        "retender_of": retender_of.stream if retender_of else "",
        "lots": [_described(trade) for trade in trades],
    }
    entry = record(data=data, files=[("适用规则", kept)])
    # Each lot's chain hangs on this entry: its first `previous` is this leaf.
    Trade.objects.filter(tender=tender).update(head=entry.leaf_hash)
    return tender


def _check(lots: Sequence[LotInput], *, law: Law, retender_of: Trade | None) -> None:
    refuse_unless(
        lots,
        code="registration.lots",
        reason="至少要有一个标段",
        article=f"{PLATFORM}：进场登记",
        remedy="请填写标段。",
    )
    refuse_unless(
        retender_of is None or retender_of.stage in FAILED,
        code="registration.retender",
        reason="只有招标失败或终止的项目才能登记为重新招标",
        article="招标投标法第二十八条、第四十二条",
        remedy="请核对原项目的状态。",
    )
    refuse_unless(
        all(is_money(lot.estimate) and lot.estimate > 0 for lot in lots),
        code="registration.estimate",
        reason="估算价应大于零，精确到分",
        article=f"{PLATFORM}：进场登记",
        remedy="请填写标段估算价（元）。",
    )
    refuse_unless(
        all(lot.limit_price is None or is_money(lot.limit_price) for lot in lots),
        code="registration.limit_price",
        reason="最高投标限价应精确到分",
        article=f"{PLATFORM}：进场登记",
        remedy="请填写最高投标限价（元），或者不设。",
    )
    refuse_unless(
        all(isinstance(lot.kind, SubjectKind) for lot in lots),
        code="registration.kind",
        reason="标段类别不在分类之内",
        article=f"{PLATFORM}：进场登记",
        remedy=f"应为以下之一：{'、'.join(SubjectKind)}。",
    )
    refuse_if(*(check_limit_price(law=law, limit=lot.limit_price) for lot in lots))


def _refuse_odd(*titles: str) -> None:
    refuse_unless(
        all(is_text(title, most=LONGEST_TITLE) and title.strip() for title in titles),
        code="registration.title",
        reason=f"项目和标段名称应为不超过{LONGEST_TITLE}字的文字",
        article=f"{PLATFORM}：进场登记",
        remedy="请填写名称。",
    )


def _check_overseers(bodies: Sequence[Organisation], *, line: str, parties: Sequence[str]) -> None:
    refuse_unless(
        not {body.code for body in bodies} & set(parties),
        code="registration.supervisor",
        reason="监督部门不能是本项目的招标人、代理机构或者交易中心",
        article=f"{REGULATION}第四条、第五条",
        remedy="请填写对本项目负有监督职责的部门。",
    )
    refuse_unless(
        line in SupervisionLine.values,
        code="registration.line",
        reason=f"“{line}”不是监督条线",
        article=f"{REGULATION}第四条",
        remedy=f"应为以下之一：{'、'.join(f'{one.value}（{one.label}）' for one in SupervisionLine)}。",
    )


def _code(centre: Centre, tender: Tender) -> None:
    """Save the tender with the next project code of the day; the centre's row is locked, so codes never meet."""
    serial = f"{legal_date(tender.registered_at):%y%m%d}{_next_registration(centre) % 10_000:04d}"
    project = parse_project_code(f"{PROJECT_LETTER}{centre.region}{serial}")
    tender.project_code, tender.code = str(project), str(project.with_tender(1))
    tender.save(force_insert=True)


def _next_registration(centre: Centre) -> int:
    centre.registrations += 1
    centre.save(update_fields=["registrations"])
    return centre.registrations


def _trade(centre: Centre, tender: Tender, lot: LotInput, *, number: int, at: datetime, law: Evidence) -> Trade:
    serial = _next_registration(centre) % 1_000_000
    try:
        code = build_trade_code(
            category=tender.category, organisation_code=centre.code, on=legal_date(at), serial=serial
        )
    except BadCode as bad:
        raise Refused(bad.refusal) from bad
    return Trade.objects.create(
        stream=str(code),
        stage=Stage.REGISTERED,
        tender=tender,
        centre=centre,
        lot_code=str(parse_project_code(tender.code).with_lot(number)),
        title=lot.title,
        works_kind=lot.kind,
        estimate=lot.estimate,
        limit_price=lot.limit_price,
        legal_date=legal_date(at),
        law=law,
    )


def _described(trade: Trade) -> dict[str, object]:
    return {
        "stream": trade.stream,
        "lot": trade.lot_code,
        "title": trade.title,
        "kind": trade.works_kind,
        "estimate": str(trade.estimate),
        "limit_price": str(trade.limit_price) if trade.limit_price is not None else "",
    }
