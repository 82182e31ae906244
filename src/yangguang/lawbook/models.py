"""What the centre corrected (更正): dated rows over the shipped rule table, and single days of the calendar.

Nothing is changed or taken away: a later correction wins over an earlier one. `sequence` is the number of the
correction's entry in the centre's stream, so that the stream's length says which corrections there are.
"""

from django.db import models

from yangguang.rules.rule_rows import Rule, rules_from_rows
from yangguang.witness.models import Evidence


class Correction(models.Model):
    """更正: by which entry, why, when, and by whom (the opaque mark of a person)."""

    stream = models.CharField("见证流", max_length=64)
    sequence = models.PositiveIntegerField("见证记录序号")
    reason = models.CharField("更正原因", max_length=200)
    document = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    person = models.CharField(max_length=24)

    class Meta:
        abstract = True


class RuleCorrection(Correction):
    """规则更正: one row of the rule table's columns, as texts."""

    row = models.JSONField()

    class Meta:
        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="rule_corrected_once"),)

    def rule(self) -> Rule:
        """The row as a rule."""
        return rules_from_rows(rows=[self.row], name="更正")[0]


class DayCorrection(Correction):
    """工作日更正: whether people work on one day; one entry may say it of several days."""

    day = models.DateField("日期")
    works = models.BooleanField("是否上班")
    source = models.CharField("依据文件", max_length=200)

    class Meta:
        ordering = ("sequence", "day")
        constraints = (models.UniqueConstraint(fields=("stream", "sequence", "day"), name="day_corrected_once"),)
