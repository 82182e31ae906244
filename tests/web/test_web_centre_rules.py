"""The centre corrects rules and working days: shown before, dated, in the log, and counted with from then on."""

import json
from datetime import date
from decimal import Decimal

import pytest

from support.act_pages import Desk, errors
from support.rows import refused
from support.scenes import beijing, registration
from support.stages import PUBLISHED, trade_at
from yangguang.lawbook.models import DayCorrection, RuleCorrection
from yangguang.rules.clocks import due_on
from yangguang.web.desk.tasks import tasks_of
from yangguang.witness.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

RULE = "works.publicity.duration"
CHANGED = {
    "rule_id": RULE, "region": "000000", "value": "5", "day_type": "calendar", "source": "招标投标法实施条例（修订）",
    "article": "第五十四条", "is_verified": "yes", "effective_from": "2026-03-02", "effective_to": "",
    "reason": "条例修订",
}  # fmt: skip
HOLIDAY = {
    "first": "2027-02-05", "last": "2027-02-11", "works": "no", "source": "国办关于2027年节假日安排的通知",
    "reason": "国务院已公布",
}  # fmt: skip


@pytest.fixture
def desk():
    return Desk(trade_at(PUBLISHED), "centre")


def rule_inputs(**changed):
    given = {
        "rule_id": RULE, "region": "000000", "value": Decimal(5), "day_type": "calendar", "source": "条例", "article":
        "第五十四条", "is_verified": True, "effective_from": date(2026, 3, 2), "reason": "修订",
    }  # fmt: skip
    return given | changed


def day_inputs(first, last, **changed):
    given = {"first": first, "last": last, "works": False, "source": "通知", "reason": "公布"}
    return given | changed


def titles(centre, *, at):
    return [one.title for one in tasks_of(centre, at=at)]


def test_a_rule_is_corrected_for_new_trades_and_not_for_those_that_run(desk):
    filled = desk.fill("correct_rule", CHANGED)
    assert filled.status_code == 302, errors(filled)
    assert "自 2026-03-02 起，3日（招标投标法实施条例第五十四条）→ 5日" in desk.get(
        filled["Location"]
    ).content.decode().replace(" → ", "→ ")
    desk.confirm(filled["Location"])
    made = RuleCorrection.objects.get()
    entry = Entry.objects.get(act="correct_rule")
    assert (
        (entry.stream, entry.sequence)
        == (made.stream, made.sequence)
        == (desk.scene.cast.centre.stream, entry.sequence)
    )
    assert "条例修订" not in entry.payload
    assert json.loads(entry.payload)["data"]["value"] == "5"
    tender = desk.scene.do("register_tender", "centre", **registration(desk.scene))
    assert desk.scene.trade.kept_law().value(RULE) == 3
    assert tender.trades.get().kept_law().value(RULE) == 5
    assert tender.trades.get().kept_law().find("party.dues.arrears") is None
    page = desk.get("/centre/rules/?q=publicity.duration").content.decode()
    assert "中心更正" in page
    assert "条例修订" in desk.get("/centre/corrections/").content.decode()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": Decimal(3), "source": "招标投标法实施条例"}, "correction.nothing"),
        ({"rule_id": "works.no.such"}, "correction.unknown"),
        ({"value": Decimal("2.5")}, "correction.row"),
        ({"day_type": "none"}, "correction.row"),
        ({"effective_to": date(2026, 3, 1)}, "correction.row"),
        ({"region": "110000"}, "correction.region"),
        ({"source": " "}, "correction.source"),
        ({"reason": ""}, "correction.reason"),
    ],
)
def test_a_correction_that_cannot_stand_is_refused(desk, changed, code):
    with refused(code):
        desk.scene.do("correct_rule", "centre", **rule_inputs(**changed))


def test_the_form_shows_the_rule_that_a_link_names(desk):
    page = desk.get(f"{desk.address('correct_rule')}?rule_id={RULE}").content.decode()
    assert 'value="第五十四条"' in page
    assert f'<option value="{RULE}" selected>' in page


def test_only_the_centre_corrects(desk):
    for by in ("tenderer", "supervisor", "bidder"):
        assert Desk(desk.scene, by).open("correct_rule").status_code == 403
        assert Desk(desk.scene, by).open("correct_days").status_code == 403
    assert "更正一条规则" not in Desk(desk.scene, "supervisor").get("/centre/rules/").content.decode()
    assert "更正一条规则" in desk.get("/centre/rules/").content.decode()


def test_holidays_are_entered_and_every_count_follows_also_of_a_trade_that_runs(desk):
    law = desk.scene.trade.kept_law()
    start = date(2027, 2, 2)
    assert due_on(law=law, rule_id=RULE, start=start) == date(2027, 2, 5)
    done = desk.do("correct_days", HOLIDAY)
    assert "已办理" in done.content.decode()
    assert DayCorrection.objects.count() == 7
    assert due_on(law=desk.scene.trade.kept_law(), rule_id=RULE, start=start) == date(2027, 2, 12)
    page = desk.get("/centre/holidays/?year=2027").content.decode()
    assert "2027-02-11" in page
    assert "放假安排还不在本系统里" not in page


def test_the_check_page_shows_which_days_change(desk):
    check = desk.fill("correct_days", HOLIDAY | {"works": "yes"})["Location"]
    text = desk.get(check).content.decode()
    assert "2027-02-06 星期六 放假 → 上班" in text
    assert "2027-02-05 星期五 上班（由推算改为确定）" in text


@pytest.mark.parametrize(
    ("first", "last", "changed", "code"),
    [
        (date(2026, 3, 1), date(2026, 3, 4), {}, "correction.days"),
        (date(2026, 4, 2), date(2026, 4, 1), {}, "correction.days"),
        (date(2026, 4, 1), date(2026, 5, 2), {}, "correction.days"),
        (date(2026, 5, 1), date(2026, 5, 1), {}, "correction.nothing"),
        (date(2026, 5, 1), date(2026, 5, 1), {"works": True, "source": ""}, "correction.source"),
    ],
)
def test_days_that_cannot_be_corrected_are_refused(desk, first, last, changed, code):
    with refused(code):
        desk.scene.do("correct_days", "centre", **day_inputs(first, last, **changed))


def test_the_desk_asks_for_next_years_holidays_from_november_on(desk):
    centre, at = desk.scene.cast.centre, beijing("11-02")
    assert "录入放假安排" not in titles(centre, at=beijing("10-30"))
    assert "录入放假安排" in titles(centre, at=at)
    desk.scene.at = at
    assert "录入放假安排" in Desk(desk.scene, "centre").get("/desk/").content.decode()
    desk.scene.do("correct_days", "centre", **day_inputs(date(2027, 1, 1), date(2027, 1, 3)))
    centre.refresh_from_db()
    assert "录入放假安排" not in titles(centre, at=at)


def test_the_desk_tells_of_a_correction_that_ends_and_of_what_follows(desk):
    scene, centre = desk.scene, desk.scene.cast.centre
    scene.do("correct_rule", "centre", **rule_inputs(effective_to=date(2026, 4, 1)))
    centre.refresh_from_db()
    (task,) = [one for one in tasks_of(centre, at=scene.at) if one.title == "规则即将失效"]
    assert "以后恢复为 3日" in task.about
    assert task.due == date(2026, 4, 1)
    assert "规则即将失效" not in titles(centre, at=beijing("01-05"))
    assert "规则即将失效" not in titles(centre, at=beijing("04-02"))
    assert Desk(scene, "supervisor").get("/desk/").context["tasks"] == []
