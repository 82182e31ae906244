"""更正规则表和工作日: by the centre, dated, with source and reason; what runs keeps the law of its legal date."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from yangguang.lawbook.models import DayCorrection, RuleCorrection
from yangguang.lawbook.standing import Row, calendar_of, changes_by, rows_of
from yangguang.rules.calendar import legal_date
from yangguang.rules.law import BadRuleRow, Mark, regions_upwards
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Centre
from yangguang.trading.roles import Role
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless, refuse_unreasoned
from yangguang.witness.inputs import is_text
from yangguang.witness.models import Evidence
from yangguang.witness.record import record

TABLE = f"{PLATFORM}：规则表更正"
DAYS = "国务院《全国年节及纪念日放假办法》；国务院办公厅年度节假日安排通知"
LONGEST_SOURCE = 200
MOST_DAYS = 31


@act("correct_rule", by={Role.CENTRE})
def correct_rule(
    centre: Centre,
    *,
    actor: Actor,
    at: datetime,
    rule_id: str,
    region: str,
    value: Decimal,
    day_type: str,
    source: str,
    article: str,
    is_verified: bool,
    effective_from: date,
    reason: str,
    effective_to: date | None = None,
    document: Evidence | None = None,
) -> RuleCorrection:
    """更正规则: a dated row over the shipped table, for trades registered from now on.

    `region` is the centre's or one above it. Raises `Refused` for an unknown rule, a number that the rule cannot have,
    a correction without source or reason, and one that changes nothing.
    """
    _refuse_unsaid(reason=reason, source=source, article=article)
    given = {
        "value": f"{value.normalize():f}",
        "day_type": day_type,
        "source": source.strip(),
        "article": article.strip(),
        "mark": str(Mark.VERIFIED if is_verified else Mark.SECONDARY),
        "effective_from": effective_from.isoformat(),
        "effective_to": effective_to.isoformat() if effective_to else "",
    }
    row = corrected_row(centre, rule_id=rule_id, region=region, given=given)
    refuse_unless(
        _changes(row, centre),
        code="correction.nothing",
        reason="更正后的规则与现行规则相同",
        article=TABLE,
        remedy="请核对数值、依据和生效日期。",
    )
    made = RuleCorrection.objects.create(row=row, **_facts(centre, actor, at=at, reason=reason, document=document))
    files = [("更正依据", document)] if document else []
    record(data={"rule": rule_id, "region": region, **given}, files=files, concealed={"reason": reason})
    return made


@act("correct_days", by={Role.CENTRE})
def correct_days(
    centre: Centre,
    *,
    actor: Actor,
    at: datetime,
    first: date,
    last: date,
    works: bool,
    source: str,
    reason: str,
    document: Evidence | None = None,
) -> list[DayCorrection]:
    """更正工作日: whether people work from `first` to `last`; every count of days follows it from now on.

    Moments that were fixed before stay. Raises `Refused` for days that are over, for more than a month at once, and
    where nothing changes.
    """
    _refuse_unsaid(reason=reason, source=source, article=source)
    days = _days(first, last, today=legal_date(at))
    calendar = calendar_of(centre)
    refuse_unless(
        any(calendar.is_working_day(day) != works or not calendar.is_certain(day) for day in days),
        code="correction.nothing",
        reason="这些日子现在就是这样安排的",
        article=DAYS,
        remedy="请核对日期。",
    )
    facts = _facts(centre, actor, at=at, reason=reason, document=document)
    made = DayCorrection.objects.bulk_create(
        [DayCorrection(day=day, works=works, source=source.strip(), **facts) for day in days]
    )
    data = {"first": first.isoformat(), "last": last.isoformat(), "works": works, "source": source.strip()}
    record(data=data, files=[("放假安排", document)] if document else [], concealed={"reason": reason})
    return made


def corrected_row(centre: Centre, *, rule_id: str, region: str, given: Mapping[str, str]) -> Row:
    """The row that a correction adds: the rule's newest row with what was given. Raises `Refused`."""
    refuse_unless(
        region in regions_upwards(centre.region),
        code="correction.region",
        reason=f"地区 {region} 的规则不适用于本中心",
        article=TABLE,
        remedy="请选择全国、本省、本市或者本地。",
    )
    rows = [one for one in rows_of(centre) if one.id == rule_id]
    places = regions_upwards(centre.region)
    rows.sort(key=lambda one: (one.region in places, one.effective_from))
    basis = found_or_refuse(
        rows[-1] if rows else None,
        code="correction.unknown",
        reason=f"规则表里没有 {rule_id}",
        article=TABLE,
        remedy="请从规则表中选择；新的规则种类随系统版本发布。",
    )
    return basis.to_row() | {"region": region, **given}


def _changes(row: Row, centre: Centre) -> bool:
    try:
        return bool(changes_by(row, centre=centre, region=centre.region))
    except BadRuleRow as bad:
        said = Refusal(code="correction.row", reason=str(bad), article=TABLE, remedy="请更正后重新提交。")
        raise Refused(said) from bad


def _days(first: date, last: date, *, today: date) -> list[date]:
    count = (last - first).days + 1
    refuse_unless(
        today <= first <= last and count <= MOST_DAYS,
        code="correction.days",
        reason=f"应为今天以后的日子，一次不超过{MOST_DAYS}天",
        article=DAYS,
        remedy="已经过去的日子不再更正；跨度长的请分几次办理。",
    )
    return [first + timedelta(days=number) for number in range(count)]


def _facts(centre: Centre, actor: Actor, *, at: datetime, reason: str, document: Evidence | None) -> dict[str, object]:
    """What every correction keeps; its entry is the next one of the centre's stream."""
    who = {"stream": centre.stream, "sequence": centre.entries + 1, "person": actor.person}
    return {**who, "reason": reason.strip(), "document": document, "made_at": at}


def _refuse_unsaid(*, reason: str, source: str, article: str) -> None:
    refuse_unless(
        all(is_text(one, most=LONGEST_SOURCE) and one.strip() for one in (source, article)),
        code="correction.source",
        reason=f"应写明依据的文件和条款，各不超过{LONGEST_SOURCE}字",
        article=TABLE,
        remedy="请填写法规或者通知的名称、文号和条款。",
    )
    refuse_unreasoned(reason, code="correction.reason", article=TABLE, of="更正的")
