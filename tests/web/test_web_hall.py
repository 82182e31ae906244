"""The opening hall: what each role sees at each stage, and every act done in it by the pages."""

import re
import secrets
from datetime import UTC, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.browser import account_of
from support.scenes import DEADLINE
from support.stages import trade_at
from yangguang.demo.cast import released_keys
from yangguang.proof.draws import commitment
from yangguang.trading.models import OpenedBid, SignIn
from yangguang.trading.stages import Stage
from yangguang.web import moment
from yangguang.web.drafts.models import Draft
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)

HOSTS = ("agency", "tenderer", "centre")
BEFORE = DEADLINE - timedelta(minutes=30)


@pytest.fixture
def clock(monkeypatch):
    """Sets the one moment that requests get."""

    def stand_at(at):
        monkeypatch.setattr(moment, "now", lambda: at)

    return stand_at


def scene_at(point, clock, *, at=None):
    scene = trade_at(point, at=at)
    clock(scene.at)
    return scene


def browser_of(scene, kind):
    client = Client()
    if kind != "public":
        client.force_login(account_of(scene.who(kind)), backend="yangguang.web.accounts.backends.AccountBackend")
    return client


def hall(scene, kind, path=""):
    return browser_of(scene, kind).get(f"/trades/{scene.stream}/opening/{path}").content.decode()


def tasks(page):
    """The acts that stand in the panel with a form or a link."""
    blocks = re.split(r'<div class="yg-hall-task" data-task="', page)[1:]
    return [one.split('"')[0].split()[0] for one in blocks if "<form" in one or "<a class" in one]


def post(scene, kind, name, **given):
    client = browser_of(scene, kind)
    found = re.search(rf'do/{name}/".*?name="token" value="([^"]+)"', hall(scene, kind), re.DOTALL)
    token = found[1] if found else secrets.token_urlsafe(18)
    return client.post(f"/trades/{scene.stream}/opening/do/{name}/", {"token": token, **given})


def keys(scene, kind, name=""):
    data = released_keys(bidder=scene.who(kind), file=scene.files[f"{kind}{name}"], at=scene.at)
    return SimpleUploadedFile("keys.json", data, content_type="application/json")


def test_a_trade_without_a_notice_has_no_hall(clock):
    scene = scene_at(Stage.REVIEWED, clock)
    for path in ("", "screen/", "board/", "mine/", "events"):
        assert browser_of(scene, "agency").get(f"/trades/{scene.stream}/opening/{path}").status_code == 404


OFFERED = {
    (Stage.BIDDING, "bidder"): ["sign_in_to_opening"],
    (Stage.BIDDING, "agency"): [],
    (Stage.CLOSED, "agency"): ["announce_bidders", "terminate"],
    (Stage.CLOSED, "centre"): ["announce_bidders", "suspend"],
    (Stage.CLOSED, "supervisor"): ["suspend", "terminate"],
    (Stage.CLOSED, "bidder"): [],
    (Stage.LISTED, "centre"): ["open_draw", "suspend"],
    (Stage.LISTED, "agency"): ["terminate"],
    (Stage.LISTED, "tenderer"): ["terminate"],
    (Stage.DECRYPTING, "agency"): ["record_decryption_failure", "extend_decryption", "terminate"],
    (Stage.DECRYPTING, "bidder2"): ["open_bid"],
    (Stage.DECRYPTED, "tenderer"): ["announce_bids", "terminate"],
    (Stage.DECRYPTED, "bidder"): [],
    (Stage.ANNOUNCED, "bidder"): ["object_at_opening"],
    (Stage.ANNOUNCED, "agency"): ["terminate"],
    (Stage.ANNOUNCED, "centre"): ["suspend"],
    (Stage.OPENED, "agency"): [],
    (Stage.OPENED, "bidder"): [],
}


@pytest.mark.parametrize(("point", "kind"), OFFERED)
def test_each_role_is_offered_what_it_may_do_now(clock, point, kind):
    scene = scene_at(point, clock, at=BEFORE if point == Stage.BIDDING else None)
    assert tasks(hall(scene, kind)) == OFFERED[point, kind]


@pytest.mark.parametrize("point", [Stage.BIDDING, Stage.LISTED, Stage.DECRYPTING, Stage.ANNOUNCED, Stage.OPENED])
@pytest.mark.parametrize("kind", ["public", "supplier"])
def test_strangers_and_outsiders_only_watch(clock, point, kind):
    assert tasks(hall(scene_at(point, clock), kind)) == []


@pytest.mark.parametrize("kind", ["public", "supplier", "agency", "tenderer", "centre", "supervisor", "bidder2"])
def test_nobody_learns_of_a_bidder_before_the_deadline(clock, kind):
    scene = scene_at(Stage.BIDDING, clock, at=BEFORE)
    scene.do("sign_in_to_opening", "bidder1")
    told = {path: hall(scene, kind, path) for path in ("", "screen/", "board/", "mine/")}
    for page in told.values():
        assert scene.who("bidder1").actor.organisation not in page
        assert scene.cast.bidders[0].name not in page
        assert "未解密" not in page
        assert "家投标" not in page


def test_the_board_does_not_change_with_what_is_sealed(clock):
    scene = scene_at("published", clock, at=BEFORE)
    before = {path: hall(scene, "public", path) for path in ("board/", "mine/")}
    scene.guarantee("bidder1")
    scene.bid("bidder1")
    scene.do("sign_in_to_opening", "bidder1")
    assert {path: hall(scene, "public", path) for path in ("board/", "mine/")} == before


def test_a_bidder_sees_its_own_bid_and_signs_in(clock):
    scene = scene_at(Stage.BIDDING, clock, at=BEFORE)
    assert "未签到" in hall(scene, "bidder1")
    answer = post(scene, "bidder1", "sign_in_to_opening")
    assert answer.status_code == 302
    told = answer.client.get(answer.url).content.decode()
    assert "已办理：开标签到（已封存）" in told  # a number would tell how many sealed entries there are
    assert SignIn.objects.get().organisation.code == scene.who("bidder1").actor.organisation
    assert tasks(hall(scene, "bidder1")) == []
    assert "未签到" in hall(scene, "bidder2")


def test_signing_in_too_early_is_said_beforehand_and_refused_in_its_place(clock):
    scene = scene_at(Stage.BIDDING, clock)
    page = hall(scene, "bidder1")
    assert tasks(page) == []
    assert "分钟开放" in page
    answer = post(scene, "bidder1", "sign_in_to_opening")
    assert answer.status_code == 409
    assert 'data-code="opening.sign_in.too_early"' in answer.content.decode()


def test_the_list_is_announced_once(clock):
    scene = scene_at(Stage.CLOSED, clock)
    assert scene.cast.bidders[0].name not in hall(scene, "public")
    assert post(scene, "agency", "announce_bidders").status_code == 302
    assert scene.cast.bidders[0].name in hall(scene, "public")
    again = post(scene, "agency", "announce_bidders")
    assert again.status_code == 409
    assert 'data-code="stage.wrong"' in again.content.decode()


def test_too_few_bidders_are_told_and_not_named(clock):
    page = hall(scene_at(Stage.TOO_FEW, clock), "public")
    assert "少于三家" in page
    assert "示例市建工" not in page


def test_a_parameter_is_drawn_step_by_step(clock):
    scene = scene_at(Stage.LISTED, clock)
    assert post(scene, "centre", "open_draw").status_code == 302
    draw_id = scene.current_draw().draw_id
    nonces = {party: secrets.token_bytes(32) for party in ("centre", "tenderer", "supervisor")}
    for party, nonce in nonces.items():
        bound = commitment(draw_id=draw_id, party=party, nonce=nonce)
        assert "commit_to_draw" in tasks(hall(scene, party))
        assert post(scene, party, "commit_to_draw", commitment=bound).status_code == 302
        assert "commit_to_draw" not in tasks(hall(scene, party))
        assert bound in hall(scene, "public", "board/")
    assert "中心应当最先揭示" in hall(scene, "tenderer")
    early = post(scene, "tenderer", "reveal_for_draw", nonce=nonces["tenderer"].hex())
    assert 'data-code="draw.centre_first"' in early.content.decode()
    for party, nonce in nonces.items():
        assert post(scene, party, "reveal_for_draw", nonce=nonce.hex()).status_code == 302
    assert tasks(hall(scene, "centre")) == ["complete_draw", "suspend"]
    assert post(scene, "centre", "complete_draw").status_code == 302
    board = hall(scene, "public", "board/")
    assert f'data-member="{scene.data("complete_draw")["value"]}"' in board
    assert "全部相符" in board
    assert "start_decryption" in tasks(hall(scene, "agency"))


def test_completing_waits_for_the_reveals_until_their_time_is_over(clock):
    scene = scene_at(Stage.LISTED, clock)
    scene.do("open_draw", "centre")
    nonces = {party: secrets.token_bytes(32) for party in ("centre", "tenderer", "supervisor")}
    for party, nonce in nonces.items():
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, nonce))
    for party in ("centre", "tenderer"):
        scene.do("reveal_for_draw", party, nonce=nonces[party])
    assert "还有参与方没有揭示随机数" in hall(scene, "centre")
    clock(scene.at + timedelta(hours=1))
    assert "complete_draw" in tasks(hall(scene, "centre"))


def test_decryption_is_not_offered_before_the_draw(clock):
    scene = scene_at(Stage.LISTED, clock)
    assert "参数还没有全部抽取" in hall(scene, "agency")
    answer = post(scene, "agency", "start_decryption")
    assert 'data-code="draw.parameters_missing"' in answer.content.decode()
    scene.draw()
    assert post(scene, "agency", "start_decryption").status_code == 302
    assert scene.trade.stage == Stage.DECRYPTING


def test_a_bidder_decrypts_with_the_key_files(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    given = {"release": keys(scene, "bidder1"), "guarantee_release": keys(scene, "bidder1", " guarantee")}
    assert post(scene, "bidder1", "open_bid", **given).status_code == 302
    assert OpenedBid.objects.get().bid.bidder.code == scene.who("bidder1").actor.organisation
    assert 'data-outcome="opened"' in hall(scene, "public")
    assert tasks(hall(scene, "bidder1")) == []
    assert tasks(hall(scene, "bidder2")) == ["open_bid"]


def test_key_files_may_come_as_text_from_the_page(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    text = keys(scene, "bidder1").read().decode()
    guarantee = keys(scene, "bidder1", " guarantee").read().decode()
    answer = post(scene, "bidder1", "open_bid", release_text=text, guarantee_release_text=guarantee)
    assert answer.status_code == 302


def test_no_price_is_shown_before_the_announcement(clock):
    scene = scene_at(Stage.DECRYPTED, clock)
    for kind in ("public", "agency", "supervisor", "bidder2"):
        assert "9,500,000" not in hall(scene, kind)
    assert post(scene, "agency", "announce_bids").status_code == 302
    page = hall(scene, "public")
    assert "9,500,000.00" in page
    assert "玖佰伍拾万元整" in page


@pytest.mark.parametrize("content", [b"", b"nonsense", b"{}"])
def test_a_wrong_key_file_is_refused_in_its_place(clock, content):
    scene = scene_at(Stage.DECRYPTING, clock)
    answer = post(scene, "bidder1", "open_bid", release=SimpleUploadedFile("keys.json", content))
    assert answer.status_code in {409, 422}
    assert "data-failed" in answer.content.decode()
    assert not OpenedBid.objects.exists()


def test_another_bidders_keys_open_nothing_and_the_host_sees_the_reason(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    answer = post(scene, "bidder1", "open_bid", release=keys(scene, "bidder2"))
    assert answer.status_code == 409
    assert "未成功的解密尝试" in hall(scene, "agency")
    assert "未成功的解密尝试" in hall(scene, "bidder1")
    assert "未成功的解密尝试" not in hall(scene, "bidder2")
    assert "未成功的解密尝试" not in hall(scene, "public")


def test_a_huge_key_file_is_not_read(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    answer = post(scene, "bidder1", "open_bid", release=SimpleUploadedFile("keys.json", b" " * (1 << 21)))
    assert answer.status_code == 422
    assert "不是密钥文件" in answer.content.decode()


def test_a_failure_is_recorded_by_whose_fault(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    code = scene.who("bidder1").actor.organisation
    missing = post(scene, "agency", "record_decryption_failure", bidder=code, fault="bidder", reason="")
    assert missing.status_code == 422
    done = post(scene, "agency", "record_decryption_failure", bidder=code, fault="bidder", reason="私钥遗失")
    assert done.status_code == 302
    board = hall(scene, "public", "board/")
    assert 'data-outcome="revoked"' in board
    assert "私钥遗失" in board


def test_an_extension_keeps_what_was_typed_when_it_fails(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    wrong = post(scene, "agency", "extend_decryption", minutes="0", reason="机房断电")
    assert wrong.status_code == 422
    assert "机房断电" in wrong.content.decode()
    until = scene.trade.decryption_until
    assert post(scene, "agency", "extend_decryption", minutes="10", reason="机房断电").status_code == 302
    assert scene.trade.decryption_until == until + timedelta(minutes=10)
    assert "机房断电" in hall(scene, "public", "board/")


def test_the_same_form_sent_twice_is_done_once(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    client, given = browser_of(scene, "agency"), {"token": "once", "minutes": "10", "reason": "机房断电"}
    path = f"/trades/{scene.stream}/opening/do/extend_decryption/"
    assert client.post(path, given).status_code == 302
    again = client.post(path, given)
    assert again.status_code == 409
    assert 'data-code="hall.done_once"' in again.content.decode()
    assert Entry.objects.filter(act="extend_decryption").count() == 1


def test_a_refused_form_may_be_sent_again(clock):
    scene = scene_at(Stage.BIDDING, clock)
    given = {"token": "again"}
    path = f"/trades/{scene.stream}/opening/do/sign_in_to_opening/"
    assert browser_of(scene, "bidder1").post(path, given).status_code == 409
    clock(BEFORE)
    assert browser_of(scene, "bidder1").post(path, given).status_code == 302
    draft = Draft.objects.get(token="again")
    assert (draft.is_sealed, draft.sequence) == (True, SealedEntry.objects.latest("sequence").sequence)


def test_decryption_ends_when_the_window_is_over(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    assert "还有3家没有解密" in hall(scene, "agency")
    clock(scene.trade.decryption_until + timedelta(seconds=1))
    assert tasks(hall(scene, "agency"))[:3] == ["record_decryption_failure", "extend_decryption", "end_decryption"]
    assert "解密时间已结束" in hall(scene, "bidder1")
    assert post(scene, "agency", "end_decryption").status_code == 302
    assert scene.trade.stage == Stage.DECRYPTED


def test_an_objection_is_shown_to_all_and_answered_on_its_own_page(clock):
    scene = scene_at(Stage.ANNOUNCED, clock)
    assert post(scene, "bidder1", "object_at_opening", text="请核对第三家的工期。").status_code == 302
    assert "请核对第三家的工期。" in hall(scene, "public", "board/")
    page = hall(scene, "agency")
    assert tasks(page) == ["answer_opening_objection", "terminate"]
    assert f'href="/trades/{scene.stream}/do/answer_opening_objection/"' in page
    assert "异议没有答复" in page
    answer = scene.signed("agency", "answer_opening_objection", content="已核对，无误。".encode())
    scene.do("answer_opening_objection", "agency", number=1, answer=answer)
    page = hall(scene, "agency")
    assert "sign_opening_record" not in tasks(page)
    assert "唱标后5分钟内投标人可以当场提出异议" in page
    over = scene.at + timedelta(minutes=5)
    assert f'data-until="{over.astimezone(UTC).isoformat()}"' in page
    clock(over + timedelta(seconds=1))
    assert "sign_opening_record" in tasks(hall(scene, "agency"))
    assert "object_at_opening" not in tasks(hall(scene, "bidder1"))


def test_the_signed_record_is_linked(clock):
    scene = scene_at(Stage.OPENED, clock)
    entry = Entry.objects.get(act="sign_opening_record")
    assert f"/trades/{scene.stream}/entries/{entry.sequence}/" in hall(scene, "public", "board/")


def test_a_suspension_is_shown_and_the_host_is_told_who_may(clock):
    scene = scene_at(Stage.DECRYPTING, clock)
    assert "由交易中心或者行政监督部门签署暂停决定" in hall(scene, "agency")
    scene.do("suspend", "supervisor", order=scene.signed("supervisor", "suspend", name="暂停通知书"))
    page = hall(scene, "supervisor")
    assert "开标已暂停" in page
    assert "resume" in tasks(page)
    assert tasks(hall(scene, "agency")) == ["terminate"]


def test_signing_in_again_comes_back_to_the_hall(clock):
    scene = scene_at(Stage.CLOSED, clock)
    path = f"/trades/{scene.stream}/opening/do/announce_bidders/"
    assert Client().post(path).status_code == 302
    assert browser_of(scene, "agency").get(path).url == f"/trades/{scene.stream}/opening/"


def test_what_is_no_act_of_the_hall_is_not_found(clock):
    scene = scene_at(Stage.CLOSED, clock)
    assert browser_of(scene, "agency").post(f"/trades/{scene.stream}/opening/do/terminate/").status_code == 404


@pytest.mark.parametrize("kind", ["bidder1", "supplier"])
def test_a_role_that_may_not_is_refused(clock, kind):
    scene = scene_at(Stage.CLOSED, clock)
    answer = post(scene, kind, "announce_bidders")
    assert answer.status_code == 403
    assert 'data-code="access.denied"' in answer.content.decode()


def test_offers_lead_to_the_hall(clock):
    scene = scene_at(Stage.CLOSED, clock)
    page = browser_of(scene, "agency").get(f"/trades/{scene.stream}/").content.decode()
    assert f'href="/trades/{scene.stream}/opening/"' in page


def test_a_board_is_made_once_for_all_who_look(clock, django_assert_num_queries):
    scene = scene_at(Stage.DECRYPTING, clock)
    hall(scene, "public", "board/")
    with django_assert_num_queries(1):
        hall(scene, "public", "board/")


@pytest.mark.parametrize("kind", HOSTS)
def test_a_host_without_a_bid_finds_the_trade_while_bids_are_opened(clock, kind):
    scene = scene_at(Stage.DECRYPTING, clock)
    assert browser_of(scene, kind).get(f"/trades/{scene.stream}/").status_code == 200
    assert "open_bid" not in tasks(hall(scene, kind))
