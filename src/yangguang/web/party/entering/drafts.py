"""What was typed into a register's form, kept for its owner when the session has ended (办理草稿).

The page carries the pass of a draft; only a form that comes back without its session becomes one. What the register
seals lies encrypted in it, bound to this draft, and the draft is gone once the record stands.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from yangguang.ledger.catalogue import Register, register_named
from yangguang.ledger.models import Record
from yangguang.ledger.sealing import seal_draft, unseal_draft
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.drafts import LONGEST_ANSWER, PASS, made, own_draft, pass_for, read_pass, token_of
from yangguang.web.drafts.models import Draft
from yangguang.web.drafts.parking import keeps_forms

NOT_TYPED = {PASS, "csrfmiddlewaretoken", "token", "turn"}
ADDRESSES = ("party-new", "party-correct")


@keeps_forms(*ADDRESSES)
def park(request: HttpRequest) -> Draft | None:
    """Keep the form for the account that its page was made for; None where the page was not ours."""
    match, read = request.resolver_match, read_pass(request.POST.get(PASS, ""))
    if match is None or read is None or (register := _register(match.kwargs)) is None:
        return None
    account, organisation, token = read
    facts = {"stream": _stream(match.kwargs), "act": _act(match.kwargs)}
    at = request.at  # type: ignore[attr-defined]
    draft = made(account=account, organisation=organisation, token=token, at=at, **facts)
    sealed = {one.key for one in register.fields if one.sealed}
    typed = {
        name: [value[:LONGEST_ANSWER] for value in values]
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
    }
    hidden = {name: values for name, values in typed.items() if name in sealed}
    open_ = {name: values for name, values in typed.items() if name not in sealed}
    draft.answers = {"typed": open_, "sealed": seal_draft(draft.token, hidden) if hidden else ""}
    draft.save(update_fields=["answers"])
    return draft


def restored(request: Request) -> dict[str, list[str]]:
    """What the draft in the address of a page holds, every name with its values; nothing for anybody else's."""
    kwargs, token = _kwargs(request), request.GET.get("draft")
    draft = own_draft(request, token, stream=_stream(kwargs), act=_act(kwargs)) if token else None
    if draft is None or "typed" not in draft.answers:
        return {}
    hidden = draft.answers["sealed"]
    return {**draft.answers["typed"], **(unseal_draft(draft.token, hidden) if hidden else {})}


def ticket(request: Request) -> str:
    """The pass that the pages of one form carry from the first to the last."""
    account, organisation = int(request.user.pk), request.actor.organisation
    return pass_for(account=account, organisation=organisation, token=token_of(request))


def forget(request: Request) -> None:
    """The record stands: what was kept of its form goes."""
    kwargs = _kwargs(request)
    mine = Draft.objects.filter(account=request.user, stream=_stream(kwargs), act=_act(kwargs))
    mine.filter(token__in=[token_of(request), request.GET.get("draft", "")]).delete()


def _kwargs(request: Request) -> Mapping[str, Any]:
    return request.resolver_match.kwargs if request.resolver_match else {}


def _stream(kwargs: Mapping[str, Any]) -> str:
    return f"unit:{kwargs['code']}"


def _act(kwargs: Mapping[str, Any]) -> str:
    return f"form:{kwargs.get('register') or kwargs['number']}"


def _register(kwargs: Mapping[str, Any]) -> Register | None:
    if "register" in kwargs:
        return register_named(kwargs["register"])
    held = Record.objects.filter(unit__code=kwargs["code"], pk=kwargs["number"]).values_list("register", flat=True)
    return register_named(held[0]) if held else None
