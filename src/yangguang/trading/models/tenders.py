"""Tenders, the trades (lots) they consist of, and their documents."""

import json
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from django.apps import apps
from django.db import models

from yangguang.lawbook.standing import calendar_of, counted
from yangguang.parties.models import Organisation
from yangguang.rules.law import Law
from yangguang.trading.roles import Role
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.trading.terms import parse_terms
from yangguang.trading.trustees import trustee_of
from yangguang.witness import evidence
from yangguang.witness.actor import CLOCK_OFFICE, Actor
from yangguang.witness.models import Evidence, Stages, Witnessed
from yangguang.witness.prepared import Given, Prepared
from yangguang.witness.record import party_digest

# `Member` is found by its name: its module imports this one.
_MEMBER: Prepared[Any] = Prepared(
    lambda: apps.get_model("trading", "Member").objects.filter(
        trade_id=Given(0), person__mark=Given(1), replacement__isnull=True
    )
)
OPEN = "open"
# What is done at the centre itself and not in a trade; each leaves its entry in the centre's own stream.
CENTRE_ACTS = frozenset(
    {
        "register_tender", "correct_rule", "correct_days", "recognise_root", "withdraw_root", "update_revocation_list",
        "apply_to_register", "confirm_organisation", "reject_organisation", "register_certificate", "end_certificate",
        "grant_power", "end_power",
    }
)  # fmt: skip
CENTRE_TABLE: Stages = {(OPEN, name): frozenset({OPEN}) for name in CENTRE_ACTS}


class Centre(Witnessed):
    """交易中心: gives the codes and witnesses the registrations. There is one row a centre."""

    name = models.CharField(max_length=120)
    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    region = models.CharField("行政区划", max_length=6)
    registrations = models.PositiveIntegerField(default=0)

    def transitions(self) -> Stages:
        """A centre has one stage, in which everything at the centre is done."""
        return CENTRE_TABLE

    def has_role(self, actor: Actor, role: str) -> bool:
        """Staff of the centre; administrators, for their own organisation; and anybody who asks to be registered."""
        match role:
            case Role.CENTRE:
                return "centre" in actor.offices and actor.organisation == self.code
            case Role.ADMINISTRATOR:
                return "administrator" in actor.offices and bool(actor.organisation)
            case _:
                return role == Role.APPLICANT

    def mark_of(self, actor: Actor, *, salt: str) -> dict[str, object]:
        """The centre's code and its officer's opaque id; others by a salted digest: who prepares to bid is secret."""
        if self.has_role(actor, Role.CENTRE):
            return {"organisation": actor.organisation, "person": actor.person}
        return {"party": party_digest(salt=salt, party=actor.organisation or actor.person)}

    def stage_name(self, stage: str) -> str:  # noqa: ARG002
        """The one stage."""
        return "受理登记"


class SupervisionLine(models.TextChoices):
    """监督条线: which administration supervises the tender (招标投标法实施条例第四条)."""

    HOUSING = "housing", "住房城乡建设"
    TRANSPORT = "transport", "交通运输"
    WATER = "water", "水利"
    INDUSTRY = "industry", "工业和信息化"
    RAILWAY = "railway", "铁路"
    CIVIL_AVIATION = "civil_aviation", "民航"
    COMMERCE = "commerce", "商务"
    ENERGY = "energy", "能源"
    AGRICULTURE = "agriculture", "农业农村"
    NATURE = "nature", "自然资源"
    DEVELOPMENT = "development", "发展改革"
    OTHER = "other", "其他"


class Tender(models.Model):
    """招标项目: what is tendered, by whom; its lots are trades of their own."""

    project_code = models.CharField("项目编号", max_length=17)
    code = models.CharField("招标项目编号", max_length=20, unique=True)
    title = models.CharField("名称", max_length=200)
    category = models.CharField("交易分类代码", max_length=3)
    region = models.CharField("行政区划", max_length=6)
    tenderer = models.ForeignKey(Organisation, models.PROTECT, related_name="tenders")
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    supervisor = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    supervision_line = models.CharField("监督条线", max_length=20, choices=SupervisionLine.choices, blank=True)
    discipline = models.ForeignKey(Organisation, models.PROTECT, related_name="+", null=True)
    state_controlled = models.BooleanField("国有资金占控股或者主导地位")
    registered_at = models.DateTimeField()
    retender_of = models.ForeignKey("Trade", models.PROTECT, related_name="retenders", null=True)

    def __str__(self) -> str:
        return self.title


class Trade(Witnessed):
    """标段交易: one lot of a tender, from registration to archive; its stream is the 统一交易标识码."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="trades")
    centre = models.ForeignKey(Centre, models.PROTECT)
    lot_code = models.CharField("标段编号", max_length=23, unique=True)
    title = models.CharField("标段名称", max_length=200)
    works_kind = models.CharField("类别", max_length=20)
    estimate = models.DecimalField("估算价（元）", max_digits=18, decimal_places=2)
    limit_price = models.DecimalField("最高投标限价（元）", max_digits=18, decimal_places=2, null=True)
    legal_date = models.DateField(help_text="the date whose law this trade keeps")
    law = models.ForeignKey(Evidence, models.PROTECT, related_name="+", help_text="the rules in force on that date")
    bid_deadline = models.DateTimeField(null=True)
    decryption_until = models.DateTimeField(null=True)
    publicity_until = models.DateTimeField(null=True)
    suspended_from = models.CharField(max_length=40, blank=True, default="")

    read_along = ("tender__tenderer", "tender__agency", "tender__supervisor", "tender__discipline", "centre")

    def __str__(self) -> str:
        return self.stream

    def transitions(self) -> Stages:
        """The stage table of the procedure."""
        return OPEN_WORKS

    def stage_name(self, stage: str) -> str:
        """The Chinese name of the stage."""
        return str(Stage(stage).label)

    def kept_law(self) -> Law:
        """The law in force on this trade's legal date, kept at registration; days count as now known."""
        return counted(law_kept_as(self.law_id), calendar_of(self.centre))

    def has_role(self, actor: Actor, role: str) -> bool:
        """Whether `actor` has this role here; nothing is asked of the database that the role does not need."""
        return actor.may_touch(self.stream) and self._holds()[Role(role)](actor)

    def _holds(self) -> dict[Role, Callable[[Actor], bool]]:
        return {
            Role.CENTRE: lambda actor: "centre" in actor.offices and actor.organisation == self.centre.code,
            Role.TENDERER: lambda actor: _handles(actor, self.tender.tenderer.code),
            Role.AGENCY: lambda actor: _handles(actor, self._agency_code()),
            Role.SUPERVISOR: lambda actor: _holds_for(actor, "supervision", self.tender.supervisor),
            Role.DISCIPLINE: lambda actor: _holds_for(actor, "discipline", self.tender.discipline),
            Role.SUPPLIER: self._is_outsider,
            Role.INTERESTED: self._is_outsider,
            Role.BIDDER: lambda actor: self._is_outsider(actor) and self.has_bid_of(actor.organisation),
            Role.TRUSTEE: self._is_trustee,
            Role.MEMBER: lambda actor: not actor.organisation and self.seat_of(actor.person) is not None,
            Role.ADMINISTRATOR: lambda _: False,  # at the centre only
            Role.APPLICANT: lambda _: False,
            Role.CLOCK: lambda actor: CLOCK_OFFICE in actor.offices,
        }

    def _is_outsider(self, actor: Actor) -> bool:
        """Whoever handles for an organisation that neither tenders, nor hosts, nor supervises here."""
        parties = {self.tender.tenderer.code, self._agency_code(), self.centre.code, *self._overseers()}
        inside = actor.organisation in parties or bool(actor.offices & {"centre", "supervision", "discipline"})
        return not inside and _handles(actor, actor.organisation)

    def _overseers(self) -> set[str]:
        """The codes of the bodies that supervise this trade."""
        return {body.code for body in (self.tender.supervisor, self.tender.discipline) if body}

    def _is_trustee(self, actor: Actor) -> bool:
        """Whoever acts for an organisation whose certificate the tender document declares for a rescue."""
        document = max(self.documents.all(), key=lambda one: one.version, default=None)
        plan = parse_terms(document.terms).rescue if document else None
        return bool(trustee_of(plan, actor.organisation) and actor.offices & {"centre", "handler", "supervision"})

    def _agency_code(self) -> str:
        return self.tender.agency.code if self.tender.agency else ""

    def seat_of(self, person: str) -> int | None:
        """The committee seat of a person, or None."""
        member = self.member_of(person)
        return int(member.seat) if member else None

    def member_of(self, person: str) -> Any:
        """The seat's row (`Member`) of a person, or None; asked of the database once for each person."""
        if person not in self._members:
            self._members[person] = _MEMBER.first(self.pk, person)
        return self._members[person]

    @cached_property
    def _members(self) -> dict[str, Any]:
        return {}

    @property
    def replacements(self) -> int:
        """How many members of the committee were replaced."""
        return self.members.filter(replacement__isnull=False).count()

    def know_member(self, person: str, *, member: Any) -> None:
        """Told what `member_of` would ask: lists ask once for all their trades."""
        self._members[person] = member

    def know_bid(self, organisation: str, *, stands: bool) -> None:
        """Told what `has_bid_of` would ask: lists ask once for all their trades."""
        self._known_bids[organisation] = stands

    @cached_property
    def _known_bids(self) -> dict[str, bool]:
        return {}

    def has_bid_of(self, organisation: str) -> bool:
        """Whether the organisation has a bid here that was neither replaced nor withdrawn."""
        if organisation in self._known_bids:
            return self._known_bids[organisation]
        bids = self.bids.filter(replaced_by__isnull=True, withdrawal__isnull=True)
        return bids.filter(bidder__code=organisation).exists()

    def mark_of(self, actor: Actor, *, salt: str) -> dict[str, object]:
        """Codes for parties, seats for members, salted digests for whoever the law still hides."""
        if CLOCK_OFFICE in actor.offices:
            return {"system": "clock"}
        if not actor.organisation:
            return {"seat": self.seat_of(actor.person) or 0}
        if self.stage == Stage.BIDDING and self.has_role(actor, Role.SUPPLIER):
            return {"party": party_digest(salt=salt, party=actor.organisation)}
        return {"organisation": actor.organisation, "person": actor.person}


def _handles(actor: Actor, organisation: str) -> bool:
    return "handler" in actor.offices and bool(organisation) and actor.organisation == organisation


def _holds_for(actor: Actor, office: str, body: Organisation | None) -> bool:
    """The office counts only in the body that was named at the registration."""
    return body is not None and office in actor.offices and actor.organisation == body.code


@lru_cache(maxsize=64)
def law_kept_as(sha256: str) -> Law:
    """The law in an evidence file; trades of one legal date share the file."""
    return Law.from_json(json.loads(evidence.read(sha256)))


class TenderDocument(models.Model):
    """招标文件: one version; the newest one holds. `terms` is its machine-readable half."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="documents")
    version = models.PositiveSmallIntegerField()
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    terms = models.JSONField()
    issued_at = models.DateTimeField()
    deadline = models.DateTimeField()

    class Meta:
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=("trade", "version"), name="document_version_once"),)


class Objection(models.Model):
    """异议: to the documents, at the opening or to the result; answered once."""

    class Kind(models.TextChoices):
        """What is objected to."""

        DOCUMENT = "document", "对招标文件的异议"
        OPENING = "opening", "对开标的异议"
        RESULT = "result", "对评标结果的异议"

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    interest = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", help_text="利害关系说明")
    raised_at = models.DateTimeField()
    answer = models.ForeignKey(Evidence, models.PROTECT, related_name="+", null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("trade", "number"), name="objection_once"),)
