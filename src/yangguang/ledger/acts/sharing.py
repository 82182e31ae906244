"""Linking records and adding files (关联与佐证): link what exists first, upload only what exists nowhere."""

from datetime import datetime

from yangguang.ledger.catalogue import Engine
from yangguang.ledger.guards import ANYBODY, content_of, record_to_change
from yangguang.ledger.models import Attachment, Link, Record, State, Unit
from yangguang.rules.calendar import legal_date
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, refuse_unless
from yangguang.witness.inputs import is_text
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record as witness

LONGEST_NAME = 120
LINKS = f"{PLATFORM}：先关联后上传"


@act("link_records", by=ANYBODY)
def link_records(
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    record: int,
    kind: str,
    target: int | None = None,
    stream: str = "",
    sequence: int = 0,
) -> Link:
    """关联: a record points at another one that exists, of any unit, or at an entry of the log.

    A task to which evidence (佐证) is linked is done on the day of the link: it closes by the record, not by a word.
    Raises `Refused` for a target that does not exist or is cancelled, and for a record pointing at itself.
    """
    row, register = record_to_change(unit, record, actor=actor)
    found = Record.objects.filter(pk=target or 0).exclude(pk=row.pk).exclude(state__in=[State.CANCELLED, State.PLANNED])
    in_log = Entry.objects.filter(stream=stream, sequence=sequence)
    refuse_unless(
        kind in Link.Kind.values and (found.exists() if target else in_log.exists()),
        code="link.target",
        reason="没有可以关联的记录：它不存在、还没有发生或者已经取消",
        article=LINKS,
        remedy="请先登记所指的记录，再来关联。",
    )
    refuse_unless(
        not Link.objects.filter(record=row, kind=kind, target_id=target, stream=stream, sequence=sequence).exists(),
        code="link.twice",
        reason="已经关联过这条记录",
        article=LINKS,
        remedy="不需要再办理。",
    )
    link = Link.objects.create(record=row, kind=kind, target_id=target, stream=stream, sequence=sequence, made_at=at)
    if register.engine is Engine.TASK and kind == Link.Kind.EVIDENCE and row.state == State.OPEN:
        row.state, row.closed_on = State.DONE, legal_date(at)
        row.save(update_fields=["state", "closed_on"])
    witness(data={}, concealed=content_of(row, link=[kind, str(target or ""), stream, sequence]))
    return link


@act("attach_file", by=ANYBODY)
def attach_file(unit: Unit, *, actor: Actor, at: datetime, record: int, name: str, file: Evidence) -> Attachment:
    """添加佐证材料: a file that exists nowhere in the system yet. Never asked for."""
    row, _ = record_to_change(unit, record, actor=actor)
    refuse_unless(
        name.strip() and is_text(name, most=LONGEST_NAME) and not row.attachments.filter(evidence=file).exists(),
        code="attachment.name",
        reason="应写明材料名称（不超过120字），同一份材料只添加一次",
        article=LINKS,
        remedy="请更正后重新提交。",
    )
    made = Attachment.objects.create(record=row, name=name.strip(), evidence=file)
    witness(data={}, concealed=content_of(row, attachment=made.name), files=[("佐证", file)])
    return made
