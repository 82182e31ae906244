"""归档包: a BagIt 1.0 folder (RFC 8493) with one stream of the log and everything that proves it.

Every byte is pinned: the payload by `manifest-sha256.txt`, the tag files by `tagmanifest-sha256.txt`, and that file by
the platform's signed note `signature.note`. docs/archive.md describes each file. The folder is filled under another
name and appears when it is complete.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from yangguang.proof import merkle, notes
from yangguang.rules.calendar import legal_date
from yangguang.witness import evidence, log
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Checkpoint, Entry, Evidence, Leaf, Logged, SealedEntry
from yangguang.witness.platform import platform
from yangguang.witness.receipts import issue_receipt

SIGNATURE_HEADER = "yangguang-archive-signature/1"
BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGMANIFEST, SIGNATURE = "manifest-sha256.txt", "tagmanifest-sha256.txt", "signature.note"
TAG_FILES = ("bagit.txt", "bag-info.txt", MANIFEST)
SUFFIXES = {
    "application/json": "json",
    "application/pdf": "pdf",
    "application/x-yangguang-bid": "ygb",
    "image/jpeg": "jpg",
    "image/png": "png",
    "text/html": "html",
    "text/plain": "txt",
    "text/plain; charset=utf-8": "txt",
}
SLICE = 1 << 20
TILE = 256  # proofs of one trade's entries need neighbours, so nodes are read by the tile


class NotInLog(RuntimeError):  # noqa: N818 - named after what is wrong
    """An entry has no leaf yet, so it cannot be proved: run the sequencer first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """披露范围: what of the hidden facts may be told now.

    `parties` and `sealed_parties` map the sequence of public and sealed entries to the organisation behind the salted
    digest; `withheld` maps digests of files that stay out of the archive to the reason; `with_sealed` is false while
    the root of the sealed sub-log is not public.
    """

    parties: Mapping[int, str] = field(default_factory=dict)
    sealed_parties: Mapping[int, str] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    with_sealed: bool = True


def write_bag(*, destination: Path, at: datetime, title: str, fill: Callable[[Path], None]) -> Path:
    """Make the folder `destination` of what `fill` writes into its payload folder; returns it.

    Raises FileExistsError when it is there already, OSError when the disk fails; then nothing remains.
    """
    if destination.exists():
        raise FileExistsError(f"{destination} 已经存在")
    aside = destination.with_name(f".{destination.name}.{secrets.token_hex(4)}.part")
    try:
        (aside / "data").mkdir(parents=True)
        fill(aside / "data")
        write_tags(aside, at=at, title=title)
        aside.rename(destination)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return destination


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file that a person can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_bytes(f"{text}\n".encode())


def write_log(folder: Path, *, stream: str, disclosure: Disclosure) -> Checkpoint:
    """Write entries, checkpoints, proofs and the sealed sub-log of a stream; returns the newest checkpoint.

    Entry 0 is the entry of another stream that this stream's first `previous` points to. Raises `NotInLog`.
    """
    entries = stream_entries(stream)
    indexes = _leaf_indexes(entries)
    newest = log.latest_checkpoint()
    if newest is None or newest.size <= max(indexes):  # pragma: no cover - a leaf always has its checkpoint
        raise NotInLog(stream)
    for number, entry in enumerate(entries):
        _write_text(folder / "entries" / f"{number:06d}.json", entry.payload)
    held = _checkpoints(entries, indexes, newest)
    for checkpoint in held:
        _write_text(folder / "checkpoints" / f"{checkpoint.size:012d}.txt", checkpoint.note)
    _write_text(folder / "checkpoint.txt", newest.note)
    write_json(folder / "proofs.json", _proofs(indexes, [one.size for one in held], size=newest.size))
    sealed = list(SealedEntry.objects.filter(stream=stream)) if disclosure.with_sealed else []
    for one in sealed:
        _write_text(folder / "sealed" / f"{one.sequence:06d}.json", one.payload)
    write_json(folder / "opened.json", _opened(entries[1:], sealed, disclosure))
    return newest


def write_receipts(folder: Path, *, stream: str, disclosure: Disclosure) -> None:
    """Write the receipts of the sealed entries whose party may be told: a receipt opens the party's digest."""
    if not disclosure.with_sealed:
        return
    for entry in SealedEntry.objects.filter(stream=stream, sequence__in=disclosure.sealed_parties):
        _write_text(folder / f"{entry.sequence:06d}.txt", issue_receipt(entry, is_place_told=True))


def write_evidence(folder: Path, *, digests: Iterable[str]) -> dict[str, str]:
    """Copy kept files as `<sha256>.<suffix>`; returns the name of each by its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    for one in Evidence.objects.filter(sha256__in=set(digests)).order_by("sha256"):
        names[one.sha256] = f"{one.sha256}.{SUFFIXES.get(one.media_type, 'bin')}"
        evidence.copies_to(one.sha256, folder / names[one.sha256])
    return names


def stream_entries(stream: str) -> list[Entry]:
    """The entries of a stream in order, with the entry before its first one, if there is one, in front."""
    entries = list(Entry.objects.filter(stream=stream).order_by("sequence"))
    before = Entry.objects.filter(leaf_hash=entries[0].previous) if entries else []
    return [*before, *entries]


def files_of(entries: Iterable[Logged]) -> dict[str, str]:
    """Every file that the entries name: digest → the first name it has."""
    named = [file for entry in entries for file in payload_of(entry)["files"]]
    return {file["sha256"]: file["name"] for file in reversed(named)}


def _leaf_indexes(entries: Sequence[Entry]) -> list[int]:
    known = dict(Leaf.objects.filter(entry__in=entries).values_list("entry_id", "index"))
    missing = [f"{entry.stream} {entry.sequence}" for entry in entries if entry.pk not in known]
    if missing or not entries:
        raise NotInLog("、".join(missing) or "no entries")
    return [known[entry.pk] for entry in entries]


def _checkpoints(entries: Sequence[Entry], indexes: Sequence[int], newest: Checkpoint) -> list[Checkpoint]:
    """For the first entry and for each that ends a stage: the first checkpoint that covered it; then the newest one.

    They pin down what the log already said when the stage ended; one a stage keeps the archive small.
    """
    stages = [(payload_of(entry)["to"], index) for entry, index in zip(entries, indexes, strict=True)]
    ends = [index for (stage, index), (after, _) in zip(stages, [*stages[1:], ("", 0)], strict=True) if stage != after]
    sizes: dict[int, Checkpoint] = {newest.size: newest}
    for index in ends:
        first = Checkpoint.objects.filter(size__gt=index).order_by("size").first() or newest
        sizes[first.size] = first
    return [sizes[size] for size in sorted(sizes)]


def _proofs(indexes: Sequence[int], sizes: Sequence[int], *, size: int) -> dict[str, Any]:
    readers = log.node_readers(block=TILE)

    def inclusion(index: int) -> dict[str, Any]:
        return {
            name: _hex(merkle.inclusion_proof(index=index, size=size, hash_at=reader, algorithm=name))
            for name, reader in readers.items()
        }

    def consistency(old: int) -> dict[str, Any]:
        return {
            name: _hex(merkle.consistency_proof(old_size=old, new_size=size, hash_at=reader, algorithm=name))
            for name, reader in readers.items()
        }

    return {
        "size": size,
        "entries": [{"number": number, "index": at, **inclusion(at)} for number, at in enumerate(indexes)],
        "checkpoints": [{"size": old, **consistency(old)} for old in sizes],
    }


def _opened(entries: Sequence[Entry], sealed: Sequence[SealedEntry], disclosure: Disclosure) -> dict[str, Any]:
    """The texts and names behind the salted digests, with the salts that open them."""
    return {
        "concealed": [
            {"sequence": one.sequence, "salt": one.salt, "text": one.concealed} for one in entries if one.concealed
        ],
        "parties": _told(entries, disclosure.parties),
        "sealed_parties": _told(sealed, disclosure.sealed_parties),
        "withheld": [{"sha256": digest, "reason": reason} for digest, reason in sorted(disclosure.withheld.items())],
    }


def _told(entries: Sequence[Logged], parties: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {"sequence": one.sequence, "salt": one.salt, "organisation": parties[one.sequence]}
        for one in entries
        if one.sequence in parties
    ]


def write_tags(folder: Path, *, at: datetime, title: str) -> None:
    """Write the tag files around a payload folder that is filled, and sign them."""
    payload = _digests(folder, sorted(path for path in folder.rglob("*") if path.is_file()))
    size = sum((folder / name).stat().st_size for name, _ in payload)
    info = {
        "Bag-Software-Agent": "yangguang",
        "Bagging-Date": legal_date(at).isoformat(),
        "External-Description": title,
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    _write_text(folder / "bagit.txt", BAGIT)
    _write_text(folder / "bag-info.txt", "".join(f"{name}: {value}\n" for name, value in info.items()))
    _write_text(folder / MANIFEST, _manifest(payload))
    tags = _manifest(_digests(folder, [folder / name for name in TAG_FILES]))
    _write_text(folder / TAGMANIFEST, tags)
    text = f"{SIGNATURE_HEADER}\n{hashlib.sha256(tags.encode()).hexdigest()}\n"
    (folder / SIGNATURE).write_bytes(notes.sign_note(text=text, signers=platform().signers()))


def _digests(folder: Path, paths: Iterable[Path]) -> list[tuple[str, str]]:
    return [(path.relative_to(folder).as_posix(), file_sha256(path)) for path in paths]


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, read by slices; lower-case hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(SLICE):
            digest.update(chunk)
    return digest.hexdigest()


def _manifest(digests: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in digests)


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def _hex(hashes: Iterable[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
