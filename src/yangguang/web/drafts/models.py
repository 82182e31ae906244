"""What a half-done form remembers (办理草稿): nothing typed is lost, and nothing is done twice."""

import secrets

from django.db import models

from yangguang.web.accounts.models import Account


def fresh_token() -> str:
    """An address that cannot be guessed."""
    return secrets.token_urlsafe(18)


class Draft(models.Model):
    """草稿: the checked inputs of one act of one person, until it is done; then its entry's number."""

    token = models.CharField(max_length=32, unique=True, default=fresh_token)
    account = models.ForeignKey(Account, models.CASCADE)
    organisation = models.CharField("所代表单位", max_length=18, blank=True)
    stream = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    answers = models.JSONField(default=dict, help_text="the form's fields as they were typed")
    files = models.JSONField(default=dict, help_text="field → name and digest of the kept file")
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, help_text="set while the act runs, so that a second click waits")
    sequence = models.PositiveIntegerField("见证记录序号", null=True)
    is_sealed = models.BooleanField("封存记录", default=False)
    done_at = models.DateTimeField(null=True)
