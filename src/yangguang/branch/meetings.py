"""三会一课 (D02) and 第一议题 (D03): who may preside, whether a vote stands, what is derived from the roll."""

from collections.abc import Iterator, Mapping

from yangguang.branch.rolls import Roll, roll_in
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record
from yangguang.ledger.people import holders
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.ledger.roles import COMMITTEE
from yangguang.rules.law import Law
from yangguang.rules.party.meetings import (
    Chair,
    Meeting,
    Vote,
    check_chair,
    check_quorum,
    check_secret_ballot,
    check_vote,
)
from yangguang.rules.refusal import Refusal

MEETINGS = {"支部党员大会": Meeting.MEMBERS, "支部委员会": Meeting.COMMITTEE, "党小组会": Meeting.GROUP}
VOTES = {"接收预备党员": Vote.ADMISSION, "预备党员转正": Vote.ADMISSION, "选举": Vote.ELECTION}
FIRST_ITEM = "第一议题"
CHAIRS: Mapping[str, Chair] = {
    "secretary": Chair.SECRETARY, "deputy": Chair.DEPUTY, "group_leader": Chair.GROUP_LEADER,
}  # fmt: skip
PARENTS = ("meeting", "group_meeting", "life_meeting", "study")


@checks_records("meeting")
def check_meeting(draft: Draft) -> Iterator[Refusal]:
    """The chair (支部工作条例第十四条), quorum and vote (第十一、十二条); derives chair, first item and result."""
    kind = MEETINGS.get(draft.cleaned.kind)
    roll = roll_in(draft)
    if kind is not None:
        yield from _check_chair(draft, kind, roll)
        yield from _check_vote(draft, kind, roll)
    derive_first_item(draft)


def derive_first_item(draft: Draft) -> None:
    """第一议题: a meeting that says what was studied first carries the tag; nobody sets it by hand."""
    cleaned = draft.cleaned
    cleaned.tags = [tag for tag in cleaned.tags if tag != FIRST_ITEM]
    if cleaned.fields.get("first_source"):
        cleaned.tags.append(FIRST_ITEM)


def _check_chair(draft: Draft, kind: Meeting, roll: Roll | None) -> Iterator[Refusal]:
    """The secretary presides where nobody else is named and they came; others are deputies whom they asked."""
    chair = draft.cleaned.columns.get("chair")
    if chair is None and roll is None:
        return
    day = draft.cleaned.day
    assert day is not None  # noqa: S101 - refused before
    posts = holders(draft.unit, posts=(*COMMITTEE, "group_leader"), day=day)
    if chair is None:
        first = "group_leader" if kind is Meeting.GROUP else "secretary"
        own = [one.person for one in posts if one.post == first and roll and one.person_id in roll.present]
        if own:
            draft.cleaned.columns["chair"] = own[0]
        return
    held = {one.post for one in posts if one.person_id == chair.pk}
    best = next((CHAIRS[post] for post in CHAIRS if post in held), None)
    if kind is Meeting.GROUP and "group_leader" in held:
        best = Chair.GROUP_LEADER
    found = best or (Chair.COMMITTEE_MEMBER if held else Chair.OTHER)
    if any(one.post in {"secretary", "group_leader"} for one in posts):
        yield from check_chair(law=law_for(draft.unit, on=day), meeting=kind, chair=found, delegated=True)


def _check_vote(draft: Draft, kind: Meeting, roll: Roll | None) -> Iterator[Refusal]:
    fields = draft.cleaned.fields
    votes = fields.get("votes_for")
    fields.pop("carried", None)
    if votes is None and (roll is None or not fields.get("decisions")):
        return
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    law = law_for(draft.unit, on=draft.cleaned.day)
    if roll is None:
        yield _no_roll(draft, law)
        return
    vote = VOTES.get(fields.get("vote", ""), Vote.COMMITTEE if kind is Meeting.COMMITTEE else Vote.MEMBERS)
    counts = roll.counts(among_all=kind is Meeting.COMMITTEE)
    found = check_quorum(law=law, vote=vote, **counts)
    if votes is not None and not found:
        found = check_secret_ballot(law=law, vote=vote, is_secret=bool(fields.get("secret_ballot")))
        answer = check_vote(law=law, vote=vote, in_favour=votes, **counts)
        found += [one for one in answer if one.code.endswith(".counts")]
        fields["carried"] = not answer
    yield from found


def _no_roll(draft: Draft, law: Law) -> Refusal:
    return Refusal(
        code="meeting.no_roll",
        reason=f"“{draft.cleaned.title}”登记了赞成票，但没有点名，不能核对到会人数",
        article=law.rule("party.meeting.quorum").citation,
        remedy="请先登记到会人员，再登记表决结果。",
    )


@checks_records("follow_up")
def check_follow_up(draft: Draft) -> Iterator[Refusal]:
    """A follow-up belongs to the meeting that decided it."""
    parent = draft.cleaned.columns.get("parent")
    if parent is None or not Record.objects.filter(pk=parent, register__in=PARENTS).exists():
        yield Refusal(
            code="follow_up.meeting",
            reason=f"“{draft.cleaned.title}”没有指明由哪次会议决定",
            article="平台规则：决定有出处、落实凭记录",
            remedy="请选择作出决定的会议；会议没有登记的请先登记。",
        )
