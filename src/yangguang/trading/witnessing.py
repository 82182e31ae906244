"""What acts and pages of 见证 read and ask: the checklist of a trade, whom one may write to, what may not be named."""

from django.db.models import F, Q, TextField, Value

from yangguang.ledger.numbering import next_number
from yangguang.parties.models import Organisation
from yangguang.rules.rule_words import Line
from yangguang.rules.witnessing import Item, Way, checklist_on
from yangguang.trading.models import Anomaly, Letter, Trade
from yangguang.trading.papers import letter_number
from yangguang.trading.readings import listed_bidders
from yangguang.witness.actor import Actor
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless

ARTICLE = f"{PLATFORM}：交易见证"
SECRECY = "招标投标法第二十二条、电子招标投标办法第二十一条"


def checklist_of(trade: Trade) -> tuple[Item, ...]:
    """The checklist of the trade's line of business on its legal date."""
    return checklist_on(date=trade.legal_date, line=Line.WORKS)


def next_letter(trade: Trade, *, year: int) -> int:
    """The number of the next letter of this centre in a year."""
    return next_number(Letter.objects.filter(organ=trade.centre.code), year=year)


def number_of(letter: Letter) -> str:
    """发文字号 of a letter."""
    return letter_number(year=letter.year, number=letter.number)


def addressees(trade: Trade) -> list[Organisation]:
    """Whom an anomaly may concern: the parties, and the bidders once their list is public; never anybody before."""
    tender = trade.tender
    parties = [one for one in (tender.tenderer, tender.agency, tender.supervisor, tender.discipline) if one]
    bidders = Organisation.objects.filter(code__in=listed_bidders(trade)).order_by("pk")
    return list(dict.fromkeys([*parties, *bidders]))


def letters_to_answer(trade: Trade, actor: Actor) -> list[Letter]:
    """The letters on this trade that wait for a reply of the actor's organisation."""
    found = Letter.objects.filter(anomaly__trade=trade, to__code=actor.organisation, reply__isnull=True)
    return list(found.select_related("anomaly", "to"))


def open_anomaly(trade: Trade, number: int) -> Anomaly:
    """The anomaly of this number, as long as it is not settled. Raises `Refused`."""
    return found_or_refuse(
        trade.anomalies.filter(number=number, closing__isnull=True).select_related("concerns").first(),
        code="anomaly.none",
        reason=f"没有第{number}号未办结的异常",
        article=ARTICLE,
        remedy="请核对编号；已办结的异常不能再次办理。",
    )


def item_of(trade: Trade, name: str) -> Item:
    """The item of this id on the trade's checklist. Raises `Refused`."""
    return found_or_refuse(
        next((one for one in checklist_of(trade) if one.id == name), None),
        code="witness.item",
        reason="见证清单中没有这一项",
        article=ARTICLE,
        remedy="请从本项目的见证清单中选择。",
    )


def refuse_other_way(item: Item, *ways: Way) -> None:
    """Refuse to answer an item in a way that the list does not say."""
    refuse_unless(
        item.way in ways,
        code="witness.other_way",
        reason=f"“{item.what}”的见证方式是{item.way.label}",
        article=ARTICLE,
        remedy="系统记录的事项由交易自身的记录回答；其他事项请按清单载明的方式登记。",
    )


def refuse_empty(text: str) -> None:
    """Refuse a text that says nothing."""
    refuse_unless(
        text.strip(),
        code="witness.text_missing",
        reason="没有填写内容",
        article=ARTICLE,
        remedy="请写明情况。",
    )


def refuse_names(trade: Trade, *texts: str) -> None:
    """Refuse to name any outside organisation before the list is public, whether it bids or not."""
    if listed_bidders(trade):
        return
    inside = [one.code for one in addressees(trade)] + [trade.centre.code]
    said = Value("\n".join(texts), output_field=TextField())
    outside = Organisation.objects.exclude(code__in=inside).annotate(said=said)
    refuse_unless(
        not outside.filter(Q(said__contains=F("name")) | Q(said__contains=F("code"))).exists(),
        code="witness.names_outsider",
        reason="公布投标人名单之前，见证内容不得写明本项目各方以外的单位",
        article=SECRECY,
        remedy="请不写单位名称和代码；确需处理的，在名单公布后补记。",
    )


def addressee(trade: Trade, code: str) -> Organisation:
    """The organisation of this code, when it may be written to. Raises `Refused`."""
    return found_or_refuse(
        next((one for one in addressees(trade) if one.code == code), None),
        code="letter.addressee",
        reason="不能以这个单位为对象",
        article=SECRECY,
        remedy="请选择招标人、代理机构、监督部门；投标人在名单公布后才可以选择。",
    )
