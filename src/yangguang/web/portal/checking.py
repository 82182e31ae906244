"""自己验证: an archive, a receipt or a digest, checked while you wait, and how to check without us."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from yangguang.trading.verification import verify_archive
from yangguang.web.portal.standing import receipt_standing, where
from yangguang.web.portal.unpacking import BadUpload, unpack
from yangguang.witness.platform import platform

LARGEST = 256 << 20
LARGEST_RECEIPT = 1 << 16
VERIFIER = Path(__file__).resolve().parents[4] / "verifier" / "verify.py"
TOO_LARGE, BUSY = "文件超过 256 MB，请下载离线核验程序，在自己的电脑上核验。", "正在核验别人的归档，请一分钟后再试。"

_one_at_a_time = threading.BoundedSemaphore(1)


class Limit(FileUploadHandler):
    """Stops an upload that is too large, whatever its header claimed."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.left = LARGEST

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - the shape of Django's
        """Count and pass on."""
        self.left -= len(raw_data)
        if self.left < 0:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Others keep the file."""


@csrf_exempt  # nobody signs in for this and nothing is changed by it
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The page; sent with an archive, a receipt or a digest it shows what was found."""
    context: dict[str, Any] = {"keys": platform().verifier_keys()}
    status = 200
    if request.method == "POST":
        answer = _checked(request)
        status = int(answer.pop("status", 200))
        context |= answer
    return render(request, "portal/verify.html", context, status=status)


@require_safe
def verifier(request: HttpRequest) -> FileResponse:  # noqa: ARG001 - the shape of a view
    """The offline verifier, one file of Python."""
    return FileResponse(VERIFIER.open("rb"), as_attachment=True, filename="verify.py", content_type="text/x-python")


def _checked(request: HttpRequest) -> dict[str, Any]:
    limit = Limit(request)
    request.upload_handlers.insert(0, limit)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return {"bad": TOO_LARGE, "status": 413}
    digest, receipt, archive = request.POST.get("digest", ""), request.POST.get("receipt", ""), _file(request)
    if limit.left < 0:
        return {"bad": TOO_LARGE, "status": 413}
    if isinstance(archive, UploadedFile):
        return _archive(archive)
    if "receipt-file" in request.FILES:
        receipt = request.FILES["receipt-file"].read(LARGEST_RECEIPT).decode(errors="replace")  # type: ignore[union-attr]
    if receipt.strip():
        return {"receipt": receipt_standing(receipt)}
    if digest.strip():
        return {"digest": where(digest)}
    return {"bad": "请选择一个归档文件或回执，或者填写摘要。", "status": 400}


def _file(request: HttpRequest) -> object:
    return request.FILES.get("archive")


def _archive(upload: "UploadedFile[bytes]") -> dict[str, Any]:
    """The report of an uploaded archive, by the same checks as `yangguang verify`, with our own keys."""
    with _turn() as mine, tempfile.TemporaryDirectory(prefix="yangguang-upload-") as folder:
        if not mine:
            return {"bad": BUSY, "status": 503}
        try:
            root = unpack(upload.file, into=Path(folder) / "bag")  # type: ignore[arg-type]
        except BadUpload as bad:
            return {"bad": f"{bad}。", "status": 400}
        return {"report": verify_archive(root, trusted=platform().verifier_keys())}


@contextmanager
def _turn() -> Iterator[bool]:
    """One archive at a time a process, so that checking never takes the house's machine away."""
    mine = _one_at_a_time.acquire(blocking=False)
    try:
        yield mine
    finally:
        if mine:
            _one_at_a_time.release()
