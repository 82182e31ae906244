"""The step table of developing members: sources, what is not checked yet, and the form that corrects a row."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from support.party import Window, everyone, hidden, text
from yangguang.ledger.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


def in_october():
    branch = everyone()
    branch.at = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
    return branch


def correction_links(window):
    page = window.get("development/").content.decode()
    return {
        unescape(name): unescape(link) for link, name in re.findall(r'href="([^"]+)" aria-label="(更正[^"]+)"', page)
    }


def test_the_table_says_source_and_certainty_of_every_step_and_of_both_versions():
    window = Window(in_october(), "党员1")
    page = text(window.get("development/"))
    assert page.count("（2026年修订）第") == 26
    assert (page.count("待核实（尚未核对）"), page.count("待核实（取自二手资料）")) == (15, 11)
    assert text(window.get("development/?version=2014-05-28")).count("（2014年）第") == 25
    assert correction_links(window) == {}


def test_a_row_leads_to_a_form_that_holds_what_it_says_and_corrects_it_in_three_steps():
    branch = in_october()
    window = Window(branch, "书记")
    link = correction_links(window)["更正时限：不晚于“递交入党申请书”后1个月"]
    page = window.get(link)
    initial = page.context["form"].initial
    said = {key: initial[key] for key in ("step", "version", "what", "clock", "value", "unit")}
    assert said == {
        "step": "党组织派人谈话", "version": "2026-05-01", "what": "党组织派人谈话",
        "clock": "不晚于“递交入党申请书”后", "value": "1", "unit": "个月",
    }  # fmt: skip
    assert '<datalist id="suggestions-step">' in page.content.decode()
    answers = said | {"value": "2", "day": "2026-10-01", "source": "正式文本", "article": "第七条", "verified": "是"}
    new = "registers/development_rule/new/"
    assert window.post(new, **answers).status_code == 422  # the reason is demanded
    checked = window.post(new, **answers, why="与正式文本不一致")
    assert window.post(new, **hidden(checked), turn="do").status_code == 302
    assert Record.objects.get().fields["step"] == "党组织派人谈话"
    assert "2026-10-01 起" in text(window.get("development/"))


def test_a_case_and_the_month_say_the_corrected_next_step():
    branch = in_october()
    applicant = branch.add("申请人", "staff")
    case = branch.enter("development", day="2026-10-06", owner=applicant.mark)
    branch.enter("development_step", day="2026-10-06", parent=str(case.pk))
    branch.enter(
        "development_rule", day="2026-10-07", step="talk", what="派人同申请人谈话", source="正式文本", article="第七条",
        verified="是", why="措辞", value="5", unit="日",
    )  # fmt: skip
    window = Window(branch, "书记")
    for path in (f"records/{case.pk}/", ""):
        page = text(window.get(path))
        assert ("派人同申请人谈话" in page, "2026-10-11" in page, "正式文本第七条" in page) == (True, True, True)
    assert "发展党员</h2>" not in text(Window(branch, "党员1").get(""))
    assert Record.objects.get(register="development_rule").state == "done"
