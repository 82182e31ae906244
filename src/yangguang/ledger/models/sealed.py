"""What is sealed: kept encrypted, opened only by those the register names, and every look is a row."""

from django.db import models

from yangguang.ledger.models.records import Record


class Sealed(models.Model):
    """密封内容: the sealed fields of a record, encrypted under the house's key, which the database does not hold."""

    record = models.OneToOneField(Record, models.PROTECT, related_name="sealed")
    content = models.BinaryField()


class Look(models.Model):
    """调阅记录: who looked at the sealed content of a record, and when; append-only."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="looks")
    person = models.CharField(max_length=24)
    at = models.DateTimeField()
