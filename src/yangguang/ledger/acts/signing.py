"""Signing in one click (签署) and voting by secret ballot (无记名投票)."""

from collections.abc import Mapping
from datetime import datetime
from secrets import SystemRandom
from typing import Any

from yangguang.ledger.catalogue import Engine, register_named
from yangguang.ledger.guards import ANYBODY, content_of, register_or_refuse, standing_or_refuse
from yangguang.ledger.models import Attendance, Ballot, Record, Signature, State, Unit
from yangguang.ledger.preparing import BALLOTS
from yangguang.parties.models import fresh_id
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import refuse_if
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless
from yangguang.witness.record import record as witness

SIGNING = f"{PLATFORM}：一次点击签署"
SECRET = f"{PLATFORM}：无记名投票"


@act("sign_record", by=ANYBODY)
def sign_record(unit: Unit, *, actor: Actor, at: datetime, record: int) -> Signature:
    """签署: whoever is asked to sign does it in one click; nobody writes a text of their own, nobody signs for another.

    When all have signed, the letter is done; one that goes out is done only when it is sent or answered.
    """
    row = standing_or_refuse(unit, record)
    signature = found_or_refuse(
        Signature.objects.filter(record=row, person__mark=actor.person, signed_at__isnull=True).first(),
        code="signature.none",
        reason="这份文件没有等您签署",
        article=SIGNING,
        remedy="已经签过的不需要再签；漏列的请党务工作者补登。",
    )
    signature.signed_at = at
    signature.save(update_fields=["signed_at"])
    register = register_named(row.register)
    goes_out = register is not None and register.word
    if not goes_out and not row.signatures.filter(signed_at__isnull=True).exists():
        row.state, row.closed_on = State.DONE, legal_date(at)
        row.save(update_fields=["state", "closed_on"])
    witness(data={}, concealed=content_of(row, signed=actor.person))
    return signature


@act("vote_by_ballot", by=ANYBODY)
def vote_by_ballot(unit: Unit, *, actor: Actor, at: datetime, record: int, choices: Mapping[str, Any]) -> None:
    """无记名投票: who voted is known, what they chose is not; the log tells that one ballot more lies in the box.

    Raises `Refused` for whoever is not due, has voted, or chooses what the register's own check does not allow.
    """
    row = standing_or_refuse(unit, record)
    register = register_or_refuse(unit, row.register)
    refuse_unless(
        register.engine is Engine.ASSESSMENT and row.state == State.OPEN,
        code="ballot.closed",
        reason="现在不能投票",
        article=SECRET,
        remedy="投票在测评开始后、结束前进行。",
    )
    voter = found_or_refuse(
        Attendance.objects.filter(record=row, person__mark=actor.person, is_due=True, is_present=False).first(),
        code="ballot.not_due",
        reason="您不在应投票人员中，或者已经投过票",
        article=SECRET,
        remedy="每人一票，投出后不能更改。",
    )
    for name in register.check:
        if name in BALLOTS:
            refuse_if(BALLOTS[name](row, dict(choices)))
    voter.is_present = True
    voter.save(update_fields=["is_present"])
    witness(data={"ballots": _into_the_box(row, dict(choices))})


def _into_the_box(record: Record, choices: dict[str, Any]) -> int:
    """Put a ballot into the box and shake it: every ballot becomes a new row in a new order; how many there are.

    The log says who voted when; rows that kept their order would say what the second voter chose.
    """
    box = [*Ballot.objects.filter(record=record).values_list("choices", flat=True), choices]
    SystemRandom().shuffle(box)
    Ballot.objects.filter(record=record).delete()
    Ballot.objects.bulk_create([Ballot(record=record, mark=fresh_id(), choices=one) for one in box])
    return len(box)
