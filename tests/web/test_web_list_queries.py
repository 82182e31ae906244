"""How many questions a page asks of the database: as many with three rows as with one."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.act_pages import signed_in
from support.browser import account_of
from support.emptying import rewriting
from support.gallery_scenes import credential, pdfs
from support.market import AT, open_markets
from support.stages import PUBLISHED, give_opinions, trade_at, walk
from yangguang.experts import draws
from yangguang.trading.models import OpenedBid
from yangguang.trading.stages import Stage
from yangguang.witness.log import sequence_log

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def asked(client, path, *, at, times=2):
    """How many questions the page asks once it was looked at, and its context."""
    with time_machine.travel(at, tick=False):
        for _ in range(times - 1):
            client.get(path)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(path)
    assert page.status_code == 200
    return len(caught), page.context


@pytest.fixture
def markets(request):
    """One lot or three, published and in the log."""
    found = open_markets(lots=request.param, bidders=1)
    sequence_log(at=AT)
    return found


@pytest.mark.parametrize("markets", [1, 3], indirect=True)
def test_notifications(markets):
    at = AT + timedelta(hours=1)
    numbers = {}
    for kind, who in {"agency": markets[0].cast.tenderer, "supervisor": markets[0].cast.supervisor}.items():
        numbers[kind], context = asked(signed_in(who.actor), "/desk/news/", at=at)
        assert len(context["news"]) == len(markets)
    assert numbers == {"agency": 9, "supervisor": 9}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("point", "by", "questions"),
    [
        (Stage.REVIEWING, "chair", 29),
        (Stage.SCORING, "seat2", 30),
        (Stage.PRICING, "supervisor", 18),
    ],
)
def test_the_evaluation_room(point, by, questions, rows):
    scene = trade_at(point)
    pdfs(scene)
    only(scene, rows)
    number, context = asked(signed_in(scene.actor(by)), f"/trades/{scene.stream}/room/", at=scene.at)
    for name in ("bids", "technical", "business", "tables"):
        assert len(context.get(name, ["-"] * rows)) == rows
    assert number == questions


def only(scene, rows):
    """Let so many bids be open and the others be undecrypted."""
    shut = OpenedBid.objects.filter(bid__trade=scene.trade).order_by("pk").values_list("pk", flat=True)[rows:]
    with rewriting("trading_openedbid"):
        OpenedBid.objects.filter(pk__in=list(shut)).update(price=None, outcome=OpenedBid.Outcome.REVOKED)


@pytest.mark.parametrize("rows", [3, 4])  # with fewer nothing is opened
def test_the_board_of_the_hall(rows):
    scene = trade_at(Stage.BIDDING)
    for number in range(4, rows + 1):
        scene.bid(f"bidder{number}")
    walk(scene, Stage.BIDDING, Stage.LISTED)
    assert board_asks(scene, rows) == 23
    walk(scene, Stage.LISTED, Stage.DECRYPTING)
    for number in range(4, rows + 1):
        scene.do("open_bid", f"bidder{number}", unlocked=scene.unlocked(f"bidder{number}"))
    walk(scene, Stage.DECRYPTING, Stage.ANNOUNCED)
    assert board_asks(scene, rows) == 32


def board_asks(scene, rows):
    """How many questions a new board asks, which has so many rows."""
    client = signed_in(scene.actor("supplier"))
    number, context = asked(client, f"/trades/{scene.stream}/opening/", at=scene.at, times=1)
    assert context["board_html"].count('<th scope="row">示例') == rows
    return number


@pytest.mark.parametrize("rows", [1, 3])
def test_the_draw_of_the_experts(rows):
    scene = trade_at(Stage.OPENED)
    scene.draw()
    for _ in range(rows - 1):
        position = draws.next_position(scene.current_draw())
        scene.do("record_expert_reply", "centre", position=position, reply="refused", reason="出差")
    number, context = asked(signed_in(scene.actor("centre")), f"/trades/{scene.stream}/draw/", at=scene.at)
    assert len(context["draws"][0].called) == rows
    assert number == 58


def objections(scene, rows):
    for _ in range(rows):
        scene.do("object_to_document", "supplier", objection=scene.kept("异议：评分办法不清"))


def rejections(scene, rows):
    give_opinions(scene, failing=tuple(f"bidder{number}" for number in range(1, rows + 1)))


def bonds(scene, rows):
    for held in scene.trade.guarantees.order_by("pk")[rows:]:
        scene.do("refund_guarantee", "agency", guarantee=held.pk, amount=Decimal(200_000), interest=Decimal(0))


# By the act: where, by whom, what makes so many rows, the field that lists them, and the questions.
CHOOSING = {
    "answer_document_objection": (PUBLISHED, "agency", objections, "number", 9),
    "reject_bid": (Stage.REVIEWING, "chair", rejections, "bid", 12),
    "refund_guarantee": (Stage.CONTRACTED, "agency", bonds, "guarantee", 9),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("act", CHOOSING)
def test_forms_that_let_one_choose(act, rows):
    point, by, ready, field, questions = CHOOSING[act]
    scene = trade_at(point)
    ready(scene, rows)
    number, context = asked(signed_in(scene.actor(by)), f"/trades/{scene.stream}/do/{act}/", at=scene.at)
    assert len([value for value, _ in context["form"].fields[field].choices if value]) == rows
    assert number == questions


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_of_a_trade(rows):
    scene = trade_at(PUBLISHED)
    objections(scene, rows)
    number, context = asked(signed_in(scene.actor("agency")), f"/trades/{scene.stream}/", at=scene.at)
    assert sum(len(run.steps) for run in context["runs"]) == 2 + rows
    assert number == 14


@pytest.mark.parametrize("rows", [1, 3])
def test_passkeys(rows):
    scene = trade_at(Stage.REGISTERED)
    client, account = signed_in(scene.actor("tenderer")), account_of(scene.who("tenderer"))
    for number in range(rows):
        data = {"name": f"密钥{number}", "passwordless": True, "credential": credential()}
        Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)
    assert client.get("/account/mfa/passkeys/").status_code == 200
    with CaptureQueriesContext(connection) as caught:
        assert client.get("/account/mfa/passkeys/").content.decode().count("改名") == rows
    assert len(caught) == 4
