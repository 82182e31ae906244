"""A record's page, the acts that are done on it at once, what is sealed in it, and its files."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yangguang.branch.services import decide_rule
from yangguang.ledger.acts import (
    attach_file,
    cancel_record,
    close_record,
    link_records,
    look_at_sealed,
    send_letter,
    sign_record,
)
from yangguang.ledger.booked import BOOKING
from yangguang.ledger.models import Record, State, Unit
from yangguang.oversight.fusion import link_duties
from yangguang.reports.acts import DOCX
from yangguang.reports.letters import GENRES, letter_paper, title_of
from yangguang.reports.paper import paper_bytes
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.party.doing import do_once
from yangguang.web.party.records.booked import booked
from yangguang.web.party.records.deciding import decided, duties
from yangguang.web.party.records.forms import FORMS, DoForm
from yangguang.web.party.records.page import STEPS, linkable, page_of
from yangguang.web.party.units import frame, record_for, unit_for
from yangguang.web.portal.serving import download, kept_file
from yangguang.web.refusals import STATUS

PERFORM: Mapping[str, tuple[Callable[..., Any], str]] = {
    "sign": (sign_record, "已签署"),
    "send": (send_letter, "已发出"),
    "close": (close_record, "已办结"),
    "cancel": (cancel_record, "已取消"),
    "link": (link_records, "已关联"),
    "attach": (attach_file, "已添加材料"),
    "rule": (decide_rule, "已转入制度库"),
    "duties": (link_duties, "已计入履职"),
}


@login_required
@never_cache
@require_safe
def record(request: Request, code: str, number: int) -> HttpResponse:
    """A record with everything around it; `q` looks for records that it may be linked to."""
    unit = unit_for(request, code)
    row, _, _ = record_for(request, unit, number)
    return _page(request, unit, row)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, code: str, number: int, name: str) -> HttpResponse:
    """One act on the record, at once; what is refused or incomplete stands on its page with what was typed."""
    unit = unit_for(request, code)
    row, _, _ = record_for(request, unit, number)
    if name not in PERFORM:
        raise Http404
    if request.method != "POST":  # back from signing in again
        return redirect("party-record", code=code, number=number)
    form = FORMS[name](request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, unit, row, failed=(name, form), status=422)
    try:
        entry = do_once(request, unit, act=name, perform=lambda: _perform(request, unit, row, name, form))
    except Refused as refused:
        status = STATUS.get(refused.codes[0], 409)
        return _page(request, unit, row, failed=(name, form), refusals=refused.refusals, status=status)
    messages.success(request, f"{PERFORM[name][1]}（见证记录第 {entry.sequence} 条）")
    return redirect("party-record", code=code, number=number)


def _perform(request: Request, unit: Unit, row: Record, name: str, form: DoForm) -> object:
    act, _ = PERFORM[name]
    return act(unit, actor=request.member, at=request.at, record=row.pk, **form.inputs())


@login_required
@never_cache
@require_POST
def sealed(request: Request, code: str, number: int) -> HttpResponse:
    """调阅: what is sealed, shown once in the answer; the look is a row and an entry of the log."""
    unit = unit_for(request, code)
    row, _, _ = record_for(request, unit, number)
    content = look_at_sealed(unit, actor=request.member, at=request.at, record=row.pk)
    return _page(request, unit, row, content=content)


@login_required
@never_cache
@require_safe
def file(request: Request, code: str, number: int, sha256: str) -> FileResponse:
    """A file of the record, for whoever may see the record."""
    unit = unit_for(request, code)
    row, _, _ = record_for(request, unit, number)
    found = get_object_or_404(row.attachments.select_related("evidence"), evidence_id=sha256)
    return kept_file(found.evidence, name=found.name)


@login_required
@never_cache
@require_safe
def letter(request: Request, code: str, number: int) -> HttpResponseBase:
    """The .docx of a letter that goes out, for whoever may see the record; of one not sent yet it says so."""
    unit = unit_for(request, code)
    row, _, _ = record_for(request, unit, number)
    if row.register not in GENRES:
        raise Http404
    answer = HttpResponse(paper_bytes(paper=letter_paper(row)), content_type=DOCX)
    return download(answer, name=f"{title_of(row)}{'（草稿）' * (row.state == State.PLANNED)}.docx")


def _page(
    request: Request,
    unit: Unit,
    row: Record,
    *,
    failed: tuple[str, DoForm] | None = None,
    refusals: tuple[Refusal, ...] = (),
    content: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    row, register, reach = record_for(request, unit, row.pk)
    page = page_of(row, register, reach, actor=request.member, on=legal_date(request.at), content=content)
    forms = {name: form() for name, form in FORMS.items()} | dict([failed] if failed else [])
    words = request.GET.get("q", "").strip()[:80]
    found = linkable(request.member, row, words=words) if words and reach.writes else []
    context = frame(
        request, unit, "registers", record=row, register=register, reach=reach, page=page, forms=forms,
        refusals=refusals, failed=failed[1] if failed else None, q=words, found=found,
        steps=STEPS,
    )  # fmt: skip
    today = legal_date(request.at)
    if register.id == BOOKING:
        context["booked"] = booked(row, actor=request.member, today=today)
    context |= {"decided": decided(row, actor=request.member, today=today), "duties": duties(row, reach, today=today)}
    return render(request, "party/record.html", context, status=status)
