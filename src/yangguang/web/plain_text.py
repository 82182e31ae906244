"""No NUL in what a browser sends: nobody types it, and PostgreSQL cannot keep it, in a text or in JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from yangguang.web.errors import not_found

Answer = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class PlainTextMiddleware:
    """Takes NUL out of queries and forms; an address that holds one is not found."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at address and query."""
        if "\0" in request.path:
            return not_found(request)
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., object], *_: object) -> None:
        """Look at the form, unless the view reads its body in its own way (it is exempt from the token until then)."""
        exempt = getattr(view, "csrf_exempt", False)
        if not exempt and request.content_type in FORMS and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _holds_nul(given: QueryDict) -> bool:
    return any("\0" in text for name, values in given.lists() for text in (name, *values))


def _without_nul(given: QueryDict) -> QueryDict:
    plain = QueryDict(mutable=True)
    for name, values in given.lists():
        plain.setlist(name.replace("\0", ""), [one.replace("\0", "") for one in values])
    plain._mutable = False  # noqa: SLF001 - as Django itself makes it
    return plain
