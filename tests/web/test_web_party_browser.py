"""One study meeting and one talk in four browsers: entered once, found everywhere, and sealed where it is sealed."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from support.browser import click_through, no_violations
from support.gallery_party import Guest
from support.party import everyone
from yangguang.ledger.models import Look, Record

pytestmark = pytest.mark.browser
BASE, MATTER = "/party/zb/", "老人住院，需要调整值班。"
LOOK = "调阅（将被记录）"


@pytest.fixture
def branch(house):
    made = everyone()
    house.set_clock(made.at)
    return made


@pytest.fixture
def at_desk(branch, people):
    """The window of somebody of the branch, one for each of them."""
    seats = {}

    def seat(name):
        if name not in seats:
            seats[name] = people.sign_in(Guest(branch.people[name]))
        return seats[name]

    return seat


def test_a_meeting_is_entered_once_and_counts_for_its_people_its_registers_and_the_report(at_desk):
    worker = at_desk("干事").goto(BASE + "registers/meeting/")
    click_through(worker.get_by_role("link", name="登记", exact=True))
    click_through(worker.get_by_role("link", name="党课"))
    worker.get_by_label("名称（可不填）").fill("书记讲党课：守住见证的底线")
    worker.get_by_label("开始时间").fill("09:00")
    worker.get_by_label("结束时间").fill("11:00")
    worker.get_by_role("checkbox", name="学习", exact=True).check()
    worker.get_by_role("checkbox", name="党员2", exact=True).check()
    worker.get_by_label("党员2缺席的原因").fill("出差")
    click_through(worker.get_by_role("button", name="下一步：核对"))
    expect(worker.get_by_text("应到 6 人，实到 5 人；缺席：党员2（出差）")).to_be_visible()
    click_through(worker.get_by_role("button", name="确认登记"))
    expect(worker.get_by_role("heading", name="已登记：2026-1")).to_be_visible()

    for name, hours in (("党员1", "2 / 32，还差 30"), ("党员2", "0 / 32，还差 32")):
        expect(at_desk(name).goto(BASE).get_by_text(hours)).to_be_visible()

    secretary = at_desk("书记").goto(BASE + "registers/meeting/")
    secretary.get_by_label("标签").select_option("学习")
    click_through(secretary.get_by_role("button", name="查询"))
    row = secretary.get_by_role("row", name="守住见证的底线")
    expect(row).to_contain_text("5/6")
    secretary = at_desk("书记").goto(BASE + "reports/")
    secretary.get_by_label("提纲").select_option("年度总结")
    click_through(secretary.get_by_role("button", name="起草"))
    body = secretary.get_by_role("article", name="正文")
    expect(body).to_contain_text("讲党课1次")
    click_through(body.locator('a[href*="key=lectures"]'))
    no_violations(secretary)
    click_through(secretary.get_by_role("link", name="守住见证的底线"))
    expect(secretary.get_by_role("heading", name="到会 5/6")).to_be_visible()
    assert Record.objects.count() == 1


def test_a_sealed_talk_opens_to_its_two_people_and_to_nobody_else(branch, at_desk):
    secretary = at_desk("书记").goto(BASE + "registers/talk/new/?kind=谈心谈话")
    secretary.get_by_label("谈话人").select_option("书记")
    secretary.get_by_label("谈话内容").fill(MATTER)
    secretary.get_by_role("checkbox", name="党员1", exact=True).check()
    click_through(secretary.get_by_role("button", name="下一步：核对"))
    click_through(secretary.get_by_role("button", name="确认登记"))
    click_through(secretary.get_by_role("link", name="查看这条记录"))
    expect(secretary.get_by_role("button", name=LOOK)).to_be_visible()
    address = urlsplit(secretary.url).path
    assert MATTER not in secretary.content()
    for name in ("书记", "党员1"):
        page = at_desk(name).goto(address)
        click_through(page.get_by_role("button", name=LOOK))
        expect(page.get_by_text(MATTER)).to_be_visible()
        no_violations(page)
    assert list(Look.objects.order_by("pk").values_list("person", flat=True)) == branch.marks("书记", "党员1")

    worker = at_desk("干事").goto(address)
    expect(worker.get_by_text("您无权调阅")).to_be_visible()
    assert (worker.get_by_role("button", name=LOOK).count(), MATTER in worker.content()) == (0, False)
    for name in ("派驻纪检", "党员2"):
        window = at_desk(name)
        answer = window.page.goto(window.server.url(address))
        assert (answer.status, MATTER in window.page.content()) == (404, False)
    inspector = at_desk("派驻纪检").goto(BASE)
    expect(inspector.get_by_text("1 条（内容密封）")).to_be_visible()
    assert Look.objects.count() == len(("书记", "党员1"))
