"""抽取评标专家 as its page shows it: every fact that anybody may check, and for the centre whom to call now.

Positions stand for persons. The one name that the page ever shows is that of the expert who has to be called next, and
only to the centre's staff.
"""

from dataclasses import dataclass

from yangguang.experts import draws
from yangguang.experts.models import Draw, Reply
from yangguang.parties.models import Person
from yangguang.proof import vrf
from yangguang.proof.draws import Draw as PublicDraw
from yangguang.proof.draws import draw_alpha
from yangguang.rules.refusal import Refused
from yangguang.trading.acts.committee import require_experts_wanted
from yangguang.trading.models import Trade
from yangguang.trading.readings import terms_of
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.web.draw_shares import Share, shares_of, step_of
from yangguang.witness.actor import Actor

KEPT_LETTERS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """One position in drawn order, and what was heard."""

    turn: int
    position: int
    replies: list[str]
    is_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertDraw:
    """One draw so far; the newest may still run."""

    draw: Draw
    shares: tuple[Share, ...]
    leaves: list[str]
    vrf_output: str
    problems: list[str]
    called: list[Called]

    @property
    def state(self) -> str:
        """Where the draw stands, in a few words."""
        if self.draw.seed:
            return "已完成"
        return step_of(self.shares)


def expert_draws(trade: Trade) -> list[ExpertDraw]:
    """Every draw of experts, the newest first."""
    held = draws.draws_of(stream=trade.stream, kind=draws.EXPERTS)
    newest = held[-1] if held else None
    return [_told(trade, one, is_newest=one == newest) for one in reversed(held)]


def _told(trade: Trade, draw: Draw, *, is_newest: bool) -> ExpertDraw:
    shares = shares_of(draw)
    leaves = list(draw.pool.values_list("leaf", flat=True))
    if not draw.seed:
        return ExpertDraw(draw=draw, shares=shares, leaves=leaves, vrf_output="", problems=[], called=[])
    facts = draws.facts(draw)
    return ExpertDraw(
        draw=draw,
        shares=shares,
        leaves=leaves,
        vrf_output=_vrf_output(facts),
        problems=facts.verify(),
        called=_called(trade, draw, is_newest=is_newest),
    )


def _vrf_output(facts: PublicDraw) -> str:
    """The value that the proof shows, from which a browser computes the seed again; "" for a bad proof."""
    about = {"kind": facts.kind, "draw_id": facts.draw_id, "pool_root": facts.pool_root}
    alpha = draw_alpha(**about, parties=facts.parties, algorithm=facts.algorithm)
    try:
        public, proof = bytes.fromhex(facts.vrf_public), bytes.fromhex(facts.vrf_proof)
        return vrf.verify(public=public, alpha=alpha, proof=proof).hex()
    except vrf.BadProof:
        return ""


def _called(trade: Trade, draw: Draw, *, is_newest: bool) -> list[Called]:
    """Those who were called, and the next one while experts are wanted."""
    heard: dict[int, list[str]] = {}
    for one in Reply.objects.filter(draw=draw).order_by("pk"):
        heard.setdefault(one.position, []).append(Reply.Kind(one.kind).label)
    due = due_position(trade) if is_newest else None
    rows = []
    for turn, position in enumerate(draws.order(draw), start=1):
        if position not in heard and position != due:
            break
        rows.append(Called(turn=turn, position=position, replies=heard.get(position, []), is_due=position == due))
    return rows


def due_position(trade: Trade) -> int | None:
    """The position to call now, or None when nobody has to be called."""
    if trade.stage not in {Stage.OPENED, Stage.DRAWN}:
        return None
    try:
        draw, due = require_experts_wanted(trade)
    except Refused:
        return None
    return due if draw.seed else None


def name_to_call(trade: Trade, *, actor: Actor) -> str:
    """The name of the expert whose turn it is, for the centre's staff alone."""
    if not trade.has_role(actor, Role.CENTRE):
        return ""
    due = due_position(trade)
    if due is None:
        return ""
    draw = draws.current_draw(stream=trade.stream, kind=draws.EXPERTS)
    return Person.objects.values_list("name", flat=True).get(mark=draw.pool.get(position=due).member_id)


def masked_specialty(trade: Trade) -> str:
    """专业, without what would narrow the circle down: A08 becomes A**."""
    specialty = terms_of(trade).specialty
    return specialty[:KEPT_LETTERS] + "*" * max(len(specialty) - KEPT_LETTERS, 0)
