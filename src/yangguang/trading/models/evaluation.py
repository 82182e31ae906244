"""The committee and what its members decide."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from yangguang.parties.models import Person
from yangguang.trading.models.bids import Bid
from yangguang.trading.models.tenders import Trade
from yangguang.witness.models import Evidence


class Member(models.Model):
    """评标委员会成员: a seat; the log knows only its number."""

    class Kind(models.TextChoices):
        """Where a member comes from."""

        EXPERT = "expert", "评标专家"
        REPRESENTATIVE = "representative", "招标人代表"

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="members")
    seat = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    signed_in_at = models.DateTimeField(null=True)
    chairs = models.BooleanField(default=False)

    class Meta:
        ordering = ("seat",)
        constraints = (
            models.UniqueConstraint(fields=("trade", "seat"), name="seat_once"),
            models.UniqueConstraint(fields=("trade", "person"), name="member_once"),
        )


class Replacement(models.Model):
    """更换: the member of this seat left, and everything the member concluded is void (条例第四十八条)."""

    class Ground(models.TextChoices):
        """The grounds that the regulation lists."""

        RECUSAL = "recusal", "有回避事由"
        LEFT_POST = "left_post", "擅离职守"
        UNABLE = "unable", "因健康等原因不能继续评标"

    member = models.OneToOneField(Member, models.PROTECT, related_name="replacement")
    ground = models.CharField(max_length=10, choices=Ground.choices)
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()


def standing_members(trade: Trade) -> QuerySet[Member]:
    """The members whose seats were not given to others, in the order of their seats."""
    return trade.members.filter(replacement__isnull=True)


class ChairVote(models.Model):
    """推选组长的一票."""

    voter = models.OneToOneField(Member, models.PROTECT, related_name="chair_vote")
    candidate = models.ForeignKey(Member, models.PROTECT, related_name="chair_votes_for")


class Opinion(models.Model):
    """初步评审意见: one member on one bid in one step."""

    class Step(models.TextChoices):
        """The steps of the preliminary review."""

        QUALIFICATION = "qualification", "资格评审"
        FORMAL = "formal", "形式评审"
        RESPONSIVE = "responsive", "响应性评审"

    member = models.ForeignKey(Member, models.PROTECT, related_name="opinions")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="opinions")
    step = models.CharField(max_length=15, choices=Step.choices)
    passes = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "bid", "step"), name="opinion_once"),)


def standing_opinions(trade: Trade) -> QuerySet[Opinion]:
    """The opinions that count: those of members who were not replaced."""
    return Opinion.objects.filter(member__trade=trade, member__replacement__isnull=True)


class Rejection(models.Model):
    """否决投标: only on a ground that the law lists (招标投标法实施条例第五十一条).

    It stands as long as most of the standing members find the bid failing.
    """

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="rejection")
    ground = models.CharField(max_length=40)
    reason = models.TextField()


class Clarification(models.Model):
    """澄清: asked by the committee, answered by the bidder, in writing."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="clarifications")
    number = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    answer = models.ForeignKey(Evidence, models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bid", "number"), name="clarification_once"),)


class BlindCode(models.Model):
    """暗标编号: stands for a bid while its technical part is scored."""

    bid = models.OneToOneField(Bid, models.PROTECT, related_name="blind_code")
    trade = models.ForeignKey(Trade, models.PROTECT, related_name="blind_codes")
    code = models.CharField(max_length=8)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("trade", "code"), name="blind_code_once"),)


class Score(models.Model):
    """评分: one member's score for one item of one bid."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="scores")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="scores")
    item = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=7, decimal_places=2)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "bid", "item"), name="score_once"),)


def standing_scores(trade: Trade) -> QuerySet[Score]:
    """The scores that count: those of members who were not replaced."""
    return Score.objects.filter(member__trade=trade, member__replacement__isnull=True)


class StandingRanking(models.Manager["Candidate"]):
    """The ranking that stands: none between the replacement of a member and the next computation."""

    def get_queryset(self) -> QuerySet[Candidate]:
        """The rows that no replacement followed."""
        replaced = Replacement.objects.filter(member__trade=OuterRef("trade")).order_by().values("member__trade")
        count = Subquery(replaced.annotate(count=Count("pk")).values("count"))
        return super().get_queryset().filter(after=Coalesce(count, 0))


class Candidate(models.Model):
    """评标排名: every valid bid with its total and rank; the first ones are the 中标候选人.

    `after` is how many members had been replaced by then; the next replacement makes the ranking void.
    """

    trade = models.ForeignKey(Trade, models.PROTECT, related_name="ranking")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="ranked")
    after = models.PositiveSmallIntegerField(default=0)
    rank = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=22, decimal_places=4)
    recommended = models.BooleanField()

    objects = StandingRanking()

    class Meta:
        ordering = ("rank", "pk")
        constraints = (models.UniqueConstraint(fields=("bid", "after"), name="ranked_once"),)


class ReportSignature(models.Model):
    """评标报告签署: a member signs, dissents in writing, or refuses."""

    class Kind(models.TextChoices):
        """What the member did."""

        SIGNED = "signed", "签字"
        DISSENT = "dissent", "书面不同意见"
        REFUSED = "refused", "拒绝签字且未说明（视为同意）"

    member = models.OneToOneField(Member, models.PROTECT, related_name="report_signature")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True)
