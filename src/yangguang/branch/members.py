"""党员名册 (D09): one roll for the house and for outer systems; who came, who left, how large the branch is."""

from dataclasses import dataclass
from datetime import date

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Post, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.roles import COMMITTEE, PARTY_MEMBERS, POSTS
from yangguang.rules.party.terms import warn_branch_size
from yangguang.rules.refusal import Refusal

HEADINGS = ("姓名", "所在组织", "党籍", "入党日期", "转入日期", "党内职务")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """一次变动: who came to or left which unit, on which day, as what."""

    day: date
    name: str
    unit: str
    post: str
    came: bool


def roll_rows(unit: Unit, *, on: date) -> list[dict[str, str]]:
    """The roll of a day as rows under `HEADINGS`, to export; what the roll does not know is left empty; one query."""
    posts = Post.objects.filter(running(on), unit__path__startswith=unit.path, post__in=(*PARTY_MEMBERS, *COMMITTEE))
    rows: dict[int, dict[str, str]] = {}
    held: dict[int, list[str]] = {}
    for post in posts.select_related("unit", "person").order_by("person_id", "since"):
        if post.post in COMMITTEE:
            held.setdefault(post.person_id, []).append(_label(post))
            continue
        rows[post.person_id] = {
            "姓名": post.person.name, "所在组织": post.unit.name, "党籍": _label(post),
            "入党日期": str(post.facts.get("joined_on") or ""), "转入日期": post.since.isoformat(),
        }  # fmt: skip
    return [{**row, "党内职务": "、".join(held.get(person, ()))} for person, row in rows.items()]


def moves(unit: Unit, *, first: date, last: date) -> list[Move]:
    """党员变动 of a period, in the order of days; one query."""
    posts = Post.objects.filter(unit__path__startswith=unit.path, post__in=PARTY_MEMBERS)
    found = []
    for post in posts.select_related("unit", "person").order_by("person_id", "since"):
        common = {"name": post.person.name, "unit": post.unit.name, "post": _label(post)}
        if first <= post.since <= last:
            found.append(Move(day=post.since, came=True, **common))
        if post.until is not None and first <= post.until <= last:
            found.append(Move(day=post.until, came=False, **common))
    return sorted(found, key=lambda one: (one.day, one.name))


def warn_size(unit: Unit, *, on: date) -> list[Refusal]:
    """Cautions on a branch that is too small or too large (支部工作条例第二章); three queries."""
    posts = Post.objects.filter(running(on), unit__path__startswith=unit.path, post__in=PARTY_MEMBERS)
    held = list(posts.values_list("post", flat=True))
    return warn_branch_size(law=law_for(unit, on=on), members=len(held), full_members=held.count("full"))


def _label(post: Post) -> str:
    return POSTS[post.post][0]
