"""抽取: the four steps of a draw, for a price parameter at the opening and for experts after it."""

from collections.abc import Iterator
from datetime import datetime

from yangguang.experts import draws
from yangguang.experts.models import Draw, Expert
from yangguang.parties.models import Organisation
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.checks.committee import Relation, RelationKind, check_recusal
from yangguang.rules.clocks import due_at
from yangguang.rules.law import Law
from yangguang.trading.models import Trade
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.readings import terms_of, vacant_seats
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.trading.terms import Parameter
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import LAW, PLATFORM, REGULATION, refuse_unless
from yangguang.witness.models import Entry
from yangguang.witness.record import record

# The holder of the VRF key reveals first: it alone could foresee the outcome.
PARTIES = ("centre", "tenderer", "supervisor")
DRAWERS = frozenset({Role.CENTRE, Role.TENDERER, Role.SUPERVISOR})


def kind_of(trade: Trade) -> str:
    """What is drawn at this stage: the parameter at the opening, the experts after it."""
    return draws.PARAMETER if trade.stage == Stage.LISTED else draws.EXPERTS


@act("open_draw", by={Role.CENTRE})
def open_draw(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """建立抽取池: freezes an ordered pool of salted leaves before anybody commits (招标投标法实施条例第四十六条).

    At the opening the pool holds the options of the tender document, afterwards the experts of the specialty without
    those who must stand back. Raises `Refused` when there is nothing to draw or a draw was already opened.
    """
    kind = kind_of(trade)
    parameter = require_something_to_draw(trade, at=at)
    members = list(parameter.options) if parameter else eligible_experts(trade, at=at)
    draw = draws.open_draw(stream=trade.stream, kind=kind, members=members, parties=PARTIES)
    data = {
        "subject": parameter.name if parameter else terms_of(trade).specialty,
        "draw": draw.draw_id,
        "kind": kind,
        "pool_size": len(members),
        "pool_root": draw.pool_root,
        "parties": list(PARTIES),
        "missing_reveal": draws.MISSING_REVEAL,
    }
    return record(data=data)


@act("commit_to_draw", by=DRAWERS)
def commit_to_draw(trade: Trade, *, actor: Actor, at: datetime, commitment: str) -> Entry:
    """提交承诺: a party binds itself to a secret number before it sees the others'."""
    draw = draws.current_draw(stream=trade.stream, kind=kind_of(trade))
    party = party_of(trade, actor)
    draws.commit(draw=draw, party=party, value=commitment)
    return record(data={"draw": draw.draw_id, "party": party, "commitment": commitment})


@act("reveal_for_draw", by=DRAWERS)
def reveal_for_draw(trade: Trade, *, actor: Actor, at: datetime, nonce: bytes) -> Entry:
    """揭示随机数: after all commitments; the centre, which holds the VRF key, reveals first."""
    draw, party = require_centre_revealed(trade, actor=actor)
    draws.reveal(draw=draw, party=party, nonce=nonce)
    return record(data={"draw": draw.draw_id, "party": party, "nonce": nonce.hex()})


@act("complete_draw", by={Role.CENTRE})
def complete_draw(trade: Trade, *, actor: Actor, at: datetime) -> Entry:
    """完成抽取: fixes the order of the whole pool; anyone can compute it again from the log (RFC 3797, RFC 9381).

    A party that has not revealed is waited for; otherwise whoever completes could pick the moment that suits.
    """
    kind = kind_of(trade)
    draw = draws.current_draw(stream=trade.stream, kind=kind)
    require_all_had_time(trade, draw, at=at)
    done = draws.complete(draw=draw)
    data: dict[str, object] = {"draw": draw.draw_id, "seed": done.seed, "vrf_proof": done.vrf_proof}
    if kind == draws.PARAMETER:
        position = next(draws.order(draw))
        drawn = draw.pool.get(position=position)
        data |= {"position": position, "value": drawn.member_id, "salt": drawn.salt}
    return record(data=data)


def require_something_to_draw(trade: Trade, *, at: datetime) -> Parameter | None:
    """The parameter whose turn it is, None where experts are drawn; refuses while a draw runs or none is left."""
    if kind_of(trade) == draws.PARAMETER:
        return _next_parameter(trade)
    _refuse_drawing_again(trade)
    refuse_unless(
        next(_eligible(trade, at=at), None),
        code="draw.pool_empty",
        reason=f"专家库中没有可以抽取的“{terms_of(trade).specialty}”专业专家：不在岗、已在委员会或者应当回避的除外",
        article=f"{REGULATION}第四十六条",
        remedy="请先补充本专业的专家，再建立抽取池。",
    )
    return None


def require_centre_revealed(trade: Trade, *, actor: Actor) -> tuple[Draw, str]:
    """The draw and the actor's party; refuses whoever would reveal before the centre."""
    draw = draws.current_draw(stream=trade.stream, kind=kind_of(trade))
    party = party_of(trade, actor)
    centre_first = party == PARTIES[0] or draw.commitments.filter(party=PARTIES[0]).exclude(nonce="").exists()
    refuse_unless(
        centre_first,
        code="draw.centre_first",
        reason="中心应当最先揭示",
        article=f"{PLATFORM}：抽取",
        remedy="请等待中心揭示后再揭示。",
    )
    return draw, party


def reveals_until(trade: Trade, draw: Draw) -> datetime | None:
    """Until when a draw waits for whoever has not revealed; None when nobody is waited for."""
    reveals = Entry.objects.filter(stream=trade.stream, act="reveal_for_draw", payload__contains=draw.draw_id)
    first = reveals.order_by("sequence").first()
    if first is None or not draw.commitments.filter(nonce="").exists():
        return None
    return due_at(law=trade.kept_law(), rule_id="platform.draw.reveal_window", start=first.at)


def require_all_had_time(trade: Trade, draw: Draw, *, at: datetime) -> None:
    """Refuse to complete while a party may still reveal."""
    until = reveals_until(trade, draw)
    if until is None:
        return
    refuse_unless(
        at >= until,
        code="draw.reveals_missing",
        reason="还有参与方没有揭示随机数",
        article=f"{PLATFORM}：抽取揭示等待",
        remedy=f"请等待其揭示；{until.astimezone(LEGAL_ZONE):%H:%M:%S}以后仍未揭示的，以其承诺代替。",
    )


def party_of(trade: Trade, actor: Actor) -> str:
    """Which party of a draw the actor is."""
    return next(party for party in PARTIES if trade.has_role(actor, party))


def eligible_experts(trade: Trade, *, at: datetime) -> list[str]:
    """回避: the marks of active experts of the specialty whom no relation keeps out, in the order of their marks.

    A supplementary draw during the evaluation leaves out whoever sits or sat on the committee.
    """
    return list(_eligible(trade, at=at))


def _eligible(trade: Trade, *, at: datetime) -> Iterator[str]:
    specialty, law = terms_of(trade).specialty, trade.kept_law()
    seated = set(trade.members.values_list("person_id", flat=True)) if trade.stage == Stage.DRAWN else set()
    parties = [trade.tender.tenderer, *([trade.tender.agency] if trade.tender.agency else [])]
    involved = [*parties, *(bid.bidder for bid in standing_bids(trade))]
    experts = Expert.objects.filter(active=True).select_related("person").order_by("person__mark")
    for expert in experts.iterator(chunk_size=100):
        fits = specialty in expert.specialties and expert.person_id not in seated
        if fits and not _must_stand_back(expert, involved, law=law, at=at):
            yield expert.person.mark


def _must_stand_back(expert: Expert, involved: list[Organisation], *, law: Law, at: datetime) -> bool:
    relations = [
        Relation(kind=RelationKind(kind), party=organisation.name)
        for organisation in involved
        for code, kind in {**expert.recusals, expert.employer: RelationKind.SAME_EMPLOYER}.items()
        if code == organisation.code
    ]
    return bool(check_recusal(law=law, relations=relations, on=legal_date(at)))


def _refuse_drawing_again(trade: Trade) -> None:
    """Experts are drawn once; a second pool follows only when the first is used up, never when it does not please."""
    held = draws.draws_of(stream=trade.stream, kind=draws.EXPERTS)
    refuse_unless(
        trade.stage != Stage.DRAWN or vacant_seats(trade),
        code="draw.no_vacancy",
        reason="评标委员会没有空缺的专家席位，不需要补充抽取",
        article=f"{REGULATION}第四十八条",
        remedy="请等待评委签到；有法定事由的，先由招标人办理评标中更换评委。",
    )
    refuse_unless(
        not held or (held[-1].seed and draws.next_position(held[-1]) is None),
        code="draw.running",
        reason="已建立的抽取池还没有用完",
        article=f"{REGULATION}第四十六条",
        remedy="请按抽取顺序继续通知；抽取池用完后才能重新建立。",
    )


def _next_parameter(trade: Trade) -> Parameter:
    """The parameter whose turn it is; those before it must be drawn."""
    held = draws.draws_of(stream=trade.stream, kind=draws.PARAMETER)
    asked = terms_of(trade).parameters
    refuse_unless(
        len(held) < len(asked),
        code="draw.no_parameter",
        reason="招标文件规定的参数都已建立抽取池",
        article=f"{LAW}第四十条",
        remedy="参数只抽取一次，请继续已建立的抽取或开始解密。",
    )
    refuse_unless(
        all(draw.seed for draw in held),
        code="draw.running",
        reason="上一个参数还没有抽取完成",
        article=f"{PLATFORM}：抽取",
        remedy="请先完成上一个参数的抽取。",
    )
    return asked[len(held)]
