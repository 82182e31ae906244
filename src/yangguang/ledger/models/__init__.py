"""The ledger's tables: units with their posts, records with rolls, tags, links and signatures, what is sealed."""

from yangguang.ledger.models.records import (
    Attachment,
    Attendance,
    Ballot,
    Link,
    Record,
    Revision,
    Signature,
    State,
    Tag,
)
from yangguang.ledger.models.sealed import Look, Sealed
from yangguang.ledger.models.signoffs import SignOff
from yangguang.ledger.models.units import Post, Unit

__all__ = [
    "Attachment", "Attendance", "Ballot", "Link", "Look", "Post", "Record", "Revision", "Sealed", "SignOff",
    "Signature", "State", "Tag", "Unit",
]  # fmt: skip
