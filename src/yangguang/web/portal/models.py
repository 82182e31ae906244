"""What the portal lists (门户目录): made from the public log alone, so it cannot know what the log does not say.

Everything here can be thrown away and read again from leaf 0; nothing here is evidence.
"""

from django.db import models

from yangguang.trading.models import Trade
from yangguang.witness.models import Entry


class Cursor(models.Model):
    """How far the log has been read: the number of leaves."""

    leaves = models.PositiveBigIntegerField(default=0)


class Listed(models.Model):
    """公开的项目: a trade whose notice is out; the key counts in the order of publication."""

    trade = models.OneToOneField(Trade, models.PROTECT, related_name="listed")
    text = models.CharField("检索文字", max_length=600, help_text="normalised title, lot and tenderer")
    line = models.CharField("交易大类", max_length=1)
    region = models.CharField("行政区划", max_length=6)
    stage = models.CharField("阶段", max_length=40)
    published_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("line", "id"), name="listed_line"),
            models.Index(fields=("line", "published_at", "id"), name="listed_line_published"),
            models.Index(fields=("region", "id"), name="listed_region"),
            models.Index(fields=("stage", "id"), name="listed_stage"),
            models.Index(fields=("published_at", "id"), name="listed_published"),
        )


class Gram(models.Model):
    """Two neighbouring characters of a listed text, as one number; it finds Chinese words of any length."""

    gram = models.BigIntegerField()
    listed = models.ForeignKey(Listed, models.CASCADE, db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("gram", "listed"), name="gram_once"),)


class Notice(models.Model):
    """公告: a public entry of one of the kinds that the portal lists, under its leaf number in the log."""

    leaf = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT)
    listed = models.ForeignKey(Listed, models.CASCADE, related_name="notices")
    kind = models.CharField("类别", max_length=12)
    line = models.CharField("交易大类", max_length=1)
    region = models.CharField("行政区划", max_length=6)
    at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("kind", "leaf"), name="notice_kind"),
            models.Index(fields=("line", "leaf"), name="notice_line"),
            models.Index(fields=("region", "leaf"), name="notice_region"),
            models.Index(fields=("kind", "line", "leaf"), name="notice_kind_line"),
            models.Index(fields=("at", "leaf"), name="notice_at"),
        )


class NamedFile(models.Model):
    """A digest that a public entry names, and the leaf where it does; for whoever asks where a digest stands."""

    sha256 = models.CharField(max_length=64)
    leaf = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("sha256", "leaf"), name="named_once"),)


class Facet(models.Model):
    """A value that the lists can be narrowed by, with how many trades or notices have it."""

    field = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("field", "value"), name="facet_once"),)
