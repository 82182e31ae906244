"""Voting in three steps: choices, the choices once more, done.

Between the steps the choices travel in the page and not in a table: nothing may tie them to whoever votes.
"""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yangguang.branch.appraisal import graded_members
from yangguang.ledger.acts import vote_by_ballot
from yangguang.ledger.models import Attendance, Record, State, Unit
from yangguang.parties.models import Person
from yangguang.rules.party.appraisal import Grade
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import fresh_token
from yangguang.web.party.doing import do_once
from yangguang.web.party.units import frame, record_for, unit_for
from yangguang.web.refusals import STATUS

CHOOSING, CHECKING, DONE = 1, 2, 3
CHOICES = [(str(one), str(one)) for one in Grade]
WRONG = {"invalid_choice": "请从列出的等次中选择。"}


class BallotForm(forms.Form):
    """One question for each member who is graded; whoever is left out gets no vote (弃权)."""

    def __init__(self, *args: Any, members: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in members:
            self.fields[one.mark] = forms.ChoiceField(
                label=one.name,
                choices=[*CHOICES, ("", "弃权")],
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                error_messages=WRONG,
            )

    def chosen(self) -> dict[str, str]:
        """The grades by mark, as a ballot has them."""
        return {mark: grade for mark, grade in self.cleaned_data.items() if grade}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: Request, code: str, number: int) -> HttpResponse:
    """投票: for those who are due in an open ballot; once theirs is in the box, only that it is."""
    unit = unit_for(request, code)
    row, register, _ = record_for(request, unit, number)
    voter = Attendance.objects.filter(record=row, person__mark=request.member.person, is_due=True).first()
    if register.id != "appraisal" or voter is None or (row.state != State.OPEN and not voter.is_present):
        raise Http404
    if voter.is_present:
        return _page(request, row, DONE, cast=row.ballots.count(), due=row.attendances.filter(is_due=True).count())
    form = BallotForm(request.POST if request.method == "POST" else None, members=graded_members(unit, on=row.day))
    if request.method != "POST":
        return _page(request, row, CHOOSING, form=form)
    if not form.is_valid():
        return _page(request, row, CHOOSING, form=form, status=422)
    step = request.POST.get("step", "")
    if step == "edit":
        return _page(request, row, CHOOSING, form=form)
    return _vote(request, unit, row, form) if step == "do" else _check(request, row, form)


def _vote(request: Request, unit: Unit, row: Record, form: BallotForm) -> HttpResponse:
    given: dict[str, Any] = {"actor": request.member, "at": request.at, "record": row.pk, "choices": form.chosen()}
    try:
        do_once(request, unit, act="vote_by_ballot", perform=lambda: vote_by_ballot(unit, **given))
    except Refused as refused:
        return _check(request, row, form, refusals=refused.refusals)
    return redirect("party-ballot", code=unit.code, number=row.pk)


def _check(request: Request, row: Record, form: BallotForm, *, refusals: tuple[Refusal, ...] = ()) -> HttpResponse:
    chosen = form.chosen()
    answers = [(field.label, chosen.get(field.name, "")) for field in form]
    status = STATUS.get(refusals[0].code, 409) if refusals else 200
    more = {"answers": answers, "kept": list(chosen.items()), "refusals": refusals}
    return _page(request, row, CHECKING, status=status, **more)


def _page(request: Request, row: Record, step: int, *, status: int = 200, **more: Any) -> HttpResponse:
    token = request.POST.get("token") or fresh_token()
    context = frame(request, row.unit, "month", record=row, step=step, token=token, **more)
    return render(request, "party/ballot.html", context, status=status)
