"""Receipts (回执): the platform's signed promise that an entry is, or will be, in the log.

A receipt is a signed note whose text is the line `yangguang-receipt/1` and one line of canonical JSON. For a sealed
entry it promises that the sub-log's root, public from the deadline on, includes the entry; `salt` opens the party's
digest in it. Whoever holds a receipt holds the platform to it.
"""

import json
from dataclasses import dataclass
from typing import Any

from yangguang.proof import notes
from yangguang.proof.canonical import canonical
from yangguang.proof.notes import Verifier
from yangguang.witness.models import Entry, SealedEntry
from yangguang.witness.platform import platform
from yangguang.witness.record import utc_text

HEADER = "yangguang-receipt/1"


class BadReceipt(ValueError):  # noqa: N818 - named after what is wrong
    """The receipt is not one, or its signatures do not hold."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A checked receipt: the facts it promises."""

    facts: dict[str, Any]
    note: str


def issue_receipt(entry: Entry | SealedEntry, *, is_place_told: bool | None = None) -> str:
    """The signed receipt of an entry that is committed; it can be issued again at any time.

    A sealed entry's place in the sub-log is left out unless `is_place_told`: before the deadline it would tell its
    holder how many did something before. The leaf is enough to find the entry by.
    """
    is_sealed = isinstance(entry, SealedEntry)
    is_place_told = not is_sealed if is_place_told is None else is_place_told
    facts = {
        "log": platform().origin,
        "stream": entry.stream,
        "sealed": is_sealed,
        **({"sequence": entry.sequence} if is_place_told else {}),
        "act": entry.act,
        "at": utc_text(entry.at),
        "leaf": {"sha256": entry.leaf_hash, "sm3": entry.leaf_hash_sm3},
        "files": json.loads(entry.payload)["files"],
        "salt": entry.salt,
    }
    text = f"{HEADER}\n{canonical(facts).decode()}\n"
    return notes.sign_note(text=text, signers=platform().signers()).decode()


def check_receipt(note: str, *, verifiers: list[Verifier]) -> Receipt:
    """Read a receipt and check the platform's signatures. Raises `BadReceipt`."""
    try:
        opened = notes.open_note(note=note.encode(), verifiers=verifiers)
    except notes.BadNote as problem:
        raise BadReceipt(str(problem)) from problem
    header, _, body = opened.text.partition("\n")
    if header != HEADER:
        raise BadReceipt("这不是一张回执")
    return Receipt(facts=json.loads(body), note=note)
