"""A whole tree of tasks in (导入任务树), in the steps of every import: template, upload, preview of each row, word."""

from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.branch.tasks import TREES, kind_at
from yangguang.exchange import workbook_bytes
from yangguang.exchange.importing import WORKBOOK
from yangguang.exchange.trees import TREE, TreePreview, import_tree, preview_tree
from yangguang.ledger.acts.importing import Imported
from yangguang.ledger.catalogue import Register
from yangguang.ledger.models import Unit
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.party.exchanging.forms import TreeForm
from yangguang.web.party.exchanging.waiting import confirm, wait
from yangguang.web.party.units import frame, register_for, unit_for
from yangguang.web.portal.serving import download
from yangguang.web.refusals import STATUS

ACT = "plant_tree"


@login_required
@never_cache
@require_safe
def template(request: Request, code: str) -> HttpResponseBase:
    """模板: the workbook with levels, for those who write in the tree."""
    register = _tree_for(request, unit_for(request, code))
    answer = HttpResponse(workbook_bytes(sheet=TREE), content_type=WORKBOOK)
    return download(answer, name=f"{register.name}（任务树模板）.xlsx")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request, code: str) -> HttpResponse:
    """导入任务树: upload, preview of each row, confirm. Nothing of a file that is wrong or not confirmed stays."""
    unit = unit_for(request, code)
    register = _tree_for(request, unit)
    if request.method != "POST":
        return _upload(request, unit, register)
    if request.POST.get("step") == "do":
        return _done(request, unit, register)
    form = TreeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload(request, unit, register, form=form, status=422)
    sent, day = form.cleaned_data["file"], form.cleaned_data["day"]
    given: dict[str, Any] = {"actor": request.member, "at": request.at, "register": register, "day": day}
    preview = preview_tree(unit, source=sent.file, name=sent.name, **given)
    token = ""
    if preview.new:
        token = wait(request, unit, act=ACT, answers={"register": register.id, "day": day.isoformat()}, sent=sent)
    return _preview(request, unit, register, preview, name=sent.name, day=day, token=token)


def _tree_for(request: Request, unit: Unit) -> Register:
    """The tree that the address names, for whoever writes in it. Raises Http404 for everybody else."""
    name = request.GET.get("tree", TREES[0])
    if name not in TREES:
        raise Http404
    return register_for(request, unit, name, writes=True)[0]


def _upload(
    request: Request,
    unit: Unit,
    register: Register,
    *,
    form: TreeForm | None = None,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context = frame(request, unit, "tasks", register=register, form=form or TreeForm(), refusals=refusals, tree=True)
    return render(request, "party/import.html", context, status=status)


def _preview(
    request: Request, unit: Unit, register: Register, preview: TreePreview, *, name: str, day: date, token: str
) -> HttpResponse:
    lines = [(one, kind_at(register, one.values["level"])) for one in preview.rows]
    context = frame(
        request, unit, "tasks", register=register, preview=preview, name=name, day=day, token=token, lines=lines,
        tree=True,
    )  # fmt: skip
    return render(request, "party/import_check.html", context, status=422 if preview.problems else 200)


def _done(request: Request, unit: Unit, register: Register) -> HttpResponse:
    """The tree that was previewed; a second click finds the first one's work."""

    def perform(source: BinaryIO, answers: Mapping[str, Any]) -> Imported:
        given: dict[str, Any] = {"actor": request.member, "at": request.at, "register": register}
        return import_tree(unit, source=source, name=answers["name"], day=date.fromisoformat(answers["day"]), **given)

    try:
        confirm(request, unit, act=ACT, answers={"register": register.id}, perform=perform)
    except Refused as refused:
        return _upload(request, unit, register, refusals=refused.refusals, status=STATUS.get(refused.codes[0], 409))
    return redirect(f"{reverse('party-tasks', kwargs={'code': unit.code})}?tree={register.id}")
