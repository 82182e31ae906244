"""A register signed off for a period, and a secret ballot: who may, what is refused, and what stays secret."""

import re

import pytest

from support.party import Window, everyone, hidden, text
from yangguang.ledger.acts import close_record
from yangguang.ledger.models import Ballot, SignOff
from yangguang.parties.models import Person
from yangguang.reports.models import Report
from yangguang.web.drafts.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)

YEAR = {"first": "2026-01-01", "last": "2026-03-16"}


def an_appraisal():
    branch = everyone()
    branch.add("预备党员", "probationary")
    record = branch.enter("appraisal", day="2026-03-16")
    return branch, f"records/{record.pk}/ballot/", record


def test_an_officer_signs_off_a_register_from_the_month_page_and_the_register_page():
    branch = everyone()
    window = Window(branch, "派驻纪检")
    month = text(window.get(""))
    assert re.findall(r'href="/party/zb/registers/(\w+)/sign-off/"', month) == [
        "discipline_case", "clue", "trade_complaint",
    ]  # fmt: skip
    register = text(window.get("registers/clue/"))
    assert 'href="/party/zb/registers/clue/sign-off/"' in register
    shown = window.get("registers/clue/sign-off/").context["form"].initial
    assert {name: day.isoformat() for name, day in shown.items()} == YEAR
    assert window.post("registers/clue/sign-off/", **YEAR).status_code == 302
    row = SignOff.objects.get()
    assert (row.register, row.first.isoformat(), row.last.isoformat(), row.by) == (
        "clue", *YEAR.values(), branch.marks("派驻纪检")[0],
    )  # fmt: skip
    assert "2026-01-01 至 2026-03-16 派驻纪检" in text(window.get("registers/clue/sign-off/")).replace("　", " ")


@pytest.mark.parametrize(
    ("given", "status"),
    [({"first": "2026-01-01", "last": "2026-12-31"}, 409), ({"first": "一月", "last": ""}, 422), ({}, 422)],
)
def test_a_period_that_has_not_ended_or_is_none_is_refused_and_nothing_is_signed(given, status):
    branch = everyone()
    answer = Window(branch, "书记").post("registers/meeting/sign-off/", **given)
    assert (answer.status_code, SignOff.objects.count()) == (status, 0)


def test_one_form_signs_off_once():
    branch = everyone()
    window = Window(branch, "书记")
    token = hidden(window.get("registers/meeting/sign-off/"))["token"][0]
    codes = [window.post("registers/meeting/sign-off/", token=token, **YEAR).status_code for _ in range(2)]
    assert (codes, SignOff.objects.count()) == ([302, 409], 1)


@pytest.mark.parametrize(
    ("name", "register"),
    [
        ("党员1", "meeting"),
        ("外支部书记", "meeting"),
        ("派驻纪检", "meeting"),
        ("书记", "no_such"),
        ("分管领导", "talk"),
    ],
)
def test_who_does_not_answer_for_a_register_finds_no_sign_off(name, register):
    branch = everyone()
    window = Window(branch, name)
    assert window.get(f"registers/{register}/sign-off/").status_code == 404
    assert window.post(f"registers/{register}/sign-off/", **YEAR).status_code == 404
    assert SignOff.objects.count() == 0


def test_a_finding_of_a_report_leads_to_the_sign_off_of_its_register_and_months():
    branch = everyone()
    window = Window(branch, "书记")
    window.post("reports/", outline="000", period="2026")
    report = text(window.get(f"reports/{Report.objects.get().pk}/"))
    link = re.search(r'href="(/party/zb/registers/trade_complaint/sign-off/\?[^"]*)"', report)[1]
    assert link.endswith("?first=2026-01-01&amp;last=2026-12-31")
    form = window.get(link.replace("&amp;", "&")).context["form"]  # until today, as the year has not ended
    assert {name: day.isoformat() for name, day in form.initial.items()} == YEAR


def test_the_desk_leads_to_party_work_whoever_has_a_post_and_nobody_else():
    branch = everyone()
    branch.people["来宾"] = Person.objects.create(name="来宾")
    pages = {name: text(Window(branch, name).get("/desk/")) for name in ("党员1", "外支部书记", "来宾")}
    assert {name: 'href="/party/"' in page for name, page in pages.items()} == {
        "党员1": True, "外支部书记": True, "来宾": False,
    }  # fmt: skip


def test_a_member_chooses_checks_and_votes_and_nothing_ties_the_choice_to_them():
    branch, path, record = an_appraisal()
    window = Window(branch, "党员1")
    assert f'href="/party/zb/{path}"' in text(window.get(""))
    chosen, left_out = branch.marks("书记", "党员2")
    page = window.get(path)
    names = [field.label for field in page.context["form"]]
    assert names == ["书记", "纪检委员", "党员1", "党员2", "党员3", "党员4"]  # full members only
    checked = window.post(path, **hidden(page), **{chosen: "优秀", left_out: ""})
    assert checked.context["answers"][:4] == [("书记", "优秀"), ("纪检委员", ""), ("党员1", ""), ("党员2", "")]
    assert Ballot.objects.count() == 0
    again = window.post(path, **hidden(checked), step="edit").context["form"]
    assert (again[chosen].value(), again[left_out].value()) == ("优秀", None)
    done = window.post(path, **hidden(checked), step="do")
    assert (done.status_code, Ballot.objects.get().choices) == (302, {chosen: "优秀"})
    after = text(window.get(path))
    assert ("票箱里已有 1 票，应投 7 票" in after, "优秀" in after) == (True, False)
    assert path not in text(window.get(""))
    assert Draft.objects.get(act="vote_by_ballot").answers == {}
    assert record.attendances.get(is_present=True).person == branch.people["党员1"]


def test_a_second_vote_changes_nothing_and_an_invented_grade_is_refused():
    branch, path, _ = an_appraisal()
    window = Window(branch, "党员1")
    mark = branch.marks("书记")[0]
    assert window.post(path, step="do", **{mark: "很好"}).status_code == 422
    assert window.post(path, step="do", **{mark: "合格"}).status_code == 302
    assert "您已经投票" in text(window.post(path, step="do", **{mark: "不合格"}))
    assert [one.choices for one in Ballot.objects.all()] == [{mark: "合格"}]


def test_who_is_not_due_finds_no_ballot_and_nobody_does_once_it_is_closed():
    branch, path, record = an_appraisal()
    statuses = {name: Window(branch, name).get(path).status_code for name in ("干事", "派驻纪检", "外支部书记")}
    assert statuses == {"干事": 404, "派驻纪检": 404, "外支部书记": 404}
    assert Window(branch, "预备党员").get(path).status_code == 200  # takes part, and is not graded
    today = branch.at.date()
    close_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk, on=today, result="测评结束")
    assert (Window(branch, "党员1").get(path).status_code, path in text(Window(branch, "党员1").get(""))) == (
        404,
        False,
    )
    meeting = branch.enter("meeting", kind="党课", day="2026-03-12")
    assert Window(branch, "党员1").get(f"records/{meeting.pk}/ballot/").status_code == 404
