import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.proof.tarfiles import (
    BLOCK,
    END,
    MOST_FILES,
    BadArchive,
    CutShort,
    FileChanged,
    PartFile,
    Pieces,
    TarSource,
    UnpackedFile,
    check_file_name,
    member_header,
    padding,
    unpack,
    walk,
)

LONG = "示例建设工程施工总承包招标项目第一标段投标文件技术标书第一册施工组织设计及附图附表.pdf"


def archive(files: list[PartFile]) -> bytes:
    source = TarSource(files)
    buffer = memoryview(bytearray(source.size + 1))
    assert source.readinto(buffer) == source.size
    assert source.readinto(buffer) == 0
    return bytes(buffer[: source.size])


def pieces(data: bytes, size: int = 7) -> Pieces:
    return Pieces(memoryview(data)[start : start + size] for start in range(0, len(data), size))


def raw_header(name: str = "a.pdf", size: int = 0, kind: bytes = tarfile.REGTYPE, **more: object) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    for key, value in more.items():
        setattr(info, key, value)
    return info.tobuf(tarfile.USTAR_FORMAT)


FILES = st.lists(
    st.tuples(
        st.text(st.characters(categories=("L", "N")), min_size=1, max_size=80).map(lambda text: text[:60]),
        st.binary(max_size=1500),
    ),
    max_size=4,
    unique_by=lambda pair: __import__("unicodedata").normalize("NFC", pair[0]).casefold(),
)


@given(FILES, st.integers(1, 2000))
def test_what_is_packed_comes_out_and_every_tar_reader_agrees(files: list[tuple[str, bytes]], step: int) -> None:
    packed = archive([PartFile(name, data) for name, data in files])
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:") as other:
        assert [(one.name, other.extractfile(one).read()) for one in other.getmembers()] == files
    assert [(one.name, one.size) for one in unpack(pieces(packed, step), directory=None)] == [
        (name, len(data)) for name, data in files
    ]


def test_the_system_tar_reads_an_archive_with_a_long_chinese_name(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(archive([PartFile(LONG, b"content")]))
    subprocess.run(["tar", "xf", "x.tar"], cwd=tmp_path, check=True, env={"LC_ALL": "C.UTF-8"})
    assert (tmp_path / LONG).read_bytes() == b"content"


def test_unpacking_writes_the_files_and_lists_them(tmp_path: Path) -> None:
    files = unpack(pieces(archive([PartFile(LONG, b"abc"), PartFile("empty", b"")])), directory=tmp_path)
    assert (tmp_path / LONG).read_bytes() == b"abc"
    assert (tmp_path / "empty").read_bytes() == b""
    assert files == (UnpackedFile(LONG, 3), UnpackedFile("empty", 0))


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/etc/passwd",
        "../x",
        "a/b",
        "a\\b",
        "C:x",
        "a\0b",
        "a\nb",
        "\u202efdp.exe",
        " a",
        "a.",
        "字" * 86,
    ],
)
def test_a_dangerous_file_name_is_refused_both_ways(name: str) -> None:
    with pytest.raises(BadArchive):
        check_file_name(name)
    with pytest.raises(BadArchive):
        TarSource([PartFile(name, b"")])
    with pytest.raises(BadArchive):
        unpack(pieces(member_header(name, 0) + END), directory=None)


@pytest.mark.parametrize("second", ["A.PDF", "a.pdf"])
def test_two_files_that_some_system_takes_for_one_are_refused(second: str) -> None:
    with pytest.raises(BadArchive, match="重复"):
        TarSource([PartFile("a.pdf", b""), PartFile(second, b"")])
    with pytest.raises(BadArchive, match="重复"):
        unpack(pieces(member_header("a.pdf", 0) + member_header(second, 0) + END), directory=None)


@pytest.mark.parametrize(
    "header",
    [
        raw_header(kind=tarfile.SYMTYPE, linkname="/etc/passwd"),
        raw_header(kind=tarfile.LNKTYPE, linkname="b"),
        raw_header(kind=tarfile.DIRTYPE),
        raw_header(kind=tarfile.CHRTYPE),
        raw_header(kind=tarfile.FIFOTYPE),
        raw_header(mode=0o755),
        raw_header(mtime=1),
        raw_header(uname="root"),
        raw_header()[:-1] + b"x",
        raw_header()[:124] + b"+0000000000\0" + raw_header()[136:],
        b"\xff" + raw_header()[1:],
        member_header(LONG, 0)[:BLOCK] + b"28 comment=x".ljust(BLOCK, b"\0") + raw_header(),
        member_header(LONG, 0)[: 2 * BLOCK] + raw_header("other"),
    ],
)
def test_anything_but_a_plain_file_with_a_plain_header_is_refused(header: bytes) -> None:
    with pytest.raises(BadArchive):
        unpack(pieces(header + END), directory=None)


def test_bytes_hidden_after_the_end_or_in_the_padding_are_refused(tmp_path: Path) -> None:
    good = member_header("a", 1) + b"x" + padding(1) + END
    for bad in (good + b"x", good + bytes(BLOCK), good[:-1] + b"x", good.replace(b"x\0", b"xy", 1)):
        with pytest.raises(BadArchive):
            unpack(pieces(bad), directory=None)
        (tmp_path / "x.tar").write_bytes(bad)
        with (tmp_path / "x.tar").open("rb") as file, pytest.raises(BadArchive):
            walk(file, most=9)


@given(st.integers(0, 4 * BLOCK - 1))
def test_an_archive_cut_anywhere_is_cut_short(length: int) -> None:
    whole = member_header("a", 5) + b"12345" + padding(5) + END
    with pytest.raises(CutShort):
        unpack(pieces(whole[:length]), directory=None)
    with pytest.raises(CutShort):
        walk(io.BytesIO(whole[:length]), most=9)


def test_too_many_files_are_refused() -> None:
    one_more = range(MOST_FILES + 1)
    with pytest.raises(BadArchive, match="超过"):
        TarSource([PartFile(str(number), b"") for number in one_more])
    data = b"".join(member_header(str(number), 0) for number in one_more) + END
    with pytest.raises(BadArchive, match="超过"):
        unpack(pieces(data, BLOCK), directory=None)
    with pytest.raises(BadArchive, match="超过"):
        walk(io.BytesIO(data), most=MOST_FILES)


def test_a_file_over_eight_gib_is_refused() -> None:
    with pytest.raises(BadArchive, match="8 GiB"):
        member_header("a", 8**11)


def test_walking_gives_the_places_of_the_contents() -> None:
    members = walk(io.BytesIO(archive([PartFile("a", b"12345"), PartFile("b", b"")])), most=2)
    assert members == (("a", BLOCK, 5), ("b", 3 * BLOCK, 0))


@pytest.mark.parametrize("content", [b"1", b"12345678"])
def test_a_file_that_changes_while_it_is_packed_stops_the_packing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"1234")
    source = TarSource([PartFile("a.pdf", path)])
    path.write_bytes(content)
    with pytest.raises(FileChanged):
        source.readinto(memoryview(bytearray(source.size)))


def test_an_empty_piece_in_a_stream_is_no_end() -> None:
    def stream() -> Iterator[memoryview]:
        yield memoryview(END)

    assert Pieces(stream()).take(0) == b""
    assert unpack(Pieces(stream()), directory=None) == ()
