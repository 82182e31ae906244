"""Meetings (三会): who calls them, whether they may vote, whether a motion is carried, what comes first."""

from datetime import date
from enum import StrEnum

from yangguang.rules.checks.answers import refuse
from yangguang.rules.law import Bound, Law, Rule
from yangguang.rules.refusal import Refusal


class Vote(StrEnum):
    """What is voted on, which sets quorum and majority: by the members, a committee, a party group, or on whom."""

    MEMBERS = "meeting"
    COMMITTEE = "committee_meeting"
    GROUP = "group_meeting"
    ADMISSION = "admission"
    ELECTION = "election"


VOTER_LABELS = {
    Vote.MEMBERS: "有表决权的党员",
    Vote.COMMITTEE: "委员",
    Vote.GROUP: "班子成员",
    Vote.ADMISSION: "有表决权的党员",
    Vote.ELECTION: "有选举权的党员",
}


class Meeting(StrEnum):
    """The three meetings (党员大会、支委会、党小组会)."""

    MEMBERS = "members"
    COMMITTEE = "committee"
    GROUP = "group"


class Chair(StrEnum):
    """Who presides: the secretary, a deputy or committee member, a group leader, anybody else."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    COMMITTEE_MEMBER = "committee_member"
    GROUP_LEADER = "group_leader"
    OTHER = "other"


CHAIRS = {
    Meeting.MEMBERS: (Chair.SECRETARY, Chair.DEPUTY, Chair.COMMITTEE_MEMBER),
    Meeting.COMMITTEE: (Chair.SECRETARY, Chair.DEPUTY, Chair.COMMITTEE_MEMBER),
    Meeting.GROUP: (Chair.GROUP_LEADER,),
}


def check_quorum(*, law: Law, due: int, present: int, vote: Vote = Vote.MEMBERS) -> list[Refusal]:
    """到会人数: half of the voters due at an ordinary meeting (支部工作条例第十一条), half of a committee (第十二条).

    An admission asks for more than half (发展党员工作细则第二十条), an election for four fifths. `due` and `present`
    count those with the right to vote only.
    """
    if faults := _refuse_bad_counts(law, vote, due=due, present=present, in_favour=0):
        return faults
    rule = law.rule(f"party.{vote}.quorum")
    if reaches(rule, part=present, whole=due):
        return []
    return [
        refuse(
            code=f"{vote}.no_quorum",
            rule=rule,
            reason=f"应到会{VOTER_LABELS[vote]}{due}人，实到{present}人，未达到{_share_text(rule)}",
            remedy="会议可以学习和讨论，但不得表决；请另行召开",
        )
    ]


def check_vote(*, law: Law, due: int, present: int, in_favour: int, vote: Vote = Vote.MEMBERS) -> list[Refusal]:
    """Whether the motion is carried: quorum first, then more than half of the voters due (支部工作条例第十一条).

    An election counts those present (基层组织选举工作条例). Abstentions and absences are no votes in favour.
    """
    faults = _refuse_bad_counts(law, vote, due=due, present=present, in_favour=in_favour)
    faults = faults or check_quorum(law=law, due=due, present=present, vote=vote)
    if faults:
        return faults
    rule = law.rule(f"party.{vote}.majority")
    whole, word = (present, "实到会") if vote is Vote.ELECTION else (due, "应到会")
    if reaches(rule, part=in_favour, whole=whole):
        return []
    return [
        refuse(
            code=f"{vote}.not_carried",
            rule=rule,
            reason=f"赞成{in_favour}票，未达到{word}{VOTER_LABELS[vote]}{whole}人的{_share_text(rule)}",
            remedy="表决未通过，请如实记录结果；需要的可以充分讨论后另行召开会议",
        )
    ]


def check_secret_ballot(*, law: Law, vote: Vote, is_secret: bool) -> list[Refusal]:
    """Whether the vote had to be by secret ballot (无记名投票): admissions since the 2026 细则第二十条."""
    rule = law.find(f"party.{vote}.secret_ballot")
    if is_secret or rule is None or not rule.count:
        return []
    return [
        refuse(
            code=f"{vote}.not_secret",
            rule=rule,
            reason="接收预备党员应采取无记名投票方式表决",
            remedy="请改为无记名投票后重新表决",
        )
    ]


def check_chair(*, law: Law, meeting: Meeting, chair: Chair, delegated: bool = False) -> list[Refusal]:
    """The secretary calls and presides, deputy or committee member where the secretary asked them to (`delegated`).

    A group meeting is the group leader's (支部工作条例第十四条).
    """
    first, *deputies = CHAIRS[meeting]
    if chair is first or (delegated and chair in deputies):
        return []
    return [
        refuse(
            code="meeting.chair",
            rule=law.rule("party.meeting.chaired_by_secretary"),
            reason=f"{'党小组会由组长' if meeting is Meeting.GROUP else '会议由书记'}召集并主持",
            remedy="请核对主持人；书记不能参加的，登记受委托的副书记或者委员",
        )
    ]


def warn_without_committee(
    *, law: Law, matter: str, meeting_on: date, committee_on: date | None, has_committee: bool = True
) -> list[Refusal]:
    """A caution where an important matter goes to the members before the committee discussed it (第十二条).

    The rule says 一般应当, so it stops nothing. A branch without a committee is not asked.
    """
    rule = law.rule("party.meeting.committee_first")
    if not has_committee or not rule.count or (committee_on is not None and committee_on <= meeting_on):
        return []
    return [
        refuse(
            code="meeting.without_committee",
            rule=rule,
            reason=f"“{matter}”提交{meeting_on}党员大会之前没有经过支部委员会会议",
            remedy="请先召开支部委员会会议，或者关联已经召开的会议",
        )
    ]


def reaches(rule: Rule, *, part: int, whole: int) -> bool:
    """Whether part of a whole reaches a percentage, or passes it where the rule says 超过."""
    share, asked = part * 100, rule.value * whole
    return share > asked if rule.bound is Bound.MORE_THAN else share >= asked


def _share_text(rule: Rule) -> str:
    """过半数, 半数以上, 超过60%, 80%以上."""
    is_half = rule.value == 50  # noqa: PLR2004 - half reads as a word
    if rule.bound is Bound.MORE_THAN:
        return "过半数" if is_half else f"{rule.amount_text}（不含）以上"
    return f"{'半数' if is_half else rule.amount_text}以上"


def _refuse_bad_counts(law: Law, vote: Vote, *, due: int, present: int, in_favour: int) -> list[Refusal]:
    """Counts that cannot be: nobody due, more present than due, more votes than present, less than none."""
    if due > 0 and 0 <= in_favour <= present <= due:
        return []
    return [
        refuse(
            code=f"{vote}.counts",
            rule=law.rule(f"party.{vote}.quorum"),
            reason=f"应到{due}人、实到{present}人、赞成{in_favour}票，人数互相矛盾",
            remedy="请核对名册和签到",
        )
    ]
