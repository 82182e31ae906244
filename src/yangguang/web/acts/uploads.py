"""What may be uploaded (上传文件): judged by its content, never by its name; too big, broken or infected is refused.

Like every refusal these name their ground, which is a rule of the platform, and say what to do.

A file that comes in is looked at twice: what it is (PDF, JSON), and what a virus scanner says, where the house has set
one (`YANGGUANG_CLAMAV`). A scanner that does not answer lets nothing through.
"""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from yangguang.parties.certificates import read_certificate, read_revocation_list
from yangguang.rules.refusal import Refusal, Refused

CHUNK = 1 << 20
PDF_TAIL = 2048
PDF_TYPE = "application/pdf"
PHOTOS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}  # by their first bytes
SCANNER_WAITS = 60  # seconds
RULE, SCANNING = "平台规则：上传文件", "平台规则：上传文件的病毒扫描"
MADE_HERE = "请上传平台编制页面生成的文件。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """文件类型: what people call it, its media type, its most bytes, and what is wrong with a file, None if nothing."""

    title: str
    suffix: str
    media_type: str
    most: int
    wrong: Callable[[IO[bytes]], Refusal | None]


def wrong_with_pdf(file: IO[bytes]) -> Refusal | None:
    """PDF by its first and last bytes: a file that breaks off lacks its end."""
    head = file.read(1024)
    if b"%PDF-" not in head:
        return _refusal("upload.wrong_type", "不是 PDF 文件（只看内容，不看扩展名）", "请用 PDF 格式导出后上传。")
    file.seek(0, 2)
    file.seek(max(0, file.tell() - PDF_TAIL))
    tail = file.read()
    if b"startxref" not in tail or b"%%EOF" not in tail:
        return _refusal("upload.truncated", "PDF 文件不完整，可能没有保存或者传输完", "请重新导出后上传。")
    return None


def wrong_with_json(file: IO[bytes]) -> Refusal | None:
    """JSON that can be read; what it says is for the act to judge."""
    try:
        value = json.loads(file.read())
    except (ValueError, RecursionError):
        return _refusal("upload.wrong_type", "不是可以读取的 JSON 文件", MADE_HERE)
    return None if isinstance(value, dict) else _refusal("upload.wrong_type", "JSON 文件的最外层应为对象", MADE_HERE)


def _refusal(code: str, reason: str, remedy: str, *, article: str = RULE) -> Refusal:
    return Refusal(code=code, reason=reason, article=article, remedy=remedy)


def wrong_with_certificate(file: IO[bytes]) -> Refusal | None:
    """A certificate that can be read; whether it counts is for the act to judge."""
    return _unread(read_certificate, file)


def wrong_with_revocations(file: IO[bytes]) -> Refusal | None:
    """A revocation list that can be read."""
    return _unread(read_revocation_list, file)


def _unread(read: Callable[[bytes], object], file: IO[bytes]) -> Refusal | None:
    try:
        read(file.read())
    except Refused as bad:
        return bad.refusals[0]
    return None


def media_type_of(file: IO[bytes]) -> str:
    """What an attached file is, by its first bytes: a photograph, else PDF."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    return next((kind for magic, kind in PHOTOS.items() if head.startswith(magic)), PDF_TYPE)


def wrong_with_attached(file: IO[bytes]) -> Refusal | None:
    """A photograph, or a whole PDF."""
    if media_type_of(file) in PHOTOS.values():
        return None
    wrong = wrong_with_pdf(file)
    return wrong and replace(wrong, reason="应为照片（JPEG、PNG）或者完整的 PDF 文件")


PDF = Kind(title="PDF", suffix=".pdf", media_type=PDF_TYPE, most=200 << 20, wrong=wrong_with_pdf)
ATTACHED = Kind(
    title="照片或者 PDF",
    suffix=".jpg,.jpeg,.png,.pdf",
    media_type=PDF_TYPE,
    most=20 << 20,
    wrong=wrong_with_attached,
)
CERTIFICATE = Kind(
    title="证书",
    suffix=".cer,.crt,.pem,.der",
    media_type="application/pkix-cert",
    most=64 << 10,
    wrong=wrong_with_certificate,
)
REVOCATIONS = Kind(
    title="吊销列表",
    suffix=".crl,.pem",
    media_type="application/pkix-crl",
    most=20 << 20,
    wrong=wrong_with_revocations,
)
JSON = Kind(title="JSON", suffix=".json", media_type="application/json", most=1 << 20, wrong=wrong_with_json)


class UploadField(forms.FileField):
    """A file of one kind."""

    def __init__(self, *, kind: Kind = PDF, **kwargs: Any) -> None:
        self.kind = kind
        attrs = {"class": "form-control", "accept": f"{kind.suffix},{kind.media_type}", "data-most": kind.most}
        kwargs.setdefault("widget", forms.FileInput(attrs=attrs))
        super().__init__(**kwargs)
        self.error_messages |= {
            "required": "请选择文件。",
            "empty": "文件是空的，请重新选择。",
            "missing": "没有收到文件，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
        }

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The file, when it is of the kind and no scanner objects."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            problem = self._problem(file)
            if problem:
                raise ValidationError(f"{shown_name(file.name)}：{problem}", code=problem.code)
        return file

    def _problem(self, file: "UploadedFile[Any]") -> Refusal | None:
        if (file.size or 0) > self.kind.most:
            reason = f"文件 {megabytes(file.size or 0)}，超过上限 {megabytes(self.kind.most)}"
            return _refusal("upload.too_large", reason, "请压缩或者拆分后上传。")
        for look in (self.kind.wrong, scanned):
            file.seek(0)
            if problem := look(file.file):  # type: ignore[arg-type]
                return problem
        file.seek(0)
        return None


def scanned(file: IO[bytes]) -> Refusal | None:
    """What the house's virus scanner says against the file, None when nothing or when there is no scanner."""
    address = settings.CLAMAV
    if not address:
        return None
    try:
        answer = ask_clamd(file, address=address)
    except OSError:
        return _unscanned("病毒扫描服务暂时没有应答，文件没有接收")
    if answer.endswith("OK"):
        return None
    if answer.endswith("FOUND"):
        found = answer.removeprefix("stream:").removesuffix("FOUND").strip()
        reason = f"检测出病毒（{found}），文件没有接收"
        return _refusal("upload.virus", reason, "请清除病毒后重新上传。", article=SCANNING)
    return _unscanned("病毒扫描没有完成，文件没有接收")


def _unscanned(reason: str) -> Refusal:
    return _refusal("upload.unscanned", reason, "请稍后重试；时间紧迫的请立即联系中心值班电话。", article=SCANNING)


def ask_clamd(file: IO[bytes], *, address: str) -> str:
    """One INSTREAM session with clamd at `host:port` or `/path/of/its/socket`; its answer in one line."""
    with _connected(address) as line:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            line.sendall(len(chunk).to_bytes(4, "big") + chunk)
        line.sendall(bytes(4))
        answer = b""
        while part := line.recv(4096):
            answer += part
    return answer.rstrip(b"\0\n").decode("utf-8", errors="replace")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SCANNER_WAITS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise OSError(f"YANGGUANG_CLAMAV: {address}")
    return socket.create_connection((host, int(port)), timeout=SCANNER_WAITS)


def shown_name(name: str | None) -> str:
    """The last part of a file's name, shortened, as pages repeat it."""
    last = PurePath((name or "").replace("\\", "/")).name or "文件"
    return last if len(last) <= 60 else f"{last[:40]}…{last[-15:]}"  # noqa: PLR2004 - fits a line


def megabytes(size: int) -> str:
    """12.3 MB."""
    return f"{size / (1 << 20):.1f} MB"
