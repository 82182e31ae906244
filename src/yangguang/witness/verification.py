"""核验归档: the generic half: files and signatures of the folder, the log, the sealed sub-log, receipts, salts.

Everything is read from the folder alone. Each check gives the problems it finds, in Chinese, the member in front.
`verifier/verify.py` does the same with none of this code.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import bagit

from yangguang.proof import merkle, notes
from yangguang.proof.digests import digest_file
from yangguang.proof.log_keys import read_verifier_key
from yangguang.proof.notes import BadNote, Verifier
from yangguang.witness.archive import (
    MANIFEST,
    SIGNATURE,
    SIGNATURE_HEADER,
    TAG_FILES,
    TAGMANIFEST,
    file_sha256,
)
from yangguang.witness.entries import with_data
from yangguang.witness.receipts import BadReceipt, check_receipt
from yangguang.witness.record import concealed_digest, party_digest

LINKS = ("stream", "sequence", "previous", "from")
TREES = ("sha256", "sm3")


@dataclass(slots=True)
class Report:
    """核验结果: problems (the member in front) and statements of what was proved; sound when there is no problem."""

    problems: list[str] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Archived:
    """An archive on the disk, read when asked. Reading raises OSError, ValueError, KeyError for what is malformed."""

    root: Path

    def json(self, member: str) -> Any:
        """A JSON member."""
        return json.loads((self.root / member).read_bytes())

    @cached_property
    def trade(self) -> dict[str, Any]:
        """What the archive is about, and the keys."""
        return dict(self.json("data/trade.json"))

    @cached_property
    def verifiers(self) -> list[Verifier]:
        """The log's keys."""
        known = [read_verifier_key(key) for key in self.trade["log"]["keys"]]
        if {one.signature_type for one in known} != {notes.ED25519, notes.SM2}:
            raise BadNote("归档应有 Ed25519 和 SM2 两把日志公钥")
        return known

    @cached_property
    def opened(self) -> dict[str, Any]:
        """Salts, texts and parties that may be told now."""
        return dict(self.json("data/log/opened.json"))

    @cached_property
    def payloads(self) -> list[tuple[str, bytes]]:
        """Name and bytes of each public entry; the first one is of the stream before."""
        return self.folder("data/log/entries")

    @cached_property
    def sealed_payloads(self) -> list[tuple[str, bytes]]:
        """Name and bytes of each sealed entry."""
        return self.folder("data/log/sealed")

    @cached_property
    def first(self) -> dict[str, Any]:
        """The entry of the stream before, where this stream begins."""
        return self._told(self.payloads[0][1])

    @cached_property
    def entries(self) -> list[dict[str, Any]]:
        """The public entries of the stream."""
        return [self._told(raw) for _, raw in self.payloads[1:]]

    @cached_property
    def sealed(self) -> list[dict[str, Any]]:
        """The sealed entries of the stream."""
        return [self._told(raw) for _, raw in self.sealed_payloads]

    @cached_property
    def evidence(self) -> dict[str, Path]:
        """Where each kept file lies, by its digest."""
        return {path.stem: path for path in sorted((self.root / "data/evidence").glob("*"))}

    @cached_property
    def withheld(self) -> frozenset[str]:
        """The digests of files that stay out of the archive."""
        return frozenset(one["sha256"] for one in self.opened["withheld"])

    def done(self, *acts: str) -> list[dict[str, Any]]:
        """The public entries of some acts, in order."""
        return [entry for entry in self.entries if entry["act"] in acts]

    def _told(self, raw: bytes) -> dict[str, Any]:
        return with_data(json.loads(raw), read=lambda digest: self.evidence[digest].read_bytes())

    def folder(self, name: str) -> list[tuple[str, bytes]]:
        """Name and bytes of the files of a folder, in order."""
        return [(f"{name}/{path.name}", path.read_bytes()) for path in sorted((self.root / name).glob("*"))]


def entry_member(sequence: int) -> str:
    """Where the public entry of this sequence stands."""
    return f"data/log/entries/{sequence:06d}.json"


def sealed_member(sequence: int) -> str:
    """Where the sealed entry of this sequence stands."""
    return f"data/log/sealed/{sequence:06d}.json"


def check_bag(archived: Archived, *, trusted: Sequence[str] = ()) -> Iterator[str]:
    """Every file is there, none besides, none changed, and the platform signed the list of lists.

    `trusted` are verifier keys that the reader brings along; without them those in the archive are believed.
    """
    found = {path.relative_to(archived.root).as_posix(): path for path in _leaves(archived.root)}
    listed = {name: digest for one in (TAGMANIFEST, MANIFEST) if one in found for name, digest in _lines(found[one])}
    listed |= {name: "" for name in (*TAG_FILES, TAGMANIFEST, SIGNATURE) if name not in listed}
    for name in sorted(found.keys() - listed.keys()):
        yield f"{name}：归档清单中没有这个文件"
    for name in sorted(listed.keys() - found.keys()):
        yield f"{name}：归档中缺少这个文件"
    for name in sorted(listed.keys() & found.keys() - {TAGMANIFEST, SIGNATURE}):
        yield from _changed(name, found[name], listed[name])
    yield from _check_signature(archived, trusted)
    yield from _check_profile(archived.root)


def check_log(archived: Archived) -> Iterator[str]:
    """The newest checkpoint is signed; every entry is in both trees; every older checkpoint is its beginning."""
    newest = _checkpoint(archived, "data/log/checkpoint.txt")
    proofs = archived.json("data/log/proofs.json")
    for (member, raw), proof in zip(archived.payloads, proofs["entries"], strict=True):
        yield from _check_inclusion(member, raw, proof, newest)
    for proof in proofs["checkpoints"]:
        member = f"data/log/checkpoints/{proof['size']:012d}.txt"
        older = _checkpoint(archived, member)
        for name, before, after in zip(TREES, _roots(older), _roots(newest), strict=True):
            path = _path(proof[name])
            sizes = {"old_size": older.size, "new_size": newest.size}
            if not merkle.verify_consistency(**sizes, old_root=before, new_root=after, proof=path, algorithm=name):
                yield f"{member}：不是同一日志的较早状态（{name}）"


def check_chains(archived: Archived) -> Iterator[str]:
    """Both chains, the public one and the sealed one, have no gap, and every act begins where the last one ended."""
    stream, first = archived.trade["stream"], archived.payloads[0][1]
    yield from _check_chain(archived.payloads[1:], stream=stream, previous=_leaf(first).hex())
    yield from _check_chain(archived.sealed_payloads, stream=stream, previous="")


def check_sealed(archived: Archived, *, published: Mapping[str, Any]) -> Iterator[str]:
    """The sealed entries are those whose size and roots were `published` in one public entry at the deadline."""
    member = "data/log/sealed"
    if len(archived.sealed) != published["size"]:
        yield f"{member}：封存记录 {len(archived.sealed)} 条，截止时公布的是 {published['size']} 条"
    for name in TREES:
        leaves = [merkle.leaf_hash(raw, algorithm=name) for _, raw in archived.sealed_payloads]
        if merkle.root_of(leaves, algorithm=name).hex() != published[name]:
            yield f"{member}：封存记录与截止时公布的树根不符（{name}）"


def check_receipts(archived: Archived) -> Iterator[str]:
    """Every receipt is signed by the platform and its entry is among the sealed ones, as promised."""
    leaves = {number: _leaf(raw).hex() for number, (_, raw) in enumerate(archived.sealed_payloads, start=1)}
    for member, note in archived.folder("data/receipts"):
        try:
            facts = check_receipt(note.decode(), verifiers=archived.verifiers).facts
        except BadReceipt as problem:
            yield f"{member}：{problem}"
            continue
        promised = (facts["stream"], facts["sealed"], facts["leaf"]["sha256"])
        if promised != (archived.trade["stream"], True, leaves.get(facts["sequence"])):
            yield f"{member}：回执所承诺的记录不在封存记录中"


def check_salts(archived: Archived) -> Iterator[str]:
    """Concealed texts and parties are those whose salted digests stand in the log; no concealed text is held back."""
    waiting = {one["sequence"] for one in archived.entries if "concealed" in one["data"]}
    for one in archived.opened["concealed"]:
        entry = archived.entries[one["sequence"] - 1]
        if concealed_digest(salt=one["salt"], text=one["text"]) != entry["data"].get("concealed"):
            yield f"{entry_member(one['sequence'])}：公开的内容与当时的摘要不符"
        waiting.discard(one["sequence"])
    for sequence in sorted(waiting):
        yield f"{entry_member(sequence)}：隐去的内容没有公开"
    yield from _check_parties(archived.opened["parties"], archived.entries, entry_member)
    yield from _check_parties(archived.opened["sealed_parties"], archived.sealed, sealed_member)


def check_evidence(archived: Archived) -> Iterator[str]:
    """Every file that an entry names is here with its digests and size, but for those withheld by law."""
    named = {
        file["sha256"]: file
        for entry in (archived.first, *archived.entries, *archived.sealed)
        for file in entry["files"]
    }
    for sha256, file in sorted(named.items()):
        if sha256 in archived.withheld:
            continue
        if sha256 not in archived.evidence:
            yield f"data/evidence/{sha256}：缺少“{file['name']}”"
            continue
        found = digest_file(archived.evidence[sha256])
        if (found.sha256, found.sm3, found.size) != (sha256, file["sm3"], file["size"]):
            yield f"data/evidence/{archived.evidence[sha256].name}：“{file['name']}”与见证记录中的摘要不符"


def concealed_of(archived: Archived, *acts: str) -> list[dict[str, Any]]:
    """What the entries of some acts had concealed, in order."""
    wanted = {entry["sequence"] for entry in archived.done(*acts)}
    return [json.loads(one["text"]) for one in archived.opened["concealed"] if one["sequence"] in wanted]


def gather(check: Callable[[], Iterable[str]], *, member: str) -> list[str]:
    """The problems of a check; a member that cannot be understood at all is a problem too, named by what was read."""
    try:
        return list(check())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, StopIteration) as error:
        return [f"{member}：无法核验（{type(error).__name__}：{error}）"]


def _leaves(root: Path) -> Iterator[Path]:
    """Files, links and empty folders: whatever can be there without being listed."""
    for path in root.rglob("*"):
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir()):
            yield path


def _lines(manifest: Path) -> Iterator[tuple[str, str]]:
    for line in manifest.read_bytes().decode(errors="replace").split("\n"):
        digest, _, name = line.partition("  ")
        if name:
            yield name, digest


def _changed(name: str, path: Path, digest: str) -> Iterator[str]:
    if path.is_symlink() or not path.is_file() or file_sha256(path) != digest:
        yield f"{name}：内容与归档清单中的摘要不符，已被改动"
    elif name.startswith("data/evidence/") and path.stem != digest:
        yield f"{name}：文件名不是它的摘要"


def _check_signature(archived: Archived, trusted: Sequence[str]) -> Iterator[str]:
    try:
        verifiers = archived.verifiers
    except (OSError, ValueError, LookupError, TypeError) as error:
        yield f"data/trade.json：读不出日志公钥（{error}）"
        return
    if not set(trusted) <= set(archived.trade["log"]["keys"]):
        yield "data/trade.json：归档的日志公钥不是所指定的公钥"
    try:
        note = (archived.root / SIGNATURE).read_bytes()
        text = _fully_signed(note, verifiers)
    except (OSError, BadNote) as error:
        yield f"{SIGNATURE}：平台对归档清单的签名不成立（{error}）"
        return
    tags = archived.root / TAGMANIFEST
    if tags.is_file() and text != f"{SIGNATURE_HEADER}\n{file_sha256(tags)}\n":
        yield f"{TAGMANIFEST}：与平台签名的摘要不符，已被改动"


def _fully_signed(note: bytes, verifiers: Sequence[Verifier]) -> str:
    """The text of a note that all of these keys signed and no other line was added to. Raises BadNote."""
    opened = notes.open_note(note=note, verifiers=verifiers)
    if len(opened.signatures) != len(verifiers) or opened.ignored:
        raise BadNote("签名行不全或多出")
    return opened.text


def _check_profile(root: Path) -> Iterator[str]:
    """The bagit library, as a second reader, finds the folder complete."""
    try:
        bagit.Bag(str(root)).validate(completeness_only=True)
    except (bagit.BagError, OSError, ValueError) as error:
        yield f"bagit.txt：不是完整的 BagIt 归档包（{error}）"


def _checkpoint(archived: Archived, member: str) -> notes.Checkpoint:
    try:
        text = _fully_signed((archived.root / member).read_bytes(), archived.verifiers)
        return _own_checkpoint(text, origin=archived.trade["log"]["origin"])
    except BadNote as problem:
        raise BadNote(f"{member} {problem}") from problem


def _own_checkpoint(text: str, *, origin: str) -> notes.Checkpoint:
    checkpoint = notes.parse_checkpoint(text)
    if checkpoint.origin != origin or checkpoint.sm3_root is None:
        raise BadNote("不是本日志的检查点")
    return checkpoint


def _roots(checkpoint: notes.Checkpoint) -> tuple[bytes, bytes]:
    return checkpoint.root, checkpoint.sm3_root or b""


def _check_inclusion(member: str, raw: bytes, proof: Mapping[str, Any], checkpoint: notes.Checkpoint) -> Iterator[str]:
    for name, root in zip(TREES, _roots(checkpoint), strict=True):
        leaf = merkle.leaf_hash(raw, algorithm=name)
        place = {"index": proof["index"], "size": checkpoint.size}
        if not merkle.verify_inclusion(**place, leaf=leaf, proof=_path(proof[name]), root=root, algorithm=name):
            yield f"{member}：不在检查点的日志树中（{name}）"


def _check_chain(members: Sequence[tuple[str, bytes]], *, stream: str, previous: str) -> Iterator[str]:
    stage = None
    for number, (member, raw) in enumerate(members, start=1):
        entry = json.loads(raw)
        expected = (stream, number, previous, entry["from"] if stage is None else stage)
        if tuple(entry[name] for name in LINKS) != expected:
            yield f"{member}：与前一条记录不衔接"
        previous, stage = _leaf(raw).hex(), entry["to"]


def _check_parties(
    told: Sequence[Mapping[str, Any]], entries: Sequence[Mapping[str, Any]], member: Callable[[int], str]
) -> Iterator[str]:
    for one in told:
        digest = party_digest(salt=one["salt"], party=one["organisation"])
        if entries[one["sequence"] - 1]["actor"].get("party") != digest:
            yield f"{member(one['sequence'])}：公开的单位与当时的摘要不符"


def leaf_of(raw: bytes) -> str:
    """The leaf hash of an entry, hexadecimal."""
    return _leaf(raw).hex()


def _leaf(raw: bytes) -> bytes:
    return merkle.leaf_hash(raw)


def _path(hashes: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(one) for one in hashes]
