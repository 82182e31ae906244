"""A branch with a few people, for the tests of the ledger and of everything above it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from yangguang.ledger.acts import enter_record
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.models import Post, Record, Unit
from yangguang.ledger.people import with_posts
from yangguang.parties.models import Person
from yangguang.witness.actor import Actor

MORNING = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
OPENED = date(2020, 1, 1)


@dataclass
class Branch:
    """A branch: its unit, its people by name, and the moment at which its acts are done."""

    unit: Unit
    at: datetime = MORNING
    people: dict[str, Person] = field(default_factory=dict)

    def add(self, name: str, *posts: str, since: date = OPENED, **facts: Any) -> Person:
        """A person with posts in the branch."""
        person = self.people.setdefault(name, Person.objects.create(name=name))
        for post in posts:
            Post.objects.create(unit=self.unit, person=person, post=post, since=since, facts=facts)
        return person

    def actor(self, name: str) -> Actor:
        """The person as an actor with their posts."""
        person = self.people[name]
        return with_posts(Actor(person=person.mark), person=person, at=self.at)

    def enter(self, register: str, by: str = "书记", **values: Any) -> Record:
        """A record entered by one of them."""
        return enter_record(self.unit, actor=self.actor(by), at=self.at, register=register, values=values)

    def marks(self, *names: str) -> list[str]:
        """The marks of people."""
        return [self.people[name].mark for name in names]


def a_branch(*, members: int = 4) -> Branch:
    """A branch with a secretary, a discipline member, a worker and some members."""
    unit = found_unit(code="zb", name="示例市公共资源交易中心党支部", kind="branch", opened_on=OPENED)
    branch = Branch(unit=unit)
    branch.add("书记", "secretary", "full")
    branch.add("纪检委员", "discipline", "full")
    branch.add("干事", "worker", "staff")
    for number in range(1, members + 1):
        branch.add(f"党员{number}", "full")
    return branch
