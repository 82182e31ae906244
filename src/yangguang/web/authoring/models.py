"""What an organisation has typed of a tender document (招标文件草稿)."""

from django.db import models


class AuthoredDocument(models.Model):
    """招标文件草稿: one for each organisation and trade. `revision` grows with every save, so two tabs cannot mix."""

    stream = models.CharField(max_length=60)
    organisation = models.CharField("单位", max_length=18)
    typed = models.JSONField(default=dict, help_text="field → list of what was typed")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "web"
        constraints = (models.UniqueConstraint(fields=("stream", "organisation"), name="authored_once"),)
