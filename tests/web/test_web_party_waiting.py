"""The workbench tells what party work asks of a person, and the list of units what each holds there."""

import pytest

from support.party import Window, registers_of_the_house, text  # noqa: F401 - a fixture
from support.units import OPENED, a_branch
from yangguang.ledger.acts.people import open_unit
from yangguang.ledger.models import Record

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(branch, name):
    """What the person's workbench lists, as (what, by when, whether it is late)."""
    tasks = Window(branch, name).get("/desk/").context["tasks"]
    return [(one.title, str(one.due or ""), one.is_late) for one in tasks]


def missing(branch):
    """How many lines the month's page says are missing."""
    number = len(Window(branch, "干事").get("").context["month"].missing)
    assert number > 0
    return number


def test_a_letter_to_sign_waits_on_the_workbench_until_it_is_signed():
    branch = a_branch(members=1)
    template = branch.enter("letter_template", title="承诺书", day="2026-03-01", kind="承诺书", text="我承诺。")
    kind = "廉洁从业承诺书"
    branch.enter("pledge", kind=kind, title=kind, day="2026-03-02", due_on="2026-03-10", parent=str(template.pk))
    assert waiting(branch, "党员1") == [("签署：廉洁从业承诺书", "2026-03-10", True)]
    page = Record.objects.get(register="pledge").pk
    assert f'href="/party/zb/records/{page}/"' in text(Window(branch, "党员1").get("/desk/"))
    Window(branch, "党员1").post(f"records/{page}/do/sign/")
    assert waiting(branch, "党员1") == []


@pytest.mark.usefixtures("registers_of_the_house")
def test_ones_own_matters_wait_when_they_are_late_or_due_within_two_weeks():
    branch = a_branch()
    owner = branch.marks("党员1")[0]
    for title, due in (("逾期的", "2026-03-10"), ("快到的", "2026-03-20"), ("还早的", "2026-06-30")):
        branch.enter("sample_matter", title=title, day="2026-03-01", due_on=due, owner=owner)
    assert waiting(branch, "党员1") == [
        ("办理：逾期的", "2026-03-10", True), ("办理：快到的", "2026-03-20", False),
    ]  # fmt: skip
    assert waiting(branch, "党员2") == []
    assert waiting(branch, "干事") == [(f"党务：{missing(branch)} 类活动缺记录、1 件逾期未办结", "", False)]


def test_whoever_keeps_no_records_is_told_of_no_gaps():
    branch = a_branch()
    assert [title for title, *_ in waiting(branch, "干事")] == [f"党务：{missing(branch)} 类活动缺记录"]
    assert waiting(branch, "党员1") == []


def test_the_list_of_units_names_ones_posts_and_puts_them_first():
    branch = a_branch()
    cell = {"code": "zb-1", "name": "第一党小组", "kind": "cell", "opened_on": OPENED}
    open_unit(branch.unit, actor=branch.actor("书记"), at=branch.at, **cell)
    shown = Window(branch, "纪检委员").get("/party/").context
    assert [(one["unit"].name, one["posts"]) for one in shown["shown"]] == [
        ("示例市公共资源交易中心党支部", ["纪检委员", "正式党员"]), ("第一党小组", []),
    ]  # fmt: skip
    assert [one["unit"].code for one in shown["own"]] == ["zb"]
