"""Units: the party organisations, sections and groups that keep records, and who holds which post in them."""

from collections.abc import Iterator
from datetime import date

from django.db import models

from yangguang.ledger.roles import ABOVE, POSTS, THROUGH_CELL, LedgerRole, post_mark
from yangguang.ledger.stages import UNIT_STAGE, UNIT_TABLE
from yangguang.parties.models import Organisation, Person
from yangguang.witness.actor import CLOCK_OFFICE, Actor
from yangguang.witness.models import Stages, Witnessed
from yangguang.witness.record import party_digest


class Unit(Witnessed):
    """组织（单位、党组织、科室、小组）: what keeps records; a tree by `path`, whose marks are codes between slashes."""

    class Kind(models.TextChoices):
        """What it is."""

        GROUP = "group", "党组"
        COMMITTEE = "committee", "党委"
        GENERAL = "general", "党总支"
        BRANCH = "branch", "党支部"
        CELL = "cell", "党小组"
        SECTION = "section", "科室"
        CIRCLE = "circle", "学习小组"

    code = models.CharField("编码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=120)
    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    path = models.CharField(max_length=200, db_index=True, help_text="codes from the root to this unit: /a/b/")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    region = models.CharField("行政区划", max_length=6, default="000000")
    opened_on = models.DateField("成立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def above(self) -> list[str]:
        """The codes of the units above this one, the nearest last."""
        return self.path.strip("/").split("/")[:-1]

    def transitions(self) -> Stages:
        """A unit has one stage, in which all its records are kept."""
        return UNIT_TABLE

    def has_role(self, actor: Actor, role: str) -> bool:
        """Whether the actor's posts, here or above, give the role; the clock is the clock."""
        if role == LedgerRole.CLOCK:
            return CLOCK_OFFICE in actor.offices
        return role in self.roles_of(actor)

    def roles_of(self, actor: Actor) -> frozenset[LedgerRole]:
        """Every role that the actor's posts give towards this unit."""
        here = (role for post, (_, roles) in POSTS.items() if self.holds(actor, post) for role in roles)
        through_cell = {LedgerRole.MEMBER} if self.holds(actor, THROUGH_CELL) else set()
        return frozenset(here) | frozenset(self._from_above(actor)) | through_cell

    def holds(self, actor: Actor, post: str) -> bool:
        """Whether the actor holds the post in the unit itself."""
        return post_mark(unit=self.code, post=post) in actor.offices

    def _from_above(self, actor: Actor) -> Iterator[LedgerRole]:
        for code in self.above:
            for post, (_, roles) in POSTS.items():
                if post_mark(unit=code, post=post) not in actor.offices:
                    continue
                yield from roles & ABOVE
                if LedgerRole.KEEPER in roles:
                    yield LedgerRole.LEADER

    def mark_of(self, actor: Actor, *, salt: str) -> dict[str, object]:
        """A salted digest, another one in each entry: what a person does in party life is told by no log."""
        return {"party": party_digest(salt=salt, party=actor.person)}

    def stage_name(self, stage: str) -> str:  # noqa: ARG002
        """The one stage."""
        return dict(UNIT_STAGE)["keeping"]


class Post(models.Model):
    """任职与党籍: a person holds a post in a unit between two dates (the last one included); the roll comes from these.

    `facts` are what the roll says of the person and nothing else can tell: the day of joining (`joined_on`), whether
    retired, what kind of income the dues are counted from.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    post = models.CharField("职务", max_length=16, choices=[(name, label) for name, (label, _) in POSTS.items()])
    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "person", "post", "since"), name="post_once"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")), name="post_dates"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.post}"

    def runs_on(self, day: date) -> bool:
        """Whether it is held on a day; `running` asks the database the same."""
        return self.since <= day and (self.until is None or day <= self.until)


def running(day: date) -> models.Q:
    """The posts that are held on a day."""
    return models.Q(since__lte=day) & (models.Q(until__isnull=True) | models.Q(until__gte=day))
