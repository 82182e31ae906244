"""Who takes part: organisations, people and their certificates."""

import secrets
from functools import lru_cache

from django.db import models

from yangguang.proof.certificates import Certificate, RevocationList
from yangguang.rules.codes import parse_organisation_code
from yangguang.witness.models import Evidence


def fresh_id() -> str:
    """An opaque id that says nothing about its bearer."""
    return secrets.token_hex(12)


class Organisation(models.Model):
    """单位: a tenderer, agency, bidder, centre or supervising body, known by its 统一社会信用代码."""

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("名称", max_length=120)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a code whose check character is wrong."""
        parse_organisation_code(self.code)


class Person(models.Model):
    """人员: someone who acts. `mark` stands for the person everywhere outside this table."""

    mark = models.CharField(max_length=24, unique=True, default=fresh_id)
    name = models.CharField("姓名", max_length=60)

    def __str__(self) -> str:
        return self.mark


class Office(models.TextChoices):
    """岗位: what a person may be in an organisation."""

    HANDLER = "handler", "经办人"
    ADMINISTRATOR = "administrator", "单位管理员"
    CENTRE = "centre", "中心工作人员"
    SUPERVISION = "supervision", "行政监督人员"
    DISCIPLINE = "discipline", "纪检监察人员"


class Appointment(models.Model):
    """任职授权 and 授权委托: a person holds an office in an organisation between two dates (the last one included).

    With a `stream` the power is for that one trade only. Ended early, it is over from `ended_at` on.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    office = models.CharField(max_length=20, choices=Office.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    stream = models.CharField("只限一个项目", max_length=64, blank=True, default="")
    document = models.ForeignKey(Evidence, models.PROTECT, null=True, related_name="+", help_text="授权委托书")
    ended_at = models.DateTimeField("提前终止", null=True, blank=True)
    end_reason = models.CharField("终止原因", max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "organisation", "office", "stream", "valid_from"),
                condition=models.Q(ended_at__isnull=True),
                name="appointed_once",
            ),
        )


class TrustedRoot(models.Model):
    """认可的CA根证书: certificates under it count from `accepted_from` on, until it is withdrawn.

    One that is recognised again after a withdrawal gets a row of its own.
    """

    pem = models.TextField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=200)
    accepted_from = models.DateTimeField()
    accepted_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("撤销认可的原因", max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("fingerprint", "accepted_from"), name="root_recognised_once"),)

    def certificate(self) -> Certificate:
        """The root itself."""
        return _certificate(self.pem)


class RevocationListIssue(models.Model):
    """吊销列表: one issue of a CA's list; the newest of an issuer counts."""

    pem = models.TextField()
    issuer = models.CharField(max_length=400)
    this_update = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("issuer", "this_update"), name="revocation_list_once"),)

    def revocation_list(self) -> RevocationList:
        """The list itself."""
        return _revocation_list(self.pem)


@lru_cache(maxsize=256)
def _certificate(pem: str) -> Certificate:
    return Certificate.from_pem(pem.encode())


@lru_cache(maxsize=256)
def _revocation_list(pem: str) -> RevocationList:
    return RevocationList.from_pem(pem.encode())


class PersonalCertificate(models.Model):
    """个人签名证书: binds a certificate to a person: an expert's, or that of staff who answer in person.

    One that an organisation had registered speaks for its person in that organisation only.
    """

    person = models.ForeignKey(Person, models.PROTECT)
    fingerprint = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    pem = models.TextField(blank=True, default="")
    registered_at = models.DateTimeField(null=True)


class OrganisationCertificate(models.Model):
    """机构证书: one that an organisation had registered; any other recognised one with its code counts as well."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="certificates")
    fingerprint = models.CharField(max_length=64, unique=True)
    pem = models.TextField()
    registered_at = models.DateTimeField()


class EndedCertificate(models.Model):
    """停用的证书: lost, replaced or taken from its bearer; it counts no more from `ended_at` on. Never undone."""

    fingerprint = models.CharField(max_length=64, unique=True)
    ended_at = models.DateTimeField()
    reason = models.CharField("停用原因", max_length=200)


class Application(models.Model):
    """主体登记申请: an organisation asks to be registered; the centre confirms it or refuses it with a reason.

    `certificate` is what the applicant proved to hold, as PEM; empty where a person asked who had signed in otherwise.
    """

    class Kind(models.TextChoices):
        """As what it wants to take part."""

        BIDDER = "bidder", "投标人（供应商）"
        TENDERER = "tenderer", "招标人（采购人）"
        AGENCY = "agency", "招标代理机构"

    class Decision(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "待核验"
        CONFIRMED = "confirmed", "已核验"
        REJECTED = "rejected", "未通过"

    code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("名称", max_length=120)
    kinds = models.JSONField(default=list)
    contact = models.CharField("联系人", max_length=60)
    phone = models.CharField("联系电话", max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    certificate = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField("不予通过的原因", max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(decision="waiting"), name="application_waits_once"
            ),
        )
