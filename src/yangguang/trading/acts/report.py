"""评标报告: issued, signed by all, dissent in writing, refusal to sign, closed (条例第五十三条)."""

import json
from datetime import datetime

from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.refusal import refuse_if
from yangguang.trading.acts.committee import member_of, require_chair
from yangguang.trading.models import Member, ReportSignature, Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.papers import evaluation_report
from yangguang.trading.roles import Role
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import REGULATION, refuse_unless
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record


@act("issue_report", by={Role.MEMBER})
def issue_report(trade: Trade, *, actor: Actor, at: datetime, paper: Evidence) -> Entry:
    """出具评标报告: the report that the platform writes from its rows, with every score and the trace."""
    require_chair(trade, actor)
    refuse_unless(
        evidence.read(paper.sha256) == evaluation_report(trade),
        code="report.not_current",
        reason="评标报告与系统记录不一致",
        article=f"{REGULATION}第五十三条",
        remedy="请重新生成评标报告。",
    )
    return record(files=[("评标报告", paper)])


@act("sign_report", by={Role.MEMBER})
def sign_report(trade: Trade, *, actor: Actor, at: datetime, paper: SignedFile) -> Entry:
    """签署评标报告."""
    member = require_unsigned(trade, actor)
    refuse_unless(
        paper.evidence.sha256 == issued_report(trade),
        code="report.other_file",
        reason="签署的不是本项目的评标报告",
        article=f"{REGULATION}第五十三条",
        remedy="请对系统出具的评标报告签名。",
    )
    refuse_if(check_signed(file=paper, act="sign_report", stream=trade.stream, actor=actor, at=at))
    return _settle(member, ReportSignature.Kind.SIGNED, paper)


@act("dissent_from_report", by={Role.MEMBER})
def dissent_from_report(trade: Trade, *, actor: Actor, at: datetime, opinion: SignedFile) -> Entry:
    """不同意见: in writing, with reasons, and signed; it stays with the report (条例第五十三条)."""
    member = require_unsigned(trade, actor)
    refuse_if(check_signed(file=opinion, act="dissent_from_report", stream=trade.stream, actor=actor, at=at))
    return _settle(member, ReportSignature.Kind.DISSENT, opinion)


@act("refuse_to_sign_report", by={Role.MEMBER})
def refuse_to_sign_report(trade: Trade, *, actor: Actor, at: datetime, seat: int) -> Entry:
    """拒绝签字: recorded by the chair; without a written dissent the member counts as agreeing (条例第五十三条)."""
    require_chair(trade, actor)
    member = standing_members(trade).filter(seat=seat, report_signature__isnull=True).first()
    refuse_unless(
        member is not None,
        code="report.seat",
        reason=f"{seat}号席位没有待签署的报告",
        article=f"{REGULATION}第五十三条",
        remedy="请核对席位。",
    )
    assert member is not None  # noqa: S101 - refused above
    return _settle(member, ReportSignature.Kind.REFUSED, None)


@act("close_report", by={Role.MEMBER})
def close_report(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """评标结束: every member signed, dissented or is recorded as refusing."""
    require_chair(trade, actor)
    require_report_settled(trade)
    signatures = ReportSignature.objects.filter(member__trade=trade)
    return record(data={kind: signatures.filter(kind=kind).count() for kind in ReportSignature.Kind.values})


def require_report_settled(trade: Trade) -> None:
    """Refuse to close while a member has neither signed, nor dissented, nor refused."""
    waiting = standing_members(trade).filter(report_signature__isnull=True).count()
    refuse_unless(
        not waiting,
        code="report.unsigned",
        reason=f"还有{waiting}名成员没有签署评标报告",
        article=f"{REGULATION}第五十三条",
        remedy="请全体成员签字，或提交书面不同意见，或登记拒绝签字。",
    )


def issued_report(trade: Trade) -> str:
    """The digest of the report that was issued last: what is signed is that file, not one written again."""
    entry = Entry.objects.filter(stream=trade.stream, act="issue_report").latest("sequence")
    return str(json.loads(entry.payload)["files"][0]["sha256"])


def require_unsigned(trade: Trade, actor: Actor) -> Member:
    """The actor's seat; refuses whoever has signed, dissented or refused."""
    member = member_of(trade, actor)
    refuse_unless(
        not ReportSignature.objects.filter(member=member).exists(),
        code="report.signed",
        reason="您已对评标报告表态",
        article=f"{REGULATION}第五十三条",
        remedy="无需重复办理。",
    )
    return member


def _settle(member: Member, kind: ReportSignature.Kind, file: SignedFile | None) -> Entry:
    ReportSignature.objects.create(member=member, kind=kind, evidence=file.evidence if file else None)
    return record(data={"seat": member.seat, "kind": kind.value}, files=named_files(file) if file else ())
