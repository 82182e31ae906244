"""招标文件: review, notice, changes, and objections to the document."""

from datetime import date, datetime
from functools import partial

from yangguang.parties.models import Organisation
from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.checks.committee import check_committee
from yangguang.rules.checks.money import SubjectKind, check_bid_bond
from yangguang.rules.checks.opening import check_decryption_window
from yangguang.rules.checks.outcome import check_recommended
from yangguang.rules.checks.periods import (
    check_bid_period,
    check_clarification,
    check_document_objection_time,
    check_document_on_sale,
    check_document_period,
)
from yangguang.rules.law import Law
from yangguang.rules.refusal import Refusal, refuse_if
from yangguang.trading.models import Objection, TenderDocument, Trade
from yangguang.trading.readings import deadline_of, document_of
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.signed_terms import signed_terms, terms_paper
from yangguang.trading.terms import Terms, parse_terms
from yangguang.trading.trustees import check_trustees
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act, performing
from yangguang.witness.entries import payload_of
from yangguang.witness.guards import REGULATION, found_or_refuse, refuse_unless
from yangguang.witness.models import Entry, Evidence, SealedEntry
from yangguang.witness.prepared import Given, Prepared
from yangguang.witness.record import party_digest, record, record_sealed, utc_text

INTEREST = "利害关系说明"
OBJECTION_ARTICLES = {
    Objection.Kind.DOCUMENT: f"{REGULATION}第二十二条",
    Objection.Kind.OPENING: f"{REGULATION}第四十四条",
    Objection.Kind.RESULT: f"{REGULATION}第五十四条",
}

_NOTICE = Prepared(lambda: Entry.objects.filter(stream=Given(0), act="publish_notice"))


@act("record_fair_competition_review", by=TENDERERS)
def record_fair_competition_review(
    trade: Trade, *, actor: Actor, at: datetime, review: SignedFile, passed: bool
) -> Entry:
    """公平竞争审查: the tenderer's signed record that the document was reviewed (八部门令2024年第16号).

    Raises `Refused` when the review did not pass: the document has to be corrected first.
    """
    refuse_if(check_signed(file=review, act="record_fair_competition_review", stream=trade.stream, actor=actor, at=at))
    refuse_unless(
        passed,
        code="review.not_passed",
        reason="公平竞争审查未通过，不得发布招标文件",
        article="招标投标领域公平竞争审查规则",
        remedy="请按审查意见修改招标文件后重新审查。",
    )
    return record(data={"passed": True}, files=named_files(review))


@act("publish_notice", by=TENDERERS)
def publish_notice(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    notice: SignedFile,
    document: SignedFile,
    terms: SignedFile,
    sale_until: date,
    deadline: datetime,
) -> Entry:
    """发布招标公告和招标文件: signed, and so are its machine-readable terms (招标投标法第十六、十九条).

    Named 招标公告, 招标文件 and `terms_paper(1)`. `sale_until` is the last day on which the document can be had,
    `deadline` the 投标截止时间 (aware). Raises `Refused` on periods, bond, committee or signatures that the law does
    not allow.
    """
    agreed = signed_terms(terms)
    read, law, today = parse_terms(agreed), trade.kept_law(), legal_date(at)
    papers = {"招标公告": notice, "招标文件": document, terms_paper(1): terms}
    check = partial(check_signed, act="publish_notice", stream=trade.stream, actor=actor, at=at)
    refuse_if(
        *(check(file=file, paper=paper) for paper, file in papers.items()),
        check_document_period(law=law, starts_on=today, ends_on=sale_until),
        check_bid_period(law=law, issued_on=today, deadline_on=legal_date(deadline)),
        *_check_terms(trade, read, law=law, at=at),
    )
    TenderDocument.objects.create(
        trade=trade, version=1, evidence=document.evidence, terms=agreed, issued_at=at, deadline=deadline
    )
    _set_deadline(trade, deadline)
    data = {"sale_until": sale_until.isoformat(), "deadline": utc_text(deadline), "version": 1}
    return record(data=data, files=named_files(notice, document, terms))


@act("download_document", by={Role.SUPPLIER})
def download_document(trade: Trade, *, actor: Actor, at: datetime) -> SealedEntry:
    """下载招标文件: recorded sealed, so that nobody learns who did (电子招标投标办法第二十一条).

    Until the last day that the notice gives (条例第十六条); whoever has downloaded it before gets every later version.
    """
    require_on_sale(trade, actor=actor, at=at)
    version = document_of(trade).version
    return record_sealed(data={"party": _hidden(actor), "version": version})


@act("change_document", by=TENDERERS)
def change_document(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    change: SignedFile,
    terms: SignedFile,
    affects_bids: bool,
    deadline: datetime | None = None,
) -> Entry:
    """澄清或修改招标文件: a new version; late ones only with a postponement of the deadline (条例第二十一条).

    `terms` are all terms as they then hold, named `terms_paper` of the new version; `deadline` is the new one, or None
    to leave it. Raises `Refused` when it comes too late or would move forward.
    """
    agreed, version = signed_terms(terms), document_of(trade).version + 1
    read, before, law = parse_terms(agreed), deadline_of(trade), trade.kept_law()
    check = partial(check_signed, act="change_document", stream=trade.stream, actor=actor, at=at)
    require_changeable(trade, at=at)
    refuse_unless(
        deadline is None or deadline > max(before, at),
        code="deadline.forward",
        reason="投标截止时间只能顺延，不能提前",
        article=f"{REGULATION}第二十一条",
        remedy="请设定晚于原截止时间的新时间。",
    )
    refuse_if(
        check(file=change),
        check(file=terms, paper=terms_paper(version)),
        *_check_terms(trade, read, law=law, at=at),
        check_clarification(
            law=law,
            issued_on=legal_date(at),
            deadline_on=legal_date(max(before, at)),  # later than `before` only while an objection held it up
            affects_bids=affects_bids,
            postponed_to=legal_date(deadline) if deadline else None,
        ),
    )
    moved = deadline or before
    TenderDocument.objects.create(
        trade=trade, version=version, evidence=change.evidence, terms=agreed, issued_at=at, deadline=moved
    )
    _set_deadline(trade, moved)
    data = {"version": version, "deadline": utc_text(moved), "affects_bids": affects_bids}
    return record(data=data, files=named_files(change, terms))


@act("object_to_document", by={Role.SUPPLIER, Role.INTERESTED})
def object_to_document(
    trade: Trade, *, actor: Actor, at: datetime, objection: Evidence, interest: SignedFile | None = None
) -> Entry:
    """对招标文件提出异议: at least 10 days before the deadline (条例第二十二条); the log hides who objected.

    Anybody who may bid may object; whoever has another interest (subcontractor, manufacturer…) may state it in the
    signed paper 利害关系说明. Nobody has to, because that would tell who is going to bid.
    """
    require_time_to_object(trade, at=at)
    return raise_objection(
        trade, kind=Objection.Kind.DOCUMENT, actor=actor, at=at, objection=objection, interest=interest
    )


@act("answer_document_objection", by=TENDERERS)
def answer_document_objection(trade: Trade, *, actor: Actor, at: datetime, number: int, answer: SignedFile) -> Entry:
    """答复对招标文件的异议: bidding cannot close before (条例第二十二条). A late answer is recorded as late."""
    return settle_objection(trade, kind=Objection.Kind.DOCUMENT, actor=actor, at=at, number=number, answer=answer)


def raise_objection(
    trade: Trade, *, kind: str, actor: Actor, at: datetime, objection: Evidence, interest: SignedFile | None = None
) -> Entry:
    """Add an objection under the next number of this trade, with the objector's stated interest, and record it."""
    if interest is not None:
        name = performing().name
        refuse_if(check_signed(file=interest, act=name, stream=trade.stream, actor=actor, at=at, paper=INTEREST))
    number = 1 + trade.objections.count()
    Objection.objects.create(
        trade=trade,
        kind=kind,
        number=number,
        organisation=Organisation.objects.get(code=actor.organisation),
        evidence=objection,
        interest=interest.evidence if interest else None,
        raised_at=at,
    )
    files = named_files(interest) if interest else ()
    return record(data={"number": number}, files=[("异议", objection), *files])


def settle_objection(trade: Trade, *, kind: str, actor: Actor, at: datetime, number: int, answer: SignedFile) -> Entry:
    """Answer an open objection of a kind and record it. Raises `Refused` when there is none of that number."""
    require_open_objection(trade, kind=kind)
    objection = found_or_refuse(
        trade.objections.filter(kind=kind, number=number, answered_at__isnull=True).first(),
        code="objection.not_open",
        reason=f"没有待答复的第{number}号异议",
        article=OBJECTION_ARTICLES[Objection.Kind(kind)],
        remedy="请核对异议编号；已答复的异议不能重复答复。",
    )
    refuse_if(check_signed(file=answer, act=performing().name, stream=trade.stream, actor=actor, at=at))
    objection.answer, objection.answered_at = answer.evidence, at
    objection.save(update_fields=["answer", "answered_at"])
    days = (legal_date(at) - legal_date(objection.raised_at)).days
    return record(data={"number": number, "days": days}, files=named_files(answer))


def require_on_sale(trade: Trade, *, actor: Actor, at: datetime) -> None:
    """Refuse after the last day that the notice gives, but not whoever has the document already."""
    today, until = legal_date(at), _sale_until(trade)
    has_it = today > until and _has_downloaded(trade, actor)
    refuse_if(check_document_on_sale(law=trade.kept_law(), sold_until=until, asked_on=today, has_it=has_it))


def _check_terms(trade: Trade, terms: Terms, *, law: Law, at: datetime) -> list[list[Refusal]]:
    """What the law says to the terms of any version."""
    return [
        check_bid_bond(law=law, kind=SubjectKind(trade.works_kind), estimate=trade.estimate, amount=terms.bid_bond),
        check_committee(law=law, members=terms.committee_size, experts=terms.experts),
        check_recommended(law=law, most=terms.candidates),
        check_decryption_window(law=law, minutes=terms.decryption_minutes),
        check_trustees(plan=terms.rescue, at=at),
    ]


def require_changeable(trade: Trade, *, at: datetime) -> None:
    """Refuse to change the document once the deadline has passed, unless an objection holds it up."""
    refuse_unless(
        at <= deadline_of(trade) or stands_still(trade),
        code="deadline.passed",
        reason="投标截止时间已过，不能再修改招标文件或顺延",
        article=f"{REGULATION}第二十一条",
        remedy="请等待系统办理投标截止。",
    )


def require_time_to_object(trade: Trade, *, at: datetime) -> None:
    """Refuse an objection to the document that comes too late (条例第二十二条)."""
    raised_on, deadline_on = legal_date(at), legal_date(deadline_of(trade))
    refuse_if(check_document_objection_time(law=trade.kept_law(), raised_on=raised_on, deadline_on=deadline_on))


def require_open_objection(trade: Trade, *, kind: str) -> None:
    """Refuse to answer where no objection of a kind waits for its answer."""
    refuse_unless(
        trade.objections.filter(kind=kind, answered_at__isnull=True).exists(),
        code="objection.not_open",
        reason="没有待答复的异议",
        article=f"{REGULATION}第二十二条",
        remedy="有人提出异议后再办理；已答复的异议不能重复答复。",
    )


def stands_still(trade: Trade) -> bool:
    """Whether an objection to the document holds the deadline up: unanswered, or answered only after it had passed."""
    deadline = deadline_of(trade)
    raised = (one for one in trade.objections.all() if one.kind == Objection.Kind.DOCUMENT)
    return any(one.answered_at is None or one.answered_at > deadline for one in raised)


def require_answered(trade: Trade, *, kind: str) -> None:
    """Refuse to go on while an objection of a kind waits for its answer (条例第二十二、五十四条)."""
    waiting = trade.objections.filter(kind=kind, answered_at__isnull=True).count()
    refuse_unless(
        not waiting,
        code="objection.unanswered",
        reason=f"还有{waiting}件异议没有答复，作出答复前应当暂停招标投标活动",
        article=OBJECTION_ARTICLES[Objection.Kind(kind)],
        remedy="请先答复异议，必要时顺延时间。",
    )


def _set_deadline(trade: Trade, deadline: datetime) -> None:
    trade.bid_deadline = deadline
    trade.save(update_fields=["bid_deadline"])


def _sale_until(trade: Trade) -> date:
    """The last day on which the document can be had, as the notice in the log says."""
    return date.fromisoformat(payload_of(_NOTICE.get(trade.stream))["data"]["sale_until"])


def _has_downloaded(trade: Trade, actor: Actor) -> bool:
    """Whether the sealed sub-log has an earlier download of this organisation; only its salts can tell."""
    downloads = SealedEntry.objects.filter(stream=trade.stream, act="download_document")
    return any(
        payload_of(one)["data"]["party"] == party_digest(salt=one.salt, party=actor.organisation) for one in downloads
    )


def _hidden(actor: Actor) -> str:
    return party_digest(salt=performing().salt, party=actor.organisation)
