"""Files that were previewed and wait for a word (待确认的文件): beside the evidence, and gone when the word is given.

Nothing of a file that nobody confirms stays: the clock forgets it after `KEPT_FOR`. Only what was imported is evidence.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.contrib import messages
from django.http import Http404

from yangguang.ledger.acts.importing import Imported
from yangguang.ledger.models import Unit
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.models import Draft
from yangguang.web.drafts.once import TWICE
from yangguang.witness.models import Entry

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

KEPT_FOR = timedelta(hours=24)
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,32}")
LONGEST_NAME = 120
GONE = Refusal(
    code="import.expired",
    reason="核对后超过24小时没有确认，上传的文件已经删除",
    article="平台规则：没有确认的文件不保存",
    remedy="请重新选择文件上传。",
)


def wait(request: Request, unit: Unit, *, act: str, answers: Mapping[str, Any], sent: "UploadedFile[Any]") -> str:
    """Put a file aside until it is confirmed; the token by which it is."""
    draft = Draft.objects.create(
        account=request.user, organisation=request.actor.organisation, stream=unit.stream, act=act,
        answers={**answers, "name": str(sent.name)[-LONGEST_NAME:]}, made_at=request.at,
    )  # fmt: skip
    sent.seek(0)
    path = _path_of(draft.token)  # the draft is there first: a file without one is nobody's
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.writelines(sent.chunks())
    return draft.token


def confirm(
    request: Request,
    unit: Unit,
    *,
    act: str,
    answers: Mapping[str, Any],
    perform: Callable[[BinaryIO, Mapping[str, Any]], Imported],
) -> None:
    """Do `perform` with the file of the token that was sent, and tell on the next page what came of it.

    `perform` is given the file and everything that was answered with it, its `name` besides.
    Raises Http404 for a token that is not of this person, act and `answers`; `Refused` for a second click, for a file
    that waited too long, and for whatever the act refuses: then it may be confirmed again.
    """
    held = Draft.objects.filter(token=request.POST.get("token", ""), account=request.user, stream=unit.stream, act=act)
    draft = held.first()
    if draft is None or any(draft.answers.get(key) != value for key, value in answers.items()):
        raise Http404
    if not held.filter(begun_at__isnull=True).update(begun_at=request.at):
        raise Refused(TWICE)
    try:
        with _waiting(draft, at=request.at) as file:
            done = perform(file, draft.answers)
    except Refused:
        held.update(begun_at=None)
        raise
    sequence = Entry.objects.filter(stream=unit.stream, at=request.at).latest("sequence").sequence
    held.update(sequence=sequence, done_at=request.at)
    _path_of(draft.token).unlink(missing_ok=True)
    messages.success(request, f"已导入 {done.new} 条，原来就有 {done.known} 条没有重复（见证记录第 {sequence} 条）")


def clean(*, at: datetime) -> None:
    """Forget the files that nobody confirmed, and those whose draft is gone; called by the clock.

    Asks the database only while there are such files.
    """
    waiting = [one for one in _folder().iterdir() if TOKEN.fullmatch(one.name)]
    if not waiting:
        return
    drafts = Draft.objects.filter(token__in=[one.name for one in waiting], done_at__isnull=True)
    kept = set(drafts.filter(made_at__gt=at - KEPT_FOR).values_list("token", flat=True))
    for file in waiting:
        if file.name not in kept:
            file.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.HOME, "previews")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _path_of(token: str) -> Path:
    return _folder() / token


def _waiting(draft: Draft, *, at: datetime) -> BinaryIO:
    """The file of a draft. Raises `Refused` for one that waited too long."""
    if draft.made_at + KEPT_FOR <= at or not _path_of(draft.token).is_file():
        raise Refused(GONE)
    return _path_of(draft.token).open("rb")
