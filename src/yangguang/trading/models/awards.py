"""From the candidates' publicity to the contract and the refunds."""

from django.db import models

from yangguang.trading.models.bids import Bid, Guarantee
from yangguang.trading.models.evaluation import Candidate
from yangguang.trading.models.tenders import Trade
from yangguang.witness.models import Evidence


class Publicity(models.Model):
    """中标候选人公示."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="publicities")
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    starts = models.DateTimeField()
    until = models.DateTimeField()


class DropOut(models.Model):
    """中标候选人放弃或者不符合条件 (招标投标法实施条例第五十五条)."""

    candidate = models.OneToOneField(Candidate, models.PROTECT, related_name="drop_out")
    reason = models.CharField(max_length=40)
    evidence = models.ForeignKey(Evidence, models.PROTECT)


class Award(models.Model):
    """定标: which candidate was awarded; a later row follows a drop-out."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="awards")
    bid = models.OneToOneField(Bid, models.PROTECT, related_name="award")
    at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)


class Contract(models.Model):
    """合同."""

    trade = models.OneToOneField(Trade, models.PROTECT, related_name="contract")
    award = models.OneToOneField(Award, models.PROTECT)
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    price = models.DecimalField(max_digits=18, decimal_places=2)
    signed_at = models.DateTimeField()


class Refund(models.Model):
    """退还投标保证金及同期存款利息."""

    guarantee = models.OneToOneField(Guarantee, models.PROTECT, related_name="refund")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    interest = models.DecimalField(max_digits=18, decimal_places=2)
    at = models.DateTimeField()


class Forfeiture(models.Model):
    """不予退还投标保证金 (招标投标法实施条例第三十五、七十四条)."""

    guarantee = models.OneToOneField(Guarantee, models.PROTECT, related_name="forfeiture")
    ground = models.CharField(max_length=40)
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    at = models.DateTimeField()
