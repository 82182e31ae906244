"""What the workbench keeps of its own: how far somebody has read, and where reminders may go."""

from django.db import models

from yangguang.web.accounts.models import Account


class ReadCursor(models.Model):
    """已读位置: the number of leaves of the public log that a person has read the news of, for one organisation."""

    account = models.ForeignKey(Account, models.CASCADE)
    organisation = models.CharField("所代表单位", max_length=18, blank=True)
    leaves = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "organisation"), name="read_cursor_once"),)


class Contact(models.Model):
    """提醒方式: how a person wants to be reminded outside of the page; nothing without their own choice."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="contact")
    mobile = models.CharField("手机号", max_length=20, blank=True)
    by_mail = models.BooleanField("电子邮件提醒", default=False)
    by_sms = models.BooleanField("短信提醒", default=False)


class SentCursor(models.Model):
    """发送位置: the number of leaves that reminders were sent for; there is one row."""

    leaves = models.PositiveBigIntegerField(default=0)
    sent_at = models.DateTimeField()
