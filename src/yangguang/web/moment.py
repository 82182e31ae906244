"""One moment a request: `request.at` is read once, here, and handed to everything below."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from yangguang.web import demo_mode

Answer = Callable[[HttpRequest], HttpResponse]


def now() -> datetime:
    """The present moment in UTC; a demonstration may have moved its clock forward."""
    return datetime.now(tz=UTC) + demo_mode.ahead()


class MomentMiddleware:
    """Puts `at`, an aware moment, on the request."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = now()  # type: ignore[attr-defined]
        return self.get_response(request)
