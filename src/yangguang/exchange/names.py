"""From names to people and back (姓名与人员), by the roll of a unit; people of one name are told apart by number."""

import re
from collections.abc import Iterable, Mapping

from yangguang.exchange.cells import Unreadable
from yangguang.ledger.models import Post, Unit
from yangguang.parties.models import Person

NUMBERED = re.compile(r"(.+?)\s*[（(]\s*([^（()）]+?)\s*[)）]")


class Names:
    """Everybody who ever held a post in a unit or below it, read once."""

    def __init__(self, unit: Unit) -> None:
        """Read the people with their posts; one query."""
        self.people: dict[str, Person] = {}
        self._posts: dict[str, list[str]] = {}
        self._by_name: dict[str, list[Person]] = {}
        held = Post.objects.filter(unit__path__startswith=unit.path).select_related("person", "unit")
        for post in held.order_by("person_id", "since", "pk"):
            person = post.person
            if person.mark not in self.people:
                self.people[person.mark] = person
                self._by_name.setdefault(person.name, []).append(person)
            self._posts.setdefault(person.mark, []).append(f"{post.unit.name}{post.get_post_display()}")

    def mark_of(self, text: str) -> str:
        """The mark of the person whom a cell names. Raises `Unreadable` for nobody's name and for that of several."""
        found = self._by_name.get(text, [])
        if len(found) == 1:
            return found[0].mark
        if found:
            raise Unreadable(f"有{len(found)}位“{text}”", "写成“姓名（编号）”：" + "；".join(map(self._told, found)))
        numbered = NUMBERED.fullmatch(text)
        person = self.people.get(numbered[2]) if numbered else None
        if numbered is None or person is None or person.name != numbered[1]:
            raise Unreadable(f"名册中没有“{text}”", "核对姓名；新来的人员先登记任职，同名的写成“姓名（编号）”")
        return person.mark

    def name_of(self, person: Person) -> str:
        """The person as a cell names them: with the number where the name alone would not do."""
        return person.name if len(self._by_name.get(person.name, [])) == 1 else f"{person.name}（{person.mark}）"

    def names_of(self, marks: Iterable[str], others: Mapping[str, Person]) -> tuple[str, ...]:
        """The names of people by mark; `others` are those who never held a post here."""
        known = {**others, **self.people}
        return tuple(self.name_of(known[mark]) if mark in known else mark for mark in marks)

    def _told(self, person: Person) -> str:
        return f"{person.name}（{person.mark}）是{self._posts[person.mark][-1]}"
