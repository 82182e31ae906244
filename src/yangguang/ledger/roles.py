"""The roles an actor can have towards a unit, and the posts that give them."""

from collections.abc import Mapping
from enum import StrEnum


class LedgerRole(StrEnum):
    """Towards one unit; an actor may hold several."""

    KEEPER = "keeper"  # 支部书记、委员、党务工作者: keeps the unit's records
    MEMBER = "member"  # 党员、干部职工 of the unit
    INSPECTOR = "inspector"  # 纪检委员、派驻纪检: of the unit or of one above it
    LEADER = "leader"  # 领导班子成员, and keepers of a unit above: reads, confirms reports
    NAMED = "named"  # named in the record itself: only a record knows
    CLOCK = "clock"  # the system's clock


# 任职: the posts a person can hold in a unit, their Chinese names and the roles they give there.
POSTS: Mapping[str, tuple[str, frozenset[LedgerRole]]] = {
    "secretary": ("书记", frozenset({LedgerRole.KEEPER, LedgerRole.LEADER, LedgerRole.MEMBER})),
    "deputy": ("副书记", frozenset({LedgerRole.KEEPER, LedgerRole.LEADER, LedgerRole.MEMBER})),
    "organisation": ("组织委员", frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER})),
    "publicity": ("宣传委员", frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER})),
    "discipline": ("纪检委员", frozenset({LedgerRole.INSPECTOR, LedgerRole.KEEPER, LedgerRole.MEMBER})),
    "committee": ("委员", frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER})),
    "worker": ("党务工作者", frozenset({LedgerRole.KEEPER})),
    "group_leader": ("党小组组长", frozenset({LedgerRole.KEEPER, LedgerRole.MEMBER})),
    "full": ("正式党员", frozenset({LedgerRole.MEMBER})),
    "probationary": ("预备党员", frozenset({LedgerRole.MEMBER})),
    "staff": ("干部职工", frozenset({LedgerRole.MEMBER})),
    "leader": ("领导班子成员", frozenset({LedgerRole.LEADER})),
    "inspector": ("派驻纪检人员", frozenset({LedgerRole.INSPECTOR})),
}
# A post in a 党小组 makes its holder a member of the branch above it; no post of the branch is named so.
THROUGH_CELL = "through_cell"
COMMITTEE = ("secretary", "deputy", "organisation", "publicity", "discipline", "committee")
PARTY_MEMBERS = ("full", "probationary")
ABOVE = frozenset({LedgerRole.INSPECTOR, LedgerRole.LEADER})  # what a post in a unit gives in the units below it


def post_mark(*, unit: str, post: str) -> str:
    """How an actor's offices name a post in a unit."""
    return f"{unit}:{post}"
