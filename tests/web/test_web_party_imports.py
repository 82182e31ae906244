"""Records in and out in pages: nothing of a wrong file is kept, nothing comes twice, nothing sealed goes along."""

import io
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.party import Window, everyone, text
from yangguang.branch.acts import plant_tree
from yangguang.cli.clock import beat
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Record
from yangguang.ledger.roles import LedgerRole
from yangguang.web.drafts.models import Draft
from yangguang.web.party.exchanging import waiting
from yangguang.witness import evidence
from yangguang.witness.models import Entry, Evidence

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "registers/meeting/import/"
HEAD = "种类,日期,地点"
GOOD = ("支部委员会,2026-03-13,三楼会议室", "支部党员大会,2026-03-12,礼堂")
MAPPING = """
title = "试用年报"
[[sheets]]
title = "明细"
register = "{register}"
columns = [{{ name = "名称", column = "title" }}]
"""


def csv(*rows, head=HEAD, name="会议.csv"):
    return SimpleUploadedFile(name, "\r\n".join((head, *rows)).encode(), content_type="text/csv")


def brought(window, *rows, **more):
    """A file that was uploaded, previewed and confirmed."""
    page = window.post(PATH, file=csv(*rows, **more))
    return window.post(PATH, step="do", token=page.context["token"])


def downloaded(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_file_is_previewed_confirmed_and_leaves_one_entry():
    branch = everyone()
    window = Window(branch, "干事")
    page = window.post(PATH, file=csv(*GOOD))
    assert (page.context["preview"].new, page.context["preview"].known, Record.objects.count()) == (2, 0, 0)
    done = window.post(PATH, step="do", token=page.context["token"])
    assert done["Location"] == "/party/zb/registers/meeting/"
    assert sorted(Record.objects.values_list("kind", "place")) == [
        ("支部党员大会", "礼堂"),
        ("支部委员会", "三楼会议室"),
    ]
    assert [one.act for one in Entry.objects.filter(stream="unit:zb")] == ["import_records"]
    assert "已导入 2 条，原来就有 0 条没有重复（见证记录第 1 条）" in text(window.get(done["Location"]))


def test_what_was_imported_does_not_come_again():
    branch = everyone()
    window = Window(branch, "干事")
    brought(window, *GOOD)
    again = window.post(PATH, file=csv(*GOOD))
    assert (again.context["preview"].new, again.context["preview"].known, again.context["token"]) == (0, 2, "")
    more = window.post(PATH, file=csv(*GOOD, "党课,2026-03-14,礼堂"))
    token = more.context["token"]
    assert [window.post(PATH, step="do", token=token).status_code for _ in range(2)] == [302, 409]
    assert Record.objects.count() == 3


def test_of_a_file_with_a_wrong_row_nothing_is_kept_and_each_place_is_named():
    window = Window(everyone(), "干事")
    page = window.post(PATH, file=csv(GOOD[0], "支部党员大会,三月,礼堂"))
    (problem,) = page.context["preview"].problems
    assert (page.status_code, problem.row, problem.column, page.context["token"]) == (422, 3, "日期", "")
    assert (Record.objects.count(), Evidence.objects.count(), Draft.objects.count()) == (0, 0, 0)
    broken = window.post(PATH, file=SimpleUploadedFile("会议.xlsx", b"PK nothing"))
    assert (broken.status_code, [one.row for one in broken.context["preview"].problems]) == (422, [0])
    assert Evidence.objects.count() == 0


def test_a_file_too_large_is_refused_unread():
    window = Window(everyone(), "干事")
    page = window.post(PATH, file=SimpleUploadedFile("会议.csv", b"x" * ((8 << 20) + 1)))
    assert (page.status_code, "超过上限" in text(page), Evidence.objects.count()) == (422, True, 0)
    assert window.post(PATH).status_code == 422


def test_a_preview_belongs_to_who_sent_it_and_to_its_register():
    branch = everyone()
    token = Window(branch, "干事").post(PATH, file=csv(*GOOD)).context["token"]
    assert Window(branch, "书记").post(PATH, step="do", token=token).status_code == 404
    assert Window(branch, "干事").post("registers/study/import/", step="do", token=token).status_code == 404
    assert Record.objects.count() == 0
    assert Window(branch, "党员1").get(PATH).status_code == 404


def test_a_previewed_file_is_no_evidence_until_it_is_confirmed_and_gone_once_it_is():
    branch = everyone()
    window = Window(branch, "干事")
    token = window.post(PATH, file=csv(*GOOD)).context["token"]
    assert (Evidence.objects.count(), is_waiting(token)) == (0, True)
    assert (Path(settings.HOME, "previews", token).stat().st_mode & 0o777) == 0o600
    window.post(PATH, step="do", token=token)
    (kept,) = Evidence.objects.all()
    assert (evidence.read(kept.sha256), is_waiting(token)) == (csv(*GOOD).read(), False)


def test_the_clock_forgets_a_preview_that_nobody_confirmed_within_a_day():
    branch = everyone()
    window = Window(branch, "干事")
    made, lost = (window.post(PATH, file=csv(*GOOD)).context["token"] for _ in range(2))
    Draft.objects.filter(token=lost).delete()
    waiting.clean(at=branch.at + waiting.KEPT_FOR - timedelta(seconds=1))
    assert (is_waiting(made), is_waiting(lost)) == (True, False)
    beat(at=branch.at + waiting.KEPT_FOR)
    assert (is_waiting(made), Evidence.objects.count()) == (False, 0)
    refused = window.post(PATH, step="do", token=made)
    assert (refused.status_code, codes(refused), Record.objects.count()) == (409, ["import.expired"], 0)


def test_a_preview_is_too_old_even_where_no_clock_runs():
    branch = everyone()
    token = Window(branch, "干事").post(PATH, file=csv(*GOOD)).context["token"]
    branch.at += waiting.KEPT_FOR
    assert codes(Window(branch, "干事").post(PATH, step="do", token=token)) == ["import.expired"]
    waiting.clean(at=branch.at)
    assert not is_waiting(token)


def is_waiting(token):
    return Path(settings.HOME, "previews", token).exists()


def test_the_template_is_what_the_import_takes():
    branch = everyone()
    window = Window(branch, "干事")
    workbook = openpyxl.load_workbook(io.BytesIO(window.get("registers/meeting/template.xlsx").content))
    page = workbook["三会一课"]
    places = {str(cell.value).rstrip("*"): cell.column for cell in page[1]}
    for label, value in (("种类", "党课"), ("日期", "2026-03-13")):
        page.cell(2, places[label], value)
    filled = io.BytesIO()
    workbook.save(filled)
    sent = window.post(PATH, file=SimpleUploadedFile("会议.xlsx", filled.getvalue()))
    assert (sent.context["preview"].new, sent.context["preview"].problems) == (1, [])


def test_a_register_whose_sealed_content_must_be_entered_takes_no_file():
    window = Window(everyone(), "干事")
    met = {one.id: window.get(f"registers/{one.id}/import/") for one in catalogue().values() if must_seal(one)}
    assert {name: answer.status_code for name, answer in met.items()} == dict.fromkeys(met, 409)


def must_seal(register):
    """Whether something sealed has to be entered, by those who keep a branch."""
    return LedgerRole.KEEPER in register.write and any(one.sealed and one.required for one in register.asked)


def test_what_the_filters_leave_is_exported_in_three_forms():
    branch = everyone()
    window = Window(branch, "党员1")
    brought(Window(branch, "干事"), *GOOD)
    path = "registers/meeting/export/?kind=党课&form="
    assert json.loads(downloaded(window.get(f"{path}json")))["records"] == []
    found = json.loads(downloaded(window.get("registers/meeting/export/?form=json&kind=支部委员会")))
    assert [one["place"] for one in found["records"]] == ["三楼会议室"]
    assert downloaded(window.get("registers/meeting/export/?form=csv")).decode("utf-8-sig").count("\r\n") == 3
    assert downloaded(window.get("registers/meeting/export/"))[:2] == b"PK"
    assert window.get("registers/meeting/export/?form=exe").status_code == 404


def test_who_sees_totals_or_only_their_own_line_takes_no_rows_along():
    branch = everyone()
    met = {
        (name, register): Window(branch, name).get(f"registers/{register}/export/?form=json").status_code
        for name in ("干事", "党员1", "派驻纪检")
        for register in ("talk", "dues_collection")
    }
    assert met == {
        ("干事", "talk"): 200, ("干事", "dues_collection"): 200, ("党员1", "talk"): 404,
        ("党员1", "dues_collection"): 404, ("派驻纪检", "talk"): 404, ("派驻纪检", "dues_collection"): 404,
    }  # fmt: skip
    assert "导出：" not in text(Window(branch, "派驻纪检").get("registers/talk/"))


def test_a_higher_levels_table_comes_from_the_records():
    branch = everyone()
    brought(Window(branch, "干事"), *GOOD)
    window = Window(branch, "派驻纪检")
    answer = window.post("tables/", period="2026")
    workbook = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [cell.value for cell in workbook["组织生活"][2]][2:4] == [1, 1]
    wrong = SimpleUploadedFile("表.toml", b"title = 1")
    refused = window.post("tables/", period="2026", mapping=wrong)
    assert (refused.status_code, codes(refused)) == (409, ["one_table.mapping"])
    sealed = SimpleUploadedFile("表.toml", MAPPING.format(register="talk").encode())
    refused = window.post("tables/", period="2026", mapping=sealed)
    assert (refused.status_code, codes(refused)) == (409, ["one_table.register"])
    assert window.post("tables/", period="明年").status_code == 422


def codes(page):
    return [one.code for one in page.context["refusals"]]


def test_the_decomposition_table_is_downloaded_by_who_reads_the_tree():
    branch = everyone()
    rows = [{"level": 1, "title": "年度计划"}, {"level": 2, "title": "组织生活"}]
    day = branch.at.date().replace(month=1, day=5)
    plant_tree(branch.unit, actor=branch.actor("书记"), at=branch.at, register="task", day=day, rows=rows)
    answer = Window(branch, "书记").get("tasks/table.xlsx?tree=task&year=2026")
    page = openpyxl.load_workbook(io.BytesIO(answer.content))["任务分解表"]
    assert [page.cell(row, 3).value for row in (2, 3)] == ["年度计划", "组织生活"]
    assert Window(branch, "书记").get("tasks/table.xlsx?tree=meeting").status_code == 404
    assert Window(branch, "书记").get("tasks/?year=0000").status_code == 200


TREE = ("1,年度计划,,", "2,组织生活,书记,", "3,每月支委会,党员1,2026-12-31")
TREE_HEAD = "级别,内容,责任人,办结期限"


def test_a_tree_of_tasks_is_previewed_row_by_row_confirmed_and_does_not_come_again():
    branch = everyone()
    window = Window(branch, "干事")
    page = window.post("tasks/import/", file=csv(*TREE, head=TREE_HEAD), day="2026-01-05")
    assert [(one.number, one.owner, one.is_new, kind) for one, kind in page.context["lines"]] == [
        (2, "", True, "计划"), (3, "书记", True, "目标"), (4, "党员1", True, "任务"),
    ]  # fmt: skip
    assert (Record.objects.count(), Evidence.objects.count()) == (0, 0)
    token = page.context["token"]
    done = [window.post("tasks/import/", step="do", token=token) for _ in range(2)]
    assert ([one.status_code for one in done], done[0]["Location"]) == ([302, 409], "/party/zb/tasks/?tree=task")
    assert [one.parent and one.parent.title for one in Record.objects.order_by("number")] == [
        None, "年度计划", "组织生活",
    ]  # fmt: skip
    assert [one.act for one in Entry.objects.filter(stream="unit:zb")] == ["plant_tree"]
    assert (Evidence.objects.count(), is_waiting(token)) == (1, False)
    again = window.post("tasks/import/", file=csv(*TREE, head=TREE_HEAD), day="2026-01-05")
    assert (again.context["preview"].new, again.context["token"]) == (0, "")


def test_of_a_tree_with_a_wrong_row_nothing_is_kept():
    window = Window(everyone(), "干事")
    page = window.post("tasks/import/", file=csv("1,年度计划,,", "3,跳了一级,,", head=TREE_HEAD), day="2026-01-05")
    (problem,) = page.context["preview"].problems
    assert (page.status_code, problem.row, page.context["token"]) == (422, 3, "")
    assert (Record.objects.count(), Draft.objects.count(), Evidence.objects.count()) == (0, 0, 0)
    missing = window.post("tasks/import/", file=csv(*TREE, head=TREE_HEAD))
    assert (missing.status_code, list(missing.context["form"].errors)) == (422, ["day"])


def test_the_template_of_a_tree_is_for_those_who_write_in_it_and_of_trees_alone():
    branch = everyone()
    workbook = openpyxl.load_workbook(io.BytesIO(Window(branch, "干事").get("tasks/template.xlsx").content))
    assert workbook.worksheets[0].title == "任务分解"
    paths = ("tasks/template.xlsx", "tasks/import/")
    assert [Window(branch, "党员1").get(one).status_code for one in paths] == [404, 404]
    assert [Window(branch, "干事").get(f"{one}?tree=meeting").status_code for one in paths] == [404, 404]
    assert "/party/zb/tasks/import/?tree=task" in text(Window(branch, "干事").get("registers/task/import/"))


def test_the_word_for_a_tree_is_for_that_tree_alone():
    branch = everyone()
    token = (
        Window(branch, "干事").post("tasks/import/", file=csv(*TREE, head=TREE_HEAD), day="2026-01-05").context["token"]
    )
    assert Window(branch, "书记").post("tasks/import/", step="do", token=token).status_code == 404
    assert Window(branch, "干事").post("tasks/import/?tree=civil_task", step="do", token=token).status_code == 404
    assert Window(branch, "干事").post(PATH, step="do", token=token).status_code == 404
    assert Record.objects.count() == 0


def test_the_agenda_lists_what_is_overdue_and_ranks_nobody():
    branch = everyone()
    late = {"kind": "任务", "day": "2026-01-05", "due_on": "2026-03-01", "owner": branch.marks("党员1")[0]}
    branch.enter("task", title="修订见证流程", **late)
    page = Window(branch, "派驻纪检").get("tasks/agenda/?kind=月检查")
    name, rows, _ = page.context["parts"][0]
    assert (name, [one.title for one in rows]) == ("逾期", ["修订见证流程"])
    assert page.context["kind"] == "月检查"
    assert Window(branch, "书记").get("tasks/agenda/?kind=别的").context["kind"] == "周例会"
    assert Window(branch, "党员1").get("tasks/agenda/").status_code == 404


def test_an_assessment_shows_figures_that_lead_to_their_records():
    branch = everyone()
    assert Window(branch, "书记").get("tasks/assessment/").context["found"] is None
    scheme = branch.enter("assessment_scheme", kind="半年考核", day="2026-01-05")
    item = {"title": "支部委员会", "metric": "committee_meetings", "target": "2", "weight": "50"}
    branch.enter("assessment_item", day="2026-01-05", parent=scheme.pk, **item)
    branch.enter("assessment_round", kind="半年考核", day="2026-04-01", parent=scheme.pk)
    brought(Window(branch, "干事"), *GOOD)
    page = Window(branch, "书记").get("tasks/assessment/")
    assert page.context["found"].span.key == "2026-H1"
    assert [(one.value, one.score) for one, _ in page.context["scores"]] == [(1, 25)]
    assert 'href="/party/zb/metrics/committee_meetings/?period=' in text(page)


def test_pages_ask_as_many_questions_with_twenty_records_as_with_one():
    branch = everyone()
    window, counts = Window(branch, "书记"), []
    late = {"kind": "任务", "day": "2026-01-05", "due_on": "2026-03-01", "owner": branch.marks("党员1")[0]}
    for number in range(1, 21):
        branch.enter("task", title=f"任务{number}", **late)
        branch.enter("meeting", kind="党课", title=f"党课{number}", day="2026-03-12")
        if number in {1, 20}:
            counts.append([asked(window, path) for path in ("tasks/agenda/", "burden/", "registers/meeting/export/")])
    assert counts[0] == counts[1]


def asked(window, path):
    """How many questions a page asks once it was looked at."""
    window.get(path)
    with CaptureQueriesContext(connection) as caught:
        answer = window.get(path)
        assert (answer.status_code, bool(downloaded(answer))) == (200, True)
    return len(caught)
