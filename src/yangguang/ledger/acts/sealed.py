"""Looking at what is sealed (调阅): only those the register names, and every look is kept."""

from datetime import datetime
from typing import Any

from yangguang.ledger.guards import ANYBODY, is_named, record_or_refuse, register_or_refuse
from yangguang.ledger.models import Look, Sealed, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.ledger.sealing import unseal_content
from yangguang.rules.refusal import Refused
from yangguang.witness.actor import Actor
from yangguang.witness.acts import DENIED, act
from yangguang.witness.record import record as witness


@act("look_at_sealed", by=ANYBODY)
def look_at_sealed(unit: Unit, *, actor: Actor, at: datetime, record: int) -> dict[str, Any]:
    """调阅密封内容: for those named in the record or by its register; the look itself is a row and an entry."""
    row = record_or_refuse(unit, record)
    register = register_or_refuse(unit, row.register)
    roles = set(unit.roles_of(actor)) | ({LedgerRole.NAMED} if is_named(row, actor) else set())
    if not roles & register.unseal:
        raise Refused(DENIED)
    Look.objects.create(record=row, person=actor.person, at=at)
    witness(data={}, concealed={"register": row.register, "number": f"{row.year}-{row.number}", "by": actor.person})
    sealed = Sealed.objects.filter(record=row).first()
    return unseal_content(row, bytes(sealed.content)) if sealed else {}
