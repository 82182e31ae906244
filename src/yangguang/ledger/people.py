"""Who is on the roll of a unit on a day, and which posts a person holds (名册)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from yangguang.ledger.models import Post, Unit
from yangguang.ledger.models.units import running
from yangguang.ledger.remembering import is_remembering, remembered
from yangguang.ledger.roles import COMMITTEE, PARTY_MEMBERS, POSTS, THROUGH_CELL, LedgerRole, post_mark
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.witness.actor import Actor

ROLLS = {
    "members": PARTY_MEMBERS,
    "committee": COMMITTEE,
    "leaders": ("leader",),
    "staff": (*PARTY_MEMBERS, "staff", "leader", *COMMITTEE),
}


def posts_of(person: Person, *, at: datetime) -> frozenset[str]:
    """The person's posts at this moment, as an actor's offices name them; in a branch also what a cell's post gives."""
    held = Post.objects.filter(running(legal_date(at)), person=person, unit__closed_on__isnull=True)
    posts = list(held.select_related("unit"))
    marks = {post_mark(unit=one.unit.code, post=one.post) for one in posts}
    return frozenset(marks) | _through_cells(posts)


def _through_cells(posts: Sequence[Post]) -> frozenset[str]:
    """A member of a 党小组 is a member of the branch that it belongs to; one query where there is one."""
    members = [one.unit for one in posts if LedgerRole.MEMBER in POSTS[one.post][1]]
    above = [one.above[-1] for one in members if one.kind == Unit.Kind.CELL and one.above]
    if not above:
        return frozenset()
    branches = Unit.objects.filter(code__in=above, kind=Unit.Kind.BRANCH, closed_on__isnull=True)
    return frozenset(post_mark(unit=code, post=THROUGH_CELL) for code in branches.values_list("code", flat=True))


def with_posts(actor: Actor, *, person: Person, at: datetime) -> Actor:
    """The same actor with the posts that the person holds."""
    return replace(actor, offices=actor.offices | posts_of(person, at=at))


@remembered
def roll_of(unit: Unit, *, roll: str, day: date) -> list[Person]:
    """Who belongs on a roll of this unit on a day, by id: its members, its committee or its staff; once each.

    A roll of a unit counts the people of the cells below it as well.
    """
    people = {one.person_id: one.person for one in held_on(unit, posts=ROLLS.get(roll, ()), day=day)}
    return [people[pk] for pk in sorted(people)]


@remembered
def holders(unit: Unit, *, posts: Sequence[str], day: date) -> list[Post]:
    """Who holds one of these posts in the unit itself on a day."""
    return [one for one in held_on(unit, posts=posts, day=day) if one.unit_id == unit.pk]


@remembered
def held_on(unit: Unit, *, posts: Sequence[str], day: date) -> list[Post]:
    """Who holds one of these posts on a day, in the unit and below, by id."""
    if is_remembering():
        wanted = frozenset(posts)
        return [one for one in _all_posts(unit) if one.post in wanted and one.runs_on(day)]
    held = Post.objects.filter(running(day), unit__path__startswith=unit.path, post__in=posts)
    return list(held.select_related("person").order_by("pk"))


@remembered
def _all_posts(unit: Unit) -> list[Post]:
    return list(Post.objects.filter(unit__path__startswith=unit.path).select_related("person").order_by("pk"))
