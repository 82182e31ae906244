"""Who takes part: organisations, people and their certificates."""

import secrets
from functools import lru_cache

from django.db import models

from yangguang.proof.certificates import Certificate, RevocationList
from yangguang.rules.codes import parse_organisation_code


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
    CENTRE = "centre", "中心工作人员"
    SUPERVISION = "supervision", "行政监督人员"
    DISCIPLINE = "discipline", "纪检监察人员"


class Appointment(models.Model):
    """任职授权: a person holds an office in an organisation between two dates (the last one included)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    office = models.CharField(max_length=20, choices=Office.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "organisation", "office", "valid_from"), name="appointed_once"),
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
    """个人签名证书: binds a certificate to a person: an expert's, or that of staff who answer in person."""

    person = models.ForeignKey(Person, models.PROTECT)
    fingerprint = models.CharField(max_length=64, unique=True)
