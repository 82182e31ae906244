"""How a form asks for the people of a record (到会、参加、签署、投票): it depends on the register's engine and roll."""

from enum import Enum, auto

from yangguang.ledger.catalogue import Engine, Register


class RollOf(Enum):
    """What is ticked."""

    NOBODY = auto()
    ABSENT = auto()  # all of the roll came but those who are ticked
    PRESENT = auto()  # those who are ticked took part
    SIGNERS = auto()  # those who are ticked are asked to sign
    VOTERS = auto()  # those who are ticked may vote; nobody has yet


def roll_kind(register: Register, kind: str) -> RollOf:
    """What a register asks of its people for a record of this kind."""
    roll = register.roll_for(kind)
    if register.engine is Engine.ASSESSMENT and roll:
        return RollOf.VOTERS
    if register.signers == "named":
        return RollOf.SIGNERS
    if not roll:
        return RollOf.NOBODY
    return RollOf.PRESENT if roll == "named" else RollOf.ABSENT
