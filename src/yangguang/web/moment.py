"""One moment a request: `request.at` is read once, here, and handed to everything below."""

from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from yangguang.web import demo_mode

Answer = Callable[[HttpRequest], HttpResponse]


def now() -> datetime:
    """The present moment in UTC; a demonstration may have moved its clock forward."""
    return datetime.now(tz=UTC) + demo_mode.ahead()


def moment_middleware(get_response: Answer) -> Answer:
    """Put `at`, an aware moment, on the request."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.at = now()  # type: ignore[attr-defined]
        return get_response(request)

    return answer
