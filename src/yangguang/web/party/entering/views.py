"""Entering a record in three steps, correcting it, and taking its roll again.

Between the steps the answers travel in the page and not in a table; only what comes back after the session has ended is
kept (`drafts.py`), and what is sealed lies there encrypted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.ledger.acts import correct_record, enter_record, take_roll
from yangguang.ledger.booked import BOOKING, booking_of, booking_or_refuse, invited_to
from yangguang.ledger.catalogue import Register
from yangguang.ledger.guards import refuse_cancelled
from yangguang.ledger.models import Record, State, Unit
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.drafts import PASS
from yangguang.web.drafts.models import Draft, fresh_token
from yangguang.web.drafts.once import once
from yangguang.web.party.entering.around import around_for
from yangguang.web.party.entering.drafts import forget, restored, ticket
from yangguang.web.party.entering.forms import RecordForm
from yangguang.web.party.entering.initial import initial_from, initial_of
from yangguang.web.party.units import frame, record_for, register_for, unit_for, written
from yangguang.web.refusals import STATUS
from yangguang.witness.models import Entry

LONGEST_LINKED, LONGEST_NUMBER = 500, 18
NOT_ANSWERS = {PASS, "csrfmiddlewaretoken", "turn", "token"}  # no field of a register may have these names
FROM_ADDRESS = {"day", "begins", "ends", "parent"}  # what a free place in the rooms' calendar says of itself


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, code: str, register: str) -> HttpResponse:
    """登记: which kind, the inputs, the answers once more, then the act."""
    unit = unit_for(request, code)
    entry, _ = register_for(request, unit, register, writes=True)
    kept = restored(request) if request.method != "POST" else {}
    asked = request.POST.get("kind") or request.GET.get("kind", "") or "".join(kept.get("kind", []))
    kind = asked if asked in entry.kinds else entry.kinds[0] if len(entry.kinds) == 1 else ""
    booking = _booking(request, unit, "".join(kept.get("booking", [])))
    if booking is not None and request.method != "POST":
        booking_or_refuse(unit, booking.pk, register=entry, at=request.at)
    if entry.kinds and not kind:
        return render(request, "party/kinds.html", frame(request, unit, "registers", register=entry, booking=booking))
    day = request.POST.get("day") or "".join(kept.get("day", [])) or (booking.day.isoformat() if booking else "")
    around = around_for(unit, entry, kind=kind, at=request.at, day=day, booking=booking)
    if request.method != "POST":
        initial = initial_of(around, mine=request.member.person) | _linked(request, entry)
        return _inputs(request, RecordForm(initial=initial, around=around), kept=kept)
    form = RecordForm(request.POST, around=around)

    def enter() -> Record:
        given: dict[str, Any] = {
            "register": entry.id,
            "values": form.values(),
            "booking": booking.pk if booking else None,
        }
        return enter_record(unit, actor=request.member, at=request.at, **given)

    return _step(request, form, perform=enter, act="enter_record")


def _linked(request: Request, register: Register) -> dict[str, str]:
    """What a link to the form fills in: the register's own fields by their keys, the day, times and place."""
    keys = {*FROM_ADDRESS, *(one.key for one in register.asked if not one.sealed)}
    return {key: request.GET[key][:LONGEST_LINKED] for key in keys if key in request.GET}


def _booking(request: Request, unit: Unit, kept: str) -> Record | None:
    """The booking that a meeting is recorded from, for whoever may see it; None where there is none to speak of."""
    number = request.POST.get("booking") or request.GET.get("booking") or kept
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER):
        raise Http404
    row, register, _ = record_for(request, unit, int(number))
    if register.id != BOOKING:
        raise Http404
    return row


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, code: str, number: int) -> HttpResponse:
    """更正: the same form with what the record says, and the reason."""
    unit = unit_for(request, code)
    row, entry = written(request, unit, number)
    refuse_cancelled(row)
    around = around_for(unit, entry, kind=row.kind, at=request.at, day=row.day.isoformat(), record=row)
    if request.method != "POST":
        form = RecordForm(initial=initial_from(row, around), around=around)
        return _inputs(request, form, record=row, kept=restored(request))
    form = RecordForm(request.POST, around=around)

    def correction() -> Record:
        given = {"record": row.pk, "values": form.values(), "reason": form.cleaned_data["because"]}
        return correct_record(unit, actor=request.member, at=request.at, **given)

    return _step(request, form, perform=correction, act="correct_record", record=row)


def _inputs(
    request: Request,
    form: RecordForm,
    *,
    record: Record | None = None,
    kept: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    around = form.around
    form.restore(kept or {})
    context = frame(
        request, around.unit, "registers", register=around.register, kind=around.kind, form=form, record=record,
        rolls=form.rolls(), roll=around.roll.name, booking=around.booking,
        token=request.POST.get("token") or fresh_token(), ticket=ticket(request), is_restored=bool(kept),
    )  # fmt: skip
    return render(request, "party/inputs.html", context, status=status)


def _step(
    request: Request, form: RecordForm, *, perform: Callable[[], Record], act: str, record: Record | None = None
) -> HttpResponse:
    """What was sent is incomplete, is to be checked, to be changed again, or to be done."""
    turn = request.POST.get("turn", "")
    if not form.is_good():
        return _inputs(request, form, record=record, status=422)
    if turn == "edit":
        return _inputs(request, form, record=record)
    refusals: tuple[Refusal, ...] = ()
    if turn == "do":
        try:
            made = _once(request, form.around.unit, act=act, perform=perform)
            forget(request)
            return redirect("party-done", code=made.unit.code, number=made.pk)
        except Refused as refused:
            refusals = refused.refusals
    return _check(request, form, record=record, refusals=refusals)


def _check(request: Request, form: RecordForm, *, record: Record | None, refusals: tuple[Refusal, ...]) -> HttpResponse:
    around = form.around
    context = frame(
        request, around.unit, "registers", register=around.register, kind=around.kind, form=form, record=record,
        answers=form.shown(), roll=around.roll.name, said=form.roll_said(), refusals=refusals,
        token=request.POST.get("token") or fresh_token(), ticket=ticket(request),
        kept=[(name, value) for name, values in request.POST.lists() if name not in NOT_ANSWERS for value in values],
    )  # fmt: skip
    status = STATUS.get(refusals[0].code, 409) if refusals else 200
    return render(request, "party/check.html", context, status=status)


def _once(request: Request, unit: Unit, *, act: str, perform: Callable[[], Record]) -> Record:
    """The act, once for each form; a second click finds the record that the first one made. Raises `Refused`."""
    done: list[Record] = []

    def entry() -> Entry:
        done.append(perform())
        return Entry.objects.get(stream=unit.stream, sequence=done[0].entry)

    try:
        once(request, stream=unit.stream, act=act, perform=entry)
    except Refused:
        used = Draft.objects.filter(token=request.POST.get("token", ""), account=request.user, act=act).first()
        found = Record.objects.filter(unit=unit, entry=used.sequence).first() if used and used.sequence else None
        if found is None:
            raise
        return found
    return done[0]


@login_required
@never_cache
@require_safe
def done(request: Request, code: str, number: int) -> HttpResponse:
    """What was entered, with the number of its witness entry."""
    unit = unit_for(request, code)
    row, entry, reach = record_for(request, unit, number)
    witnessed = get_object_or_404(Entry, stream=unit.stream, sequence=row.entry)
    context = frame(request, unit, "registers", record=row, register=entry, reach=reach, entry=witnessed)
    return render(request, "party/done.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def roll(request: Request, code: str, number: int) -> HttpResponse:
    """点名: of what was planned, or once more; who came is derived from who did not."""
    unit = unit_for(request, code)
    row, entry = written(request, unit, number)
    refuse_cancelled(row)
    due = _due(unit, entry, row, request)
    refusals: tuple[Refusal, ...] = ()
    if request.method == "POST":
        absent = set(request.POST.getlist("absent"))
        reasons = {mark: request.POST.get(f"reason_{mark}", "") for mark, _ in due if mark in absent}
        given: dict[str, Any] = {"present": [mark for mark, _ in due if mark not in absent], "absent": reasons}
        try:
            take_roll(unit, actor=request.member, at=request.at, record=row.pk, **given)
            return redirect("party-done", code=code, number=number)
        except Refused as refused:
            refusals = refused.refusals
        lines = [_line(mark, name, mark in absent, reasons.get(mark, "")) for mark, name in due]
    else:
        missing = _missing(row, [mark for mark, _ in due])
        lines = [_line(mark, name, mark in missing, missing.get(mark, "")) for mark, name in due]
    context = frame(request, unit, "registers", record=row, register=entry, rolls=lines, refusals=refusals)
    return render(request, "party/roll.html", context, status=409 if refusals else 200)


def _line(mark: str, name: str, ticked: bool, reason: str) -> dict[str, Any]:  # noqa: FBT001 - a row of a table
    return {"mark": mark, "name": name, "ticked": ticked, "reason": reason}


def _missing(row: Record, listed: Sequence[str]) -> dict[str, str]:
    """Who is ticked as absent, and why: as the last roll says; before it, whom the booking did not invite."""
    if row.attendances.exists() and row.state != State.PLANNED:
        came = set(row.attendances.filter(is_present=True).values_list("person__mark", flat=True))
        reasons = dict(row.attendances.values_list("person__mark", "reason"))
        return {mark: reasons.get(mark, "") for mark in listed if mark not in came}
    invited = {one.mark for one in invited_to(booking_of(row))}
    return {mark: "" for mark in listed if invited and mark not in invited}


def _due(unit: Unit, register: Register, row: Record, request: Request) -> list[tuple[str, str]]:
    """Who is due: the unit's roll of that day with those invited besides, or those whom the record names."""
    booking = booking_of(row)
    if register.roll_for(row.kind) == "named":
        named = list(row.attendances.order_by("pk").values_list("person__mark", "person__name"))
        return named or [(one.mark, one.name) for one in invited_to(booking)]
    around = around_for(unit, register, kind=row.kind, at=request.at, day=row.day.isoformat(), booking=booking)
    return [(one.mark, f"{one.name}（列席）" if one.mark in around.guests else one.name) for one in around.listed]
