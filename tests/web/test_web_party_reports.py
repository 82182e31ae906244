"""Reports in pages: drafted, every figure opened to its records, checked, confirmed, issued, and downloaded."""

import re

import pytest

from support.party import Window, everyone, text
from yangguang.ledger.acts import cancel_record
from yangguang.reports.models import Report

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = {"kind": "支部委员会", "day": "2026-03-12"}


def drafted(branch, name="书记"):
    window = Window(branch, name)
    answer = window.post("reports/", outline="000", period="2026")
    assert answer.status_code == 302
    return window, Report.objects.get()


def test_a_figure_of_a_draft_leads_to_its_records_and_a_missing_one_says_what_to_do():
    branch = everyone()
    meeting = branch.enter("meeting", **MEETING, present=branch.marks("书记"), absent={})
    window, report = drafted(branch)
    page = text(window.get(f"reports/{report.pk}/"))
    link = re.search(r'href="(/party/zb/reports/\d+/figure/\?key=committee_meetings[^"]*)">1</a>', page)[1]
    figure = text(window.get(link))
    assert f'href="/party/zb/records/{meeting.pk}/"' in figure
    assert "期间内已召开的支部委员会" in figure
    assert ("【待补：" in page, "怎么办：" in page) == (True, True)


def test_a_changed_record_is_told_and_a_new_draft_takes_it_up():
    branch = everyone()
    meeting = branch.enter("meeting", **MEETING, present=branch.marks("书记"), absent={})
    window, report = drafted(branch)
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=meeting.pk, reason="重复登记")
    assert "起草以后有数字变化" in text(window.get(f"reports/{report.pk}/"))
    assert window.post(f"reports/{report.pk}/do/draft/").status_code == 302
    assert "起草以后有数字变化" not in text(window.get(f"reports/{report.pk}/"))


def test_what_blocks_a_report_keeps_it_from_being_confirmed():
    branch = everyone()
    window, report = drafted(branch)
    refused = window.post(f"reports/{report.pk}/do/confirm/")
    assert (refused.status_code, "不能办理，原因如下" in text(refused)) == (409, True)
    report.refresh_from_db()
    assert report.state == Report.State.DRAFT


def test_a_typed_number_without_a_source_is_refused_and_the_page_says_so():
    branch = everyone()
    window, report = drafted(branch)
    page = window.get(f"reports/{report.pk}/")
    place, field, _ = page.context["notes"][0]
    refused = window.post(f"reports/{report.pk}/do/draft/", **{field: "走访群众25户。"})
    assert ("没有注明出处" in text(refused), refused.status_code) == (True, 409)
    given = {field: "走访群众25户。", f"{field}_sources": "25：走访台账"}
    assert window.post(f"reports/{report.pk}/do/draft/", **given).status_code == 302
    report.refresh_from_db()
    assert report.notes == [{"place": place, "text": "走访群众25户。", "sources": {"25": "走访台账"}}]


def test_the_draft_is_downloaded_as_a_document():
    branch = everyone()
    window, report = drafted(branch)
    paper = window.get(f"reports/{report.pk}/paper.docx")
    assert (paper.content[:2], 'filename="000-2026-1.docx"' in paper["Content-Disposition"]) == (b"PK", True)


def test_members_find_no_reports_and_those_who_watch_cannot_draft():
    branch = everyone()
    _, report = drafted(branch)
    paths = ("reports/", f"reports/{report.pk}/", f"reports/{report.pk}/paper.docx")
    assert [Window(branch, "党员1").get(path).status_code for path in paths] == [404] * 3
    assert Window(branch, "派驻纪检").post("reports/", outline="000", period="2026").status_code == 403
    assert Window(branch, "书记").post("reports/", outline="000", period="明年").status_code == 409
    assert Window(branch, "书记").get(f"reports/{report.pk}/figure/?key=nothing").status_code == 404
