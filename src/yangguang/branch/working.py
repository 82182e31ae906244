"""党组会和三重一大 (D01), 慰问 (D19), 评先 (D20), 先锋岗 (D21): what is derived and what is refused."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Sum

from yangguang.branch.meetings import derive_first_item
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.law import Law
from yangguang.rules.party.meetings import Vote, check_quorum, check_vote
from yangguang.rules.refusal import Refusal

PERSONNEL = "重要人事任免"
CARE = "平台规则：慰问的人、钱、来源各登记一次"
THREE = 3


@checks_records("group_meeting")
def check_group_meeting(draft: Draft) -> Iterator[Refusal]:
    """A meeting of the party group says by what was studied whether it had a first item."""
    derive_first_item(draft)
    yield from ()


@checks_records("major_matter")
def check_major_matter(draft: Draft) -> Iterator[Refusal]:
    """三重一大 is decided by a meeting with a quorum, two thirds for appointments (党组工作条例); a lost vote is kept.

    Who was due and who came is the meeting's roll: it is not asked for again.
    """
    cleaned = draft.cleaned
    meeting = Record.objects.filter(pk=cleaned.columns.get("parent") or 0, state=State.DONE).first()
    if meeting is None:
        yield _refusal(
            "matter.meeting", f"“{cleaned.title}”没有指明由哪次已经召开的会议决定", "请选择会议。", of="集体决定"
        )
        return
    roll = list(meeting.attendances.filter(is_due=True).values_list("is_present", flat=True))
    if not roll:
        reason = f"“{meeting.title}”（{meeting.day}）没有点名，不能核对到会人数"
        yield _refusal("matter.no_roll", reason, "请先登记这次会议的到会人员。", of="集体决定")
        return
    law, counts = law_for(draft.unit, on=meeting.day), {"due": len(roll), "present": sum(roll)}
    yield from check_quorum(law=law, vote=Vote.GROUP, **counts)
    if cleaned.kind == PERSONNEL:
        yield from _check_two_thirds(law, meeting, **counts)
    answer = check_vote(law=law, vote=Vote.GROUP, in_favour=cleaned.fields["votes_for"], **counts)
    yield from (one for one in answer if one.code.endswith(".counts"))
    cleaned.fields["carried"] = not answer


def _check_two_thirds(law: Law, meeting: Record, *, due: int, present: int) -> Iterator[Refusal]:
    rule = law.rule("party.group_meeting.personnel_quorum")
    if present * THREE < rule.value * due:
        yield Refusal(
            code="group_meeting.personnel_quorum",
            reason=f"“{meeting.title}”应到{due}人，实到{present}人，讨论人事任免不足{rule.amount_text}",
            article=rule.citation,
            remedy="请另行召开会议讨论决定。",
        )


@checks_records("care")
def check_care(draft: Draft) -> Iterator[Refusal]:
    """慰问: persons and money follow from the roll and the sum each; dues pay for what was decided."""
    columns, fields = draft.cleaned.columns, draft.cleaned.fields
    came = draft.cleaned.present
    if came:
        columns["quantity"] = Decimal(len(came))
    if fields.get("each") and columns.get("quantity"):
        columns["amount"] = Decimal(fields["each"]) * columns["quantity"]
    if fields.get("source") == "党费":
        yield from _check_from_dues(draft)
    if draft.cleaned.kind != "职工募捐" and not columns.get("quantity") and draft.record is None:
        yield _refusal("care.nobody", f"“{draft.cleaned.title}”没有慰问人数", "请勾选名册中的人或者填写人数。")


def _check_from_dues(draft: Draft) -> Iterator[Refusal]:
    columns = draft.cleaned.columns
    spent = Record.objects.filter(pk=columns.get("parent") or 0, register="dues_spending", state=State.DONE).first()
    if spent is None:
        yield _refusal("care.dues", "用党费慰问没有指明哪一笔党费支出", "请先登记集体决定的党费支出，再来选择。")
        return
    used = Record.objects.filter(parent=spent, register="care", state=State.DONE)
    used = used.exclude(pk=draft.record.pk if draft.record else 0)
    total = (used.aggregate(total=Sum("amount"))["total"] or Decimal(0)) + (columns.get("amount") or Decimal(0))
    if total > (spent.amount or Decimal(0)):
        reason = f"“{spent.title}”决定使用党费{spent.amount}元，慰问合计已到{total}元"
        yield _refusal("care.overspent", reason, "请核对金额；不够的请先集体讨论决定。")


@checks_records("award")
def check_award(draft: Draft) -> Iterator[Refusal]:
    """A person or a number of persons; one person is one."""
    columns = draft.cleaned.columns
    if columns.get("quantity") is None:
        columns["quantity"] = Decimal(1)
    yield from ()


@checks_records("party_worker")
def check_party_worker(draft: Draft) -> Iterator[Refusal]:
    """A filing and a list of duties are somebody's."""
    if draft.cleaned.columns.get("owner") is None:
        yield _refusal("worker.nobody", "没有写明是哪名党务工作者", "请选择人员。", of="党务工作者备案")


@checks_records("pioneer")
def check_pioneer(draft: Draft) -> Iterator[Refusal]:
    """A post, a team or a promise is somebody's and ends after it began."""
    until = draft.cleaned.columns.get("due_on")
    if draft.cleaned.columns.get("owner") is None:
        yield _refusal("pioneer.nobody", f"“{draft.cleaned.title}”没有写明是哪名党员", "请选择党员。", of="先锋岗")
    if until is not None and draft.cleaned.day is not None and until < draft.cleaned.day:
        yield _refusal("pioneer.until", f"“{draft.cleaned.title}”的截止日期早于开始日期", "请核对日期。", of="先锋岗")


def _refusal(code: str, reason: str, remedy: str, *, of: str = "") -> Refusal:
    return Refusal(code=code, reason=reason, article=f"平台规则：{of}" if of else CARE, remedy=remedy)
