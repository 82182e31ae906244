"""Writing the one entry of an act, in the act's own transaction.

The payload of an entry is canonical JSON (RFC 8785) and the entry's leaf in the Merkle tree is exactly these bytes:
`{"act", "actor", "at", "data", "files", "format", "from", "previous", "sequence", "stream", "to"}`. `previous` is the
leaf hash of the entry before it in the same stream, so a stream is a chain by itself and the tree holds all streams.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.proof.merkle import leaf_hash
from yangguang.witness.acts import Performance, WitnessError, performing
from yangguang.witness.entries import LONGEST_DATA, keep_data
from yangguang.witness.models import Entry, Evidence, Logged, SealedEntry, Witnessed
from yangguang.witness.prepared import insert, update

FORMAT = "yangguang-entry/1"
SEALED_FORMAT = "yangguang-sealed-entry/1"
LARGEST = 65_535  # the entry bundle of tlog-tiles gives an entry's length two bytes

Named = tuple[str, Evidence]
L = TypeVar("L", bound=Logged)


def utc_text(at: datetime) -> str:
    """An instant as the log writes it: UTC, microseconds, `Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record(
    subject: Witnessed | None = None,
    *,
    data: Mapping[str, object] | None = None,
    files: Sequence[Named] = (),
    to: str = "",
    concealed: Mapping[str, object] | None = None,
) -> Entry:
    """Write the public entry of the running act and move its subject to the next stage.

    `data` holds ids, digests and text amounts, never personal data, and may be long; `files` are (name, evidence).
    `to` names the next stage where the stage table leaves a choice. `subject` is given only when the act creates the
    one it records on.
    """
    performance = performing()
    subject = subject or performance.subject
    stage = next_stage(subject, name=performance.name, to=to)
    hidden = canonical(dict(concealed)).decode() if concealed is not None else ""
    shown = dict(data or {})
    if hidden:
        shown["concealed"] = concealed_digest(salt=performance.salt, text=hidden)
    entry = _write(
        Entry, subject, performance, data=shown, files=files, stages=(subject.stage, stage), concealed=hidden
    )
    subject.stage, subject.entries, subject.head = stage, entry.sequence, entry.leaf_hash
    update(subject, "stage", "entries", "head")
    return entry


def record_sealed(*, data: Mapping[str, object], files: Sequence[Named] = ()) -> SealedEntry:
    """Write the entry of the running act into the sealed sub-log of its subject, whose stage stays as it is."""
    performance = performing()
    subject = performance.subject
    entry = _write(SealedEntry, subject, performance, data=data, files=files, stages=(subject.stage, subject.stage))
    subject.sealed_entries, subject.sealed_head = entry.sequence, entry.leaf_hash
    update(subject, "sealed_entries", "sealed_head")
    return entry


def concealed_digest(*, salt: str, text: str) -> str:
    """How the log states a text that stays secret for now; hexadecimal SHA-256."""
    return labelled_hash("yangguang/concealed/1", bytes.fromhex(salt), text.encode()).hex()


def party_digest(*, salt: str, party: str) -> str:
    """How the log names an organisation or a person that must not be known; the salt opens it."""
    return labelled_hash("yangguang/party/1", bytes.fromhex(salt), party.encode()).hex()


def next_stage(subject: Witnessed, *, name: str, to: str) -> str:
    """The stage after the act `name`; `to` must be one of those the stage table allows."""
    possible = subject.transitions()[subject.stage, name]
    if to:
        if to not in possible:
            raise WitnessError(f"{name} may not lead from {subject.stage} to {to}")
        return to
    if len(possible) != 1:
        raise WitnessError(f"{name} must say to which stage it leads from {subject.stage}")
    return next(iter(possible))


def _write(
    kind: type[L],
    subject: Witnessed,
    performance: Performance,
    *,
    data: Mapping[str, object],
    files: Sequence[Named],
    stages: tuple[str, str],
    concealed: str = "",
) -> L:
    sealed = kind is SealedEntry
    shown, named = dict(data), list(files)
    if len(long := canonical(shown)) > LONGEST_DATA:
        shown, file = keep_data(long)
        named.append(file)
    sequence = 1 + (subject.sealed_entries if sealed else subject.entries)
    previous = subject.sealed_head if sealed else subject.head
    payload = canonical(
        {
            "format": SEALED_FORMAT if sealed else FORMAT,
            "stream": subject.stream,
            "sequence": sequence,
            "previous": previous,
            "act": performance.name,
            "at": utc_text(performance.at),
            "actor": subject.mark_of(performance.actor, salt=performance.salt),
            "from": stages[0],
            "to": stages[1],
            "data": shown,
            "files": [_file(name, evidence) for name, evidence in named],
        }
    )
    if len(payload) > LARGEST:
        raise WitnessError(f"{performance.name}: an entry of {len(payload)} bytes; too many files")
    entry = kind(
        stream=subject.stream,
        sequence=sequence,
        act=performance.name,
        at=performance.at,
        payload=payload.decode("utf-8"),
        previous=previous,
        leaf_hash=leaf_hash(payload).hex(),
        leaf_hash_sm3=leaf_hash(payload, algorithm="sm3").hex(),
        salt=performance.salt,
        concealed=concealed,
    )
    insert(entry)
    performance.written.append(entry)  # type: ignore[arg-type]
    return entry


def _file(name: str, evidence: Evidence) -> dict[str, object]:
    return {"name": name, "sha256": evidence.sha256, "sm3": evidence.sm3, "size": evidence.size}
