"""评标中更换评委: a member who must leave is followed by another, who evaluates anew (招标投标法实施条例第四十八条)."""

from datetime import datetime

from yangguang.experts import draws
from yangguang.parties.models import Person
from yangguang.trading.acts.committee import seat_next
from yangguang.trading.models import ChairVote, Member, Replacement, ReportSignature, Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.roles import TENDERERS
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import REGULATION, found_or_refuse, refuse_long, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record

ARTICLE = f"{REGULATION}第四十八条"


@act("replace_committee_member", by=TENDERERS)
def replace_committee_member(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    seat: int,
    ground: str,
    reason: str,
    representative: Person | None = None,
) -> Entry:
    """评标中更换评委: on a ground of the regulation, by whoever formed the committee (条例第四十六条、第四十八条).

    The opinions and scores of this seat are void, and so is a ranking that rests on them. An expert is followed by the
    next of the same draw who accepts (`record_expert_reply`), a tenderer's representative by `representative`; the
    evaluation goes on when everybody has signed in. Raises `Refused` once a member has settled the report.
    """
    member = _leaving(trade, seat)
    _refuse_ground(ground, reason)
    _refuse_settled_report(trade)
    _refuse_wrong_follower(member, representative)
    Replacement.objects.create(member=member, ground=ground, reason=reason, at=at)
    if not standing_members(trade).filter(chairs=True).exists():
        ChairVote.objects.filter(voter__trade=trade).delete()
    data: dict[str, object] = {"seat": seat, "ground": ground}
    if representative is not None:
        data["follower"] = seat_next(trade, representative, kind=Member.Kind.REPRESENTATIVE).seat
    else:
        draw, position = draws.accepted_place(stream=trade.stream, member=member.person.mark)
        data |= {"draw": draw.draw_id, "position": position}
    return record(data=data, concealed={"reason": reason})


def _leaving(trade: Trade, seat: int) -> Member:
    return found_or_refuse(
        standing_members(trade).filter(seat=seat).select_related("person").first(),
        code="member.not_seated",
        reason=f"{seat}号席位现在没有评标委员会成员",
        article=ARTICLE,
        remedy="请核对席位；已更换的成员不能再次更换。",
    )


def _refuse_ground(ground: str, reason: str) -> None:
    refuse_unless(
        ground in Replacement.Ground.values,
        code="replacement.unlisted_ground",
        reason=f"“{ground}”不是可以更换评标委员会成员的法定事由",
        article=f"{REGULATION}第四十六条、第四十八条",
        remedy=f"应为以下之一：{'、'.join(f'{one.value}（{one.label}）' for one in Replacement.Ground)}。",
    )
    refuse_unless(
        reason.strip(),
        code="replacement.no_reason",
        reason="更换评标委员会成员应写明事实",
        article=ARTICLE,
        remedy="请写明具体事实；不要写入姓名。",
    )
    refuse_long(reason)


def _refuse_settled_report(trade: Trade) -> None:
    refuse_unless(
        not ReportSignature.objects.filter(member__trade=trade).exists(),
        code="replacement.report_signed",
        reason="已有成员对评标报告表态，不能再更换评标委员会成员",
        article=f"{REGULATION}第五十三条",
        remedy="请完成评标报告；评标违法的，由行政监督部门责令改正。",
    )


def _refuse_wrong_follower(member: Member, representative: Person | None) -> None:
    expert = member.kind == Member.Kind.EXPERT
    refuse_unless(
        expert == (representative is None),
        code="replacement.follower",
        reason="接替的专家由抽取确定，不能指定" if expert else "更换招标人代表应同时确定新的代表",
        article=f"{REGULATION}第四十六条",
        remedy="请不填接替人员，由中心按原抽取顺序通知。" if expert else "请填写接替的招标人代表。",
    )
