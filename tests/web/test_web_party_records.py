"""Entering, checking, correcting and signing records in pages; what is sealed stays so; every look is kept."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.act_pages import PDF_BYTES
from support.party import Window, everyone, hidden, registers_of_the_house, text  # noqa: F401 - a fixture
from support.units import a_branch
from yangguang.ledger.models import Look, Record, State
from yangguang.web.drafts.models import Draft
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "registers/meeting/new/?kind=支部委员会"
MEETING = {"kind": "支部委员会", "title": "三月支委会", "day": "2026-03-12", "begins": "09:30", "ends": "11:00"}
TALK = {"title": "谈话", "day": "2026-03-12", "content": "家中有困难"}


def enter(window, path, **given):
    """Both steps of entering; the page on which one ends."""
    return window.post(path, **{**hidden(window.post(path, **given)), "turn": "do"})


def initial(page, name):
    return page.context["form"][name].value()


def test_a_new_form_holds_what_can_be_known():
    branch = a_branch()
    branch.enter("meeting", kind="支部委员会", title="二月支委会", day="2026-02-10", place="三楼会议室")
    page = Window(branch, "书记").get(NEW)
    secretary = branch.marks("书记")[0]
    known = {"day": "2026-03-16", "place": "三楼会议室", "chair": secretary, "recorder": secretary, "title": None}
    assert {name: initial(page, name) for name in known} == known
    assert [one["name"] for one in page.context["rolls"]] == ["书记", "纪检委员"]
    assert "用途：会议记录、第一议题落实；为什么要填：议题由会议确定" in text(page)


def test_the_roll_stands_after_what_must_be_said_and_before_what_may_be_left_out():
    form = Window(a_branch(), "书记").get(NEW).context["form"]
    first, last = [[one.name for one in some] for some in (form.before_roll(), form.after_roll())]
    assert first == ["title", "day", "begins", "ends", "place", "chair", "recorder", "quantity"]
    assert (last[0], last[-1]) == ("agenda", "tags")
    assert form.rolls() != []


def test_a_register_of_several_kinds_asks_which():
    page = Window(a_branch(), "书记").get("registers/meeting/new/")
    assert [one for one in ("支部党员大会", "党课") if f">{one}</a>" in text(page)] == ["支部党员大会", "党课"]


def test_a_meeting_is_entered_in_three_steps_with_those_who_were_absent():
    branch = a_branch()
    window = Window(branch, "干事")
    absent = branch.marks("纪检委员")[0]
    given = {**MEETING, "tags": ["廉政", "学习"], "agenda": "研究工作\n通报情况", "absent": [absent]}
    check = window.post(NEW, **given, **{f"reason_{absent}": "出差"})
    assert "应到 2 人，实到 1 人；缺席：纪检委员（出差）" in text(check)
    assert Record.objects.count() == 0
    done = window.post(NEW, **{**hidden(check), "turn": "do"})
    record = Record.objects.get()
    assert done["Location"] == f"/party/zb/records/{record.pk}/done/"
    assert "写入见证日志第 1 条" in text(window.get(done["Location"]))
    assert (record.title, record.fields["agenda"], record.typed) == ("三月支委会", ["研究工作", "通报情况"], 5)
    assert f"{record.begins:%H:%M} {record.ends:%H:%M}" == "01:30 03:00"
    assert [(one.person.name, one.is_present, one.reason) for one in record.attendances.order_by("pk")] == [
        ("书记", True, ""),
        ("纪检委员", False, "出差"),
    ]
    page = window.get(f"records/{record.pk}/")
    assert "到会 1/2" in text(page)


def test_a_second_click_finds_what_the_first_one_made():
    branch = a_branch()
    window = Window(branch, "书记")
    kept = {**hidden(window.post(NEW, **MEETING)), "turn": "do"}
    assert window.post(NEW, **kept)["Location"] == window.post(NEW, **kept)["Location"]
    assert Record.objects.count() == 1


def test_errors_stand_at_their_fields_and_nothing_is_kept():
    window = Window(a_branch(), "书记")
    page = window.post(NEW, place="字" * 121, day="三月", votes_for="-1", chair="nobody")
    assert page.status_code == 422
    found = dict(re.findall(r'<a href="#question-(\w+)">([^<]+)</a>', text(page)))
    assert found == {
        "place": "“地点”应为不超过120字的文字",
        "day": "“日期”应为日期，如 2026-03-05",
        "votes_for": "“赞成票”应为不小于零的整数",
        "chair": "请从列表中选择。",
    }
    assert (Record.objects.count(), Draft.objects.count()) == (0, 0)


def test_times_that_run_backwards_are_refused():
    page = Window(a_branch(), "书记").post(NEW, **{**MEETING, "begins": "11:00", "ends": "09:30"})
    assert (page.status_code, "结束时间早于开始时间" in text(page)) == (422, True)


def test_answers_may_be_changed_before_they_are_confirmed():
    window = Window(a_branch(), "书记")
    again = window.post(NEW, **{**hidden(window.post(NEW, **MEETING)), "turn": "edit"})
    assert (again.status_code, initial(again, "title")) == (200, "三月支委会")


def test_what_lies_ahead_has_no_roll_until_its_day():
    branch = a_branch()
    window = Window(branch, "书记")
    enter(window, NEW, **{**MEETING, "day": "2026-03-20"})
    record = Record.objects.get()
    assert (record.state, record.attendances.count()) == (State.PLANNED, 0)
    assert window.post(f"records/{record.pk}/roll/").status_code == 409
    branch.at = branch.at.replace(day=21)
    absent = branch.marks("书记")
    done = Window(branch, "书记").post(f"records/{record.pk}/roll/", absent=absent, **{f"reason_{absent[0]}": "开会"})
    record.refresh_from_db()
    assert (done.status_code, record.state) == (302, State.DONE)
    again = Window(branch, "书记").get(f"records/{record.pk}/roll/").context["rolls"]
    assert [(one["name"], one["ticked"], one["reason"]) for one in again] == [
        ("书记", True, "开会"),
        ("纪检委员", False, ""),
    ]


def test_a_correction_starts_from_what_stands_and_keeps_it():
    branch = a_branch()
    window = Window(branch, "书记")
    enter(window, NEW, **MEETING, tags=["廉政"], agenda="研究工作")
    path = f"records/{Record.objects.get().pk}/correct/"
    page = window.get(path)
    names = ("title", "begins", "agenda", "tags")
    assert [initial(page, name) for name in names] == ["三月支委会", "09:30", "研究工作", ["廉政"]]
    assert window.post(path, **MEETING).status_code == 422
    enter(window, path, **{**MEETING, "title": "第三次支委会"}, because="名称写错")
    record = Record.objects.get()
    assert (record.title, record.revisions.get().reason) == ("第三次支委会", "名称写错")
    assert "原为“三月支委会”" in text(window.get(f"records/{record.pk}/"))


def test_only_those_who_keep_the_register_are_offered_to_write():
    branch = everyone()
    record = branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-12")
    paths = ("registers/meeting/new/", f"records/{record.pk}/correct/", f"records/{record.pk}/roll/")
    for name, status in {"干事": 200, "党员1": 404, "派驻纪检": 404, "分管领导": 404}.items():
        assert [Window(branch, name).get(path).status_code for path in paths] == [status] * 3, name
    refused = Window(branch, "党员1").post(f"records/{record.pk}/do/cancel/", reason="不开了")
    assert (refused.status_code, Record.objects.get().state) == (403, State.DONE)


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_matter_is_closed_linked_and_given_a_file():
    branch = a_branch()
    window = Window(branch, "书记")
    helpers = branch.marks("党员1", "党员2")
    given = {"title": "路灯报修", "day": "2026-03-01", "amount": "12.50", "source": "群众来访", "helpers": helpers,
             "public": "是", "owner": helpers[0], "due_on": "2026-03-10", "quantity": "3"}  # fmt: skip
    enter(window, "registers/sample_matter/new/", **given)
    record = Record.objects.get()
    page = window.get(f"records/{record.pk}/")
    for said in ("12.50 元", "群众来访", "党员1、党员2", '<dt>是否公开</dt><dd class="yg-long">是</dd>'):
        assert said in text(page)
    corrected = window.get(f"records/{record.pk}/correct/")
    assert [initial(corrected, name) for name in ("helpers", "public", "due_on")] == [helpers, "是", "2026-03-10"]
    assert window.post(f"records/{record.pk}/do/close/", on="2026-02-01", result="修好了").status_code == 409
    assert window.post(f"records/{record.pk}/do/close/", on="").status_code == 422
    assert window.post(f"records/{record.pk}/do/close/", on="2026-03-12", result="修好了").status_code == 302
    meeting = branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-12")
    found = window.get(f"records/{record.pk}/?q=党课")
    assert [one.pk for one in found.context["found"]] == [meeting.pk]
    assert window.post(f"records/{record.pk}/do/link/", kind="evidence", target=meeting.pk).status_code == 302
    photo = SimpleUploadedFile("验收.pdf", PDF_BYTES)
    assert window.post(f"records/{record.pk}/do/attach/", name="验收单", file=photo).status_code == 302
    page = text(window.get(f"records/{record.pk}/"))
    assert [said in page for said in ("办理结果", "佐证：", "验收单")] == [True] * 3
    address = re.search(r"/party/zb/records/\d+/files/\w+", page)[0]
    assert b"".join(window.get(address)) == PDF_BYTES
    assert "被引用为佐证" in text(window.get(f"records/{meeting.pk}/"))


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_pledge_is_signed_in_one_click_by_each():
    branch = a_branch(members=1)
    enter(Window(branch, "干事"), "registers/sample_pledge/new/", title="廉洁承诺书", day="2026-03-12")
    record = Record.objects.get()
    for name in ("书记", "纪检委员", "党员1"):
        window = Window(branch, name)
        assert "这份文件等您签署" in text(window.get(f"records/{record.pk}/"))
        assert window.post(f"records/{record.pk}/do/sign/").status_code == 302
    assert window.post(f"records/{record.pk}/do/sign/").status_code == 409
    record.refresh_from_db()
    assert record.state == State.DONE


@pytest.mark.usefixtures("registers_of_the_house")
def test_what_is_sealed_is_shown_to_those_named_and_every_look_is_kept():
    branch = everyone()
    enter(Window(branch, "书记"), "registers/sample_talk/new/", **TALK, chosen=branch.marks("书记", "党员1"))
    record = Record.objects.get()
    path, sealed = f"records/{record.pk}/", f"records/{record.pk}/sealed/"
    assert (Draft.objects.get().answers, "家中有困难" in str(record.fields)) == ({}, False)
    mine = Window(branch, "党员1")
    page = mine.get(path)
    assert ("调阅（将被记录）" in text(page), "家中有困难" in text(page)) == (True, False)
    looked = mine.post(sealed)
    assert ("家中有困难" in text(looked), Look.objects.get().person) == (True, branch.marks("党员1")[0])
    assert Entry.objects.filter(act="look_at_sealed").count() == 1
    assert "家中有困难" not in text(mine.get(path))
    for name, status in {"干事": 403, "派驻纪检": 404, "分管领导": 404, "党员2": 404, "外支部书记": 404}.items():
        assert Window(branch, name).post(sealed).status_code == status, name
    assert Look.objects.count() == 1


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_register_that_is_only_counted_shows_totals_and_nobodys_rows():
    branch = everyone()
    enter(Window(branch, "书记"), "registers/sample_talk/new/", **TALK, chosen=branch.marks("党员1"))
    shown = {}
    for name in ("干事", "党员1", "党员2", "派驻纪检", "分管领导"):
        context = Window(branch, name).get("registers/sample_talk/").context
        shown[name] = (len(context["rows"]), context["totals"].done if context["reach"].totals else None)
    assert shown == {"干事": (1, 1), "党员1": (1, None), "党员2": (0, None), "派驻纪检": (0, 1), "分管领导": (0, 1)}


@pytest.mark.parametrize("rows", [1, 30])
def test_a_records_page_asks_as_many_questions_whoever_came(rows):
    branch = a_branch(members=rows)
    here = [f"党员{number}" for number in range(1, rows + 1)]
    record = branch.enter(
        "meeting", kind="党课", title="党课", day="2026-03-12", present=branch.marks(*here), absent={}
    )
    window = Window(branch, "书记")
    counts = {}
    for path in (f"records/{record.pk}/", f"records/{record.pk}/correct/", "registers/meeting/new/?kind=党课"):
        window.get(path)
        with CaptureQueriesContext(connection) as caught:
            window.get(path)
        counts[path.rpartition("/")[0].split("/")[-1]] = len(caught)
    assert list(counts.values()) == [17, 10, 10]
