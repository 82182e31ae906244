"""People, tasks, talks, dues and risks of a branch in pages: each sees what is theirs, and acts with one click."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.party import Window, everyone, text
from support.units import OPENED, a_branch
from yangguang.branch.acts import plant_tree
from yangguang.ledger.acts.people import open_unit
from yangguang.ledger.models import Post, Record, State

pytestmark = pytest.mark.django_db(transaction=True)

RISK = {"kind": "重点环节", "title": "泄露评标信息", "day": "2026-03-16", "step": "评标", "nature": "人财物"}
SHEET = {"kind": "违规情形", "title": "迟到", "day": "2026-03-12", "step": "开标", "agency": "91990100MA0000001X"}


def asked(window, path):
    """How many questions a page asks once it was looked at."""
    window.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert window.get(path).status_code == 200
    return len(caught)


def test_a_leader_appoints_somebody_and_a_keeper_ends_a_post():
    branch = everyone()
    newcomer = branch.marks("党员1")[0]
    leader = Window(branch, "书记")
    assert leader.post("people/appoint/", person=newcomer, since="2026-03-16").status_code == 422
    given = {"person": newcomer, "post": "publicity", "since": "2026-03-16", "joined_on": "2015-07-01"}
    assert leader.post("people/appoint/", **given).status_code == 302
    made = Post.objects.get(post="publicity")
    assert (made.person.name, made.facts) == ("党员1", {"joined_on": "2015-07-01"})
    again = leader.post("people/appoint/", **given)
    assert (again.status_code, "已经担任该职务" in text(again)) == (409, True)
    assert leader.post("people/end/", post=made.pk).status_code == 302
    assert leader.post("people/end/", post="x").status_code == 409
    made.refresh_from_db()
    assert made.until == branch.at.date()
    assert Window(branch, "党员2").post("people/end/", post=made.pk).status_code == 404
    assert "任职登记" not in text(Window(branch, "党员2").get("people/"))


def test_nobody_from_outside_the_house_is_offered_for_a_post():
    branch = everyone()
    page = Window(branch, "书记").get("people/")
    assert "外支部书记" not in dict(page.context["form"].fields["person"].choices).values()


def test_the_tree_leads_to_each_task_and_says_what_is_done():
    branch = a_branch()
    rows = [
        {"level": 1, "title": "年度计划"},
        {"level": 2, "title": "组织生活"},
        {"level": 3, "title": "开支委会"},
        {"level": 3, "title": "讲党课", "due_on": "2026-03-01"},
    ]
    day = branch.at.date().replace(month=1, day=5)
    plant_tree(branch.unit, actor=branch.actor("书记"), at=branch.at, register="task", day=day, rows=rows)
    meeting = branch.enter("meeting", kind="支部委员会", day="2026-03-12")
    window = Window(branch, "书记")
    page = window.get("tasks/")
    assert [one.number for one in page.context["lines"]] == ["1", "1.1", "1.1.1", "1.1.2"]
    assert (page.context["done"], page.context["leaves"]) == (0, 2)
    task = Record.objects.get(title="开支委会")
    window.post(f"records/{task.pk}/do/link/", kind="evidence", target=meeting.pk)
    task.refresh_from_db()
    assert (task.state, window.get("tasks/").context["done"]) == (State.DONE, 1)
    assert "关联完成的记录" not in text(Window(branch, "党员1").get("tasks/"))
    assert window.get("tasks/?tree=nothing&year=2019").context["lines"] == []


def test_the_gaps_of_talks_are_named_for_keepers_and_counted_for_those_who_watch():
    branch = everyone()
    branch.enter(
        "talk", kind="谈心谈话", day="2026-03-11", owner=branch.marks("书记")[0], present=branch.marks("党员1")
    )
    keeper = Window(branch, "干事").get("pairs/")
    named = {one.name: (one.covered, one.required, "党员2" in str(one.gaps)) for one in keeper.context["pairings"]}
    assert named["支委和党员之间"] == (1, 4, True)
    assert dict(keeper.context["rows"])["党员1"][0] == 1
    watcher = text(Window(branch, "派驻纪检").get("pairs/"))
    assert ("还缺" in watcher, "党员2" in watcher) == (True, False)
    assert Window(branch, "党员1").get("pairs/").status_code == 404


def test_dues_show_each_their_own_and_the_keeper_everybodys():
    branch = everyone()
    bases = {"党员1": "4000", "党员2": "8000"}
    for name, base in {**dict.fromkeys(("书记", "纪检委员", "党员3", "党员4"), "6000"), **bases}.items():
        given = {"kind": "按月领取工资", "day": "2026-01-10", "owner": branch.marks(name)[0], "base": base}
        branch.enter("dues_base", by="干事", **given)
    branch.enter("dues_collection", by="干事", kind="月度收缴", day="2026-03-12", present=branch.marks("党员1"))
    own = Window(branch, "党员1").get("dues/")
    assert [(one.month.month, str(one.due), one.is_paid) for one in own.context["own"]] == [
        (1, "40.00", False), (2, "40.00", False), (3, "40.00", True),
    ]  # fmt: skip
    assert ("党员2" in text(own), own.context["table"], own.context["arrears"]) == (False, [], [])
    assert [(one.month.month, str(one.paid)) for one in own.context["totals"]] == [(3, "40.00")]
    table = Window(branch, "干事").get("dues/?month=2026-03").context["table"]
    assert {one.person.name: one.is_paid for one in table if one.person.name in bases} == {
        "党员1": True,
        "党员2": False,
    }
    collection = Record.objects.get(register="dues_collection")
    assert [
        one.person.name for one in Window(branch, "党员2").get(f"records/{collection.pk}/").context["page"].roll
    ] == ["党员2"]


def test_a_signal_is_accepted_or_explained_by_those_who_may():
    branch = everyone()
    risk = branch.enter("risk", **RISK, approver=branch.marks("书记")[0])
    for _ in range(3):
        branch.enter("agency_sheet", **SHEET)
    window = Window(branch, "派驻纪检")
    page = window.get("risks/")
    first, second = [one for one, _ in page.context["signals"]]
    assert [len(rows) for _, rows in page.context["columns"]] == [1, 0, 0]
    refused = window.post("risks/answer/", signal=first.key, answer="explain")
    assert refused.status_code == 409
    assert window.post("risks/answer/", signal=first.key, answer="explain", reason="已约谈").status_code == 302
    assert window.post("risks/answer/", signal=second.key, answer="accept", risk=risk.pk).status_code == 302
    assert Window(branch, "书记").get("risks/").context["signals"] == []
    assert Window(branch, "党员1").post("risks/answer/", signal=first.key, answer="accept").status_code == 404
    assert re.search("风险点</dt><dd>1<", text(Window(branch, "党员1").get("risks/")))


def test_a_unit_without_risk_points_tells_which_unit_above_keeps_them():
    branch = a_branch()
    below = {"code": "zb-1", "name": "第一党小组", "kind": "cell", "opened_on": OPENED}
    open_unit(branch.unit, actor=branch.actor("书记"), at=branch.at, **below)
    window = Window(branch, "书记")
    assert window.get("/party/zb-1/risks/").context["above"] is None
    branch.enter("risk", **RISK, approver=branch.marks("书记")[0])
    page = window.get("/party/zb-1/risks/")
    assert page.context["above"] == (branch.unit, 1)
    assert '<a href="/party/zb/risks/">查看</a>' in text(page)


def test_pages_of_people_ask_as_many_questions_with_twenty_as_with_one():
    branch = a_branch(members=20)
    window, counts = Window(branch, "书记"), []
    for number in range(1, 21):
        mark = branch.marks(f"党员{number}")
        branch.enter("dues_base", by="干事", kind="按月领取工资", day="2026-01-10", owner=mark[0], base="4000")
        branch.enter("talk", kind="谈心谈话", day="2026-03-11", owner=branch.marks("书记")[0], present=mark)
        branch.enter("risk", **RISK, approver=branch.marks("书记")[0])
        branch.enter("task", kind="任务", title=f"第{number}项", day="2026-01-05", owner=mark[0])
        if number in {1, 20}:
            counts.append({path: asked(window, f"{path}/") for path in ("people", "tasks", "pairs", "dues", "risks")})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 30
