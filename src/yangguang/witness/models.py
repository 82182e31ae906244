"""The tables of the witness log. All but `Pending` are append-only by database trigger."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from yangguang.witness.actor import Actor

HEX = 64

Stages = Mapping[tuple[str, str], frozenset[str]]


class Witnessed(models.Model):
    """Something whose acts are witnessed: it has a stream in the log and stands at a stage.

    `entries` and `head` count and chain its public entries, `sealed_entries` and `sealed_head` those of its sealed
    sub-log. They change only under the row's lock, together with the entry they describe.
    """

    stream = models.CharField("见证流", max_length=64, unique=True)
    stage = models.CharField("阶段", max_length=40)
    entries = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=HEX, blank=True, default="")
    sealed_entries = models.PositiveIntegerField(default=0)
    sealed_head = models.CharField(max_length=HEX, blank=True, default="")

    class Meta:
        abstract = True

    # What an act reads together with the locked row, in the same query.
    read_along: ClassVar[tuple[str, ...]] = ()

    def transitions(self) -> Stages:
        """The stage table: (stage, act) → the stages it may lead to."""
        raise NotImplementedError

    def has_role(self, actor: Actor, role: str) -> bool:
        """Whether `actor` has this role towards this subject."""
        raise NotImplementedError

    def mark_of(self, actor: Actor, *, salt: str) -> dict[str, object]:
        """How `actor` is named in the log: codes, seats and salted digests, never personal data."""
        raise NotImplementedError

    def stage_name(self, stage: str) -> str:
        """The Chinese name of a stage."""
        raise NotImplementedError


class Logged(models.Model):
    """One witnessed act: canonical JSON in `payload`, chained by `previous` within its stream."""

    stream = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    act = models.CharField(max_length=60)
    at = models.DateTimeField()
    payload = models.TextField()
    previous = models.CharField(max_length=HEX, blank=True)
    leaf_hash = models.CharField(max_length=HEX)
    leaf_hash_sm3 = models.CharField(max_length=HEX)
    salt = models.CharField(max_length=HEX, blank=True, help_text="opens the salted digests of this entry")
    concealed = models.TextField(blank=True, help_text="what `payload` states as a salted digest only")

    class Meta:
        abstract = True
        ordering = ("stream", "sequence")


class Entry(Logged):
    """见证记录: a public entry, written in the same transaction as the change it witnesses."""

    class Meta(Logged.Meta):
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="entry_once"),)
        indexes = (models.Index(fields=("leaf_hash",), name="entry_leaf_hash"),)


class SealedEntry(Logged):
    """封存记录: an entry that the law keeps uncountable until the deadline."""

    class Meta(Logged.Meta):
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="sealed_entry_once"),)


class Pending(models.Model):
    """An entry that waits for its leaf number; the sequencer takes it away."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True)


class Leaf(models.Model):
    """The leaf number that the sequencer gave to an entry."""

    index = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT)


class Node(models.Model):
    """A complete subtree of the Merkle tree: `index` counts from the left at its `level` (leaves are level 0)."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=HEX)
    sm3 = models.CharField(max_length=HEX)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("level", "index"), name="node_once"),)


class Checkpoint(models.Model):
    """检查点: the signed note over the first `size` leaves."""

    size = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    note = models.TextField()


class SecurityEvent(models.Model):
    """安全日志: a refused attempt, or a look at something sealed."""

    at = models.DateTimeField()
    stream = models.CharField(max_length=64)
    act = models.CharField(max_length=60)
    person = models.CharField(max_length=64)
    organisation = models.CharField(max_length=18, blank=True)
    codes = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=("stream", "at")),)


class Evidence(models.Model):
    """证据文件: a file kept under its SHA-256 digest; the bytes are in the evidence store."""

    sha256 = models.CharField(max_length=HEX, primary_key=True)
    sm3 = models.CharField(max_length=HEX)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
