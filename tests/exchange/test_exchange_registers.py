"""What it means to bring records in and out: a template of every register, all rows or none, nothing twice or lost."""

import io
import json
from datetime import date

import openpyxl
import pytest

from support.units import OPENED, a_branch
from yangguang.exchange import workbook_bytes
from yangguang.exchange.exporting import export_records, export_rows, records_of
from yangguang.exchange.importing import import_file, preview_file
from yangguang.exchange.registers import export_sheet, sheet_of
from yangguang.ledger.acts import cancel_record, correct_record
from yangguang.ledger.acts.people import found_unit
from yangguang.ledger.catalogue import catalogue
from yangguang.ledger.models import Attendance, Post, Record, Signature, State
from yangguang.parties.models import Person
from yangguang.rules.refusal import Refused
from yangguang.witness.models import Entry, Evidence

pytestmark = pytest.mark.django_db(transaction=True)

MEETING = catalogue()["meeting"]
HEADERS = ("种类", "日期", "地点", "主持人", "议题", "赞成票", "标签", "到会人员", "缺席原因")
FIRST = (
    "支部党员大会",
    "2026-03-12",
    "会议室",
    "书记",
    "研究工作\n学习文件",
    None,
    "廉政、学习",
    "全体",
    "党员2：出差",
)
SECOND = ("支部委员会", "2026-03-13", None, None, None, 2, None, "书记、纪检委员", None)


def csv_of(*rows, headers=HEADERS):
    quoted = [",".join(f'"{"" if cell is None else cell}"' for cell in row) for row in (headers, *rows)]
    return io.BytesIO("\r\n".join(quoted).encode())


def given(branch, **more):
    return {"actor": branch.actor("干事"), "at": branch.at, "register": MEETING, "name": "会议.csv"} | more


def preview(branch, *rows, headers=HEADERS, **more):
    return preview_file(branch.unit, source=csv_of(*rows, headers=headers), **given(branch, **more))


def take(branch, *rows, headers=HEADERS, **more):
    return import_file(branch.unit, source=csv_of(*rows, headers=headers), **given(branch, **more))


def exported(branch, form, register=MEETING):
    rows = records_of(branch.unit, register)
    return b"".join(export_records(rows, unit=branch.unit, register=register, form=form))


def told(problems):
    return [(one.row, one.column, one.what) for one in problems]


OPEN = [one for one in catalogue().values() if not any(field.sealed and field.required for field in one.fields)]


@pytest.mark.parametrize("register", OPEN, ids=lambda one: one.id)
def test_every_register_has_a_template_whose_fields_say_who_uses_them(register):
    sheet = sheet_of(register)
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(sheet=sheet)))
    explained = {row[0]: row[4:6] for row in book["填写说明"].iter_rows(min_row=2, values_only=True)}
    asked = [one for one in register.asked if not one.sealed]
    assert {one.label: explained[one.label] for one in asked} == {one.label: (one.used_in, one.why) for one in asked}
    assert not {one.label for one in register.fields if one.sealed or one.derived} & set(explained)
    assert {one.key for one in sheet.columns} < {one.key for one in export_sheet(register).columns}


def test_a_register_that_asks_for_sealed_content_has_no_template():
    register = catalogue()["disposition"]
    with pytest.raises(Refused, match="逐条登记"):
        sheet_of(register)


def test_rows_become_records_with_roll_tags_and_people_by_name():
    branch = a_branch(members=2)
    assert take(branch, FIRST, SECOND).new == 2
    first, second = Record.objects.order_by("day")
    assert (first.title, first.chair.name, first.fields["agenda"]) == (
        "2026年3月支部党员大会", "书记", ["研究工作", "学习文件"],
    )  # fmt: skip
    assert sorted(first.tags.values_list("tag", flat=True)) == ["学习", "廉政"]
    roll = first.attendances.order_by("pk").values_list("person__name", "is_present", "reason", "via")
    assert list(roll) == [
        ("书记", True, "", "import"), ("纪检委员", True, "", "import"), ("党员1", True, "", "import"),
        ("党员2", False, "出差", "import"),
    ]  # fmt: skip
    assert (second.fields["votes_for"], second.chair.name) == (2, "书记")
    assert list(Entry.objects.values_list("act", flat=True)) == ["import_records"]


def test_one_bad_row_among_a_thousand_changes_nothing_and_is_named_with_its_remedy():
    branch = a_branch(members=2)
    days = [date(2025, 1 + number % 12, 1 + number % 28).isoformat() for number in range(1000)]
    rows = [("党课", day, f"会议室{number}", *[None] * 6) for number, day in enumerate(days)]
    rows[699] = ("茶话会", *rows[699][1:])
    rows[799] = (*rows[799][:7], "过客", None)
    rows[899] = (*rows[899][:6], "天气", None, None)
    with pytest.raises(Refused) as refused:
        take(branch, *rows[:700])
    assert [(one.reason, one.remedy) for one in refused.value.refusals] == [
        ("第701行：“种类”“茶话会”不在可选的内容里", "从下拉列表中选择：支部党员大会、支部委员会、党小组会、党课。")
    ]
    assert told(preview(branch, *rows).problems) == [
        (701, "种类", "“茶话会”不在可选的内容里"), (801, "到会人员", "名册中没有“过客”"),
        (901, "标签", "目录中没有天气"),
    ]  # fmt: skip
    assert (Record.objects.count(), Attendance.objects.count(), Evidence.objects.count()) == (0, 0, 0)


def test_what_the_registers_own_rules_refuse_is_named_by_the_row_of_the_file():
    branch = a_branch()
    lonely = ("支部党员大会", "2026-03-11", None, None, None, 1, None, "书记", None)
    found = preview(branch, SECOND, (None,) * 9, lonely).problems
    assert [(one.row, one.column) for one in found] == [(4, "")]
    with pytest.raises(Refused, match="第4行："):
        take(branch, SECOND, (None,) * 9, lonely)


def test_the_same_file_twice_adds_nothing_and_a_longer_one_only_what_is_new():
    branch = a_branch(members=2)
    assert preview(branch, FIRST, SECOND, SECOND).doubled == 1
    assert take(branch, FIRST, SECOND).new == 2
    again = take(branch, FIRST, SECOND)
    assert (again.new, again.known, Record.objects.count()) == (0, 2, 2)
    third = ("党课", *SECOND[1:5], None, *SECOND[6:])
    longer = preview(branch, FIRST, third, SECOND)
    assert (longer.new, longer.known, Record.objects.count()) == (1, 2, 2)
    assert (take(branch, FIRST, third, SECOND).new, Record.objects.count()) == (1, 3)


def test_a_workbook_and_a_csv_file_that_say_the_same_are_the_same():
    branch = a_branch()
    headers = ("种类", "日期", "学时（填起止时间的不用填）", "讲课人")
    take(branch, ("党课", "2026-03-12", "2.50", "书记"), headers=headers)
    row = {"kind": "党课", "day": date(2026, 3, 12), "quantity": 2.5, "lecturer": "书记"}
    book = io.BytesIO(workbook_bytes(sheet=sheet_of(MEETING), rows=[row]))
    again = import_file(branch.unit, source=book, **given(branch, name="会议.XLSX"))
    assert (again.new, again.known) == (0, 1)


def test_a_row_that_looks_like_a_standing_record_is_pointed_out():
    branch = a_branch(members=2)
    take(branch, FIRST)
    assert preview(branch, (*FIRST[:2], "另一处", *FIRST[3:])).alike == [(2, "2026-1")]


def test_two_people_of_one_name_are_told_apart_by_their_number():
    branch = a_branch()
    one, other = (Person.objects.create(name="同名") for _ in range(2))
    for person, post in ((one, "full"), (other, "staff")):
        Post.objects.create(unit=branch.unit, person=person, post=post, since=OPENED)
    row = (*SECOND[:3], "同名", *SECOND[4:])
    (problem,) = preview(branch, row).problems
    assert (problem.row, problem.column, problem.what) == (2, "主持人", "有2位“同名”")
    assert problem.remedy == (
        f"写成“姓名（编号）”：同名（{one.mark}）是{branch.unit.name}正式党员；同名（{other.mark}）是{branch.unit.name}干部职工"
    )
    take(branch, ("党课", "2026-03-12", None, f"同名({one.mark})", *[None] * 5))
    assert Record.objects.get().chair == one
    (row,) = export_rows(records_of(branch.unit, MEETING), unit=branch.unit, register=MEETING)
    assert row["chair"] == f"同名（{one.mark}）"


def test_everybody_is_the_roll_of_the_day_and_means_nothing_without_one():
    branch = a_branch(members=1)
    branch.add("新人", "full", since=date(2026, 3, 1))
    headers = ("种类", "日期", "到会人员")
    take(branch, ("党课", "2026-02-10", "全体"), ("党课", "2026-03-10", "全体"), headers=headers)
    assert [one.attendances.count() for one in Record.objects.order_by("day")] == [3, 4]
    talk = {"register": catalogue()["talk"]}
    headers = ("种类", "日期", "谈话人", "到会人员")
    (problem,) = preview(branch, ("谈心谈话", "2026-03-10", "书记", "全体"), headers=headers, **talk).problems
    assert (problem.column, problem.what) == ("到会人员", "这种记录没有名册可以得出“全体”")


def test_a_parent_is_named_by_register_and_number():
    branch = a_branch()
    parent = branch.enter("meeting", kind="支部委员会", day="2026-03-12")
    headers, follow_up = ("种类", "日期", "要办的事", "会议"), {"register": catalogue()["follow_up"]}
    task = ("会议决定落实", "2026-03-12", "修订制度")
    done = take(branch, (*task, "三会一课2026-1"), headers=headers, **follow_up)
    assert (done.new, Record.objects.get(register="follow_up").parent) == (1, parent)
    (problem,) = preview(branch, (*task, "三会一课2026-9"), headers=headers, **follow_up).problems
    assert (problem.column, problem.what) == ("会议", "没有“三会一课2026-9”这条记录")


def test_imported_pledges_ask_the_roll_for_their_signatures():
    branch = a_branch(members=1)
    headers, pledge = ("日期", "名称"), {"register": catalogue()["pledge"]}
    sheet = {one.label for one in sheet_of(pledge["register"]).columns if one.required}
    assert sheet <= {*headers, "种类"}
    kind = pledge["register"].kinds[0] if "种类" in sheet else None
    take(branch, ("2026-03-12", "承诺书", kind), headers=(*headers, "种类"), **pledge)
    assert Signature.objects.count() == 4


def test_whoever_may_not_write_is_told_nothing_of_what_would_happen():
    branch = a_branch()
    for way in (preview, take):
        with pytest.raises(Refused) as refused:
            way(branch, SECOND, (*SECOND[:3], "过客", *SECOND[4:]), actor=branch.actor("党员1"))
        assert refused.value.codes == ("access.denied",)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_was_exported_comes_back_as_what_stands(form):
    branch = a_branch(members=2)
    take(branch, FIRST, SECOND)
    branch.enter("meeting", kind="党课", day="2026-03-14", begins="2026-03-14 09:30", ends="2026-03-14 11:00")
    back = preview_file(branch.unit, source=io.BytesIO(exported(branch, form)), **given(branch, name=f"a.{form}"))
    assert (back.new, back.known, list(back.problems)) == (0, 3, [])


def test_a_changed_row_of_an_export_is_told_and_changes_nothing():
    branch = a_branch(members=2)
    take(branch, FIRST)
    book = openpyxl.load_workbook(io.BytesIO(exported(branch, "xlsx")))
    page = book.worksheets[0]
    labels = [cell.value.rstrip("*") for cell in page[1]]
    page.cell(row=2, column=labels.index("地点") + 1, value="别处")
    page.cell(row=3, column=labels.index("编号") + 1, value="2026-77")
    page.cell(row=4, column=labels.index("状态") + 1, value="完成")
    for row in (3, 4):
        page.cell(row=row, column=labels.index("种类") + 1, value="党课")
        page.cell(row=row, column=labels.index("日期") + 1, value=date(2026, 3, 14))
    changed = io.BytesIO()
    book.save(changed)
    found = preview_file(branch.unit, source=changed, **given(branch, name="a.xlsx"))
    assert told(found.problems) == [
        (2, "地点", "与编号2026-1已登记的不同"), (3, "编号", "本单位的这个台账没有编号2026-77"),
        (4, "状态", "由系统得出，不能填写"),
    ]  # fmt: skip


def test_an_export_without_what_the_system_knows_is_a_template_for_another_unit():
    branch = a_branch(members=2)
    take(branch, FIRST, SECOND)
    rows = list(export_rows(records_of(branch.unit, MEETING), unit=branch.unit, register=MEETING))
    other = found_unit(code="qt", name="另一支部", kind="branch", opened_on=OPENED)
    for post in Post.objects.filter(unit=branch.unit):
        Post.objects.create(unit=other, person=post.person, post=post.post, since=post.since)
    book = io.BytesIO(workbook_bytes(sheet=sheet_of(MEETING), rows=rows))
    import_file(other, source=book, **given(branch, name="a.xlsx", actor=branch.actor("书记")))
    kept = {"kept_number", "kept_entered", "kept_by", "kept_origin"}
    again = list(export_rows(records_of(other, MEETING), unit=other, register=MEETING))
    assert [{key: one[key] for key in one.keys() - kept} for one in again] == [
        {key: one[key] for key in one.keys() - kept} for one in rows
    ]


def test_what_is_sealed_leaves_as_a_mark_only():
    branch = a_branch()
    talk = catalogue()["talk"]
    branch.enter("talk", kind="谈心谈话", day="2026-03-12", owner=branch.people["书记"].mark,
                 present=branch.marks("党员1"), matter="家里有难处")  # fmt: skip
    content = json.loads(exported(branch, "json", talk))
    assert content["records"][0]["sealed_matter"] == "密封"
    assert "家里有难处" not in json.dumps(content, ensure_ascii=False)
    for form in ("csv", "xlsx"):
        assert "家里有难处".encode() not in exported(branch, form, talk)


def test_an_export_holds_cancelled_and_corrected_records_as_they_stand():
    branch = a_branch()
    kept = branch.enter("meeting", kind="党课", day="2026-03-12")
    gone = branch.enter("meeting", kind="党课", day="2026-03-13")
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "reason": "误录"}
    correct_record(branch.unit, record=kept.pk, values={"kind": "党课", "day": "2026-03-12", "place": "礼堂"}, **inputs)
    cancel_record(branch.unit, record=gone.pk, **inputs)
    records = json.loads(exported(branch, "json"))["records"]
    assert [(one["kept_number"], one["kept_state"], one.get("place")) for one in records] == [
        ("2026-1", State.DONE.label, "礼堂"), ("2026-2", State.CANCELLED.label, None),
    ]  # fmt: skip


def test_an_export_asks_the_database_as_often_for_many_records_as_for_few(django_assert_num_queries):
    branch = a_branch(members=2)
    take(branch, FIRST, SECOND)
    for size in (2, 12):
        with django_assert_num_queries(6):
            assert len(list(export_rows(records_of(branch.unit, MEETING), unit=branch.unit, register=MEETING))) == size
        take(branch, *[(*FIRST[:2], f"会议室{number}", *FIRST[3:]) for number in range(10)])


def test_an_import_asks_the_database_once_for_each_day_and_not_for_each_row(django_assert_max_num_queries):
    branch = a_branch(members=2)
    rows = [(*FIRST[:2], f"会议室{number}", *FIRST[3:]) for number in range(200)]
    with django_assert_max_num_queries(40):
        assert take(branch, *rows).new == 200
