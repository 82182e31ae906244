"""组建评标委员会: replies of drawn experts, the committee, its sign-in and its chair.

A member who has to be followed by another during the evaluation is in `replacement.py`.
"""

from datetime import datetime

from yangguang.experts import draws
from yangguang.experts.models import Draw, Reply
from yangguang.parties.models import Person
from yangguang.rules.checks.committee import check_committee
from yangguang.rules.refusal import refuse_if
from yangguang.trading.models import ChairVote, Member, Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.readings import terms_of, vacant_seats
from yangguang.trading.roles import TENDERERS, Role
from yangguang.trading.stages import Stage
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import LAW, PLATFORM, REGULATION, refuse_long, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record

ANSWERS = tuple(kind.value for kind in Reply.Kind if kind != Reply.Kind.ABSENT)


@act("record_expert_reply", by={Role.CENTRE})
def record_expert_reply(
    trade: Trade, *, actor: Actor, at: datetime, position: int, reply: str, reason: str = ""
) -> Entry:
    """登记应答: accepted, refused, no answer or 回避; the draw goes on along the same order (条例第四十六条).

    Where a member was replaced, whoever accepts takes the empty seat under a number of its own. Raises `Refused` when
    `position` is not the one whose turn it is, or when enough experts have accepted.
    """
    draw, due = require_experts_wanted(trade)
    refuse_unless(
        due is not None and position == due,
        code="draw.wrong_position",
        reason="不是按抽取顺序应通知的专家" if due is not None else "抽取池已用完",
        article=f"{REGULATION}第四十六条",
        remedy="请按抽取顺序通知；抽取池用完时，由中心补充专家后重新建立抽取池，各方承诺、揭示并完成补充抽取后再通知。",
    )
    refuse_unless(
        reply in ANSWERS,
        code="draw.reply",
        reason=f"“{reply}”不是应答结果",
        article=f"{REGULATION}第四十六条",
        remedy=f"应为以下之一：{'、'.join(ANSWERS)}。未到场的请办理更换评委。",
    )
    kind = Reply.Kind(reply)
    refuse_unless(
        kind in {Reply.Kind.ACCEPTED, Reply.Kind.NO_ANSWER} or reason.strip(),
        code="draw.reason_missing",
        reason="拒绝或回避应写明原因",
        article=f"{REGULATION}第四十六条",
        remedy="请填写原因。",
    )
    refuse_long(reason)
    Reply.objects.create(draw=draw, position=position, kind=kind, reason=reason)
    data: dict[str, object] = {"draw": draw.draw_id, "position": position, "reply": kind.value}
    if trade.stage == Stage.DRAWN and kind == Reply.Kind.ACCEPTED:
        expert = Person.objects.get(mark=draw.pool.get(position=position).member_id)
        data["seat"] = seat_next(trade, expert, kind=Member.Kind.EXPERT).seat
    return record(data=data)


@act("form_committee", by=TENDERERS)
def form_committee(trade: Trade, *, actor: Actor, at: datetime, representatives: list[Person]) -> Entry:
    """组建评标委员会: the accepted experts and the tenderer's representatives (招标投标法第三十七条).

    The log knows seats; who sits on them stays a salted leaf of the draw until the law lets the names out. Raises
    `Refused` when size, parity or the share of experts is not what law and tender document ask for.
    """
    terms = terms_of(trade)
    draw = draws.current_draw(stream=trade.stream, kind=draws.EXPERTS)
    positions = draws.accepted_positions(draw)
    size = len(positions) + len(representatives)
    refuse_unless(
        len(positions) == terms.experts and size == terms.committee_size,
        code="committee.not_as_announced",
        reason=f"招标文件规定专家{terms.experts}人、共{terms.committee_size}人，现为专家{len(positions)}人、共{size}人",
        article=f"{LAW}第三十七条",
        remedy="请继续抽取专家或补齐招标人代表。",
    )
    refuse_if(check_committee(law=trade.kept_law(), members=size, experts=len(positions)))
    people = {position: Person.objects.get(mark=draw.pool.get(position=position).member_id) for position in positions}
    refuse_unless(
        len({*people.values(), *representatives}) == size,
        code="committee.twice",
        reason="同一人不能占两个席位",
        article=f"{LAW}第三十七条",
        remedy="请更换招标人代表。",
    )
    Member.objects.filter(trade=trade).delete()
    seats = [(Member.Kind.EXPERT, people[position]) for position in positions]
    seats += [(Member.Kind.REPRESENTATIVE, person) for person in representatives]
    for seat, (kind, person) in enumerate(seats, start=1):
        Member.objects.create(trade=trade, seat=seat, person=person, kind=kind)
    data = {"draw": draw.draw_id, "positions": positions, "representatives": len(representatives)}
    return record(data=data)


@act("sign_in_member", by={Role.MEMBER})
def sign_in_member(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """评委签到: nothing of the bids is shown before; when all are there the chair is elected, unless there is one."""
    member = require_not_signed_in(trade, actor=actor)
    member.signed_in_at = at
    member.save(update_fields=["signed_in_at"])
    waiting = vacant_seats(trade) > 0 or standing_members(trade).filter(signed_in_at__isnull=True).exists()
    chaired = standing_members(trade).filter(chairs=True).exists()
    return record(data={"seat": member.seat}, to=_stage_after(waiting=waiting, chaired=chaired))


@act("replace_member", by={Role.CENTRE})
def replace_member(trade: Trade, *, actor: Actor, at: datetime, seat: int, reason: str) -> Entry:
    """更换评委: an expert who did not come is replaced by going on along the same draw (条例第四十八条).

    The committee is formed again. Raises `Refused` once a member was replaced during the evaluation: what the others
    found stands, and they stay.
    """
    refuse_unless(
        not trade.replacements,
        code="member.evaluation_began",
        reason="评标中已更换过成员，评标委员会不再重新组建",
        article=f"{REGULATION}第四十八条",
        remedy="请由招标人办理评标中更换评委。",
    )
    member = trade.members.filter(seat=seat, kind=Member.Kind.EXPERT, signed_in_at__isnull=True).first()
    refuse_unless(
        member is not None and reason.strip(),
        code="member.not_replaceable",
        reason="只能更换尚未签到的专家，并应写明法定事由",
        article=f"{REGULATION}第四十八条",
        remedy="请核对席位并填写原因。",
    )
    assert member is not None  # noqa: S101 - refused above
    refuse_long(reason)
    draw = draws.current_draw(stream=trade.stream, kind=draws.EXPERTS)
    position = draw.pool.get(member_id=member.person.mark).position
    Reply.objects.create(draw=draw, position=position, kind=Reply.Kind.ABSENT, reason=reason)
    trade.members.update(signed_in_at=None)
    return record(data={"draw": draw.draw_id, "position": position, "seat": seat, "reply": Reply.Kind.ABSENT.value})


@act("vote_for_chair", by={Role.MEMBER})
def vote_for_chair(trade: Trade, *, actor: Actor, at: datetime, seat: int) -> Entry:
    """推选组长: one vote a member; whoever has more than half chairs and the review begins."""
    member = require_not_voted(trade, actor=actor)
    candidate = standing_members(trade).filter(seat=seat).first()
    refuse_unless(
        candidate is not None,
        code="chair.no_seat",
        reason=f"没有{seat}号席位",
        article=f"{PLATFORM}：推选组长",
        remedy="请选择在座成员。",
    )
    assert candidate is not None  # noqa: S101 - refused above
    ChairVote.objects.create(voter=member, candidate=candidate)
    votes = ChairVote.objects.filter(candidate=candidate).count()
    chosen = votes * 2 > standing_members(trade).count()
    if chosen:
        candidate.chairs = True
        candidate.save(update_fields=["chairs"])
    _start_again_after_a_draw(trade, chosen=chosen)
    data = {"seat": member.seat, "for": seat, "chair": seat if chosen else 0}
    return record(data=data, to=Stage.REVIEWING if chosen else Stage.SEATED)


def experts_missing(trade: Trade, draw: Draw) -> int:
    """How many experts have still to accept: for the committee, or for the seats that replacements left empty."""
    if trade.stage == Stage.DRAWN:
        return vacant_seats(trade)
    return terms_of(trade).experts - len(draws.accepted_positions(draw))


def seat_next(trade: Trade, person: Person, *, kind: Member.Kind) -> Member:
    """Seat a follower under the next number; nobody who sits or sat here can come again."""
    refuse_unless(
        not trade.members.filter(person=person).exists(),
        code="committee.twice",
        reason="该人员已是或者曾是本项目评标委员会成员",
        article=f"{REGULATION}第四十八条",
        remedy="请另行确定人员；按抽取顺序通知到的，登记为应当回避。",
    )
    last = trade.members.order_by("seat").values_list("seat", flat=True).last()
    return Member.objects.create(trade=trade, seat=(last or 0) + 1, person=person, kind=kind)


def require_experts_wanted(trade: Trade) -> tuple[Draw, int | None]:
    """The draw and the position whose turn it is; refuses when enough experts have accepted."""
    draw = draws.current_draw(stream=trade.stream, kind=draws.EXPERTS)
    refuse_unless(
        experts_missing(trade, draw) > 0,
        code="draw.enough",
        reason="接受邀请的专家已满额",
        article=f"{REGULATION}第四十六条",
        remedy="请办理组建评标委员会或者评委签到。",
    )
    return draw, draws.next_position(draw)


def require_not_signed_in(trade: Trade, *, actor: Actor) -> Member:
    """The actor's seat; refuses whoever has signed in."""
    member = member_of(trade, actor)
    refuse_unless(
        member.signed_in_at is None,
        code="member.signed_in",
        reason="您已签到",
        article=f"{PLATFORM}：评标签到",
        remedy="请等待其他成员签到。",
    )
    return member


def require_not_voted(trade: Trade, *, actor: Actor) -> Member:
    """The actor's seat; refuses whoever has voted."""
    member = member_of(trade, actor)
    refuse_unless(
        not ChairVote.objects.filter(voter=member).exists(),
        code="chair.voted",
        reason="您已投票",
        article=f"{PLATFORM}：推选组长",
        remedy="请等待其他成员投票。",
    )
    return member


def member_of(trade: Trade, actor: Actor) -> Member:
    """The actor's seat; only members have the role that leads here."""
    member: Member | None = trade.member_of(actor.person)
    assert member is not None  # noqa: S101 - refused before; for the type checker
    return member


def require_chair(trade: Trade, actor: Actor) -> Member:
    """The chair's own seat, or `Refused`."""
    member = member_of(trade, actor)
    refuse_unless(
        member.chairs,
        code="chair.only",
        reason="该事项由评标委员会组长办理",
        article=f"{PLATFORM}：评标",
        remedy="请由组长办理。",
    )
    return member


def _start_again_after_a_draw(trade: Trade, *, chosen: bool) -> None:
    """When everybody voted and nobody has more than half, the votes are cleared for another round."""
    voters = ChairVote.objects.filter(voter__trade=trade)
    if not chosen and voters.count() == standing_members(trade).count():
        voters.delete()


def _stage_after(*, waiting: bool, chaired: bool) -> Stage:
    if waiting:
        return Stage.DRAWN
    return Stage.REVIEWING if chaired else Stage.SEATED
