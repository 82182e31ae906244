"""招标文件、书面报告和合同: the longer papers of a trade."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from yangguang.proof.canonical import digest
from yangguang.rules.checks.outcome import DropOutReason
from yangguang.rules.scoring import program_lines
from yangguang.trading.models import DropOut, Objection, ReportSignature, Trade
from yangguang.trading.papers.evaluation import duty_of, ground_of, ranking_grid
from yangguang.trading.papers.notices import offer_facts, winning_bid
from yangguang.trading.papers.opening import opening_prices
from yangguang.trading.papers.rendering import NUMBER, SMALL, Column, Fact, Grid, grid, render
from yangguang.trading.papers.rows import Listed, file_digests, identity, limit_of, listed_bids, named
from yangguang.trading.papers.standards import STEP_LABELS, items_grid, options_grid, part_label, standards_grid
from yangguang.trading.papers.words import NONE, day, moment_in_full, money_in_full
from yangguang.trading.readings import current_award, document_of
from yangguang.trading.terms import Terms, parse_terms
from yangguang.witness.models import Entry

MILESTONES = {
    "record_fair_competition_review": "公平竞争审查",
    "publish_notice": "发布招标公告和招标文件",
    "change_document": "澄清或者修改招标文件",
    "announce_bidders": "开标，公布投标人名单",
    "sign_opening_record": "签署开标记录",
    "form_committee": "组建评标委员会",
    "close_report": "完成评标报告",
    "publish_candidates": "公示中标候选人",
    "award": "确定中标人",
    "issue_award_notice": "发出中标通知书",
    "sign_contract": "订立书面合同",
}


def tender_document(
    trade: Trade, *, terms: Mapping[str, Any], deadline: datetime, version: int = 1, changes: Sequence[str] = ()
) -> bytes:
    """招标文件 in readable form: the structured terms with the scoring program step by step (招标投标法第十九条).

    `terms` are the structured terms as published, `deadline` is aware; a later `version` lists its `changes` first.
    Raises `Refused` when the terms cannot be read.
    """
    read = parse_terms(terms)
    context = {
        "title": "招标文件",
        "centre": trade.centre.name,
        "identity": (*identity(trade), Fact("版次", f"第 {version} 版")),
        "changes": tuple(changes),
        "instructions": _instructions(trade, read, deadline),
        "standards": standards_grid(read),
        "items": items_grid(read),
        "parameters": options_grid(read),
        "program": program_lines(read.scoring),
        "award": _award_rules(trade),
        "digest": digest(dict(terms)),
        "signatures": _signers(trade),
    }
    return render("tender_document.html", context)


def contract_paper(trade: Trade, *, clauses: Sequence[str] = (), signed_on: date | None = None) -> bytes:
    """合同协议书 at the terms of the bid that won (招标投标法第四十六条); `clauses` are further particular terms."""
    winner = winning_bid(trade)
    context = {
        "title": "施工合同协议书" if trade.works_kind == "construction" else "合同协议书",
        "centre": trade.centre.name,
        "tenderer": named(trade.tender.tenderer),
        "winner": named(winner.bid.bidder),
        "identity": identity(trade),
        "offer": offer_facts(winner),
        "annexes": _annexes(trade, winner),
        "clauses": tuple(clauses),
        "on": day(signed_on),
        "signatures": (f"发包人 {trade.tender.tenderer.name}（签章）", f"承包人 {winner.bidder}（签章）"),
    }
    return render("contract.html", context)


def written_report(trade: Trade) -> bytes:
    """招标投标情况书面报告 (招标投标法第四十七条, 工程建设项目施工招标投标办法第六十五条): to the supervising body."""
    bids, winner, award = listed_bids(trade), winning_bid(trade), current_award(trade)
    context = {
        "title": "招标投标情况书面报告",
        "centre": trade.centre.name,
        "to": trade.tender.supervisor.name if trade.tender.supervisor else "有关行政监督部门",
        "identity": (*identity(trade), Fact("最高投标限价", limit_of(trade))),
        "milestones": _milestones(trade),
        "document": _document_facts(trade),
        "prices": opening_prices(trade),
        "committee": _committee(trade),
        "rejected": [(one.bidder, ground_of(one.rejection)) for one in bids if one.rejection],
        "ranking": ranking_grid(trade, bids),
        "objections": _objection_counts(trade),
        "drop_outs": _drop_outs(trade),
        "result": (
            Fact("中标人", named(winner.bid.bidder)),
            Fact("定标时间", moment_in_full(award.at)),
            Fact("中标通知书发出时间", moment_in_full(award.notified_at)),
            *offer_facts(winner),
        ),
        "signatures": _signers(trade),
    }
    return render("written_report.html", context)


def _instructions(trade: Trade, terms: Terms, deadline: datetime) -> tuple[Fact, ...]:
    bond = money_in_full(terms.bid_bond) if terms.bid_bond else "不收取"
    return (
        Fact("最高投标限价", limit_of(trade)),
        Fact("投标截止时间暨开标时间", moment_in_full(deadline)),
        Fact("投标有效期", f"自投标截止之日起 {terms.bid_validity_days} 日"),
        Fact("投标保证金", bond),
        Fact("投标文件组成", "、".join(part_label(part) for part in terms.parts) + "，各部分分别加密"),
        Fact("开标方式", f"不见面开标，{trade.centre.name}电子交易系统"),
        Fact("解密时限", f"自开始解密起 {terms.decryption_minutes} 分钟；因投标人原因未解密的视为撤销投标文件"),
        Fact("谁能解密", _who_can_open(terms)),
        Fact(
            "评标委员会", f"{terms.committee_size} 人，其中随机抽取的专家 {terms.experts} 人（专业：{terms.specialty}）"
        ),
        Fact("中标候选人", f"不超过 {terms.candidates} 名，标明排序"),
    )


def _who_can_open(terms: Terms) -> str:
    """The honest claim: nobody but the bidder, or, with a rescue, nobody unless so many trustees act together."""
    if terms.rescue is None:
        return "除投标人自己外，任何人（包括交易中心）都不能解密；不设解密救援"
    names = "、".join(f"{name}（{one.organisation_code}）" for name, one in terms.rescue.trustees.items())
    return (
        f"设解密救援（电子招标投标办法第三十一条）：投标文件应按本文件载明的受托人证书制作，{names}中任意 "
        f"{terms.rescue.threshold} 方一起即可解密，少于 {terms.rescue.threshold} 方不能；"
        "只有投标人在解密时限内提出申请的，受托人才可以提交份额"
    )


def _award_rules(trade: Trade) -> tuple[str, ...]:
    law = trade.kept_law()
    publicity, signing = law.rule("works.publicity.duration").count, law.rule("works.contract.signing").count
    refund, objection = law.rule("works.refund.contract_signed").count, law.rule("works.tender.objection").count
    order = (
        "国有资金占控股或者主导地位，确定排名第一的中标候选人为中标人；其有法定情形的，可以依次确定其他中标候选人或者重新招标。"
        if trade.tender.state_controlled
        else "招标人根据评标报告和推荐的中标候选人确定中标人。"
    )
    return (
        order,
        f"中标候选人公示不少于 {publicity} 日，公示期间可以提出异议。",
        f"中标通知书发出之日起 {signing} 日内订立书面合同；合同订立后 {refund} 日内退还投标保证金及同期存款利息。",
        f"对招标文件有异议的，在投标截止时间 {objection} 日前提出。",
    )


def _annexes(trade: Trade, winner: Listed) -> Grid:
    document = document_of(trade)
    notices = Entry.objects.filter(stream=trade.stream, act="issue_award_notice").order_by("sequence")
    rows = [
        *(("中标通知书", file_digests(entry)[0]) for entry in notices.reverse()[:1]),
        ("中标人的投标文件", winner.bid.evidence_id),
        (f"招标文件第{document.version}版", document.evidence_id),
    ]
    return grid((Column("文件", width=36), Column("SHA-256 摘要", SMALL)), rows)


def _milestones(trade: Trade) -> Grid:
    entries = Entry.objects.filter(stream=trade.stream, act__in=MILESTONES).order_by("sequence")
    rows = [(MILESTONES[one.act], moment_in_full(one.at), str(one.sequence)) for one in entries]
    return grid((Column("事项"), Column("时间"), Column("见证记录序号", NUMBER, 18)), rows)


def _document_facts(trade: Trade) -> tuple[Fact, ...]:
    document = document_of(trade)
    terms = parse_terms(document.terms)
    return (
        Fact("招标文件", f"第{document.version}版，SHA-256 {document.evidence_id}"),
        Fact("评标办法", terms.scoring.title),
        Fact("评标标准", "；".join(f"{STEP_LABELS[step]}：{'、'.join(terms.review[step])}" for step in STEP_LABELS)),
        Fact("投标截止时间", moment_in_full(trade.bid_deadline)),
    )


def _committee(trade: Trade) -> Grid:
    signed = dict(ReportSignature.objects.filter(member__trade=trade).values_list("member_id", "kind"))
    labels = dict(ReportSignature.Kind.choices)
    rows = [
        (
            f"席位{one.seat}",
            one.get_kind_display(),
            duty_of(one),
            labels.get(signed.get(one.pk, ""), NONE),
        )
        for one in trade.members.select_related("replacement")
    ]
    return grid((Column("席位", width=14), Column("类别"), Column("职责"), Column("评标报告签署")), rows)


def _objection_counts(trade: Trade) -> Grid:
    found = Objection.objects.filter(trade=trade)
    rows = [
        (label, str(found.filter(kind=kind).count()), str(found.filter(kind=kind, answered_at__isnull=False).count()))
        for kind, label in Objection.Kind.choices
    ]
    return grid((Column("异议"), Column("件数", NUMBER), Column("已答复", NUMBER)), rows)


def _drop_outs(trade: Trade) -> list[str]:
    found = DropOut.objects.filter(candidate__trade=trade).select_related("candidate__bid__bidder").order_by("pk")
    return [f"{one.candidate.bid.bidder.name}：{DropOutReason(one.reason).text}" for one in found]


def _signers(trade: Trade) -> tuple[str, ...]:
    agency = (f"招标代理机构 {trade.tender.agency.name}（签章）",) if trade.tender.agency else ()
    return (f"招标人 {trade.tender.tenderer.name}（签章）", *agency)
