"""What may be uploaded, what is refused with which words, and what a scanner has to say."""

import io
import socketserver
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from support.act_pages import PDF_BYTES, Desk, pdf
from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.web.acts import uploads
from yangguang.web.acts.uploads import JSON, UploadField, shown_name
from yangguang.web.drafts.models import Draft


def refused(file, **more):
    """Code and words of what is wrong with a file."""
    try:
        UploadField(**more).clean(file)
    except ValidationError as error:
        return error.code, "；".join(error.messages)
    return "", ""


def complaint(file, **more):
    return refused(file, **more)[1]


def test_a_sound_pdf_is_taken():
    assert complaint(pdf()) == ""


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"PK\x03\x04 a word document", "upload.wrong_type", "不是 PDF 文件"),
        (b"<html>%PDF</html>", "upload.wrong_type", "不是 PDF 文件"),
        (PDF_BYTES[:-20], "upload.truncated", "PDF 文件不完整"),
        (PDF_BYTES + b"\0" * 4096, "upload.truncated", "PDF 文件不完整"),
    ],
)
def test_what_is_no_sound_pdf_is_refused_whatever_its_name_with_ground_and_remedy(body, code, says):
    found, words = refused(pdf("招标文件.pdf", body=body))
    assert found == code
    assert words.startswith(f"招标文件.pdf：{says}")
    assert "（依据：平台规则：上传文件）。请" in words


def test_an_empty_file_is_told():
    assert complaint(pdf(body=b"")) == "文件是空的，请重新选择。"


def test_a_file_that_is_too_big_is_refused_with_both_sizes(monkeypatch):
    small = uploads.Kind(title="PDF", suffix=".pdf", media_type="application/pdf", most=1 << 20, wrong=lambda _: None)
    big = SimpleUploadedFile("图纸.pdf", b"x" * (3 << 20))
    said = "图纸.pdf：文件 3.0 MB，超过上限 1.0 MB（依据：平台规则：上传文件）。请压缩或者拆分后上传。"
    assert refused(big, kind=small) == ("upload.too_large", said)


@pytest.mark.parametrize(("body", "good"), [(b'{"a": 1}', True), (b"[1]", False), (b"{", False), (b"\xff", False)])
def test_json_has_to_be_an_object(body, good):
    assert (complaint(SimpleUploadedFile("x.json", body), kind=JSON) == "") is good


def test_a_name_is_shown_without_its_folders_and_shortened():
    assert shown_name("C:\\文件\\招标 文件.pdf") == "招标 文件.pdf"
    assert shown_name(None) == "文件"
    assert len(shown_name("长" * 200 + ".pdf")) < 60


@contextmanager
def scanner(answer):
    """A clamd that reads the stream as the protocol says and gives one answer; what it read is kept."""
    read = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self):
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(size)
            read.append(content)
            self.wfile.write(answer)

    with socketserver.TCPServer(("127.0.0.1", 0), Session) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", read
        finally:
            server.shutdown()
            thread.join()


def test_a_clean_file_is_scanned_whole_and_taken(settings):
    with scanner(b"stream: OK\0") as (address, read):
        settings.CLAMAV = address
        assert complaint(pdf()) == ""
    assert read == [PDF_BYTES]


def test_an_infected_file_is_refused_with_the_name_of_what_was_found(settings):
    with scanner(b"stream: Eicar-Test-Signature FOUND\0") as (address, _):
        settings.CLAMAV = address
        code, words = refused(pdf())
    assert code == "upload.virus"
    assert "检测出病毒（Eicar-Test-Signature），文件没有接收（依据：平台规则：上传文件的病毒扫描）" in words


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_a_scan_that_did_not_end_lets_nothing_through(settings, answer):
    with scanner(answer) as (address, _):
        settings.CLAMAV = address
        code, words = refused(pdf())
    assert code == "upload.unscanned"
    assert "病毒扫描没有完成" in words


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
def test_a_scanner_that_does_not_answer_lets_nothing_through(settings, address):
    settings.CLAMAV = address
    assert "病毒扫描服务暂时没有应答" in complaint(pdf())


def test_the_scanner_speaks_over_a_socket_of_this_machine_too(tmp_path):
    class Session(socketserver.StreamRequestHandler):
        def handle(self):
            self.rfile.read(10)
            while size := int.from_bytes(self.rfile.read(4), "big"):
                self.rfile.read(size)
            self.wfile.write(b"stream: OK\0")

    place = str(tmp_path / "clamd.sock")
    with socketserver.UnixStreamServer(place, Session) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert uploads.ask_clamd(io.BytesIO(PDF_BYTES), address=place) == "stream: OK"
        thread.join()


@pytest.mark.django_db
def test_an_infected_upload_leaves_nothing_but_what_was_typed(settings):
    desk = Desk(trade_at(Stage.REGISTERED), "agency")
    with scanner(b"stream: Eicar-Test-Signature FOUND\0") as (address, _):
        settings.CLAMAV = address
        page = desk.fill("record_fair_competition_review", {"review": pdf("审查.pdf"), "passed": "yes"})
    assert page.status_code == 422
    assert "审查.pdf：检测出病毒（Eicar-Test-Signature）" in page.content.decode()
    draft = Draft.objects.get()
    assert (draft.files, draft.answers) == ({}, {"passed": "yes"})
