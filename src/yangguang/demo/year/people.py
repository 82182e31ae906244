"""The demonstration year's units and people (组织与人员): who holds which post, by `units.csv` and `people.csv`."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path

from yangguang.ledger.acts import appoint_to_post, open_unit
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.models import Post, Unit
from yangguang.ledger.people import roll_of, with_posts
from yangguang.parties.models import Person
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.witness.actor import Actor

DATA = Path(__file__).parent / "data"
ROOT = "jyzx"
FOUNDED = date(2021, 1, 4)
SECRETARY, INSPECTOR = "书记", "纪检委员"


@dataclass(slots=True, kw_only=True)
class Centre:
    """The centre: its units by code, its people by name, and by what the tables call them (`书记`, `科室负责人`).

    `keepers` says who keeps the records of a unit.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    keepers: dict[str, str] = field(default_factory=dict)
    rolls: dict[tuple[str, str], list[Person]] = field(default_factory=dict)

    @property
    def root(self) -> Unit:
        """The unit that all others belong to."""
        return self.units[ROOT]

    def person(self, called: str) -> Person:
        """The person with this name or alias."""
        return self.people[self.groups[called][0] if called in self.groups else called]

    def persons(self, called: str) -> list[Person]:
        """The people that a list of names and groups (joined by 、) means, once each."""
        names = [name for one in called.split("、") for name in self.groups.get(one, [one])]
        return [self.people[name] for name in dict.fromkeys(names)]

    def roll(self, unit: str, roll: str) -> list[Person]:
        """Who is on a roll of a unit; it stays the same all year and is asked for once."""
        if (unit, roll) not in self.rolls:
            self.rolls[unit, roll] = roll_of(self.units[unit], roll=roll, day=FOUNDED)
        return self.rolls[unit, roll]

    def actor(self, called: str, *, at: datetime) -> Actor:
        """Somebody of the centre as an actor with the posts that they hold at a moment."""
        person = self.person(called)
        return with_posts(Actor(person=person.mark), person=person, at=at)


def found_centre() -> Centre:
    """The centre with all its units and people, as they stand when its first year of records begins.

    The first unit and its first post are what set-up makes; everything else is opened and appointed by acts.
    """
    centre = Centre()
    rows, at = list(read_table("people")), moment(FOUNDED, "09:00")
    for row in rows:
        centre.people[row["name"]] = Person.objects.create(name=row["name"])
        for group in filter(None, row["groups"].split("、")):
            centre.groups.setdefault(group, []).append(row["name"])
    for unit in read_table("units"):
        _open(centre, unit, at=at)
    for row in rows:
        _appoint(centre, row, at=at)
    return centre


def _open(centre: Centre, row: Mapping[str, str], *, at: datetime) -> None:
    code, name, kind = row["code"], row["name"], row["kind"]
    centre.keepers[code] = row["keeper"]
    if not row["above"]:
        centre.units[code] = found_unit(code=code, name=name, kind=kind, opened_on=FOUNDED)
        Post.objects.create(unit=centre.root, person=centre.person(SECRETARY), post="secretary", since=FOUNDED)
        return
    above = centre.units[row["above"]]
    centre.units[code] = open_unit(
        above, actor=centre.actor(SECRETARY, at=at), at=at, code=code, name=name, kind=kind, opened_on=FOUNDED
    )


def _appoint(centre: Centre, row: Mapping[str, str], *, at: datetime) -> None:
    facts = {key: row[key] for key in ("joined_on",) if row[key]}
    for said in row["posts"].split("、"):
        code, _, post = said.partition(":")
        if (code, post, row["name"]) == (ROOT, "secretary", centre.person(SECRETARY).name):
            continue
        appoint_to_post(
            centre.units[code], actor=centre.actor(SECRETARY, at=at), at=at, person=centre.people[row["name"]].mark,
            post=post, since=FOUNDED, facts=facts if post in {"full", "probationary"} else None,
        )  # fmt: skip


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of the demonstration year."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def moment(day: date, clock: str) -> datetime:
    """An instant of a day by the clock on the wall."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=LEGAL_ZONE)
