"""A file over HTTP, whole or one range of it (RFC 9110 §14), for a page that reads by slices."""

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

MEDIA = "application/octet-stream"
LARGEST = 8 << 20  # a longer range is cut: whoever asked sees it in Content-Range and goes on
PARTIAL, UNSATISFIABLE = 206, 416
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})?")


def answer(request: HttpRequest, path: Path, *, name: str) -> HttpResponseBase:
    """200 with everything, 206 with the range asked for, 416 where there is nothing of it."""
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    size = path.stat().st_size
    if asked is None:
        whole = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=MEDIA)
        whole["Accept-Ranges"] = "bytes"
        return _private(whole)
    start = int(asked[1])
    end = min(int(asked[2]) if asked[2] else size - 1, size - 1, start + LARGEST - 1)
    if start > end:
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{size}"})
    with path.open("rb") as file:
        file.seek(start)
        body = file.read(end - start + 1)
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Accept-Ranges": "bytes"}
    return _private(HttpResponse(body, status=PARTIAL, content_type=MEDIA, headers=headers))


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "no-store"
    return response
