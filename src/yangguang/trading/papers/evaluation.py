"""评标报告: the ten items of 评标委员会和评标方法暂行规定 (12号令) 第四十二条, from the rows of the evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

from yangguang.rules.checks.outcome import RejectionGround
from yangguang.rules.scoring import Result
from yangguang.trading.models import Clarification, Member, Objection, Rejection, Trade
from yangguang.trading.models.evaluation import standing_members, standing_opinions
from yangguang.trading.papers.computation import (
    computation_of,
    plain,
    relabelled,
    settled_tie,
    summary_grid,
    told_lines,
)
from yangguang.trading.papers.opening import guarantee_problems, opening_prices, parameter_grid
from yangguang.trading.papers.rendering import NUMBER, SMALL, Column, Fact, Grid, grid, render
from yangguang.trading.papers.rows import Exchange, Listed, identity, limit_of, listed_bids, writing
from yangguang.trading.papers.rows import objections as objections_of
from yangguang.trading.papers.scores import score_tables
from yangguang.trading.papers.standards import STEP_LABELS, items_grid, part_label, standards_grid
from yangguang.trading.papers.words import NONE, moment, moment_in_full, money, ordinal, shortened
from yangguang.trading.readings import document_of, terms_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A rejected bid with the ground of the law and what the members found."""

    title: str
    facts: tuple[Fact, ...]
    findings: tuple[str, ...]


def evaluation_report(trade: Trade) -> bytes:
    """评标报告: committee by seat, valid and rejected bids, every score, the whole computation, candidates.

    Signing, dissent and everything later change no byte. Without a computation (all bids rejected) it says so.
    """
    bids, terms, result = listed_bids(trade), terms_of(trade), computation_of(trade)
    opened = [one for one in bids if one.opened and one.opened.price is not None]
    valid = [one for one in opened if one.rejection is None]
    context = {
        "title": "评标报告",
        "centre": trade.centre.name,
        "identity": (*identity(trade), *_basics(trade, bids, opened, valid)),
        "committee": _committee(trade),
        "prices": opening_prices(trade),
        "parameters": parameter_grid(trade),
        "opening_objections": objections_of(trade, kind=Objection.Kind.OPENING),
        "valid": _valid(valid),
        "review": _review(trade, opened),
        "rejected": _rejected(opened),
        "standards": standards_grid(terms),
        "method": terms.scoring.title,
        "source": terms.scoring.source,
        "items": items_grid(terms),
        "scores": score_tables(trade, valid, terms=terms),
        "summary": summary_grid(trade, result, valid) if result else None,
        "trace": told_lines(result, bids) if result else [],
        "ranking": ranking_grid(trade, bids),
        "tie": settled_tie(trade, bids),
        "matters": _matters(trade, bids, result),
        "clarifications": _clarifications(bids),
        "files": _files(opened),
        "seats": [f"席位{member.seat}（签名）" for member in standing_members(trade)],
    }
    return render("evaluation_report.html", context)


def ranking_grid(trade: Trade, bids: Sequence[Listed]) -> Grid:
    """经评审的投标人排序, with who is recommended."""
    numbers = {one.bid.pk: one for one in bids}
    columns: tuple[Column, ...] = (
        Column("名次", NUMBER, 7),
        Column("投标"),
        Column("投标人", width=30),
        Column("投标报价（元）", NUMBER),
    )
    columns += (Column("总分", NUMBER), Column("推荐意见"))
    rows = []
    for candidate in trade.ranking.all():
        one = numbers[candidate.bid_id]
        verdict = f"第{ordinal(candidate.rank)}中标候选人" if candidate.recommended else NONE
        price, total = money(one.opened.price if one.opened else None), plain(candidate.total)
        rows.append((str(candidate.rank), one.label, one.bidder, price, total, verdict))
    return grid(columns, rows)


def ground_of(rejection: Rejection) -> str:
    """The ground of a rejection in the words of the law, with its article."""
    ground = RejectionGround(rejection.ground)
    return f"{ground.text}（{ground.article}）"


def _basics(
    trade: Trade, bids: Sequence[Listed], opened: Sequence[Listed], valid: Sequence[Listed]
) -> tuple[Fact, ...]:
    document = document_of(trade)
    return (
        Fact("开标时间", moment_in_full(trade.bid_deadline)),
        Fact("最高投标限价", limit_of(trade)),
        Fact("招标文件", f"第{document.version}版，SHA-256 {document.evidence_id}"),
        Fact(
            "投标情况",
            f"参加开标 {len(bids)} 份，解密成功 {len(opened)} 份，"
            f"否决 {len(opened) - len(valid)} 份，有效投标 {len(valid)} 份",
        ),
    )


def _committee(trade: Trade) -> Grid:
    """Seats and where their members come from; the names stay out until the law lets them out."""
    columns = (Column("席位", width=14), Column("类别"), Column("职责"), Column("签到时间"))
    rows = [
        (f"席位{one.seat}", one.get_kind_display(), duty_of(one), moment(one.signed_in_at))
        for one in trade.members.select_related("replacement")
    ]
    return grid(columns, rows)


def duty_of(member: Member) -> str:
    """组长, 成员, or why the member was replaced, after which nothing that came from this seat counts."""
    if hasattr(member, "replacement"):
        return f"已更换（{member.replacement.get_ground_display()}），评审结论无效"
    return "组长" if member.chairs else "成员"


def _valid(valid: Sequence[Listed]) -> Grid:
    columns = (Column("投标", width=14), Column("投标人"), Column("投标报价（元）", NUMBER), Column("工期"))
    rows = [(one.label, one.bidder, money(one.opened.price if one.opened else None), one.period) for one in valid]
    return grid(columns, rows)


def _review(trade: Trade, opened: Sequence[Listed]) -> Grid:
    """How many members found each bid passing in each step."""
    counts: dict[tuple[int, str, bool], int] = {}
    for bid, step, passes in standing_opinions(trade).values_list("bid_id", "step", "passes"):
        counts[bid, step, passes] = counts.get((bid, step, passes), 0) + 1
    columns = (Column("投标", width=14), Column("投标人"), *(Column(label) for label in STEP_LABELS.values()))
    rows = [
        (
            one.label,
            one.bidder,
            *(
                f"通过 {counts.get((one.bid.pk, step, True), 0)}\n不通过 {counts.get((one.bid.pk, step, False), 0)}"
                for step in STEP_LABELS
            ),
            "否决" if one.rejection else "有效",
        )
        for one in opened
    ]
    return grid((*columns, Column("结论")), rows)


def _rejected(opened: Sequence[Listed]) -> tuple[Rejected, ...]:
    return tuple(_rejection(one, one.rejection) for one in opened if one.rejection)


def _rejection(one: Listed, rejection: Rejection) -> Rejected:
    against = one.bid.opinions.filter(passes=False, member__replacement__isnull=True)
    return Rejected(
        title=f"{one.label}　{one.bidder}",
        facts=(Fact("法定情形", ground_of(rejection)), Fact("事实和理由", rejection.reason)),
        findings=tuple(
            f"席位{opinion.member.seat}　{opinion.get_step_display()}不通过：{opinion.reason}"
            for opinion in against.order_by("member__seat", "step").select_related("member")
        ),
    )


def _matters(trade: Trade, bids: Sequence[Listed], result: Result | None) -> list[str]:
    """签订合同前要处理的事宜: what the rows show about candidates, and the clues of the computation."""
    numbers = {one.bid.pk: one for one in bids}
    found = [
        f"{numbers[candidate.bid_id].bidder}的投标保证金：{problem}"
        for candidate in trade.ranking.filter(recommended=True)
        for problem in guarantee_problems(trade, numbers[candidate.bid_id].bid.bidder_id)
    ]
    if result is None:
        return found
    flags = [flag for flag in relabelled(result, bids).flags if flag.raised]
    return found + [f"线索“{flag.label}”：{'、'.join(flag.bids) or '成立'}，供研判" for flag in flags]


def _clarifications(bids: Sequence[Listed]) -> tuple[Exchange, ...]:
    asked = Clarification.objects.filter(bid__in=[one.bid.pk for one in bids])
    numbers = {one.bid.pk: one for one in bids}
    return tuple(
        Exchange(
            title=f"{numbers[one.bid_id].label}　{numbers[one.bid_id].bidder}　第{one.number}次",
            said=writing(one.question),
            answered="投标人答复",
            answer=writing(one.answer),
        )
        for one in sorted(asked, key=lambda one: (numbers[one.bid_id].number, one.number))
    )


def _files(opened: Sequence[Listed]) -> Grid:
    columns: tuple[Column, ...] = (
        Column("投标", width=9),
        Column("部分", width=14),
        Column("文件名"),
        Column("字节", NUMBER, 12),
    )
    columns += (Column("SHA-256 摘要", SMALL, 36),)
    rows = [
        (
            one.label,
            part_label(file["part"]),
            shortened(file["name"]),
            f"{file['size']:,}",
            file["sha256"],
        )
        for one in opened
        for file in (one.opened.files if one.opened else ())
    ]
    return grid(columns, rows)
