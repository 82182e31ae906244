"""公告、公示和通知书: what goes out to everybody or to the bidders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.parties.models import Organisation
from yangguang.rules.calendar import legal_date
from yangguang.rules.scoring import Result
from yangguang.trading.models import Trade
from yangguang.trading.papers.computation import component_names, computation_of, plain, value_of
from yangguang.trading.papers.evaluation import ground_of
from yangguang.trading.papers.opening import amount_in_full, manager_of
from yangguang.trading.papers.rendering import NUMBER, Column, Fact, Grid, grid, render
from yangguang.trading.papers.rows import QUALITY, Listed, identity, limit_of, listed_bids, named
from yangguang.trading.papers.words import NONE, day, moment_in_full, money_in_full, price_cell
from yangguang.trading.readings import current_award, recommended
from yangguang.trading.terms import Terms, parse_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """联系方式 of the tenderer or agency."""

    address: str
    person: str
    phone: str
    email: str = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a tender notice states besides the rows and the terms. Moments are aware; `funds` is 资金来源."""

    issued_at: datetime
    sale_until: date
    deadline: datetime
    scope: str
    place: str
    period: str
    funds: str
    tenderer: Contact
    agency: Contact | None
    media: Sequence[str]
    url: str
    consortium: bool = False
    duty_person: str = NONE
    verifier: str = NONE


def tender_notice(trade: Trade, *, terms: Mapping[str, Any], facts: NoticeFacts) -> bytes:
    """招标公告, before any bid: 招标投标法第十六条, 招标公告和公示信息发布管理办法 (10号令) 第五条, 数据规范 503.

    `terms` are the structured terms as they will be published. Raises `Refused` when they cannot be read.
    """
    read = parse_terms(terms)
    context = {
        "title": "招标公告",
        "centre": trade.centre.name,
        "identity": (*identity(trade), *_project(trade, facts)),
        "qualification": read.review["qualification"],
        "consortium": "接受联合体投标。" if facts.consortium else "不接受联合体投标。",
        "times": _times(trade, facts, read),
        "contacts": _contacts(trade, facts),
        "media": "、".join(facts.media),
        "publication": (
            Fact("公告性质", "正常公告"),
            Fact("公告发布时间", moment_in_full(facts.issued_at)),
            Fact("公告责任人", facts.duty_person),
            Fact("交易平台验证责任人", facts.verifier),
        ),
        "signer": _issuer(trade),
        "on": day(legal_date(facts.issued_at)),
    }
    return render("tender_notice.html", context)


def candidates_notice(
    trade: Trade,
    *,
    starts: date | None = None,
    until: date | None = None,
    contact: Contact | None = None,
    media: Sequence[str] = (),
) -> bytes:
    """中标候选人公示 (条例第五十四条, 10号令第六条): ranked candidates, how the evaluation went, how to object.

    `starts` and `until` are the first and last legal day of the publicity; without them the length that the law asks
    for is stated. Raises `LookupError` before the results were computed.
    """
    bids, result = listed_bids(trade), computation_of(trade)
    if result is None:
        raise LookupError(f"{trade.stream} has no results yet")
    context = {
        "title": "中标候选人公示",
        "centre": trade.centre.name,
        "identity": (*identity(trade), Fact("开标时间", moment_in_full(trade.bid_deadline))),
        "candidates": candidate_grid(trade),
        "offers": _offers(trade, bids),
        "evaluation": _evaluation(trade, result, bids),
        "rejected": _rejected(bids),
        "channel": _channel(trade, contact),
        "answer_days": str(trade.kept_law().rule("works.result.answer").count),
        "period": _publicity(trade, starts=starts, until=until),
        "media": "、".join(media),
        "signer": _issuer(trade),
        "on": day(starts),
    }
    return render("candidates_notice.html", context)


def award_notice(trade: Trade, *, issued_on: date | None = None) -> bytes:
    """中标通知书 to the winner (招标投标法第四十五条); `issued_on` is its legal date, otherwise left blank."""
    winner = winning_bid(trade)
    days = trade.kept_law().rule("works.contract.signing").count
    context = {
        "title": "中标通知书",
        "centre": trade.centre.name,
        "identity": identity(trade),
        "to": winner.bidder,
        "offer": offer_facts(winner),
        "opened_at": moment_in_full(trade.bid_deadline),
        "days": str(days),
        "tenderer": trade.tender.tenderer.name,
        "agency": trade.tender.agency.name if trade.tender.agency else "",
        "on": day(issued_on),
    }
    return render("award_notice.html", context)


def result_notice(trade: Trade, *, bidder: Organisation | None = None, issued_on: date | None = None) -> bytes:
    """中标结果通知书 to those who did not win (招标投标法第四十五条).

    With `bidder` it is addressed to that one and states its own total and rank; without, to all of them.
    """
    winner = winning_bid(trade)
    mine = trade.ranking.filter(bid__bidder=bidder).first() if bidder else None
    context = {
        "title": "中标结果通知书",
        "centre": trade.centre.name,
        "identity": identity(trade),
        "to": bidder.name if bidder else "各未中标的投标人",
        "winner": named(winner.bid.bidder),
        "price": amount_in_full(winner),
        "own": f"总分 {plain(mine.total)}，第 {mine.rank} 名" if mine else "",
        "signer": _issuer(trade),
        "on": day(issued_on),
    }
    return render("result_notice.html", context)


def candidate_grid(trade: Trade) -> Grid:
    """The candidates in order, with price in figures and words."""
    columns = (
        Column("排序", NUMBER, 9),
        Column("中标候选人", width=36),
        Column("投标报价（元）", NUMBER),
        Column("总分", NUMBER),
    )
    rows = [
        (
            str(one.rank),
            f"{one.bid.bidder.name}\n{one.bid.bidder.code}",
            price_cell(one.bid.opened.price),
            plain(one.total),
        )
        for one in recommended(trade)
    ]
    return grid(columns, rows)


def winning_bid(trade: Trade) -> Listed:
    """The bid of the award that stands."""
    won = current_award(trade).bid_id
    return next(one for one in listed_bids(trade) if one.bid.pk == won)


def offer_facts(winner: Listed) -> tuple[Fact, ...]:
    """What a bid offers, as notices and contracts repeat it."""
    return (
        Fact("中标价", amount_in_full(winner)),
        Fact("工期", winner.period),
        Fact("质量标准", winner.fact(QUALITY)),
        Fact("项目经理", manager_of(winner)),
        Fact("投标文件", f"SHA-256 {winner.bid.evidence_id}"),
    )


def _project(trade: Trade, facts: NoticeFacts) -> tuple[Fact, ...]:
    return (
        Fact("招标内容和范围", facts.scope),
        Fact("建设地点", facts.place),
        Fact("工期", facts.period),
        Fact("资金来源", facts.funds),
        Fact("估算价", money_in_full(trade.estimate)),
        Fact("最高投标限价", limit_of(trade)),
    )


def _times(trade: Trade, facts: NoticeFacts, terms: Terms) -> tuple[Fact, ...]:
    system = f"{trade.centre.name}电子交易系统"
    bond = money_in_full(terms.bid_bond) if terms.bid_bond else "不收取"
    return (
        Fact("招标文件获取时间", f"{moment_in_full(facts.issued_at)}至{day(facts.sale_until)}"),
        Fact("招标文件获取方式", f"登录{system}（{facts.url}）下载"),
        Fact("投标文件递交截止时间", moment_in_full(facts.deadline)),
        Fact("投标文件递交方式", f"加密后通过{system}递交；逾期送达或者未加密的不予接收"),
        Fact("开标时间和方式", f"{moment_in_full(facts.deadline)}，不见面开标，{system}"),
        Fact("投标保证金", bond),
        Fact("评标办法", terms.scoring.title),
    )


def _contacts(trade: Trade, facts: NoticeFacts) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    parties = [("招标人", trade.tender.tenderer, facts.tenderer)]
    if trade.tender.agency and facts.agency:
        parties.append(("招标代理机构", trade.tender.agency, facts.agency))
    return tuple(
        (
            role,
            (
                Fact("名称", named(organisation)),
                Fact("地址", contact.address),
                Fact("联系人", contact.person),
                Fact("电话", contact.phone),
                Fact("电子邮箱", contact.email),
            ),
        )
        for role, organisation, contact in parties
    )


def _offers(trade: Trade, bids: Sequence[Listed]) -> Grid:
    numbers = {one.bid.pk: one for one in bids}
    columns: tuple[Column, ...] = (
        Column("排序", NUMBER, 9),
        Column("中标候选人", width=30),
        Column("工期"),
        Column("质量标准"),
    )
    columns += (Column("项目经理及证书编号"), Column("资格能力条件"))
    rows = []
    for candidate in recommended(trade):
        one = numbers[candidate.bid_id]
        rows.append((str(candidate.rank), one.bidder, one.period, one.fact(QUALITY), manager_of(one), "通过资格评审"))
    return grid(columns, rows)


def _evaluation(trade: Trade, result: Result, bids: Sequence[Listed]) -> Grid:
    """评标情况: the parts of each candidate's total."""
    names = component_names(result.description)
    titles = [result.description.label_of(name) for name in names]
    numbers = {one.bid.pk: one for one in bids}
    rows = []
    for candidate in recommended(trade):
        one = numbers[candidate.bid_id]
        rows.append((one.bidder, *(value_of(result, name, one) for name in names), plain(candidate.total)))
    return grid((Column("中标候选人", width=30), *(Column(title, NUMBER) for title in (*titles, "总分"))), rows)


def _rejected(bids: Sequence[Listed]) -> Grid:
    """Who was rejected and on which ground; the members' findings stay in the report."""
    columns = (Column("投标人", width=36), Column("否决情形和依据"))
    return grid(columns, [(one.bidder, ground_of(one.rejection)) for one in bids if one.rejection])


def _publicity(trade: Trade, *, starts: date | None, until: date | None) -> str:
    if starts is None or until is None:
        rule = trade.kept_law().rule("works.publicity.duration")
        return f"自本公示发布之日起不少于 {rule.count} 日"
    return f"{day(starts)}至{day(until)}"


def _channel(trade: Trade, contact: Contact | None) -> tuple[Fact, ...]:
    system = f"登录{trade.centre.name}电子交易系统，在本项目下提交异议"
    reached = () if contact is None else (Fact("联系方式", f"{contact.person}　{contact.phone}　{contact.address}"),)
    return (Fact("受理单位", named(trade.tender.tenderer)), Fact("提出方式", system), *reached)


def _issuer(trade: Trade) -> tuple[str, ...]:
    agency = (trade.tender.agency.name,) if trade.tender.agency else ()
    return (trade.tender.tenderer.name, *agency)
