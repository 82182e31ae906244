"""Drafting, confirming and locking a report (起草、确认、印发): each leaves one entry in the unit's log."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yangguang.ledger.models import Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.current import Changed, changes_since, drafted_today
from yangguang.reports.drafting import Drafted, draft
from yangguang.reports.models import Report
from yangguang.reports.notes import TRACED, check_notes, read_notes
from yangguang.reports.outlines import Outline, outline_named, outlines
from yangguang.reports.paper import paper_bytes
from yangguang.reports.proofreading import Level
from yangguang.reports.spans import Span, UnknownSpan, read_span
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless
from yangguang.witness.record import record as witness

REPORTS = f"{PLATFORM}：报告由人确认"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SIZES = {1: "月", 3: "季度", 6: "半年", 12: "年"}


@act("draft_report", by={LedgerRole.KEEPER, LedgerRole.LEADER})
def draft_report(
    unit: Unit, *, actor: Actor, at: datetime, outline: str, period: str, notes: Sequence[Mapping[str, Any]] = ()
) -> Report:
    """起草: the outline's paper for a period; drafted again, the open draft is replaced and keeps its version.

    `notes` are paragraphs a person adds: place, text, and sources of typed numbers. Raises `Refused` for an outline or
    period that there is not, a typed number without a source, or a period that has not begun.
    """
    chosen, span = _outline_or_refuse(outline), _span_or_refuse(period)
    lengths = "或者".join(SIZES.get(size, f"{size}个月") for size in chosen.months)
    refuse_unless(
        not chosen.months or span.size in chosen.months,
        code="report.length",
        reason=f"“{chosen.name}”按{lengths}编写，{span.name}不合适",
        article=REPORTS,
        remedy="请选择相应的报告期。",
    )
    refuse_unless(
        span.first_day <= legal_date(at),
        code="report.ahead",
        reason=f"报告期{span.name}还没有开始",
        article=REPORTS,
        remedy="请选择已经开始的报告期。",
    )
    said = read_notes(notes)
    refuse_if(check_notes(outline=chosen, notes=said))
    drafted = draft(outline=chosen, unit=unit, span=span, as_of=legal_date(at), notes=said)
    report = _open_report(unit, outline=chosen.code, period=span.key)
    report.drafted_at, report.drafted_by, report.state = at, actor.person, Report.State.DRAFT
    report.notes = [{"place": one.place, "text": one.text, "sources": dict(one.sources)} for one in said]
    report.confirmed_at, report.confirmed_by = None, ""
    _keep(report, drafted)
    return _witnessed(report)


@act("confirm_report", by={LedgerRole.LEADER})
def confirm_report(unit: Unit, *, actor: Actor, at: datetime, report: int) -> Report:
    """确认: a person answers for every sentence. Nothing may block, and no figure may have changed since the draft."""
    row = _report_or_refuse(unit, report)
    refuse_unless(
        row.state == Report.State.DRAFT,
        code="report.state",
        reason=f"这份报告{row.get_state_display()}，不能再确认",
        article=REPORTS,
        remedy="需要修改的请重新起草。",
    )
    refuse_if(_changed_refusals(changes_since(row, as_of=legal_date(at))))
    drafted = drafted_today(row, as_of=legal_date(at))
    refuse_if(_blocks(drafted))
    row.state, row.confirmed_at, row.confirmed_by = Report.State.CONFIRMED, at, actor.person
    _keep(row, drafted)
    return _witnessed(row)


@act("lock_report", by={LedgerRole.LEADER})
def lock_report(unit: Unit, *, actor: Actor, at: datetime, report: int) -> Report:
    """印发: the .docx is kept as evidence and the report never changes again; a later one is a new version."""
    row = _report_or_refuse(unit, report)
    refuse_unless(
        row.state == Report.State.CONFIRMED,
        code="report.unconfirmed",
        reason="这份报告没有确认，或者已经印发",
        article=REPORTS,
        remedy="请由负责人确认后印发；已经印发的请起草新的一版。",
    )
    refuse_if(_changed_refusals(changes_since(row, as_of=legal_date(at))))
    drafted = drafted_today(row, as_of=legal_date(at))
    refuse_if(_blocks(drafted))
    row.paper = evidence.keep(paper_bytes(paper=drafted.paper), media_type=DOCX)
    row.state, row.locked_at, row.locked_by = Report.State.LOCKED, at, actor.person
    _keep(row, drafted)
    return _witnessed(row)


def _outline_or_refuse(name: str) -> Outline:
    return found_or_refuse(
        outline_named(name),
        code="report.outline",
        reason="没有这个提纲",
        article=REPORTS,
        remedy=f"请从提纲中选择：{'、'.join(outlines())}。",
    )


def _span_or_refuse(period: str) -> Span:
    try:
        return read_span(period)
    except UnknownSpan as unknown:
        refusal = Refusal(code="report.period", reason=str(unknown), article=REPORTS, remedy="请更正报告期。")
        raise Refused(refusal) from unknown


def _report_or_refuse(unit: Unit, number: int) -> Report:
    return found_or_refuse(
        Report.objects.filter(unit=unit, pk=number).select_related("unit").first(),
        code="report.unknown",
        reason="本单位没有这份报告",
        article=REPORTS,
        remedy="请从报告列表中选择。",
    )


def _open_report(unit: Unit, *, outline: str, period: str) -> Report:
    """The open draft, or a new version after the last locked one."""
    last = Report.objects.filter(unit=unit, outline=outline, period=period).order_by("-version").first()
    if last is not None and not last.is_locked:
        return last
    return Report(unit=unit, outline=outline, period=period, version=last.version + 1 if last else 1)


def _keep(report: Report, drafted: Drafted) -> None:
    """The figures as they are, each with the rows of the annex that print it."""
    rows: dict[str, list[str]] = {}
    for row, key in drafted.rows.items():
        rows.setdefault(key, []).append(row)
    report.figures = [one.to_json() | {"rows": rows.get(one.key, [])} for one in drafted.figures]
    report.concerns = [one.to_json() for one in drafted.concerns]
    report.save()


def _witnessed(report: Report) -> Report:
    """The one entry: how many figures, and concealed what each of them is."""
    data = {"report": f"{report.outline}:{report.period}:{report.version}", "figures": len(report.figures)}
    files = [("报告", report.paper)] if report.paper else []
    digests = [[one["metric"], one["period"], one["digest"]] for one in report.figures]
    report.entry = witness(data=data, concealed={"figures": digests, "notes": report.notes}, files=files).sequence
    report.save(update_fields=["entry"])
    return report


def _blocks(drafted: Drafted) -> list[Refusal]:
    return [
        Refusal(code=one.code, reason=f"{one.about}：{one.reason}", article=TRACED, remedy=one.remedy)
        for one in drafted.concerns
        if one.level is Level.BLOCK
    ]


def _changed_refusals(changed: Sequence[Changed]) -> list[Refusal]:
    return [
        Refusal(
            code="report.changed", reason=f"起草以后数字有变化：{one.text}", article=TRACED,
            remedy="请重新起草，核对后再确认。",
        )
        for one in changed
    ]  # fmt: skip
