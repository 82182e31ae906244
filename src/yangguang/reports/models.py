"""A report (报告) from its first draft to its locked copy: what it says stands in the records, what it said in here."""

from django.db import models

from yangguang.ledger.models import Unit
from yangguang.witness.models import Evidence


class Report(models.Model):
    """报告: `figures` are the numbers as they were when last drafted, with the ids of their records and digests.

    As long as it is open it follows the records; once locked it does not, and tells what has changed since.
    """

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", "草稿"
        CONFIRMED = "confirmed", "已确认"
        LOCKED = "locked", "已印发"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports")
    outline = models.CharField("提纲", max_length=20, help_text="the outline's code")
    period = models.CharField("报告期", max_length=20)
    version = models.PositiveSmallIntegerField("版次", default=1, help_text="one more after each locked copy")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    notes = models.JSONField("补充段落", default=list)
    figures = models.JSONField(default=list)
    concerns = models.JSONField(default=list)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=24)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=24, blank=True, default="")
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=24, blank=True, default="")
    paper = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", help_text="the locked .docx")
    entry = models.PositiveIntegerField("见证序号", default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "outline", "period", "version"), name="report_version_once"),
            models.CheckConstraint(
                condition=~models.Q(state="locked") | models.Q(paper__isnull=False), name="report_locked_has_paper"
            ),
        )

    def __str__(self) -> str:
        return f"{self.outline} {self.period}"

    @property
    def is_locked(self) -> bool:
        """Whether it was issued: nothing in it changes any more."""
        return self.state == self.State.LOCKED
