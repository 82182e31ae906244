"""What the bidder's page remembers; rows belong to one organisation and are shown to it alone."""

import secrets

from django.db import models

from yangguang.web.accounts.models import Account
from yangguang.witness.models import SealedEntry


def upload_token() -> str:
    """A name that tells nothing and cannot be guessed."""
    return secrets.token_urlsafe(18)


class Upload(models.Model):
    """上传: a sealed file on its way, and what became of it. `act` is what it was made for."""

    token = models.CharField(max_length=32, unique=True, default=upload_token)
    account = models.ForeignKey(Account, models.CASCADE)
    organisation = models.CharField("所代表单位", max_length=18)
    stream = models.CharField(max_length=60)
    act = models.CharField(max_length=30)
    size = models.BigIntegerField(help_text="bytes of the whole file")
    offset = models.BigIntegerField(default=0, help_text="bytes that are on the disk")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    completed_at = models.DateTimeField(null=True, help_text="when the last byte arrived: the moment that counts")
    settled_at = models.DateTimeField(null=True, help_text="when the act was performed or refused")
    refusals = models.JSONField(default=list)
    entry = models.ForeignKey(SealedEntry, models.PROTECT, related_name="+", null=True)

    class Meta:
        app_label = "web"
        indexes = (
            models.Index(fields=("stream", "organisation"), name="upload_of"),
            models.Index(
                fields=("stream",),
                name="upload_to_settle",
                condition=models.Q(completed_at__isnull=False, settled_at__isnull=True),
            ),
        )

    @property
    def is_complete(self) -> bool:
        """Whether every byte is there."""
        return self.completed_at is not None


class Trial(models.Model):
    """试解密: the bidder opened its own sealed file with today's certificate, on its own computer, or could not."""

    organisation = models.CharField("单位", max_length=18)
    sealed = models.CharField("密封文件 SHA-256", max_length=64)
    tried_at = models.DateTimeField()
    is_opened = models.BooleanField("能打开")
    certificate = models.CharField("证书", max_length=200, blank=True)

    class Meta:
        app_label = "web"
        constraints = (models.UniqueConstraint(fields=("organisation", "sealed"), name="trial_newest_only"),)
