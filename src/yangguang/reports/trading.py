"""Metrics of trading (交易统计): our own trades together with imported results, each lot once.

A lot is done when it was awarded (定标); its amount is what the bid that won offers. Categories: the first letter of
the trade's category (`rules.codes.TradeClass`), or the kind of the imported result.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    F,
    Manager,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.ledger.remembering import is_remembering, remembered
from yangguang.reports.computing import Asked, Counted, computes
from yangguang.reports.figures import RecordId
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.codes import TradeClass
from yangguang.rules.refusal import Refusal
from yangguang.trading.models import (
    Anomaly,
    AnomalyClosing,
    Award,
    Letter,
    LetterReply,
    Objection,
    OpenedBid,
    OpenedGuarantee,
    Trade,
    WitnessRecord,
)
from yangguang.witness.guards import PLATFORM

RESULTS = "trade_result"
ONCE = f"{PLATFORM}：一个标段只计一次"
LAND = "土地使用权"
CLASSES = {TradeClass.WORKS: "工程建设", TradeClass.PROCUREMENT: "政府采购", TradeClass.LAND_AND_MINING: LAND}
OTHER = "其他"
A_NUMBER = r"^[0-9]+(\.[0-9]+)?$"
MONEY: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=20, decimal_places=2)
ONE_DAY = timedelta(days=1)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Results:
    """The lots that count: our own awards, imported results, and the ids of both, oldest first."""

    own: QuerySet[Any]
    imported: QuerySet[Any]
    ids: tuple[RecordId, ...]


@computes("trades")
def trades(asked: Asked) -> Counted:
    """进场交易: lots done."""
    found = results(asked)
    return Counted(value=len(found.ids), record_ids=found.ids)


@computes("trade_amount")
def trade_amount(asked: Asked) -> Counted:
    """成交金额, in yuan."""
    found = results(asked)
    return _money(found, _total(found.own, "price") + _total(found.imported, "amount"))


@computes("saved_money")
def saved_money(asked: Asked) -> Counted:
    """节约资金: what purchases cost less than their limit, budget or estimate; lots without one are left out."""
    found = results(asked, selling=False)
    own = _total(found.own.filter(limit__gte=F("price")), F("limit") - F("price"))
    bought = found.imported.filter(limit__gte=F("amount"))
    return _money(found, own + _total(bought, F("limit") - F("amount")))


@computes("added_value")
def added_value(asked: Asked) -> Counted:
    """增值: what land was sold for above its starting price."""
    found = results(asked, selling=True)
    own = _total(found.own.filter(price__gte=F("limit")), F("price") - F("limit"))
    sold = found.imported.filter(amount__gte=F("limit"))
    return _money(found, own + _total(sold, F("amount") - F("limit")))


@computes("online_openings")
def online_openings(asked: Asked) -> Counted:
    """不见面开标: every opening held here is one; imported results say so themselves."""
    opened = OpenedBid.objects.filter(_within("at", asked), _of_unit("bid__trade__", asked.unit))
    own = opened.order_by("bid__trade__stream").values_list("bid__trade__stream", flat=True).distinct()
    imported = results(asked).imported.filter(fields__is_online=True).values_list("pk", flat=True)
    ids = (*(f"trade:{one}" for one in own), *imported)
    return Counted(value=len(ids), record_ids=ids)


@computes("separate_awards")
def separate_awards(asked: Asked) -> Counted:
    """评定分离项目: imported results that say so; trades held here are awarded to the first candidate."""
    ids = tuple(results(asked).imported.filter(fields__is_separate=True).values_list("pk", flat=True))
    return Counted(value=len(ids), record_ids=ids)


@computes("bonds")
def bonds(asked: Asked) -> Counted:
    """投标保证金和保函, as opened and checked after the deadline."""
    return _of_trades(OpenedGuarantee.objects, asked, on="guarantee__trade__bid_deadline", trade="guarantee__trade")


@computes("objections")
def objections(asked: Asked) -> Counted:
    """异议, raised in the system."""
    return _of_trades(Objection.objects, asked, on="raised_at")


@computes("witness_records")
def witness_records(asked: Asked) -> Counted:
    """见证登记."""
    return _of_trades(WitnessRecord.objects, asked)


@computes("witnessed_trades")
def witnessed_trades(asked: Asked) -> Counted:
    """见证项目: trades with at least one witness record."""
    counted = witness_records(asked)
    return Counted(value=len(counted.record_ids), record_ids=counted.record_ids)


@computes("anomalies")
def anomalies(asked: Asked) -> Counted:
    """见证异常."""
    return _of_trades(Anomaly.objects, asked)


@computes("anomalies_closed")
def anomalies_closed(asked: Asked) -> Counted:
    """见证异常办结."""
    return _of_trades(AnomalyClosing.objects, asked, trade="anomaly__trade")


@computes("trade_letters")
def trade_letters(asked: Asked) -> Counted:
    """函告行业主管部门."""
    return _of_trades(Letter.objects, asked, trade="anomaly__trade")


@computes("trade_letter_replies")
def trade_letter_replies(asked: Asked) -> Counted:
    """函告得到的回复."""
    return _of_trades(LetterReply.objects, asked, trade="letter__anomaly__trade")


OURS, ENTERED = "本系统的交易", "已登记的交易结果"


@checks_records("trade_result")
def check_trade_result(draft: Draft) -> list[Refusal]:
    """A lot that is one of ours or was entered before is not taken a second time."""
    lot = draft.cleaned.fields.get("lot_code", "")
    where = _whose(draft.unit, lot)
    if not where:
        return []
    reason = f"标段{lot}是{where}，不能再登记"
    return [
        Refusal(code="trade_result.twice", reason=reason, article=ONCE, remedy="请删去这一行；金额有误的请更正原记录。")
    ]


def _whose(unit: Unit, lot: str) -> str:
    """Where a lot stands already; a file of many asks for all lots once, because each question reads every result."""
    if is_remembering():
        return _lots(unit).get(lot, "")
    if Trade.objects.filter(lot_code=lot).exists():
        return OURS
    return ENTERED if _entered().filter(fields__lot_code=lot).exists() else ""


@remembered
def _lots(unit: Unit) -> dict[str, str]:  # noqa: ARG001 - the same for every unit
    entered = _entered().annotate(lot=KeyTextTransform("lot_code", "fields")).values_list("lot", flat=True)
    return {**dict.fromkeys(entered, ENTERED), **dict.fromkeys(Trade.objects.values_list("lot_code", flat=True), OURS)}


def _entered() -> QuerySet[Record]:
    return Record.objects.filter(register=RESULTS).exclude(state=State.CANCELLED)


def results(asked: Asked, *, selling: bool | None = None) -> Results:
    """The lots done in the period; `selling` keeps only land (sold) or all but land (bought)."""
    own, imported = _own(asked), _imported(asked)
    if selling is not None:
        wanted = Q(category=LAND) if selling else ~Q(category=LAND)
        own, imported = own.filter(wanted), imported.filter(wanted)
    streams = [f"trade:{stream}" for stream in own.order_by("at", "pk").values_list("trade__stream", flat=True)]
    lots: dict[str, int] = {}
    twice = [pk for pk, lot in imported.values_list("pk", "lot") if lots.setdefault(lot, pk) != pk]
    if twice:
        imported = imported.exclude(pk__in=twice)
    return Results(own=own, imported=imported, ids=(*streams, *lots.values()))


def _own(asked: Asked) -> QuerySet[Any]:
    """Our awards: the last of each trade, with category, price and limit."""
    last = Award.objects.filter(trade=OuterRef("trade")).order_by("-pk").values("pk")[:1]
    classes = [When(trade__tender__category__startswith=one.value, then=Value(name)) for one, name in CLASSES.items()]
    rows = Award.objects.filter(_within("at", asked), _of_unit("trade__", asked.unit), pk=Subquery(last)).annotate(
        category=Case(*classes, default=Value(OTHER), output_field=CharField()),
        price=F("bid__opened__price"),
        limit=F("trade__limit_price"),
    )
    if region := asked.where.get("region"):
        rows = rows.filter(trade__tender__region__startswith=region)
    return rows.filter(category=asked.where["category"]) if "category" in asked.where else rows


def _imported(asked: Asked) -> QuerySet[Any]:
    """Imported results, the lots that we hold ourselves left out."""
    ours = Trade.objects.filter(awards__isnull=False).values("lot_code")
    rows = Record.objects.filter(
        register=RESULTS, unit__path__startswith=asked.unit.path, day__range=(asked.first, asked.last), state=State.DONE
    )
    rows = rows.annotate(
        lot=KeyTextTransform("lot_code", "fields"), category=F("kind"),
        said=KeyTextTransform("control_price", "fields"),
        limit=Case(When(said__regex=A_NUMBER, then=Cast("said", MONEY)), default=None, output_field=MONEY),
    ).exclude(lot__in=ours)  # fmt: skip
    if region := asked.where.get("region"):
        rows = rows.filter(fields__region__startswith=region)
    if "category" in asked.where:
        rows = rows.filter(category=asked.where["category"])
    return rows.order_by("day", "pk")


def _within(column: str, asked: Asked) -> Q:
    """Moments of the legal days from the first to the last."""
    return Q(**{f"{column}__gte": _midnight(asked.first), f"{column}__lt": _midnight(asked.last + ONE_DAY)})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LEGAL_ZONE)


def _of_unit(path: str, unit: Unit) -> Q:
    """The trades of the centre whose unit asks; a unit without an organisation speaks for the only centre."""
    return Q(**{f"{path}centre__code": unit.organisation.code}) if unit.organisation else Q()


def _of_trades(manager: Manager[Any], asked: Asked, *, on: str = "at", trade: str = "trade") -> Counted:
    """All rows of the months (by the moment `on`) are counted, and the trades they belong to are the records."""
    stream = f"{trade}__stream"
    rows = manager.filter(_within(on, asked), _of_unit(f"{trade}__", asked.unit))
    streams = list(rows.order_by(stream).values_list(stream, flat=True))
    return Counted(value=len(streams), record_ids=tuple(f"trade:{one}" for one in dict.fromkeys(streams)))


def _total(rows: QuerySet[Any], what: Any) -> Decimal:
    return Decimal(rows.order_by().aggregate(total=Sum(what, output_field=MONEY))["total"] or 0)


def _money(found: Results, total: Decimal) -> Counted:
    exact = total.quantize(CENT)
    whole = exact == exact.to_integral_value()
    return Counted(value=int(exact) if whole else exact, record_ids=found.ids)
