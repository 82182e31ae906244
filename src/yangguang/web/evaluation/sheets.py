"""Sheets that save as they are typed (评审底稿): for their own member alone, until they are handed in."""

import json

from yangguang.rules.refusal import Refusal
from yangguang.web.accounts.requests import Request
from yangguang.web.evaluation.models import Sheet

MOST_BYTES, MOST_FIELDS = 16_384, 60
RULE = "平台规则：评审底稿"
NOT_KEPT = Refusal(
    code="sheet.not_kept",
    reason="底稿没有保存：内容太长或者格式不对",
    article=RULE,
    remedy="请缩短理由；仍不行的刷新本页，填写的内容请先另存。",
)
OVER = Refusal(
    code="sheet.over",
    reason="这一步已经结束，不能再保存底稿",
    article=RULE,
    remedy="请刷新本页，办理下一步。",
)
Values = dict[str, str]


def sheet_name(act: str, about: str) -> str:
    """What a sheet is kept under."""
    return f"{act}:{about}"


def kept_sheets(request: Request, stream: str) -> dict[str, Sheet]:
    """The sheets of whoever asks, by their names."""
    return {one.name: one for one in Sheet.objects.filter(account=request.user.pk, stream=stream)}


def read_values(body: bytes) -> Values | None:
    """The fields that a page sent, or None for anything else."""
    if len(body) > MOST_BYTES:
        return None
    try:
        value = json.loads(body)
    except ValueError:
        return None
    if not isinstance(value, dict) or len(value) > MOST_FIELDS:
        return None
    return {str(name): text for name, text in value.items() if isinstance(text, str) and "\x00" not in text}


def save_sheet(request: Request, *, stream: str, name: str, values: Values) -> None:
    """Keep what was typed in place of what was kept before."""
    kept = {"values": values, "saved_at": request.at}
    Sheet.objects.update_or_create(account_id=request.user.pk, stream=stream, name=name, defaults=kept)


def drop_sheet(request: Request, *, stream: str, name: str) -> None:
    """The sheet was handed in."""
    Sheet.objects.filter(account=request.user.pk, stream=stream, name=name).delete()
