"""签核: that a register held everything of a period, zero included."""

from django.db import models

from yangguang.ledger.models.units import Unit


class SignOff(models.Model):
    """零报告签核: a named officer answered for a register and a period; append-only."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="signoffs")
    register = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField()
    by = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("register", "first", "last"), name="signoff_period"),)
