"""One historical tender through the whole chain (重放): real acts, real keys, the lowest price wins.

Every tender runs on the same simulated days of 2026. All bidders pay a bond, all bids open, nobody objects. With
fewer than three bidders the trade ends where the law ends it, unopened (招标投标法实施条例第四十四条).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, TypeVar

from yangguang.demo.cast import (
    Cast,
    media_type_of,
    plain_parts,
    released_keys,
    sealed_bid,
    sealed_guarantee,
    signed,
    terms,
)
from yangguang.demo.people import Individual, Party, Signatory
from yangguang.experts import draws as held_draws
from yangguang.parties.signing import SignedFile
from yangguang.proof.canonical import canonical
from yangguang.proof.draws import commitment
from yangguang.rules.checks.money import SubjectKind
from yangguang.rules.scoring.families import build_family
from yangguang.rules.scoring.program import Program
from yangguang.trading.acts import award as awarding
from yangguang.trading.acts import committee, contract, documents, draws, evaluation, opening, report, review, unlocking
from yangguang.trading.acts.bidding import close_bidding, receive, record_guarantee, submit_bid
from yangguang.trading.acts.registration import LotInput, register_tender
from yangguang.trading.models import Guarantee, Trade
from yangguang.trading.papers import evaluation_report, opening_record
from yangguang.trading.readings import current_award, opened_bids, recommended
from yangguang.trading.signed_terms import terms_paper
from yangguang.trading.stages import Stage
from yangguang.trading.terms import STEPS, TECHNICAL_INPUT
from yangguang.witness import evidence
from yangguang.witness.actor import CLOCK

T = TypeVar("T")
BEIJING = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2026, 3, 2, tzinfo=BEIJING)
DEADLINE = (23, "09:30")
FINISHED = (43, "10:00")
OVER_HIGHEST = Decimal("1.05")
BOND_RATE, BOND_CAP, CENT = Decimal("0.02"), Decimal(800_000), Decimal("0.01")
TECHNICAL_ITEM, FULL_MARK = "施工组织设计", 100


def moment(day: int, clock: str) -> datetime:
    """An instant of the replay in Beijing: day from 1, wall clock as `09:30`."""
    date = FIRST_DAY.date() + timedelta(days=day - 1)
    return datetime.combine(date, time.fromisoformat(clock), tzinfo=BEIJING)


def lowest_price_wins() -> dict[str, Any]:
    """最低价法, and the document's own rule for equal prices: the higher technical mark goes first.

    The law asks for candidates in one order, 1, 2, 3 (条例第五十三条), so places cannot be shared.
    """
    program = Program.extending(build_family(name="lowest_price"), title="最低价法（报价相同的，技术评分高者优先）")
    marks = program.takes(
        TECHNICAL_INPUT,
        kind="per_member_item",
        label="技术评分",
        unit="分",
        minimum="0",
        items={TECHNICAL_ITEM: str(FULL_MARK)},
    )
    sums = program.step("technical_sums", "sum", label="技术评分合计", unit="分", of=marks)
    mean = program.step("technical_mean", "mean", label="技术评分平均值", unit="分", of=sums)
    return program.finish(total="price", order="lowest", tie_breaks=[(mean, "highest")]).to_json()


def limit_of(prices: tuple[Decimal, ...]) -> Decimal:
    """最高投标限价: five per cent above the highest price, whole yuan."""
    return (max(prices, default=Decimal(1)) * OVER_HIGHEST).quantize(Decimal(1), rounding=ROUND_CEILING)


def bond_of(estimate: Decimal) -> Decimal:
    """投标保证金: two per cent of the estimate and at most 800,000 yuan, the most that the law allows works."""
    return min(estimate * BOND_RATE, BOND_CAP).quantize(CENT, rounding=ROUND_FLOOR)


@dataclass(slots=True, kw_only=True)
class Play:
    """One tender while it runs. `prices` in yuan; the n-th price is bid by the n-th bidder of the cast."""

    cast: Cast
    title: str
    prices: tuple[Decimal, ...]
    acts: int = 0
    opened: Trade | None = None
    files: list[tuple[Path, Path]] = field(default_factory=list)

    @property
    def trade(self) -> Trade:
        """The trade, known from its registration on."""
        assert self.opened is not None  # noqa: S101 - registered first
        return self.opened

    @property
    def bidders(self) -> tuple[Party, ...]:
        """Whoever bids here."""
        return self.cast.bidders[: len(self.prices)]

    @property
    def bond(self) -> Decimal:
        """The bond of this tender, in yuan."""
        return bond_of(limit_of(self.prices))

    def perform(self, act: Callable[..., T], *, by: Signatory, at: tuple[int, str], on: Any = None, **inputs: Any) -> T:
        """Perform an act and count it."""
        done = act(on or self.trade, actor=by.actor, at=moment(*at), **inputs)
        self.acts += 1
        return done

    def sign(self, act: Callable[..., object], name: str, *, by: Signatory, content: bytes = b"") -> SignedFile:
        """A text signed by a party for one act of this trade."""
        text = content or f"{self.title}：{name}（重放历史数据，单位均为虚构）".encode()
        return signed(party=by, name=name, content=text, act=act.__name__, stream=self.trade.stream)


def play(*, cast: Cast, title: str, prices: tuple[Decimal, ...]) -> Play:
    """Run one tender to its archive, award or not; the caller reads what came of it. Raises whatever an act raises."""
    run = Play(cast=cast, title=title, prices=prices)
    register(run)
    publish(run)
    bid(run)
    close(run)
    if run.trade.stage == Stage.TOO_FEW:
        return_bonds(run, day=24)
        archive(run)
        return run
    decrypt(run)
    seat_committee(run)
    review_bids(run)
    rank(run)
    sign_report(run)
    choose(run)
    finish(run)
    return run


def register(run: Play) -> None:
    """第1日: registration and the fair-competition review."""
    cast, limit = run.cast, limit_of(run.prices)
    lot = LotInput(title=run.title, kind=SubjectKind.CONSTRUCTION, estimate=limit, limit_price=limit)
    tender = run.perform(
        register_tender,
        on=cast.centre,
        by=cast.staff,
        at=(1, "09:00"),
        title=run.title,
        **cast.registration(),
        lots=[lot],
    )
    run.opened = tender.trades.get()
    act = documents.record_fair_competition_review
    paper = run.sign(act, "公平竞争审查表", by=cast.tenderer)
    run.perform(act, by=cast.tenderer, at=(1, "15:00"), review=paper, passed=True)


def publish(run: Play) -> None:
    """第2日: notice and document, the deadline twenty-one days later."""
    act, agency = documents.publish_notice, run.cast.agency
    agreed = canonical(terms(bid_bond=str(run.bond), scoring=lowest_price_wins()))
    run.perform(
        act,
        by=agency,
        at=(2, "09:00"),
        notice=run.sign(act, "招标公告", by=agency),
        document=run.sign(act, "招标文件", by=agency),
        terms=run.sign(act, terms_paper(1), by=agency, content=agreed),
        sale_until=moment(9, "17:00").date(),
        deadline=moment(*DEADLINE),
    )
    run.trade.refresh_from_db()


def bid(run: Play) -> None:
    """第22日: each bidder's bond and bid, sealed and signed on their own computer, received and submitted."""
    for bidder, price in zip(run.bidders, run.prices, strict=True):
        at = (22, "10:00")
        paths = [_sealed_bond(run, bidder)] if run.bond else []
        paths.append(_sealed_bid(run, bidder, price))
        for path, act in zip(paths, (record_guarantee, submit_bid)[-len(paths) :], strict=True):
            received = receive(run.trade, actor=bidder.actor, at=moment(*at), content=path)
            run.perform(act, by=bidder, at=at, received=received)
        run.files.append((paths[-1], paths[0]))


def close(run: Play) -> None:
    """第23日: the deadline passes, the clock closes, the list is public (or there are too few)."""
    close_bidding(run.trade, actor=CLOCK, at=moment(*DEADLINE) + timedelta(seconds=2))
    run.acts += 1
    run.perform(opening.announce_bidders, by=run.cast.agency, at=(23, "09:31"))
    run.trade.refresh_from_db()


def decrypt(run: Play) -> None:
    """第23日: every bidder releases the keys of its own files; the bids are announced and the record is signed."""
    agency = run.cast.agency
    run.perform(opening.start_decryption, by=agency, at=(23, "09:32"))
    run.trade.refresh_from_db()
    for bidder, (file, bond) in zip(run.bidders, run.files, strict=True):
        at = (23, "09:35")
        keys, bond_keys = (released_keys(bidder=bidder, file=path, at=moment(*at)) for path in (file, bond))
        unlocked = unlocking.unlock(
            run.trade,
            actor=bidder.actor,
            at=moment(*at),
            release=keys,
            guarantee_release=bond_keys if run.bond else None,
        )
        run.perform(opening.open_bid, by=bidder, at=at, unlocked=unlocked)
    run.perform(opening.end_decryption, by=agency, at=(23, "09:40"))
    run.perform(opening.announce_bids, by=agency, at=(23, "09:41"))
    act = opening.sign_opening_record
    paper = run.sign(act, "开标记录", by=agency, content=opening_record(run.trade))
    run.perform(act, by=agency, at=(23, "09:50"), paper=paper)
    run.trade.refresh_from_db()


def seat_committee(run: Play) -> None:
    """第23日: experts drawn by three parties, four who come, one representative, sign-in and the chair."""
    cast = run.cast
    draw_experts(run)
    draw = held_draws.current_draw(stream=run.trade.stream, kind=held_draws.EXPERTS)
    for position, _ in zip(held_draws.order(draw), range(terms()["experts"]), strict=False):
        run.perform(committee.record_expert_reply, by=cast.staff, at=(23, "10:10"), position=position, reply="accepted")
    run.perform(
        committee.form_committee, by=cast.agency, at=(23, "10:20"), representatives=[cast.representative.person]
    )
    for member in members(run):
        run.perform(committee.sign_in_member, by=member, at=(23, "14:00"))
    for member in members(run)[: terms()["committee_size"] // 2 + 1]:
        run.perform(committee.vote_for_chair, by=member, at=(23, "14:05"), seat=1)


def draw_experts(run: Play) -> None:
    """抽取评标专家: centre, tenderer and supervisor commit, then reveal, the centre first."""
    cast, at = run.cast, (23, "10:00")
    run.perform(draws.open_draw, by=cast.staff, at=at)
    draw = held_draws.current_draw(stream=run.trade.stream, kind=held_draws.EXPERTS)
    nonces = {party: secrets.token_bytes(32) for party in draws.PARTIES}
    drawers = dict(zip(draws.PARTIES, (cast.staff, cast.tenderer, cast.supervisor), strict=True))
    for party, who in drawers.items():
        promised = commitment(draw_id=draw.draw_id, party=party, nonce=nonces[party])
        run.perform(draws.commit_to_draw, by=who, at=at, commitment=promised)
    for party, who in drawers.items():
        run.perform(draws.reveal_for_draw, by=who, at=at, nonce=nonces[party])
    run.perform(draws.complete_draw, by=cast.staff, at=at)


def members(run: Play) -> list[Individual]:
    """The committee in the order of its seats; the first one chairs."""
    marks = run.trade.members.order_by("seat").values_list("person__mark", flat=True)
    return [run.cast.member(mark) for mark in marks]


def review_bids(run: Play) -> None:
    """第23日: every member on every bid in every step; nothing fails."""
    seated, bids = members(run), list(opened_bids(run.trade).values_list("evidence_id", flat=True))
    for member in seated:
        for digest in bids:
            run.perform(review.give_opinion, by=member, at=(23, "15:00"), bid=digest, passes=dict.fromkeys(STEPS, True))
    run.perform(review.close_review, by=seated[0], at=(23, "16:00"))


def rank(run: Play) -> None:
    """第23日: blind technical marks, which decide between equal prices, and the computed ranking."""
    seated = members(run)
    codes = list(run.trade.blind_codes.order_by("code").values_list("code", flat=True))
    for seat, member in enumerate(seated, start=1):
        for code in codes:
            marks = {TECHNICAL_ITEM: _mark(code, seat)}
            run.perform(evaluation.score_technical, by=member, at=(23, "16:10"), code=code, marks=marks)
    run.perform(evaluation.close_scoring, by=seated[0], at=(23, "16:30"))
    run.perform(evaluation.compute_results, by=seated[0], at=(23, "16:31"))


def sign_report(run: Play) -> None:
    """第23日: the report, signed by every member."""
    seated, content = members(run), evaluation_report(run.trade)
    kept = evidence.keep(content, media_type=media_type_of(content))
    run.perform(report.issue_report, by=seated[0], at=(23, "16:40"), paper=kept)
    for member in seated:
        paper = run.sign(report.sign_report, "评标报告", by=member, content=content)
        run.perform(report.sign_report, by=member, at=(23, "16:50"), paper=paper)
    run.perform(report.close_report, by=seated[0], at=(23, "17:00"))


def choose(run: Play) -> None:
    """第24至31日: publicity of more than three days, the award by law, the notices to all."""
    cast, act = run.cast, awarding.publish_candidates
    paper = run.sign(act, "中标候选人公示", by=cast.agency)
    run.perform(act, by=cast.agency, at=(24, "10:00"), paper=paper, until=moment(29, "18:00"))
    first = recommended(run.trade)[0].bid.bidder.code
    run.perform(awarding.award, by=cast.tenderer, at=(30, "10:00"), bidder=first)
    notice = awarding.issue_award_notice
    papers = {name: run.sign(notice, title, by=cast.agency) for name, title in NOTICES.items()}
    run.perform(notice, by=cast.agency, at=(31, "10:00"), **papers)


NOTICES = {"notice": "中标通知书", "result": "中标结果通知书"}


def finish(run: Play) -> None:
    """第37至43日: contract at the price of the bid, refunds with interest, written report, archive."""
    cast, standing = run.cast, current_award(run.trade)
    winner = next(one for one in run.bidders if one.code == standing.bid.bidder.code)
    act, text = contract.sign_contract, "施工合同".encode()
    both = {
        "contract": run.sign(act, "合同", by=cast.tenderer, content=text),
        "countersigned": run.sign(act, "合同", by=winner, content=text),
    }
    price = standing.bid.opened.price
    run.perform(act, by=cast.tenderer, at=(37, "10:00"), winner=winner.actor, price=price, **both)
    return_bonds(run, day=38)
    paper = run.sign(contract.submit_written_report, "招标投标情况书面报告", by=cast.tenderer)
    run.perform(contract.submit_written_report, by=cast.tenderer, at=(39, "10:00"), paper=paper)
    archive(run)


def return_bonds(run: Play, *, day: int) -> None:
    """退还投标保证金: what was paid in on day 22; the demonstration's bank pays no interest on a few days."""
    for held in Guarantee.objects.filter(trade=run.trade).order_by("pk").values_list("pk", flat=True):
        run.perform(
            contract.refund_guarantee,
            by=run.cast.staff,
            at=(day, "10:00"),
            guarantee=held,
            amount=run.bond,
            interest=Decimal(0),
        )


def archive(run: Play) -> None:
    """第43日: the trade is closed; the bidders' own copies go."""
    run.perform(contract.archive_trade, by=run.cast.staff, at=FINISHED)
    run.trade.refresh_from_db()
    for paths in run.files:
        for path in paths:
            path.unlink(missing_ok=True)


def _sealed_bid(run: Play, bidder: Party, price: Decimal) -> Path:
    at = moment(22, "09:00")
    return sealed_bid(cast=run.cast, bidder=bidder, trade=run.trade, parts=plain_parts(price=price), at=at)


def _sealed_bond(run: Play, bidder: Party) -> Path:
    return sealed_guarantee(cast=run.cast, bidder=bidder, trade=run.trade, at=moment(22, "09:00"), amount=run.bond)


def _mark(code: str, seat: int) -> Decimal:
    """A mark that depends on nothing but code and seat: 0.00 to 100.00, so fine that means hardly ever meet."""
    number = int.from_bytes(hashlib.sha256(f"{code}/{seat}".encode()).digest()[:8])
    return Decimal(number % (FULL_MARK * 100 + 1)) / 100
