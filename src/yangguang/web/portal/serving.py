"""Serving kept files: whatever somebody uploaded may be read here but can do nothing on our origin.

HTML, text and JSON come in a sandbox without scripts, forms or anything from elsewhere; PDF as PDF; all else is only
ever downloaded, as bytes of no kind. The browser may not guess (`nosniff`).
"""

from urllib.parse import quote

from django.http import FileResponse
from django.http.response import HttpResponseBase

from yangguang.witness import evidence
from yangguang.witness.models import Evidence

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
CLOSED = "default-src 'none'; frame-ancestors 'none'"
SHOWN = {
    "text/html": ("text/html; charset=utf-8", SANDBOX, ".html"),
    "text/plain": ("text/plain; charset=utf-8", SANDBOX, ".txt"),
    "text/plain; charset=utf-8": ("text/plain; charset=utf-8", SANDBOX, ".txt"),
    "application/json": ("application/json", SANDBOX, ".json"),
    "application/pdf": ("application/pdf", CLOSED, ".pdf"),  # a sandbox would keep the browser's viewer out
}
BYTES = ("application/octet-stream", SANDBOX, "")


def kept_file(kept: Evidence, *, name: str, download: bool = False) -> FileResponse:
    """A kept file under the name that its entry gives it; inline only where that is safe."""
    content_type, policy, suffix = SHOWN.get(kept.media_type, BYTES)
    response = FileResponse(evidence.path_of(kept.sha256).open("rb"), content_type=content_type)
    how = "attachment" if download or content_type == BYTES[0] else "inline"
    _call(response, f"{name.removesuffix(suffix)}{suffix}", how=how)
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    return response


def download(response: HttpResponseBase, *, name: str) -> HttpResponseBase:
    """The same answer as a file that is downloaded under a name."""
    _call(response, name, how="attachment")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _call(response: HttpResponseBase, name: str, *, how: str) -> None:
    response["Content-Disposition"] = f"{how}; filename*=utf-8''{quote(name, safe='')}"
