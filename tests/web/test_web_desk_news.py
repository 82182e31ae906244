"""Notifications: what the log says on one's own trades, read once, and reminders that tell nobody who bids."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core import mail

from support.act_pages import signed_in
from support.browser import account_of
from support.stages import PUBLISHED, Stage, trade_at, walk
from yangguang.mail_settings import mail_settings
from yangguang.web.desk import sms
from yangguang.web.desk.models import Contact, ReadCursor
from yangguang.web.desk.news import news_for
from yangguang.web.desk.sending import send_news
from yangguang.witness.log import sequence_log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def told(scene, by, *, read=0):
    sequence_log(at=scene.at)
    return [one.entry.act for one in news_for(scene.actor(by), read=read)]


def test_each_is_told_what_matters_to_them_and_not_what_they_did_themselves():
    scene = trade_at(Stage.LISTED)
    assert told(scene, "bidder") == ["announce_bidders", "close_bidding"]
    assert told(scene, "supplier") == []
    assert told(scene, "tenderer") == ["close_bidding", "publish_notice"]
    assert told(scene, "agency") == ["close_bidding"]
    assert told(scene, "centre") == ["close_bidding", "publish_notice"]
    assert told(scene, "supervisor") == ["publish_notice"]


def test_a_member_is_told_of_nothing_before_signing_in():
    scene = trade_at(Stage.DRAWN)
    assert told(scene, "seat1") == []
    assert told(trade_in(Stage.SCORING, scene), "seat1") == ["close_review"]


def trade_in(stage, scene):
    walk(scene, Stage.DRAWN, stage)
    return scene


def test_what_was_read_stays_read_and_what_comes_later_is_new():
    scene = trade_at(PUBLISHED)
    sequence_log(at=scene.at)
    client = visit(scene, "tenderer")
    page = client.get("/desk/news/")
    assert page.context["unread"] == 1
    client.post("/desk/news/read/", {"leaves": page.context["leaves"]})
    assert client.get("/desk/news/").context["unread"] == 0
    client.post("/desk/news/read/", {"leaves": "0"})
    assert client.get("/desk/news/").context["unread"] == 0
    walk(scene, PUBLISHED, Stage.CLOSED)
    sequence_log(at=scene.at)
    assert visit(scene, "tenderer").get("/desk/").context["unread"] == 1


@pytest.mark.parametrize("leaves", ["", "x", "-1", "9" * 30])
def test_nonsense_moves_no_cursor(leaves):
    scene = trade_at(PUBLISHED)
    assert visit(scene, "tenderer").post("/desk/news/read/", {"leaves": leaves}).status_code == 302
    assert not ReadCursor.objects.exists()


def visit(scene, by):
    return Visitor(scene, by)


class Visitor:
    """Somebody at their desk, at the scene's moment."""

    def __init__(self, scene, by):
        self.at = scene.at
        with time_machine.travel(self.at, tick=False):
            self.client = signed_in(scene.actor(by))

    def get(self, path):
        with time_machine.travel(self.at, tick=False):
            return self.client.get(path)

    def post(self, path, data):
        with time_machine.travel(self.at, tick=False):
            return self.client.post(path, data)


@pytest.fixture
def carriers(settings):
    """E-mail into memory, short messages into a file."""
    settings.SMS_PROVIDER = "yangguang.web.desk.sms.ToFile"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    path = Path(django_settings.HOME, "sms.txt")
    path.unlink(missing_ok=True)
    yield lambda: path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    path.unlink(missing_ok=True)


def wanting(scene, by, number):
    account = account_of(scene.who(by))
    account.email = f"{by}@example.test"
    account.save()
    Contact.objects.create(account=account, mobile=f"1380000000{number}", by_mail=True, by_sms=True)


def sent_at(scene):
    sequence_log(at=scene.at)
    mail.outbox.clear()
    send_news(at=scene.at)
    return sorted(one.to[0].partition("@")[0] for one in mail.outbox)


def test_no_message_goes_to_a_bidder_before_the_list_is_public_nor_ever_to_an_expert(carriers):
    scene = trade_at(PUBLISHED)
    for number, by in enumerate(["bidder", "tenderer", "supervisor"], start=1):
        wanting(scene, by, number)
    assert sent_at(scene) == []  # the first look only marks the place
    walk(scene, PUBLISHED, Stage.CLOSED)
    assert sent_at(scene) == ["tenderer"]
    walk(scene, Stage.CLOSED, Stage.LISTED)
    assert sent_at(scene) == ["bidder"]
    walk(scene, Stage.LISTED, Stage.DRAWN)
    wanting(scene, "seat1", 4)
    assert sent_at(scene) == ["bidder"]
    walk(scene, Stage.DRAWN, Stage.EVALUATED)
    assert sent_at(scene) == ["supervisor", "tenderer"]
    assert [line.split()[0] for line in carriers()] == [
        "13800000002", "13800000001", "13800000001", "13800000002", "13800000003",
    ]  # fmt: skip


def test_a_message_names_nothing_and_is_sent_once(carriers):
    scene = trade_at(PUBLISHED)
    wanting(scene, "tenderer", 1)
    sent_at(scene)
    walk(scene, PUBLISHED, Stage.CLOSED)
    sent_at(scene)
    (message,) = mail.outbox
    assert (message.subject, message.body) == (
        "阳光交易：您有新的通知", "您在阳光交易平台有1条新通知，请登录工作台查看。",
    )  # fmt: skip
    assert carriers() == [f"13800000001 {message.body}"]
    scene.at += timedelta(hours=1)
    assert sent_at(scene) == []


def test_a_carrier_that_is_away_stops_nothing(carriers, settings, caplog):
    scene = trade_at(PUBLISHED)
    wanting(scene, "tenderer", 1)
    sent_at(scene)
    settings.SMS_PROVIDER = f"{__name__}.Away"
    walk(scene, PUBLISHED, Stage.CLOSED)
    assert sent_at(scene) == ["tenderer"]
    assert "ConnectionError" in caplog.text
    assert "138" not in caplog.text
    assert carriers() == []


class Away:
    """A provider whose line is dead."""

    def send(self, **_):
        raise ConnectionError


def test_without_settings_nothing_is_sent():
    assert sms.provider() is None
    assert send_news(at=trade_at(PUBLISHED).at) == 0


def test_one_chooses_how_to_be_reminded():
    scene = trade_at(PUBLISHED)
    client = visit(scene, "tenderer")
    assert client.get("/desk/contact/").status_code == 200
    wrong = client.post("/desk/contact/", {"by_mail": "on", "mobile": "12345", "by_sms": "on"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "请填写电子邮箱" in text
    assert "请填写十一位手机号" in text
    assert 'value="12345"' in text
    good = {"email": "a@example.test", "by_mail": "on", "mobile": "13800000000"}
    assert client.post("/desk/contact/", good).status_code == 302
    kept = Contact.objects.get()
    assert (kept.by_mail, kept.by_sms, kept.mobile, kept.account.email) == (
        True, False, "13800000000", "a@example.test",
    )  # fmt: skip


def test_the_address_of_the_mail_server_is_read_whole():
    given = mail_settings(url="smtp://u%40x:p@mail.example.test", sender="x@example.test")
    assert (given["EMAIL_HOST"], given["EMAIL_PORT"], given["EMAIL_HOST_USER"], given["EMAIL_USE_TLS"]) == (
        "mail.example.test", 587, "u@x", True,
    )  # fmt: skip
    assert mail_settings(url="smtps://h", sender="x@y.test")["EMAIL_USE_SSL"]
    assert mail_settings(url=None, sender=None) == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.mark.parametrize(("url", "sender"), [("http://h", "a@b"), ("smtp://", "a@b"), ("smtp://h", None)])
def test_an_address_that_is_no_mail_server_is_refused(url, sender):
    with pytest.raises(ValueError, match="YANGGUANG_"):
        mail_settings(url=url, sender=sender)
