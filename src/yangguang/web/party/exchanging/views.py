"""Records in, in three steps, and out: template, upload, preview, confirmation; workbook, CSV, JSON, 一表通."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, BinaryIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.branch.tasks import TREES
from yangguang.exchange import workbook_bytes
from yangguang.exchange.exporting import export_records
from yangguang.exchange.importing import WORKBOOK, Preview, import_file, preview_file
from yangguang.exchange.one_table import MappingError, OneTable, one_table, read_mapping
from yangguang.exchange.registers import sheet_of
from yangguang.exchange.writing import FORMS
from yangguang.ledger.acts.importing import Imported
from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Unit
from yangguang.reports.spans import read_span
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.party.exchanging.forms import ImportForm, OneTableForm
from yangguang.web.party.exchanging.waiting import confirm, wait
from yangguang.web.party.registers.lists import filters_of
from yangguang.web.party.reports.forms import periods
from yangguang.web.party.units import WATCHERS, frame, may_export, reach_of, register_for, rows_for, unit_for
from yangguang.web.portal.serving import download
from yangguang.web.refusals import STATUS

ACT = "import_records"
RULE = "平台规则：一表通由记录得出"
TYPES = {"xlsx": WORKBOOK, "csv": "text/csv; charset=utf-8", "json": "application/json"}


@login_required
@never_cache
@require_safe
def template(request: Request, code: str, register: str) -> HttpResponseBase:
    """模板: the workbook that people fill in, for those who write in the register."""
    unit = unit_for(request, code)
    entry, _ = register_for(request, unit, register, writes=True)
    answer = HttpResponse(workbook_bytes(sheet=sheet_of(entry)), content_type=WORKBOOK)
    return download(answer, name=f"{entry.name}（导入模板）.xlsx")


@login_required
@never_cache
@require_safe
def export(request: Request, code: str, register: str) -> HttpResponseBase:
    """导出: what the list's filters leave, as far as whoever asks sees whole rows."""
    unit = unit_for(request, code)
    entry, reach = register_for(request, unit, register)
    form = request.GET.get("form", "xlsx")
    if form not in FORMS or not may_export(entry, reach):
        raise Http404
    filters = filters_of(request.GET, entry, today=legal_date(request.at))
    rows = filters.narrow(rows_for(unit, entry, reach, request.member)).order_by("day", "pk")
    pieces = export_records(rows, unit=unit, register=entry, form=form)
    answer = StreamingHttpResponse(pieces, content_type=TYPES[form])
    return download(answer, name=f"{entry.name}{filters.year or ''}.{form}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request, code: str, register: str) -> HttpResponse:
    """导入: upload, preview, confirm. Until a file is found good nothing of it is kept."""
    unit = unit_for(request, code)
    entry, _ = register_for(request, unit, register, writes=True)
    sheet_of(entry)  # refused for what may not lie in a file
    if request.method != "POST":
        return _upload(request, unit, entry)
    if request.POST.get("step") == "do":
        return _done(request, unit, entry)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload(request, unit, entry, form=form, status=422)
    sent = form.cleaned_data["file"]
    given: dict[str, Any] = {"actor": request.member, "at": request.at, "register": entry}
    preview = preview_file(unit, source=sent.file, name=sent.name, **given)
    if preview.problems or not preview.new:
        return _preview(request, unit, entry, preview, name=sent.name, status=422 if preview.problems else 200)
    token = wait(request, unit, act=ACT, answers={"register": entry.id}, sent=sent)
    return _preview(request, unit, entry, preview, name=sent.name, token=token)


def _upload(
    request: Request,
    unit: Unit,
    register: Register,
    *,
    form: ImportForm | None = None,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = frame(
        request, unit, "registers", register=register, form=form or ImportForm(), refusals=refusals,
        trees=register.id in TREES,
    )  # fmt: skip
    return render(request, "party/import.html", context, status=status)


def _preview(
    request: Request, unit: Unit, register: Register, preview: Preview, *, name: str, token: str = "", status: int = 200
) -> HttpResponse:
    context = frame(request, unit, "registers", register=register, preview=preview, name=name, token=token)
    return render(request, "party/import_check.html", context, status=status)


def _done(request: Request, unit: Unit, register: Register) -> HttpResponse:
    """The rows of the file that was previewed; a second click finds the first one's work."""

    def perform(source: BinaryIO, answers: Mapping[str, Any]) -> Imported:
        given: dict[str, Any] = {"actor": request.member, "at": request.at, "register": register}
        return import_file(unit, source=source, name=answers["name"], **given)

    try:
        confirm(request, unit, act=ACT, answers={"register": register.id}, perform=perform)
    except Refused as refused:
        return _upload(request, unit, register, refusals=refused.refusals, status=STATUS.get(refused.codes[0], 409))
    return redirect("party-register", code=unit.code, register=register.id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tables(request: Request, code: str) -> HttpResponseBase:
    """一表通: a higher level's table from the records that stand; nobody fills it in."""
    unit = unit_for(request, code, roles=WATCHERS)
    choices = periods(legal_date(request.at))
    if request.method != "POST":
        form = OneTableForm(periods=choices, initial={"period": str(legal_date(request.at).year)})
        return _tables(request, unit, form)
    form = OneTableForm(request.POST, request.FILES, periods=choices)
    if not form.is_valid():
        return _tables(request, unit, form, status=422)
    try:
        mapping = _mapping(form)
        units = _units(request, unit, mapping)
    except MappingError as wrong:
        refusal = Refusal(code="one_table.mapping", reason=str(wrong), article=RULE, remedy="请更正对应表后重新上传。")
        return _tables(request, unit, form, refusals=(refusal,), status=409)
    except Refused as refused:
        return _tables(request, unit, form, refusals=refused.refusals, status=409)
    span = read_span(form.cleaned_data["period"])
    content = one_table(mapping, units=units, span=span, as_of=legal_date(request.at))
    return download(HttpResponse(content, content_type=WORKBOOK), name=f"{mapping.title}{span.name}.xlsx")


def _mapping(form: OneTableForm) -> OneTable:
    sent = form.cleaned_data["mapping"]
    example = files("yangguang.exchange") / "mappings/example.toml"
    try:
        return read_mapping(sent.read().decode("utf-8") if sent else example.read_text(encoding="utf-8"))
    except UnicodeDecodeError as wrong:
        raise MappingError("对应表不是 UTF-8 编码") from wrong


def _units(request: Request, unit: Unit, mapping: OneTable) -> list[Unit]:
    """The unit with all below it. Raises `Refused` where a register's rows are not for whoever asks."""
    units = list(Unit.objects.filter(path__startswith=unit.path).order_by("path"))
    asked = [register for one in mapping.sheets if (register := register_named(one.register))]
    for register in asked:
        if not all(may_export(register, reach_of(one, register, request.member)) for one in units):
            raise Refused(
                Refusal(
                    code="one_table.register",
                    reason=f"“{register.name}”只对您公开合计，不能逐条导出",
                    article=RULE,
                    remedy="请改用指标，或者由管理这个台账的人导出。",
                )
            )
    return units


def _tables(
    request: Request, unit: Unit, form: OneTableForm, *, refusals: tuple[Refusal, ...] = (), status: int = 200
) -> HttpResponse:
    context = frame(request, unit, "registers", form=form, refusals=refusals)
    return render(request, "party/one_table.html", context, status=status)
