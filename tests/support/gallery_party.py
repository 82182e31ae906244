"""The pages of party work that somebody looks at, and the branch whose pages they are.

Each row is a `Shown` of gallery.py, without importing it: name, title, path, who looks, what is done first, the view.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from support.party import everyone
from support.scenes import Scene
from support.units import MORNING, Branch
from yangguang.ledger.acts import cancel_record, correct_record
from yangguang.parties.models import Person

BASE = "/party/zb/"
NEW = f"{BASE}registers/meeting/new/?kind=%E6%94%AF%E9%83%A8%E5%A7%94%E5%91%98%E4%BC%9A"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Guest:
    """Somebody of the branch, as a browser signs them in."""

    person: Person


def branch_in(scene: Scene) -> Branch:
    """A branch of twenty-five people in the scene, at its own moment; they are the scene's guests by name."""
    branch = everyone()
    branch.at = scene.at = MORNING
    for letter in SURNAMES:
        branch.add(f"{letter}示例", "full")
    scene.guests = {name: Guest(person) for name, person in branch.people.items()}
    return branch


def meetings(scene: Scene) -> dict[str, object]:
    """Three months of meetings: held, entered late, planned, cancelled and corrected."""
    branch = branch_in(scene)
    absent = branch.marks("纪检委员")
    held = {"present": branch.marks("书记"), "absent": {absent[0]: "出差"}, "chair": branch.marks("书记")[0]}
    whole = {"place": "三楼党员活动室", "begins": "2026-03-12T09:00", "ends": "2026-03-12T10:30"}
    agenda = ["传达上级会议精神", "研究一季度党建工作", "讨论主题党日安排"]
    given = {"kind": "支部委员会", "title": "2026年3月支部委员会", "day": "2026-03-12", "tags": ["党建", "廉政"]}
    record = branch.enter("meeting", **given, **whole, **held, agenda=agenda, decisions=["三月底前完成谈心谈话"])
    branch.enter("meeting", **{**given, "title": "2026年2月支部委员会", "day": "2026-02-11", "tags": ["党建"]}, **held)
    branch.enter("meeting", **{**given, "title": "2026年1月支部委员会", "day": "2026-01-14", "tags": ["学习"]}, **held)
    lecture = {"kind": "党课", "title": "书记讲党课：公共资源交易中的廉洁风险", "tags": ["学习", "廉政", "主题党日"]}
    branch.enter("meeting", **lecture, day="2026-03-10", present=branch.marks("书记", *_some(branch)), absent={})
    branch.enter("meeting", kind="支部党员大会", title="第一季度支部党员大会", day="2026-03-27")
    gone = branch.enter("meeting", kind="党课", title="登记重复的党课", day="2026-03-10")
    secretary = {"actor": branch.actor("书记"), "at": branch.at}
    cancel_record(branch.unit, record=gone.pk, reason="与前一条重复", **secretary)
    values = {**given, **whole, "title": "2026年3月支部委员会（扩大）", "agenda": agenda, "chair": held["chair"]}
    correct_record(branch.unit, record=record.pk, values=values, reason="补写会议性质", **secretary)
    return {"record": record.pk, "gone": gone.pk}


def _some(branch: Branch) -> list[str]:
    return [name for name in branch.people if name.endswith("示例")][:18]


def two_units(scene: Scene) -> dict[str, object]:
    """The leader of a branch who also keeps another one."""
    branch = branch_in(scene)
    branch.people["外支部书记"].posts.create(unit=branch.unit, post="leader", since="2025-01-01")
    return {}


def go_on(page: Page, _: Scene) -> None:
    """The form goes on as it is."""
    page.get_by_role("button", name="下一步：核对").click()


def untitled(page: Page, scene: Scene) -> None:
    """The form goes on with an end and no beginning."""
    page.get_by_label("结束时间").fill("09:00")
    page.get_by_label("赞成票").fill("很多")
    go_on(page, scene)


def confirmed(page: Page, scene: Scene) -> None:
    """The answers were checked and confirmed."""
    go_on(page, scene)
    page.get_by_role("button", name="确认登记").click()


def found(page: Page, _: Scene) -> None:
    """Records were looked for, to link one."""
    page.get_by_label("按名称查找要关联的记录").fill("支部")
    page.get_by_role("button", name="查找").click()


def party_settings() -> tuple[tuple[str, str, Any, tuple[Row, ...]], ...]:
    """The settings of party work: key, title, what happened before, the pages."""
    return (
        ("party-registers", "党务：台账", meetings, (
            ("party-registers", "台账：全部", f"{BASE}registers/", "干事"),
            ("party-register", "台账：三会一课", f"{BASE}registers/meeting/", "书记"),
            ("party-register-member", "台账：党员所见", f"{BASE}registers/meeting/?kind=%E5%85%9A%E8%AF%BE", "党员1"),
            ("party-register-empty", "台账：没有记录", f"{BASE}registers/meeting/?year=2019", "分管领导"),
            ("party-calendar", "日历", f"{BASE}calendar/", "书记"),
            ("party-record", "记录：支部委员会", BASE + "records/{record}/", "书记"),
            ("party-record-link", "记录：查找要关联的", BASE + "records/{record}/", "书记", found),
            ("party-record-cancelled", "记录：已取消", BASE + "records/{gone}/", "党员1"),
            ("party-correct", "更正", BASE + "records/{record}/correct/", "干事"),
            ("party-roll", "点名", BASE + "records/{record}/roll/", "书记"),
            ("party-kinds", "登记：选择种类", f"{BASE}registers/meeting/new/", "书记"),
            ("party-new", "登记：填写", NEW, "书记"),
            ("party-new-wrong", "登记：填写有误", NEW, "书记", untitled),
            ("party-check", "登记：核对", NEW, "书记", go_on),
            ("party-done", "登记：完成", NEW, "书记", confirmed, "party-done"),
        )),
        ("party-units", "党务：我的组织", two_units, (
            ("party", "我的组织", "/party/", "外支部书记"),
        )),
    )  # fmt: skip
