"""What was refused becomes a page with reason, article and remedy; never a 500."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yangguang.rules.refusal import Refused
from yangguang.web.drafts.models import Draft
from yangguang.witness.acts import NOT_SAVED

Answer = Callable[[HttpRequest], HttpResponse]
FORBIDDEN, CONFLICT, GONE, TOO_LARGE, UNAVAILABLE, NO_ROOM = 403, 409, 410, 413, 503, 507
STATUS = {
    "access.denied": FORBIDDEN,
    "access.no_appointment": FORBIDDEN,
    "platform.not_saved": UNAVAILABLE,
    "upload.expired": GONE,
    "upload.too_large": TOO_LARGE,
    "upload.no_room": NO_ROOM,
}


class RefusalMiddleware:
    """Turns `Refused` that a page did not handle itself into an answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal, and for a database that could not save; other exceptions go on."""
        if isinstance(exception, OperationalError):
            exception = Refused(NOT_SAVED)
        return refusal_page(request, exception) if isinstance(exception, Refused) else None


def refusal_page(request: HttpRequest, refused: Refused, *, draft: Draft | None = None) -> HttpResponse:
    """Reason, article and remedy of each refusal; what was typed is kept in `draft`, where there was something."""
    status = STATUS.get(refused.codes[0], CONFLICT)
    return render(request, "refused.html", {"refusals": refused.refusals, "draft": draft}, status=status)
