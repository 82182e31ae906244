"""Files go out in pieces without holding a thread: under ASGI a response's pieces must be an asynchronous iterator."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

PIECE = 1 << 16
Answer = Callable[[HttpRequest], HttpResponse]


def streaming_middleware(get_response: Answer) -> Callable[[HttpRequest], HttpResponseBase]:
    """Read the pieces of a streamed answer in a thread, one at a time, when the server is asynchronous."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = get_response(request)
        if isinstance(request, ASGIRequest) and isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.block_size = PIECE  # type: ignore[attr-defined] # a file's; others have no use for it
            response.streaming_content = _pieces(iter(response.streaming_content))  # type: ignore[arg-type]
        return response

    return answer


async def _pieces(source: Iterator[Any]) -> AsyncIterator[Any]:
    following = sync_to_async(lambda: next(source, None), thread_sensitive=False)
    while (piece := await following()) is not None:
        yield piece
