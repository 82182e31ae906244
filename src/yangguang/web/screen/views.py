"""The wall: one page, and the board in it that is made once for all who look, whenever the log has grown."""

from threading import Lock
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from yangguang.proof import notes
from yangguang.rules.calendar import legal_date
from yangguang.trading.models import Centre
from yangguang.web.accounts.requests import Request
from yangguang.web.portal.projection import catch_up
from yangguang.web.screen.figures import figures_of, lines_of, months_of
from yangguang.web.screen.today import today_of
from yangguang.web.screen.year import years_until
from yangguang.witness.log import latest_checkpoint
from yangguang.witness.models import Checkpoint
from yangguang.witness.platform import platform

NOTHING_NEW = 204
GROUPS = 4  # of four digits of the root, as many as one compares by eye

_lock = Lock()
_kept: dict[str, str] = {}


@require_safe
def screen(request: Request) -> HttpResponse:
    """大屏."""
    checkpoint = latest_checkpoint()
    context = {
        "centre": Centre.objects.order_by("pk").first(),
        "board_html": _board_html(request, checkpoint),
        "seen": _cursor(request, checkpoint),
    }
    return render(request, "screen/screen.html", context)


@require_safe
def board(request: Request) -> HttpResponse:
    """The board again; 204 when the log has not grown since `?seen=` and the day is the same."""
    checkpoint = latest_checkpoint()
    cursor = _cursor(request, checkpoint)
    headers = {"Cache-Control": "no-store", "X-Seen": cursor}
    if request.GET.get("seen") == cursor:
        return HttpResponse(status=NOTHING_NEW, headers=headers)
    return HttpResponse(_board_html(request, checkpoint), headers=headers)


def _cursor(request: Request, checkpoint: Checkpoint | None) -> str:
    """What the board depends on: the log's size and the day."""
    return f"{checkpoint.size if checkpoint else 0}-{legal_date(request.at).isoformat()}"


def _board_html(request: Request, checkpoint: Checkpoint | None) -> str:
    """The board; made anew by one of those who ask when the log has grown or a day begins."""
    key = f"{_cursor(request, checkpoint)} {checkpoint.note if checkpoint else ''}"
    with _lock:
        if key not in _kept:
            catch_up()
            made = render_to_string("screen/board.html", _context(request, checkpoint))
            _kept.clear()
            _kept[key] = made
        return _kept[key]


def _context(request: Request, checkpoint: Checkpoint | None) -> dict[str, Any]:
    years = years_until(legal_date(request.at))
    return {
        "day": years.today,
        "today": today_of(years.today),
        "year": years.today.year,
        "figures": figures_of(years),
        "months": months_of(years),
        "lines": lines_of(years),
        "checkpoint": checkpoint,
        "root": _root(checkpoint) if checkpoint else "",
    }


def _root(checkpoint: Checkpoint) -> str:
    """The first digits of the root that the platform signed, in groups of four."""
    ours = platform()
    signed, _ = notes.open_checkpoint(note=checkpoint.note.encode(), origin=ours.origin, verifiers=ours.verifiers())
    digits = signed.root.hex()
    return " ".join(digits[4 * place : 4 * place + 4] for place in range(GROUPS))
