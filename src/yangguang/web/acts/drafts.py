"""Drafts (办理草稿): what was typed and uploaded, kept whatever happens, and done once.

Each page of inputs carries a pass: signed, it names the account, the organisation and the draft's token. So a double
click fills one draft instead of two, the back button comes to what was done, and a form that is sent after the session
ended (or after signing in again elsewhere) is kept for its owner, who finds it when signed in.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, dumps, loads
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest

from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.acts.forms import ActForm
from yangguang.web.acts.uploads import PDF, UploadField, shown_name
from yangguang.web.drafts.models import Draft, fresh_token
from yangguang.witness import evidence
from yangguang.witness.models import Entry, SealedEntry

PASS, SALT, PASS_LASTS = "draft_pass", "yangguang.draft", timedelta(days=30)
NOT_ANSWERS = {PASS, "csrfmiddlewaretoken"}
LONGEST_ANSWER = 20_000
STALE = timedelta(minutes=1)

RUNNING = Refusal(
    code="draft.running",
    reason="这份办理正在提交",
    article="平台规则：同一份办理只提交一次",
    remedy="请稍候刷新本页；办理成功的，会显示见证记录的序号。",
)
CHANGED = Refusal(
    code="draft.changed",
    reason="这份办理的内容在别的窗口改过",
    article="平台规则：只办理核对过的内容",
    remedy="请按下面的新内容重新核对，再确认。",
)


def pass_for(*, account: int, organisation: str, token: str) -> str:
    """The pass that a page of inputs carries."""
    return dumps([account, organisation, token], salt=SALT)


def read_pass(text: str) -> tuple[int, str, str] | None:
    """Account, organisation and token of a pass that is ours and not too old."""
    try:
        account, organisation, token = loads(text, salt=SALT, max_age=PASS_LASTS)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(account), str(organisation), str(token)


def token_of(request: Request) -> str:
    """The draft that this request is about: by its pass, or by its address, else a fresh one."""
    read = read_pass(request.POST.get(PASS, ""))
    mine = read is not None and read[:2] == (request.user.pk, request.actor.organisation)
    return read[2] if read and mine else request.GET.get("draft") or fresh_token()


def own_draft(request: Request, token: str, *, stream: str, act: str) -> Draft | None:
    """My draft of this act, or None."""
    mine = Draft.objects.filter(account=request.user, organisation=request.actor.organisation)
    return mine.filter(token=token, stream=stream, act=act).first()


def made(*, account: int, organisation: str, token: str, stream: str, act: str, at: datetime) -> Draft:
    """The draft with this token, made when it is not there yet; two clicks at once make one."""
    facts = {"account_id": account, "organisation": organisation, "stream": stream, "act": act}
    try:
        with transaction.atomic():
            return Draft.objects.get_or_create(token=token, **facts, defaults={"made_at": at})[0]
    except IntegrityError:  # the token is another draft's
        return Draft.objects.create(token=fresh_token(), **facts, made_at=at)


def park(request: HttpRequest, *, stream: str, act: str, form: type[ActForm]) -> Draft | None:
    """Keep a form whose sender is not signed in any more, for the account that its page was made for."""
    read = read_pass(request.POST.get(PASS, ""))
    if read is None:
        return None
    account, organisation, token = read
    at: datetime = request.at  # type: ignore[attr-defined]
    draft = made(account=account, organisation=organisation, token=token, stream=stream, act=act, at=at)
    keep_unchecked(draft, request, form=form)
    return draft


def keep_unchecked(draft: Draft, request: HttpRequest, *, form: type[ActForm]) -> None:
    """Keep what was sent without asking whether the act would take it; files have to be sound."""
    if draft.begun_at or draft.done_at:
        return
    typed = {name: value[:LONGEST_ANSWER] for name, value in request.POST.items() if name not in NOT_ANSWERS}
    draft.answers = typed
    draft.save(update_fields=["answers"])  # whatever becomes of the files
    draft.files = draft.files | _sound_files(request, form)
    draft.save(update_fields=["files"])


def _sound_files(request: HttpRequest, form: type[ActForm]) -> dict[str, dict[str, str]]:
    kept = {}
    for field in form.uploads():
        sent, kind = request.FILES.get(field), form.kinds.get(field, PDF)
        if sent is None or sent.file is None:
            continue
        try:
            UploadField(kind=kind).clean(sent)
        except ValidationError:
            continue
        found = evidence.keep(sent.file, media_type=kind.media_type)
        name = form.names.get(field, form.labels.get(field, "文件"))
        facts = {"name": name, "sha256": found.sha256, "media_type": found.media_type}
        kept[field] = facts | {"shown": shown_name(sent.name)}
    return kept


def version_of(draft: Draft) -> str:
    """What the person checked: it changes with every answer and every file."""
    content: dict[str, Any] = {"answers": draft.answers, "files": draft.files}
    return sha256(canonical(content)).hexdigest()[:16]


def claim(draft: Draft, *, at: datetime) -> None:
    """Take the draft for the act: whoever clicks first gets it. Raises `Refused` for everybody else."""
    free = Q(begun_at__isnull=True) | Q(begun_at__lt=at - STALE)
    if not Draft.objects.filter(free, pk=draft.pk, done_at__isnull=True).update(begun_at=at):
        raise Refused(RUNNING)


def is_running(draft: Draft, *, at: datetime) -> bool:
    """Whether another request is doing the act now."""
    return draft.done_at is None and draft.begun_at is not None and draft.begun_at >= at - STALE


def settle(draft: Draft) -> bool:
    """Whether the draft is done; one whose act was done without a word about it (power cut) learns it from the log.

    The act got the moment of its claim, to the microsecond, so its entry is found by it.
    """
    if draft.done_at is None and draft.begun_at is not None:
        for kind in (Entry, SealedEntry):
            found = kind.objects.filter(stream=draft.stream, act=draft.act, at=draft.begun_at).first()
            if found is not None:
                finish(draft, sequence=found.sequence, is_sealed=kind is SealedEntry, at=found.at)
    return draft.done_at is not None


def finish(draft: Draft, *, sequence: int, is_sealed: bool, at: datetime) -> None:
    """The act was done."""
    draft.sequence, draft.is_sealed, draft.done_at = sequence, is_sealed, at
    draft.save(update_fields=["sequence", "is_sealed", "done_at"])


def entry_of(draft: Draft) -> Entry | SealedEntry | None:
    """The witness entry of a draft that is done."""
    kind = SealedEntry if draft.is_sealed else Entry
    return kind.objects.filter(stream=draft.stream, sequence=draft.sequence or 0).first()
