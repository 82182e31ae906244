"""Bids and what belongs to them: rows of their own, added and never changed."""

from django.db import models
from django.db.models import QuerySet

from yangguang.parties.models import Organisation
from yangguang.trading.models.tenders import Trade
from yangguang.witness.models import Evidence, SealedEntry
from yangguang.witness.prepared import Given


class Bid(models.Model):
    """投标文件: one sealed bid; a replacement is a new row that names the one it replaces."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(Organisation, models.PROTECT, related_name="bids")
    number = models.PositiveIntegerField(help_text="the bidder's first, second… bid here")
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    manifest = models.JSONField()
    submitted_at = models.DateTimeField()
    entry = models.OneToOneField(SealedEntry, models.PROTECT)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("trade", "bidder", "number"), name="bid_number_once"),
            models.UniqueConstraint(fields=("trade", "evidence"), name="bid_file_once"),
        )

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn; asked of a bidder's newest bid, which nothing replaced."""
        return not hasattr(self, "withdrawal")


class Withdrawal(models.Model):
    """撤回投标: before the deadline."""

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="withdrawal")
    entry = models.OneToOneField(SealedEntry, models.PROTECT)


def standing_bids(trade: Trade | Given) -> QuerySet[Bid]:
    """The bids that were neither replaced nor withdrawn, in the order of their submission."""
    standing = Bid.objects.filter(trade=trade, replaced_by__isnull=True, withdrawal__isnull=True)
    return standing.select_related("bidder", "evidence").order_by("entry__sequence")


class Guarantee(models.Model):
    """投标保证金或保函: a sealed record, opened together with the bid."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="guarantees")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    manifest = models.JSONField()
    entry = models.OneToOneField(SealedEntry, models.PROTECT)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("trade", "evidence"), name="guarantee_file_once"),)


class SignIn(models.Model):
    """开标签到."""

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="sign_ins")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("trade", "organisation"), name="signed_in_once"),)


class RescueRequest(models.Model):
    """申请解密救援: the bidder cannot open the bid and asks the trustees to."""

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="rescue_request")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


class RescueShare(models.Model):
    """解密份额: what one trustee released of the keys of a bid and its bond."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="rescue_shares")
    trustee = models.CharField("受托人", max_length=200)
    evidence = models.ForeignKey(Evidence, models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bid", "trustee"), name="rescue_share_once"),)


class OpenedBid(models.Model):
    """解密结果: what became of a bid in the decryption window."""

    class Outcome(models.TextChoices):
        """Opened, or not opened and by whose fault (电子招标投标办法第三十一条)."""

        OPENED = "opened", "解密成功"
        REVOKED = "revoked", "视为撤销（投标人原因）"
        RETURNED = "returned", "视为撤回（非投标人原因）"

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="opened")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=200, blank=True)
    price = models.DecimalField("投标报价（元）", max_digits=18, decimal_places=2, null=True)
    facts = models.JSONField(default=dict, help_text="what the price part states besides the price")
    files = models.JSONField(default=list, help_text="the opened files: part, name, digests, size")
    keys = models.ForeignKey(Evidence, models.PROTECT, null=True, help_text="the released content keys")
    rescue = models.JSONField(null=True, help_text="解密救援: whose shares opened it, whose were wrong; null without")
    at = models.DateTimeField()


class OpenedGuarantee(models.Model):
    """开标后核验的保证金: the opened record and what the check of the rules said."""

    guarantee = models.OneToOneField(Guarantee, models.PROTECT, related_name="opened")
    facts = models.JSONField()
    amount = models.DecimalField("金额（元）", max_digits=18, decimal_places=2)
    problems = models.JSONField(default=list)
    keys = models.ForeignKey(Evidence, models.PROTECT)
