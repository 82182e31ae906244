"""Reports in pages: every number leads to its records, what lacks to its form, and a person answers for the paper."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.party import Window, everyone, text
from support.reporting import Year, with_meetings
from support.units import Branch
from yangguang.ledger.models import Record, SignOff
from yangguang.reports.current import kept_figures
from yangguang.reports.models import Report
from yangguang.reports.outlines import outlines
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2024, 1, 15, 2, 0, tzinfo=UTC)
OUTLINE = """
code = "900"
name = "试用提纲"
title = "{单位}{期间}工作总结"
months = [12, 6]
body = '''
# 组织生活
召开支部委员会{committee_meetings}次，讲党课{lectures}次。
@表 组织生活|committee_meetings|lectures
@补充 学习
'''
"""
LACKING = (
    OUTLINE.replace("900", "901").replace("试用提纲", "有缺的提纲").replace("@表", "开展谈心谈话{talks}人次。\n@表")
)


@pytest.fixture(autouse=True)
def our_outlines(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    (settings.HOME / "outlines").mkdir(parents=True)
    for name, content in (("own.toml", OUTLINE), ("lacking.toml", LACKING)):
        (settings.HOME / "outlines" / name).write_text(content, encoding="utf-8")
    outlines.cache_clear()
    yield
    outlines.cache_clear()


def a_house() -> Year:
    """A branch with its people and a year of meetings, at the beginning of the next year."""
    branch = everyone()
    branch.at = AT
    return with_meetings(Year(branch=branch))


def drafted(branch: Branch, outline="900", by="书记") -> Report:
    """A draft by the page, as somebody of the branch."""
    answer = Window(branch, by).post("reports/", outline=outline, period="2023")
    assert answer.status_code == 302, text(answer)
    return Report.objects.get(outline=outline)


def pieces(page):
    """Every piece of the text of a report's page."""
    return [piece for line in page.context["page"].lines for piece in line.every]


def test_a_draft_is_started_and_each_of_its_numbers_is_a_link():
    year = a_house()
    report = drafted(year.branch, by="干事")
    assert Entry.objects.get(stream="unit:zb").act == "draft_report"
    window = Window(year.branch, "干事")
    page = window.get(f"reports/{report.pk}/")
    numbers = [(one.text, one.figure) for one in pieces(page) if one.figure]
    place = f"/party/zb/reports/{report.pk}/figure/?key="
    committee, lectures = (f"{place}{name}%7C2023%7C" for name in ("committee_meetings", "lectures"))
    assert numbers[:2] == [("12", committee), ("2", lectures)]
    assert "见证记录第 1 条" in text(page)
    assert "试用提纲（2023年）" in text(window.get("reports/"))


def test_a_figure_opens_its_definition_and_its_records_and_tells_late_ones():
    year = a_house()
    Record.objects.filter(kind="党课", day="2023-03-25").update(is_late=True)
    report = drafted(year.branch)
    page = Window(year.branch, "分管领导").get(f"reports/{report.pk}/figure/?key=lectures|2023|")
    shown = page.context["page"]
    assert [(one.day, one.is_late) for one in shown.records] == [(date(2023, 3, 25), True), (date(2023, 9, 25), False)]
    assert [one.href for one in shown.records] == [f"/party/zb/records/{pk}/" for pk in shown.figure.record_ids]
    assert (shown.figure.digest in text(page), shown.metric.definition in text(page), shown.has_changed) == (
        True, True, False,
    )  # fmt: skip
    assert Window(year.branch, "书记").get(f"reports/{report.pk}/figure/?key=nothing|2023|").status_code == 404


def test_what_lacks_says_what_to_do_and_leads_to_the_form():
    year = a_house()
    report = drafted(year.branch, outline="901")
    page = Window(year.branch, "书记").get(f"reports/{report.pk}/")
    missing = [one for one in pieces(page) if one.is_missing]
    assert [(one.text, one.label, one.href) for one in missing] == [
        ("【待补：谈心谈话】", "补登：谈心谈话与家访", "/party/zb/registers/talk/new/"),
    ]  # fmt: skip
    blocks = dict(page.context["page"].findings)["阻止"]
    assert [(one.concern.about, one.href) for one in blocks] == [("谈心谈话", "/party/zb/registers/talk/new/")]
    assert page.context["page"].is_blocked
    assert "还有“阻止”级的意见" in text(page)
    refused = Window(year.branch, "书记").post(f"reports/{report.pk}/do/confirm/")
    assert (refused.status_code, "谈心谈话" in text(refused)) == (409, True)


def test_the_page_of_a_zero_says_who_answered_for_it_and_when():
    year = a_house()
    window, secretary = Window(year.branch, "书记"), year.branch.people["书记"]
    page = "metrics/complaints/?period=2023"
    assert "<dt>签核</dt>" not in text(window.get(page))
    SignOff.objects.create(
        unit=year.unit,
        register="trade_complaint",
        first=date(2023, 1, 1),
        last=date(2023, 12, 31),
        by=secretary.mark,
        at=AT,
    )
    assert f"<dt>签核</dt><dd>为零，由{secretary.name}于2024-01-15签核2023-01-01至2023-12-31" in text(window.get(page))


def test_a_finding_leads_to_the_records_that_it_names():
    year = a_house()
    lecture = Record.objects.get(kind="党课", day="2023-03-25")
    lecture.attendances.all().delete()
    report = drafted(year.branch)
    found = [
        (one.concern.code, [record.href for record in one.records])
        for _, some in Window(year.branch, "书记").get(f"reports/{report.pk}/").context["page"].findings
        for one in some
    ]
    assert ("record.roll", [f"/party/zb/records/{lecture.pk}/"]) in found


def test_records_that_somebody_may_not_read_are_counted_and_not_shown():
    year = a_house()
    year.add("talk", "2023-09-05", kind="谈心谈话", present=2, title="书记与党员谈话")
    report = drafted(year.branch, outline="901")
    key = next(name for name in kept_figures(report) if name.startswith("talks|"))
    seen = {
        name: Window(year.branch, name).get(f"reports/{report.pk}/figure/?key={key}") for name in ("书记", "分管领导")
    }
    assert {name: (len(one.context["page"].records), one.context["page"].hidden) for name, one in seen.items()} == {
        "书记": (1, 0), "分管领导": (0, 1),
    }  # fmt: skip
    assert ["书记与党员谈话" in text(one) for one in seen.values()] == [False, False]


def test_a_persons_paragraph_needs_a_source_for_what_it_types():
    year = a_house()
    window, report = Window(year.branch, "书记"), drafted(year.branch)
    path = f"reports/{report.pk}/do/notes/"
    refused = window.post(path, text0="另组织活动7次。", sources0="")
    assert (refused.status_code, "没有注明出处" in text(refused)) == (409, True)
    assert "另组织活动7次。" in text(refused)
    report.refresh_from_db()
    assert report.notes == []
    assert window.post(path, text0="另组织活动7次。\n党课{lectures}次。", sources0="7=示例市通报").status_code == 302
    report.refresh_from_db()
    assert [(one["text"], one["sources"]) for one in report.notes] == [
        ("另组织活动7次。", {"7": "示例市通报"}), ("党课{lectures}次。", {"7": "示例市通报"}),
    ]  # fmt: skip
    assert "另组织活动7次。" in "".join(one.text for one in pieces(window.get(f"reports/{report.pk}/")))
    assert "7=示例市通报" in text(window.get(path))
    window.post("reports/", outline="900", period="2023")
    report.refresh_from_db()
    assert len(report.notes) == 2


def test_a_leader_confirms_and_issues_and_the_kept_paper_is_downloaded():
    year = a_house()
    window, report = Window(year.branch, "书记"), drafted(year.branch)
    draft = window.get(f"reports/{report.pk}/paper.docx").content
    assert "（草稿）" in words(draft)
    assert window.get(f"reports/{report.pk}/do/confirm/").status_code == 200
    assert window.post(f"reports/{report.pk}/do/lock/").status_code == 409
    for name in ("confirm", "lock"):
        assert window.post(f"reports/{report.pk}/do/{name}/").status_code == 302
    page = window.get(f"reports/{report.pk}/")
    assert ("已印发" in text(page), "（草稿）" in text(page)) == (True, False)
    numbers = [one.text for one in pieces(page) if one.figure]
    assert numbers[:2] == ["12", "2"]
    assert any("召开支部委员会" in piece.text for piece in pieces(page))
    kept = b"".join(window.get(f"reports/{report.pk}/paper.docx").streaming_content)
    assert ("（草稿）" in words(kept), "召开支部委员会" in words(kept)) == (False, True)
    acts = ["draft_report", "confirm_report", "lock_report"]
    assert [one.act for one in Entry.objects.filter(stream="unit:zb").order_by("sequence")] == acts


def words(content: bytes) -> str:
    """What a .docx says."""
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_an_issued_report_stays_and_tells_what_came_and_what_went():
    year = a_house()
    window, report = Window(year.branch, "书记"), drafted(year.branch)
    for name in ("confirm", "lock"):
        window.post(f"reports/{report.pk}/do/{name}/")
    year.add("meeting", "2023-12-20", kind="党课", present=6)
    page = window.get(f"reports/{report.pk}/")
    assert [one.text for one in page.context["page"].changed] == [
        "党课：2→3次；增加 党课2023-21号（2023-12-20）meeting21"
    ]
    assert [one.text for one in pieces(page) if one.figure][:2] == ["12", "2"]
    assert "印发以后有数字变化" in text(page).replace(" ", "")
    assert window.get(f"reports/{report.pk}/figure/?key=lectures|2023|").context["page"].today.value == 3
    assert window.post(f"reports/{report.pk}/do/draft/").status_code == 302
    assert list(Report.objects.order_by("version").values_list("version", "state")) == [(1, "locked"), (2, "draft")]


def test_a_draft_whose_records_changed_is_drafted_again_before_anybody_confirms():
    year = a_house()
    window, report = Window(year.branch, "书记"), drafted(year.branch)
    year.add("meeting", "2023-12-20", kind="党课", present=6)
    assert len(window.get(f"reports/{report.pk}/").context["page"].changed) == 1
    assert window.post(f"reports/{report.pk}/do/confirm/").status_code == 409
    window.post(f"reports/{report.pk}/do/draft/")
    assert window.post(f"reports/{report.pk}/do/confirm/").status_code == 302


def test_only_leaders_confirm_and_members_have_no_reports():
    year = a_house()
    report = drafted(year.branch)
    steps = ("", "do/confirm/", "do/lock/", "do/notes/")
    met = {
        name: [Window(year.branch, name).get(f"reports/{report.pk}/{step}").status_code for step in steps]
        for name in ("干事", "派驻纪检", "党员1", "外支部书记")
    }
    assert met == {
        "干事": [200, 404, 404, 200], "派驻纪检": [200, 404, 404, 404], "党员1": [404] * 4, "外支部书记": [404] * 4,
    }  # fmt: skip
    assert Window(year.branch, "书记").get(f"reports/{report.pk}/do/nothing/").status_code == 404


def test_what_cannot_be_drafted_is_refused_in_its_place():
    branch = a_house().branch
    window = Window(branch, "书记")
    refused = {said: window.post("reports/", outline="900", period=said) for said in ("明年", "2023-05", "2025")}
    assert {said: one.status_code for said, one in refused.items()} == dict.fromkeys(refused, 409)
    assert "不合适" in text(refused["2023-05"])
    assert window.post("reports/", outline="没有", period="2023").status_code == 409
    assert Window(branch, "派驻纪检").post("reports/", outline="900", period="2023").status_code == 403
    assert Report.objects.count() == 0


def test_a_report_whose_outline_is_gone_says_so(settings):
    year = a_house()
    report = drafted(year.branch)
    (settings.HOME / "outlines" / "own.toml").unlink()
    outlines.cache_clear()
    answer = Window(year.branch, "书记").get(f"reports/{report.pk}/")
    assert (answer.status_code, "已不在提纲目录中" in text(answer)) == (409, True)
    assert Window(year.branch, "书记").get("reports/").status_code == 200


def test_the_dictionary_is_searched_and_a_metric_is_explained():
    year = a_house()
    window = Window(year.branch, "书记")
    found = window.get("metrics/?q=支部委员会")
    assert "committee_meetings" in [one.id for _, some in found.context["groups"] for one in some]
    assert window.get("metrics/?q=没有这样的指标").context["groups"] == []
    page = window.get("metrics/committee_meetings/?period=2023")
    assert (page.context["page"].figure.value, len(page.context["page"].records)) == (12, 12)
    assert window.get("metrics/committee_meetings/?period=什么").context["period"] == "2024"
    assert window.get("metrics/do/nothing/").status_code == 404


def test_a_report_asks_as_many_questions_of_a_year_with_two_lectures_as_with_forty():
    year = a_house()
    window, report = Window(year.branch, "书记"), drafted(year.branch)
    paths = [
        "reports/",
        f"reports/{report.pk}/",
        f"reports/{report.pk}/figure/?key=lectures|2023|",
        "metrics/lectures/",
    ]
    counts = []
    for more in (0, 38):
        for _ in range(more):
            year.add("meeting", "2023-06-20", kind="党课", present=6)
        window.post(f"reports/{report.pk}/do/draft/")
        counts.append([asked(window, path) for path in paths])
    assert counts[0] == counts[1]


def asked(window, path):
    """How many questions a page asks once it was looked at."""
    window.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert window.get(path).status_code == 200
    return len(caught)
