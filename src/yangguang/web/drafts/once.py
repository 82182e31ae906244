"""A short form that does its act at once (一次办理): its token is used up by the first click."""

from collections.abc import Callable

from django.db import IntegrityError, transaction

from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import Draft, fresh_token
from yangguang.witness.models import Entry, SealedEntry

TWICE = Refusal(
    code="hall.done_once",
    reason="这一次办理已经提交过",
    article="平台规则：同一份办理只提交一次",
    remedy="请在记录中核对；需要再次办理的，用刷新后的表单提交。",
)


def once(request: Request, *, stream: str, act: str, perform: Callable[[], Entry | SealedEntry]) -> Entry | SealedEntry:
    """The act, once for each form that was shown: a second click finds the form's token used. Raises `Refused`."""
    token = request.POST.get("token", "")[:32] or fresh_token()
    who = {"account": request.user, "organisation": request.actor.organisation}
    try:
        with transaction.atomic():
            used = Draft.objects.create(
                token=token, stream=stream, act=act, made_at=request.at, begun_at=request.at, **who
            )
    except IntegrityError as taken:
        raise Refused(TWICE) from taken
    try:
        entry = perform()
    except Refused:
        used.delete()
        raise
    sealed = isinstance(entry, SealedEntry)
    Draft.objects.filter(pk=used.pk).update(sequence=entry.sequence, is_sealed=sealed, done_at=request.at)
    return entry
