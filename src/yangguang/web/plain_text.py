"""No NUL in what a browser sends: nobody types it, and PostgreSQL cannot keep it, in a text or in JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from yangguang.web.errors import not_found

Answer = Callable[[HttpRequest], HttpResponse]
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def plain_text_middleware(get_response: Answer) -> Answer:
    """Take NUL out of queries and forms; an address that holds one is not found."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            return not_found(request)
        if _holds_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.content_type in FORMS and _holds_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return answer


def _holds_nul(given: QueryDict) -> bool:
    return any("\0" in text for name, values in given.lists() for text in (name, *values))


def _without_nul(given: QueryDict) -> QueryDict:
    plain = QueryDict(mutable=True)
    for name, values in given.lists():
        plain.setlist(name.replace("\0", ""), [one.replace("\0", "") for one in values])
    plain._mutable = False  # noqa: SLF001 - as Django itself makes it
    return plain
