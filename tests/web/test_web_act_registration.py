"""进场登记 in the page: parties found by name or code, lots added and taken away."""

import pytest

from support.act_pages import Desk, errors
from support.stages import trade_at
from yangguang.parties.models import Organisation
from yangguang.trading.models import Tender
from yangguang.trading.stages import Stage
from yangguang.web.drafts.models import Draft

pytestmark = pytest.mark.django_db
ACT = "register_tender"


@pytest.fixture
def desk():
    return Desk(trade_at(Stage.REGISTERED), "centre")


def filled(desk, **changed):
    given = {
        "title": "示例中学教学楼工程",
        "category": "A01",
        "tenderer": desk.scene.cast.tenderer.name,
        "agency": desk.scene.cast.agency.code,
        "supervision_line": "housing",
        "supervisor": desk.scene.cast.supervisor.name,
        "discipline": "",
        "state_controlled": "yes",
        "retender_of": "",
        "lots_count": "1",
        "lot_0_title": "教学楼施工",
        "lot_0_kind": "construction",
        "lot_0_estimate": "12,000,000.00",
        "lot_0_limit_price": "10000000",
    }
    return given | changed


SECOND = {"lots_count": "2", "lot_1_title": "监理", "lot_1_kind": "services", "lot_1_estimate": "800000"}


def test_staff_come_from_the_short_address_and_others_do_not(desk):
    assert desk.get("/register/")["Location"] == desk.address(ACT)
    assert Desk(desk.scene, "agency").get("/register/").status_code == 403
    assert Desk(desk.scene, "agency").open(ACT).status_code == 403


def test_a_tender_with_two_lots_is_registered(desk):
    done = desk.do(ACT, filled(desk, **SECOND))
    tender = Tender.objects.latest("pk")
    facts = [(one.title, one.works_kind, one.limit_price) for one in tender.trades.order_by("pk")]
    assert facts == [("教学楼施工", "construction", 10_000_000), ("监理", "services", None)]
    assert (tender.tenderer, tender.agency) == (
        desk.scene.cast.tenderer.organisation,
        desk.scene.cast.agency.organisation,
    )
    for one in tender.trades.all():
        assert one.stream in done.content.decode()


def test_the_check_page_repeats_the_parties_with_their_codes(desk):
    page = desk.get(desk.fill(ACT, filled(desk))["Location"])
    text = page.content.decode()
    for party in (desk.scene.cast.tenderer, desk.scene.cast.agency):
        assert f"{party.name}　{party.code}" in text
    assert "12,000,000.00 元" in text


def test_lots_are_added_and_taken_away_and_what_was_typed_stays(desk):
    more = desk.fill(ACT, filled(desk, add_lot="1"))
    assert more.status_code == 200, errors(more)
    text = more.content.decode()
    assert 'name="lot_1_title"' in text
    assert 'value="教学楼施工"' in text
    assert 'name="lots_count" value="2"' in text
    fewer = desk.fill(ACT, filled(desk, **SECOND, drop_lot="1")).content.decode()
    assert 'name="lot_1_title"' not in fewer
    assert 'value="教学楼施工"' in fewer


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"tenderer": "没有这个单位"}, "没有找到这个单位"),
        ({"tenderer": "示例"}, "有多个单位符合，请填写全称或者代码"),
        ({"tenderer": "919901000000000198"}, "统一社会信用代码"),
        ({"tenderer": ""}, "招标人"),
        ({"supervisor": ""}, "行政监督部门"),
        ({"title": "长" * 201}, "200"),
        ({"lot_0_estimate": "一千万"}, "请填写金额"),
        ({"lot_0_kind": "land"}, "选择一个有效的选项"),
        ({"lots_count": "99"}, "20"),
    ],
)
def test_bad_input_is_answered(desk, changed, says):
    page = desk.fill(ACT, filled(desk, **changed))
    assert page.status_code == 422
    assert says in page.content.decode()
    assert 'value="教学楼施工"' in page.content.decode()


def test_a_code_that_nobody_registered_is_told_from_a_wrong_one(desk):
    Organisation.objects.filter(code=desk.scene.cast.bidders[4].code).update(code="X" * 18)
    page = desk.fill(ACT, filled(desk, tenderer=desk.scene.cast.bidders[4].code))
    assert "没有登记使用这个代码的单位" in page.content.decode()


def test_part_of_a_name_finds_the_only_one(desk):
    name = desk.scene.cast.tenderer.name
    assert desk.fill(ACT, filled(desk, tenderer=name[2:])).status_code == 302


def test_nobody_is_the_agency_of_itself(desk):
    page = desk.fill(ACT, filled(desk, agency=desk.scene.cast.tenderer.name))
    assert "招标代理机构不能是招标人自己" in page.content.decode()


def test_what_the_act_refuses_is_shown_and_kept(desk):
    check = desk.fill(ACT, filled(desk, lot_0_estimate="0"))["Location"]
    page = desk.confirm(check)
    assert page.status_code == 409
    assert "估算价应大于零" in page.content.decode()
    assert Draft.objects.get().answers["title"] == "示例中学教学楼工程"


def test_a_failed_trade_is_registered_again():
    desk = Desk(trade_at(Stage.TERMINATED), "centre")
    desk.do(ACT, filled(desk, retender_of=desk.scene.stream))
    assert Tender.objects.latest("pk").retender_of.stream == desk.scene.stream
