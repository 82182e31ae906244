"""开标记录: what the opening showed, from the rows that the acts of the opening left."""

from collections.abc import Sequence

from yangguang.trading.models import Bid, Guarantee, Objection, OpenedGuarantee, SignIn, Trade, Withdrawal
from yangguang.trading.papers.rendering import NUMBER, SMALL, Column, Fact, Grid, grid, render
from yangguang.trading.papers.rows import CERTIFICATE, MANAGER, QUALITY, Listed, identity, limit_of, listed_bids
from yangguang.trading.papers.rows import objections as objections_of
from yangguang.trading.papers.words import NONE, moment, moment_in_full, money, money_in_full, price_cell, shortened
from yangguang.trading.readings import drawn_parameters, terms_of

SIGNERS = ("招标人代表（签章）", "招标代理机构（签章）", "交易中心见证人员（签名）", "行政监督人员（签名）")


def opening_record(trade: Trade) -> bytes:
    """开标记录: bidders, decryption, prices, bonds, drawn parameters, objections (招标投标法第三十六条).

    Nothing that happens after the opening changes a byte. Raises `Refused` while a parameter is still to be drawn.
    Files of the bids are left out: with their sizes a member could tell whose blind technical part is being scored.
    """
    bids = listed_bids(trade)
    context = {
        "title": "开标记录",
        "centre": trade.centre.name,
        "identity": (*identity(trade), *_opening_facts(trade, bids)),
        "submissions": _submissions(trade, bids),
        "prices": _prices(bids),
        "guarantees": _guarantees(trade, bids),
        "parameters": parameter_grid(trade),
        "objections": objections_of(trade, kind=Objection.Kind.OPENING),
        "digests": _digests(bids),
        "signatures": (
            "招标人代表（签章）",
            "招标代理机构（签章）",
            "交易中心见证人员（签名）",
            "行政监督人员（签名）",
        ),
    }
    return render("opening_record.html", context)


def opening_prices(trade: Trade) -> Grid:
    """The prices as announced, for papers that summarise the opening."""
    return _prices(listed_bids(trade))


def parameter_grid(trade: Trade) -> Grid:
    """The drawn parameters with the options they were drawn from."""
    drawn = drawn_parameters(trade)
    columns = (Column("参数"), Column("备选值"), Column("抽取结果", NUMBER))
    rows = [(one.label, "、".join(one.options), drawn[one.name]) for one in terms_of(trade).parameters]
    return grid(columns, rows)


def _opening_facts(trade: Trade, bids: Sequence[Listed]) -> tuple[Fact, ...]:
    replaced = Bid.objects.filter(trade=trade, replaced_by__isnull=False).count()
    withdrawn = Withdrawal.objects.filter(bid__trade=trade).count()
    opened = sum(1 for one in bids if one.opened and one.opened.outcome == "opened")
    return (
        Fact("开标方式、地点", f"不见面开标，{trade.centre.name}电子交易系统"),
        Fact("投标截止时间暨开标时间", moment_in_full(trade.bid_deadline)),
        Fact("解密截止时间", moment_in_full(trade.decryption_until)),
        Fact("投标文件", f"参加开标 {len(bids)} 份，其中解密成功 {opened} 份"),
        Fact("投标截止前", f"替换投标文件 {replaced} 份，撤回投标文件 {withdrawn} 份（均未开启）"),
        Fact("最高投标限价", limit_of(trade)),
    )


def _submissions(trade: Trade, bids: Sequence[Listed]) -> Grid:
    signed_in = dict(SignIn.objects.filter(trade=trade).values_list("organisation_id", "at"))
    columns: tuple[Column, ...] = (
        Column("序号", NUMBER, 6),
        Column("投标人", width=30),
        Column("递交时间"),
        Column("签到时间"),
    )
    columns += (Column("解密时间"), Column("解密结果", width=22))
    rows = [
        (
            str(one.number),
            f"{one.bidder}\n{one.bid.bidder.code}",
            moment(one.bid.submitted_at),
            moment(signed_in.get(one.bid.bidder_id)),
            moment(one.opened.at if one.opened else None),
            _outcome(one),
        )
        for one in bids
    ]
    return grid(columns, rows)


def _outcome(one: Listed) -> str:
    if one.opened is None:
        return NONE
    rescue = one.opened.rescue or {"by": (), "wrong": ()}
    by, wrong = ("、".join(rescue[name]) for name in ("by", "wrong"))
    told = (by and f"解密救援：{by}", wrong and f"份额有误：{wrong}")
    return "\n".join(filter(None, (one.opened.get_outcome_display(), one.opened.reason, *told)))


def _prices(bids: Sequence[Listed]) -> Grid:
    columns: tuple[Column, ...] = (
        Column("序号", NUMBER, 6),
        Column("投标人", width=22),
        Column("投标报价（元）", NUMBER, 30),
    )
    columns += (Column("工期"), Column("质量标准"), Column("项目经理"), Column("其他内容"))
    rows = [
        (
            str(one.number),
            one.bidder,
            price_cell(one.opened.price),
            one.period,
            one.fact(QUALITY),
            manager_of(one),
            one.others,
        )
        for one in bids
        if one.opened and one.opened.price is not None
    ]
    return grid(columns, rows)


def manager_of(one: Listed) -> str:
    """The manager that the bid states, with the certificate's number when it is stated."""
    stated = [text for text in (one.fact(MANAGER), one.fact(CERTIFICATE)) if text != NONE]
    return "\n".join(stated) or NONE


def _guarantees(trade: Trade, bids: Sequence[Listed]) -> Grid:
    """The newest bond of each bidder, as the opening checked it."""
    held = {one.organisation_id: one for one in Guarantee.objects.filter(trade=trade).order_by("pk")}
    opened = {one.guarantee_id: one for one in OpenedGuarantee.objects.filter(guarantee__trade=trade)}
    columns: tuple[Column, ...] = (
        Column("序号", NUMBER, 6),
        Column("投标人", width=24),
        Column("金额（元）", NUMBER),
        Column("有效期"),
    )
    columns += (Column("出具单位"), Column("核验结果", width=26))
    rows = []
    for one in bids:
        guarantee = held.get(one.bid.bidder_id)
        rows.append((str(one.number), one.bidder, *_checked(opened.get(guarantee.pk) if guarantee else None)))
    return grid(columns, rows)


def _checked(guarantee: OpenedGuarantee | None) -> tuple[str, str, str, str]:
    if guarantee is None:
        return NONE, NONE, NONE, "未提交或未开启"
    facts = guarantee.facts
    valid = f"{shortened(facts['valid_from'])} 至\n{shortened(facts['valid_until'])}"
    problems = "\n".join(shortened(problem) for problem in guarantee.problems)
    return money(guarantee.amount), valid, shortened(facts.get("guarantor", NONE)), problems or "符合要求"


def _digests(bids: Sequence[Listed]) -> Grid:
    columns: tuple[Column, ...] = (
        Column("序号", NUMBER, 6),
        Column("封存记录序号", NUMBER, 14),
        Column("密封投标文件 SHA-256 摘要", SMALL),
    )
    columns += (Column("SM3 摘要", SMALL),)
    rows = [
        (str(one.number), str(one.bid.entry.sequence), one.bid.evidence.sha256, one.bid.evidence.sm3) for one in bids
    ]
    return grid(columns, rows)


def guarantee_problems(trade: Trade, bidder: int) -> list[str]:
    """What the opening found wrong with a bidder's newest bond; `bidder` is the organisation's id."""
    held = OpenedGuarantee.objects.filter(guarantee__trade=trade, guarantee__organisation_id=bidder)
    newest = held.order_by("guarantee_id").last()
    return [shortened(problem) for problem in newest.problems] if newest else []


def amount_in_full(one: Listed) -> str:
    """A bid's price in figures and words."""
    return money_in_full(one.opened.price if one.opened else None)
