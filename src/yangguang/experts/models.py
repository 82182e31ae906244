"""The pool of experts, draws and the replies of those drawn."""

from django.db import models

from yangguang.parties.models import Person


class Expert(models.Model):
    """评标专家: a person in the pool, with specialties and the employer that 回避 is checked against."""

    person = models.OneToOneField(Person, models.PROTECT)
    specialties = models.JSONField("专业", default=list)
    employer = models.CharField("工作单位统一社会信用代码", max_length=18, blank=True)
    recusals = models.JSONField("应回避单位", default=dict, help_text="organisation code → relation")
    active = models.BooleanField(default=True)


class Draw(models.Model):
    """抽取: of experts or of a parameter, held in steps that anyone can check afterwards."""

    stream = models.CharField(max_length=64)
    draw_id = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10)
    parties = models.JSONField(help_text="who commits, in the fixed order")
    pool_root = models.CharField(max_length=64)
    vrf_proof = models.CharField(max_length=160, blank=True)
    seed = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("pk",)


class PoolMember(models.Model):
    """池中一员: frozen in order before anybody commits; the log knows the salted leaf only."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="pool")
    position = models.PositiveIntegerField()
    member_id = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("draw", "position"), name="pool_position_once"),)


class Commitment(models.Model):
    """承诺与揭示: one party's share of the randomness."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="commitments")
    party = models.CharField(max_length=20)
    value = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("draw", "party"), name="committed_once"),)


class Reply(models.Model):
    """应答: what a drawn expert said, or that nothing was heard, or why the person must stand back."""

    class Kind(models.TextChoices):
        """What happened to a drawn position."""

        ACCEPTED = "accepted", "接受"
        REFUSED = "refused", "不能参加"
        NO_ANSWER = "no_answer", "无应答"
        RECUSED = "recused", "应当回避"
        ABSENT = "absent", "未到场"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="replies")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("draw", "position", "kind"), name="replied_once"),)
