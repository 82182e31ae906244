"""全部导出: everything of a unit that whoever asks may take along, as one zip file."""

from tempfile import TemporaryFile

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yangguang.exchange.tables import Scope
from yangguang.exchange.whole import write_package
from yangguang.exchange.writing import FORMS
from yangguang.ledger.models import Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.rules.calendar import legal_date
from yangguang.web.accounts.requests import Request
from yangguang.web.party.reports.records import Reading
from yangguang.web.party.units import KEEPERS, WATCHERS, holding, may_export, registers_of, unit_for
from yangguang.web.portal.serving import download
from yangguang.witness.actor import Actor


@login_required
@never_cache
@require_safe
def package(request: Request, code: str) -> HttpResponseBase:
    """The zip file: the registers whose rows whoever asks may export one by one, and what hangs on their records."""
    unit = unit_for(request, code, roles=WATCHERS)
    form = request.GET.get("form", "xlsx")
    if form not in FORMS:
        raise Http404
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write_package(scope_of(unit, request.member), form=form, at=request.at, into=file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    answer = FileResponse(file, content_type="application/zip")
    return download(answer, name=f"{unit.name}（全部导出{legal_date(request.at):%Y%m%d}）.zip")


def scope_of(unit: Unit, actor: Actor) -> Scope:
    """What the actor may take along of a unit: what the pages of its registers, roll and reports show them anyway."""
    registers = tuple(register for register, reach in registers_of(unit, actor) if may_export(register, reach))
    roles = unit.roles_of(actor)
    seen = [one.id for one in registers if one.unseal & roles]
    own = [one.id for one in registers if LedgerRole.NAMED in one.unseal]
    looks = Q(register__in=seen) | (Q(register__in=own) & _in_record(actor.person))
    return Scope(
        unit=unit, registers=registers, looks=looks, reads=Reading(actor).may_read, personal=bool(roles & KEEPERS)
    )


def _in_record(mark: str) -> Q:
    """As `is_named` asks of one record: who entered it or is a person in it."""
    return holding(mark) | Q(attendances__person__mark=mark)
