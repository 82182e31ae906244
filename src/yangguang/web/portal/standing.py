"""Where a digest or a receipt stands: in which entry, at which leaf, and whether the promise was kept.

Before the deadline a receipt of a sealed entry is answered from the receipt alone: nothing is looked up, so the answer
is the same whatever happened to the bid since.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from yangguang.web.portal.models import NamedFile
from yangguang.web.portal.projection import catch_up
from yangguang.witness import log
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, Leaf, SealedEntry
from yangguang.witness.platform import platform
from yangguang.witness.receipts import BadReceipt, check_receipt

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST = 20


@dataclass(slots=True, kw_only=True)
class Standing:
    """What was found: `kept` is true, false, or None where it cannot be said yet."""

    kept: bool | None
    words: list[str]
    facts: dict[str, Any] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)


def where(text: str) -> Standing:
    """The entries that a digest is the leaf of, or that name a file with it."""
    digest = text.strip().lower().removeprefix("sha256:")
    if not DIGEST.fullmatch(digest):
        return Standing(kept=False, words=["摘要应为 64 位十六进制数字（SHA-256）。"])
    catch_up()
    leaves = Leaf.objects.select_related("entry").order_by("index")
    own = list(leaves.filter(entry__leaf_hash=digest))
    named = NamedFile.objects.filter(sha256=digest).order_by("leaf").values_list("leaf", flat=True)[:MOST]
    if own:
        return Standing(kept=True, words=["这是下列见证记录的叶子摘要。"], leaves=own)
    if found := list(leaves.filter(index__in=list(named))):
        return Standing(kept=True, words=["下列公开的见证记录提到具有这个摘要的文件。"], leaves=found)
    return Standing(kept=False, words=["公开的见证日志里没有这个摘要。截止前的投标文件在封存记录中，不能查询。"])


def receipt_standing(note: str) -> Standing:
    """Whether the signatures of a receipt hold and whether what it promises stands in the log."""
    try:
        receipt = check_receipt(note.strip().replace("\r\n", "\n") + "\n", verifiers=platform().verifiers())
    except (BadReceipt, ValueError, KeyError):
        return Standing(kept=False, words=["不是本平台签发的回执，或者内容已被改动：签名不成立。"])
    facts = receipt.facts
    words = ["回执的 Ed25519 和 SM2 签名有效，由本平台签发，内容没有改动。"]
    found = _sealed(facts) if facts["sealed"] else _public(facts)
    return Standing(kept=found.kept, words=words + found.words, facts=facts, leaves=found.leaves)


def _public(facts: dict[str, Any]) -> Standing:
    entry = Entry.objects.filter(stream=facts["stream"], sequence=facts["sequence"]).first()
    if entry is None or _leaves_of(entry) != facts["leaf"]:
        return Standing(kept=False, words=["日志里没有这条记录：平台没有兑现回执，请保存回执并向监督部门反映。"])
    leaf = Leaf.objects.filter(entry=entry).select_related("entry").first()
    if leaf is None:
        return Standing(kept=None, words=["记录已经写入，正在编入日志，请稍后再查。"])
    return Standing(kept=True, words=[f"记录是日志的第 {leaf.index} 号叶子，摘要与回执一致。"], leaves=[leaf])


def _sealed(facts: dict[str, Any]) -> Standing:
    closing = Entry.objects.filter(stream=facts["stream"], act="close_bidding").first()
    if closing is None:
        text = "这是封存记录的回执。投标截止后平台会公布封存记录的总数和树根，那时可以核对；截止前任何人都查不到。"
        return Standing(kept=None, words=[text])
    published = payload_of(closing)["data"]["sealed"]
    entry = SealedEntry.objects.filter(stream=facts["stream"], leaf_hash=facts["leaf"]["sha256"]).first()
    whole = log.sealed_root(facts["stream"]) == published
    if entry is None or not whole or _leaves_of(entry) != facts["leaf"]:
        return Standing(kept=False, words=["公布的封存树根里没有这条记录：平台没有兑现回执，请向监督部门反映。"])
    text = f"它是第 {entry.sequence} 条封存记录，截止时公布的树根（共 {published['size']} 条）包含它，摘要一致。"
    return Standing(kept=True, words=[text], leaves=list(Leaf.objects.filter(entry=closing).select_related("entry")))


def _leaves_of(entry: Entry | SealedEntry) -> dict[str, str]:
    return {"sha256": entry.leaf_hash, "sm3": entry.leaf_hash_sm3}
