"""The roll of a unit, and who comes and goes."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.branch.terms import terms
from yangguang.ledger.acts import appoint_to_post, end_post
from yangguang.ledger.models import Post, Unit
from yangguang.ledger.roles import POSTS, LedgerRole
from yangguang.parties.models import Appointment, Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.fields import DayField
from yangguang.web.drafts.models import fresh_token
from yangguang.web.party.doing import do_once
from yangguang.web.party.units import frame, unit_for
from yangguang.web.refusals import STATUS

SELECT = {"class": "form-select"}
APPOINTS = frozenset({LedgerRole.KEEPER, LedgerRole.LEADER})
MOST_PEOPLE = 1000


class AppointForm(forms.Form):
    """任职登记: somebody known to the house takes a post."""

    person = forms.ChoiceField(label="人员", widget=forms.Select(SELECT))
    post = forms.ChoiceField(label="职务", widget=forms.Select(SELECT))
    since = DayField(label="起始日期")
    joined_on = DayField(label="入党日期（党员填）", required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "appoint-%s"} | kwargs)
        self.token = fresh_token()
        known = [(one.mark, one.name) for one in people_near(unit)]
        self.fields["person"].choices = [("", "请选择"), *known]  # type: ignore[attr-defined]
        posts = [(name, label) for name, (label, _) in POSTS.items()]
        self.fields["post"].choices = [("", "请选择"), *posts]  # type: ignore[attr-defined]
        for one in self.fields.values():
            one.error_messages |= {"required": "请填写。", "invalid_choice": "请从列表中选择。"}

    def inputs(self) -> dict[str, Any]:
        """What the act takes."""
        given = {name: self.cleaned_data[name] for name in ("person", "post", "since")}
        joined = self.cleaned_data["joined_on"]
        return given | {"facts": {"joined_on": joined.isoformat()} if joined else {}}


def people_near(unit: Unit) -> list[Person]:
    """Whom a unit may put on its roll: those with a post anywhere in its tree, and those of its organisation."""
    root = unit.path.strip("/").split("/")[0]
    inside = Post.objects.filter(unit__path__startswith=f"/{root}/").values("person")
    near = Q(pk__in=inside)
    if unit.organisation_id:
        near |= Q(pk__in=Appointment.objects.filter(organisation=unit.organisation_id).values("person"))
    return list(Person.objects.filter(near).order_by("name", "pk")[:MOST_PEOPLE])


def day_of(text: str) -> date | None:
    """The day that a form says; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@login_required
@never_cache
@require_safe
def people(request: Request, code: str) -> HttpResponse:
    """名册: who is on the roll today and in what post, who was, and until when each term runs."""
    return _page(request, unit_for(request, code))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def do(request: Request, code: str, name: str) -> HttpResponse:
    """Appointing somebody, or ending a post."""
    unit = unit_for(request, code, roles=APPOINTS)
    if name not in {"appoint", "end"}:
        raise Http404
    if request.method != "POST":
        return redirect("party-people", code=code)
    if name == "end":
        return _done(request, unit, name, None)
    form = AppointForm(request.POST, unit=unit)
    return _done(request, unit, name, form) if form.is_valid() else _page(request, unit, form=form, status=422)


def _done(request: Request, unit: Unit, name: str, form: AppointForm | None) -> HttpResponse:
    given: dict[str, Any] = {"actor": request.member, "at": request.at}
    try:
        if form is not None:
            inputs = form.inputs()
            entry = do_once(request, unit, act=name, perform=lambda: appoint_to_post(unit, **given, **inputs))
        else:
            number = request.POST.get("post", "")
            post = int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0  # noqa: PLR2004
            until = day_of(request.POST.get("until", "")) or legal_date(request.at)
            entry = do_once(request, unit, act=name, perform=lambda: end_post(unit, **given, post=post, until=until))
    except Refused as refused:
        return _page(request, unit, form=form, refusals=refused.refusals, status=STATUS.get(refused.codes[0], 409))
    messages.success(request, f"已登记（见证记录第 {entry.sequence} 条）")
    return redirect("party-people", code=unit.code)


def _page(
    request: Request,
    unit: Unit,
    *,
    form: AppointForm | None = None,
    refusals: tuple[Refusal, ...] = (),
    status: int = 200,
) -> HttpResponse:
    today = legal_date(request.at)
    held = (
        Post.objects.filter(unit__path__startswith=unit.path).select_related("person", "unit").order_by("since", "pk")
    )
    rows: dict[int, dict[str, Any]] = {}
    ended: list[Post] = []
    for post in held:
        if post.until is not None and post.until < today:
            ended.append(post)
            continue
        rows.setdefault(post.person_id, {"person": post.person, "posts": []})["posts"].append(post)
    appoints = bool(unit.roles_of(request.member) & APPOINTS)
    context = frame(
        request, unit, "people", rows=list(rows.values()), ended=ended, terms=terms(unit, on=today), today=today,
        appoints=appoints, form=form or (AppointForm(unit=unit, initial={"since": today}) if appoints else None),
        failed=form if form is not None and form.errors else None, refusals=refusals, token=fresh_token(),
    )  # fmt: skip
    return render(request, "party/people.html", context, status=status)
