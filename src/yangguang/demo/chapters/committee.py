"""The committee (评标委员会): drawn experts, their replies, sign-in and chair."""

from datetime import timedelta

from yangguang.demo.chapters.draw import hold_draw
from yangguang.demo.people import Individual
from yangguang.demo.telling import Story
from yangguang.experts import draws
from yangguang.experts.models import Reply
from yangguang.trading.acts.committee import form_committee, record_expert_reply, sign_in_member, vote_for_chair

REPLIES = (
    (Reply.Kind.NO_ANSWER, ""),
    (Reply.Kind.ACCEPTED, ""),
    (Reply.Kind.REFUSED, "当日已有其他评标任务"),
    (Reply.Kind.ACCEPTED, ""),
    (Reply.Kind.ACCEPTED, ""),
    (Reply.Kind.ACCEPTED, ""),
)


def draw_experts(story: Story) -> str:
    """第29日下午: twelve of fourteen are in the pool; one works for a bidder, one has another specialty."""
    draw = hold_draw(story, kind=draws.EXPERTS, at=story.moment(29, "14:00"), subject="评标专家")
    start = story.moment(29, "14:10")
    for number, (reply, reason) in enumerate(REPLIES):
        position = draws.next_position(draw)
        story.perform(
            record_expert_reply,
            who=story.cast.staff,
            at=start + timedelta(minutes=3 * number),
            what=f"按抽取顺序语音通知第{number + 1}名专家：{reply.label}",
            position=position,
            reply=reply.value,
            reason=reason,
        )
    return "12名专家入池（回避1名），一人无应答、一人不能参加，依次抽满4人"


def form(story: Story) -> str:
    """第29日: four experts and one representative; without the representative it is not what was announced."""
    by, at = story.cast.agency, story.moment(29, "15:00")
    story.refused(
        form_committee,
        who=by,
        at=at,
        what="没有招标人代表就组建评标委员会",
        because="committee.not_as_announced",
        representatives=[],
    )
    people, words = [story.cast.representative.person], "组建评标委员会：专家4人、招标人代表1人"
    story.perform(form_committee, who=by, at=at, what=words, representatives=people)
    return "专家4人、招标人代表1人，名单保密"


def sit_down(story: Story) -> str:
    """第30日: all sign in at their seats and choose the chair."""
    for seat, member in members(story).items():
        at = story.moment(30, f"08:{50 + seat}")
        story.perform(sign_in_member, who=member, at=at, what=f"{seat}号席位签到")
    for seat, member in list(members(story).items())[:3]:
        at = story.moment(30, f"09:0{seat}")
        story.perform(vote_for_chair, who=member, at=at, what=f"{seat}号席位推选1号席位为组长", seat=1)
    return "五人签到，推选1号席位为组长"


def members(story: Story) -> dict[int, Individual]:
    """Who sits where."""
    seats = story.trade.members.order_by("seat").values_list("seat", "person__mark")
    return {seat: story.cast.member(mark) for seat, mark in seats}
