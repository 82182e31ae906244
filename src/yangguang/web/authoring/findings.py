"""What the law and the engine say to a draft, each at the field that it is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.committee import check_committee
from yangguang.rules.checks.money import SubjectKind, check_bid_bond
from yangguang.rules.checks.opening import check_decryption_window
from yangguang.rules.checks.outcome import check_recommended
from yangguang.rules.checks.periods import check_bid_period, check_document_period, warn_bid_period
from yangguang.rules.clocks import due_on
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal, Refused
from yangguang.trading.models import Trade
from yangguang.trading.terms import parse_terms

FIELD_OF = {"committee.too_small": "committee_size", "committee.even": "committee_size", "terms.scoring": "family"}
WINDOW, CANDIDATES = "platform.opening.decryption_window", "works.candidates.count"


@dataclass(frozen=True, slots=True)
class Finding:
    """A refusal, or a caution that stops nothing, at a field of the form."""

    field: str
    refusal: Refusal
    is_caution: bool = False


def findings_of(trade: Trade, facts: Mapping[str, Any], *, at: datetime) -> list[Finding]:
    """Everything that the law of the trade's day says to what is filled in so far. `facts`: fields that are sound."""
    law = trade.kept_law()
    return [*_money(trade, law, facts), *_people(law, facts), *_times(law, facts, today=legal_date(at))]


def findings_of_terms(terms: Mapping[str, Any]) -> list[Finding]:
    """What the reader of the terms refuses, one at a time, as it does."""
    try:
        parse_terms(terms)
    except Refused as refused:
        return [Finding(field_of(one), one) for one in refused.refusals]
    return []


def field_of(refusal: Refusal) -> str:
    """The field that a refusal is about."""
    if refusal.code in FIELD_OF:
        return FIELD_OF[refusal.code]
    if refusal.code.startswith("terms."):
        return refusal.code.removeprefix("terms.")
    return "family"


def _money(trade: Trade, law: Law, facts: Mapping[str, Any]) -> Iterator[Finding]:
    amount = facts.get("bid_bond")
    if amount is not None:
        kind = SubjectKind(trade.works_kind)
        for one in check_bid_bond(law=law, kind=kind, estimate=trade.estimate, amount=amount):
            yield Finding("bid_bond", one)


def _people(law: Law, facts: Mapping[str, Any]) -> Iterator[Finding]:
    members, experts = facts.get("committee_size"), facts.get("experts")
    if members is not None and experts is not None:
        for one in check_committee(law=law, members=members, experts=experts):
            yield Finding(FIELD_OF.get(one.code, "experts"), one)
    if (most := facts.get("candidates")) is not None:
        for one in check_recommended(law=law, most=most):
            yield Finding("candidates", one)
    if (minutes := facts.get("decryption_minutes")) is not None:
        for one in check_decryption_window(law=law, minutes=minutes):
            yield Finding("decryption_minutes", one)


def _times(law: Law, facts: Mapping[str, Any], *, today: date) -> Iterator[Finding]:
    sale, deadline = facts.get("sale_until"), facts.get("deadline")
    if sale is not None:
        for one in check_document_period(law=law, starts_on=today, ends_on=sale):
            yield Finding("sale_until", one)
    if deadline is not None:
        ends = legal_date(deadline)
        for one in check_bid_period(law=law, issued_on=today, deadline_on=ends):
            yield Finding("deadline", one)
        for one in warn_bid_period(law=law, issued_on=today, deadline_on=ends):
            yield Finding("deadline", one, is_caution=True)


def limits_of(trade: Trade, *, at: datetime) -> dict[str, str]:
    """法定限制 beside each field, from the law data of the trade's day."""
    law, today = trade.kept_law(), legal_date(at)
    cap = law.find(f"works.bond.cap_{trade.works_kind}")
    rate, size, share = (
        law.rule("works.bond.rate"),
        law.rule("works.committee.size"),
        law.rule("works.committee.experts"),
    )
    most = min(trade.estimate * rate.share, cap.value) if cap else trade.estimate * rate.share
    sale = due_on(law=law, rule_id="works.tender.document_sale", start=today)
    ends = due_on(law=law, rule_id="works.tender.document_to_deadline", start=today)
    window, candidates = law.find(WINDOW), law.find(CANDIDATES)
    told = {
        "bid_bond": f"不超过 {most:,.2f} 元，也可以不收（{rate.citation}{f'；{cap.citation}' if cap else ''}）",
        "committee_size": f"不少于{size.count}人，且为单数（{size.citation}）",
        "experts": f"不少于成员总数的 {share.amount_text}（{share.citation}）",
        "sale_until": f"今天发布的，不早于 {sale}（{law.rule('works.tender.document_sale').citation}）",
        "deadline": f"今天发布的，不早于 {ends}（{law.rule('works.tender.document_to_deadline').citation}）",
        "bid_validity_days": f"自投标截止之日起算（{law.rule('works.bid.validity').citation}）",
    }
    if window:
        told["decryption_minutes"] = f"不少于{window.count}分钟（{window.citation}）"
    if candidates:
        told["candidates"] = f"不超过{candidates.count}名（{candidates.citation}）"
    return told
