"""Who may be in the evaluation room (评标室): members in person, supervision to watch, nobody else."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied

from yangguang.trading.models import Member, Trade
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.roles import Role
from yangguang.trading.stages import Stage
from yangguang.web.access import WATCHING
from yangguang.web.accounts.requests import Request
from yangguang.web.trades import holds_a_role

ORDER = list(Stage)
UNEVALUATED = (Stage.TOO_FEW, Stage.TERMINATED, Stage.ALL_REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whoever is in the room: a member with a seat, or somebody who watches."""

    member: Member | None

    @property
    def watches(self) -> bool:
        """旁观: sees how far the committee is, touches nothing."""
        return self.member is None

    @property
    def is_in(self) -> bool:
        """Whether anything of the bids may be shown: a member has to sign in first."""
        return self.member is None or self.member.signed_in_at is not None


def viewer_of(trade: Trade, request: Request) -> Viewer:
    """Who looks. Raises `PermissionDenied` for everybody without a seat who does not supervise."""
    if trade.has_role(request.actor, Role.MEMBER):
        return Viewer(member=trade.member_of(request.actor.person))
    if holds_a_role(trade, actor=request.actor, roles=WATCHING):
        return Viewer(member=None)
    raise PermissionDenied


def has_seat_in_person(trade: Trade, request: Request) -> bool:
    """Whether the person has a seat here but acts for an organisation at the moment."""
    person = request.user.person
    return bool(request.actor.organisation) and standing_members(trade).filter(person=person).exists()


def stage_of(trade: Trade) -> Stage:
    """The stage; of a suspended trade the one where it was stopped."""
    return Stage(trade.suspended_from if trade.stage == Stage.SUSPENDED else trade.stage)


def has_reached(trade: Trade, stage: Stage) -> bool:
    """Whether the trade got to this stage of the evaluation."""
    here = stage_of(trade)
    return here not in UNEVALUATED and ORDER.index(here) >= ORDER.index(stage)


def progress_of(trade: Trade) -> list[dict[str, Any]]:
    """Each seat: where it comes from, whether it signed in, chairs, and whether it settled the report."""
    rows = standing_members(trade).select_related("report_signature", "chair_vote").order_by("seat")
    return [
        {
            "member": one,
            "voted": hasattr(one, "chair_vote"),
            "signature": getattr(one, "report_signature", None),
        }
        for one in rows
    ]
