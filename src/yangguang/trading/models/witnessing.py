"""What the centre's witnesses record beside the acts of a trade (见证), and their letters (函告); append-only.

The log holds these texts as salted digests; the rows are what the centre and the overseers read.
"""

from django.db import models

from yangguang.parties.models import Organisation, Person
from yangguang.rules.witnessing import WAY_LABELS, Way
from yangguang.trading.models.tenders import Trade
from yangguang.witness.models import Evidence


class WitnessRecord(models.Model):
    """见证登记: a check, a note or a recording; `item` is the line of the checklist that it answers, or ""."""

    class Result(models.TextChoices):
        """What a check found."""

        NORMAL = "normal", "正常"
        ABNORMAL = "abnormal", "异常"
        NOT_APPLICABLE = "not_applicable", "不适用"

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="witness_records")
    way = models.CharField("方式", max_length=12, choices=[(one.value, text) for one, text in WAY_LABELS.items()])
    item = models.CharField("见证事项", max_length=60, blank=True)
    stage = models.CharField("阶段", max_length=40)
    result = models.CharField("结果", max_length=20, blank=True, choices=Result.choices)
    text = models.TextField("记事", blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="见证人")
    at = models.DateTimeField()
    sequence = models.PositiveIntegerField("见证记录序号")

    class Meta:
        ordering = ("sequence",)

    @property
    def way_label(self) -> str:
        """见证方式."""
        return Way(self.way).label


class Recording(models.Model):
    """录音录像: where and when it was made, by the index and digest of its file, which stays where it is."""

    record = models.OneToOneField(WitnessRecord, models.PROTECT, related_name="recording")
    room = models.CharField("房间", max_length=60)
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    file_index = models.CharField("文件索引", max_length=200)
    sha256 = models.CharField(max_length=64)


class Anomaly(models.Model):
    """异常: what a witness saw, and whom it concerns."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="anomalies")
    number = models.PositiveIntegerField()
    item = models.CharField("见证事项", max_length=60, blank=True)
    stage = models.CharField("阶段", max_length=40)
    seen = models.TextField("发现的情况")
    concerns = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="涉及单位")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="见证人")
    at = models.DateTimeField()
    sequence = models.PositiveIntegerField("见证记录序号")

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("trade", "number"), name="anomaly_once"),)

    @property
    def is_open(self) -> bool:
        """Whether it is not settled yet."""
        return not hasattr(self, "closing")


class AnomalyClosing(models.Model):
    """异常办结."""

    anomaly = models.OneToOneField(Anomaly, models.PROTECT, related_name="closing")
    conclusion = models.TextField("办结情况")
    at = models.DateTimeField()
    sequence = models.PositiveIntegerField("见证记录序号")


class Letter(models.Model):
    """函告: from the centre about an anomaly; numbered by the organ that writes (`organ`, its code) and the year."""

    anomaly = models.ForeignKey(Anomaly, models.PROTECT, related_name="letters")
    organ = models.CharField("发函机关", max_length=18)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asks = models.TextField("要求")
    reply_by = models.DateField("回复期限")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sequence = models.PositiveIntegerField("见证记录序号")

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("organ", "year", "number"), name="letter_number_once"),)


class LetterReply(models.Model):
    """复函: the answer of the organisation that a letter went to."""

    letter = models.OneToOneField(Letter, models.PROTECT, related_name="reply")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sequence = models.PositiveIntegerField("见证记录序号")
