"""Reminders outside of the page (提醒): after the log has grown, by e-mail and short message, to whoever asked for it.

A message says how many notifications there are and nothing else; what counts is the page. The place in the log moves
before anything is sent, so that nobody is told twice; a message that does not get through is not sent again.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q

from yangguang.parties.access import actor_for, organisations_of
from yangguang.web.accounts.models import Account
from yangguang.web.desk import sms
from yangguang.web.desk.models import Contact, SentCursor
from yangguang.web.desk.news import is_own, outside
from yangguang.witness.actor import Actor
from yangguang.witness.models import Leaf

logger = logging.getLogger(__name__)
EVERY = timedelta(seconds=30)
SUBJECT = "阳光交易：您有新的通知"
TEXT = "您在阳光交易平台有{number}条新通知，请登录工作台查看。"
OFF = "django.core.mail.backends.dummy.EmailBackend"


def mails() -> bool:
    """Whether e-mail is set up."""
    return settings.EMAIL_BACKEND != OFF


def send_news(*, at: datetime) -> int:
    """Send what has become due since the last time; gives the number of messages. Cheap when there is nothing to do."""
    if not mails() and not settings.SMS_PROVIDER:
        return 0
    span = _next_span(at)
    return sum(_remind(contact, number) for contact, number in _due(*span, at=at)) if span else 0


def _next_span(at: datetime) -> tuple[int, int] | None:
    """The leaves that are new since the last time, claimed by moving the cursor; None when there are none."""
    size = Leaf.objects.count()
    cursor, made = SentCursor.objects.get_or_create(pk=1, defaults={"leaves": size, "sent_at": at})
    if made or cursor.leaves >= size or at < cursor.sent_at + EVERY:
        return None
    claimed = SentCursor.objects.filter(pk=1, leaves=cursor.leaves).update(leaves=size, sent_at=at)
    return (cursor.leaves, size) if claimed else None


def _due(start: int, end: int, *, at: datetime) -> Iterator[tuple[Contact, int]]:
    wanted = Contact.objects.filter(Q(by_mail=True) | Q(by_sms=True), account__is_active=True)
    for contact in wanted.select_related("account__person"):
        number = sum(_count(actor, start, end) for actor in _actors(contact.account, at=at))
        if number:
            yield contact, number


def _actors(account: Account, *, at: datetime) -> Iterator[Actor]:
    for organisation in organisations_of(person=account.person, at=at):
        yield actor_for(person=account.person, organisation=organisation, at=at)


def _count(actor: Actor, start: int, end: int) -> int:
    found = Leaf.objects.filter(outside(actor), index__gte=start, index__lt=end).select_related("entry")
    return sum(not is_own(one.entry, actor) for one in found)


def _remind(contact: Contact, number: int) -> int:
    text, sent = TEXT.format(number=number), 0
    carrier = sms.provider()
    try:
        if contact.by_mail and contact.account.email and mails():
            sent += send_mail(SUBJECT, text, None, [contact.account.email])
        if contact.by_sms and contact.mobile and carrier:
            carrier.send(mobile=contact.mobile, text=text)
            sent += 1
    except Exception as fault:  # noqa: BLE001 - a server that is away stops neither the clock nor the others' messages
        logger.warning("有一条提醒没有发出：%s", type(fault).__name__)  # without the address
    return sent
