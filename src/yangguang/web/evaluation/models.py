"""What a member of a committee has typed and not yet handed in."""

from django.db import models

from yangguang.web.accounts.models import Account


class Sheet(models.Model):
    """评审底稿: one sheet of one person, kept while it is typed; gone when it is handed in. Nobody else reads it."""

    account = models.ForeignKey(Account, models.CASCADE)
    stream = models.CharField(max_length=60)
    name = models.CharField(max_length=90, help_text="the act and what it is about")
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "stream", "name"), name="sheet_once"),)
