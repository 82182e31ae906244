"""核验归档: every bond that was taken went back, or was kept on a decision of the tenderer; none twice."""

from collections import Counter
from collections.abc import Iterator

from yangguang.witness.verification import Archived, entry_member, sealed_member

SETTLING = ("refund_guarantee", "forfeit_guarantee")


def check_bonds(archived: Archived) -> Iterator[str]:
    """Each bond of the sealed sub-log is refunded or forfeited exactly once, and nothing else is.

    Where no root of the sub-log was published (终止 before the deadline) nothing of it is here to be checked.
    """
    if not archived.done("close_bidding"):
        return
    taken = {
        entry["files"][0]["sha256"]: sealed_member(entry["sequence"])
        for entry in archived.sealed
        if entry["act"] == "record_guarantee"
    }
    sealed = [entry["data"]["file"] for entry in archived.sealed if entry["act"] in SETTLING]
    settled = Counter([*sealed, *(entry["data"]["file"] for entry in archived.done(*SETTLING))])
    for file, member in taken.items():
        if settled[file] != 1:
            yield f"{member}：这笔保证金退还或不予退还共{settled[file]}次，应为一次"
    for entry in archived.done(*SETTLING):
        if entry["data"]["file"] not in taken:
            yield f"{entry_member(entry['sequence'])}：没有登记过这笔保证金"
