"""The pages of party work that somebody looks at, and the branch whose pages they are.

Each row is a `Shown` of gallery.py, without importing it: name, title, path, who looks, what is done first, the view.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from playwright.sync_api import Page

from support.party import everyone
from support.reporting import Year, with_everything
from support.scenes import Scene
from support.units import MORNING, Branch
from yangguang.branch.acts import plant_tree
from yangguang.ledger.acts import cancel_record, correct_record, enter_record
from yangguang.ledger.models import Record, Unit
from yangguang.parties.models import Person
from yangguang.reports.acts import confirm_report, draft_report, lock_report

BASE = "/party/zb/"
FIGURE = BASE + "reports/{report}/figure/?key=committee_meetings|2026|"
TALK = f"{BASE}registers/talk/new/?kind=%E8%B0%88%E5%BF%83%E8%B0%88%E8%AF%9D"
NEW = f"{BASE}registers/meeting/new/?kind=%E6%94%AF%E9%83%A8%E5%A7%94%E5%91%98%E4%BC%9A"
BOOKED_NEW = BASE + "registers/study/new/?kind=%E9%9B%86%E4%B8%AD%E5%AD%A6%E4%B9%A0&booking={booking}"
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


def year(scene: Scene) -> dict[str, object]:
    """A branch in March: meetings, tasks, talks, dues, risks with signals, pledges to sign and matters that run out."""
    meetings(scene)
    branch = Branch(
        unit=Unit.objects.get(code="zb"), at=scene.at, people={n: g.person for n, g in scene.guests.items()}
    )
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    plant_tree(branch.unit, register="task", day=date(2026, 1, 5), rows=_tasks(branch), **inputs)
    secretary, members = branch.marks("书记")[0], branch.people
    for name in [name for name in members if name.endswith("示例")][:6]:
        talk = {"kind": "谈心谈话", "day": "2026-03-11", "owner": secretary, "matter": "家中老人住院，需要照顾。"}
        branch.enter("talk", **talk, present=branch.marks(name))
    for name in ("书记", "纪检委员", *(f"党员{one}" for one in range(1, 5)), *_whole(branch)):
        given = {"kind": "按月领取工资", "day": "2026-01-10", "owner": branch.marks(name)[0], "base": "6200"}
        branch.enter("dues_base", by="干事", **given)
    paid = branch.marks("书记", "党员1", *_whole(branch)[:15])
    for day in ("2026-01-15", "2026-02-12", "2026-03-12"):
        branch.enter("dues_collection", by="干事", kind="月度收缴", day=day, present=paid)
    risk = {"kind": "重点环节", "day": "2026-03-02", "approver": secretary, "owner": branch.marks("党员1")[0]}
    high = branch.enter("risk", title="泄露评标委员会成员名单", step="评标", nature="人财物", **risk)
    branch.enter("risk", title="见证记录不及时", step="见证服务", nature="一般管理", **risk)
    branch.enter("risk", title="档案借阅登记不全", step="档案", nature="其他", **risk)
    branch.enter("measure", title="名单由系统抽取后加密保存", day="2026-03-02", parent=high.pk, due_on="2026-03-10")
    sheet = {"kind": "违规情形", "day": "2026-03-12", "step": "评标", "agency": "91990100MA0000001X"}
    for title in ("代理人员擅离评标区", "评标资料未按时提交"):
        branch.enter("agency_sheet", title=title, **sheet)
    template = branch.enter("letter_template", kind="承诺书", title="廉洁从业承诺书范本", day="2026-03-02", text=PLEDGE)
    pledge = {"kind": "廉洁从业承诺书", "day": "2026-03-09", "parent": template.pk, "due_on": "2026-03-31"}
    letter = branch.enter("pledge", **pledge)
    box = branch.enter("appraisal", day="2026-03-16")
    report = draft_report(branch.unit, outline="000", period="2026", **inputs)
    talk = Record.objects.filter(register="talk").earliest("pk").pk
    return {"report": report.pk, "letter": letter.pk, "talk": talk, "box": box.pk}


PLEDGE = "一、遵守廉洁自律各项规定。\n二、不接受服务对象的礼品、礼金和宴请。\n三、自觉接受监督。"


def _whole(branch: Branch) -> list[str]:
    return [name for name in branch.people if name.endswith("示例")]


def _tasks(branch: Branch) -> list[dict[str, object]]:
    worker = branch.marks("党员2")[0]
    return [
        {"level": 1, "title": "2026年党建工作计划", "tags": ["党建"]},
        {"level": 2, "title": "组织生活正常开展"},
        {"level": 3, "title": "每月召开支部委员会", "waits_for": "三会一课/支部委员会×12", "due_on": "2026-12-31"},
        {"level": 3, "title": "书记讲党课", "owner": worker, "due_on": "2026-03-01"},
        {"level": 2, "title": "交易服务提质"},
        {"level": 3, "title": "修订现场见证流程", "owner": worker, "due_on": "2026-03-20", "tags": ["业务"]},
    ]


def reports(scene: Scene) -> dict[str, object]:
    """The branch in the next January: a draft that lacks something, one that may be confirmed, and an issued one."""
    branch = branch_in(scene)
    branch.at = scene.at = datetime(2024, 1, 15, 2, 0, tzinfo=UTC)
    year = with_everything(Year(branch=branch))
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    drafted = {one: draft_report(branch.unit, outline=one, period="2023", **inputs).pk for one in ("001", "000", "010")}
    for act in (confirm_report, lock_report):
        act(branch.unit, report=drafted["010"], **inputs)
    trade = {"lot_code": "L9", "control_price": "9000000000"}
    year.add("trade_result", "2023-12-05", kind="政府采购", amount=Decimal(8_000_000_000), fields=trade)
    return {"draft": drafted["001"], "ready": drafted["000"], "issued": drafted["010"]}


def rooms(scene: Scene) -> dict[str, object]:
    """A branch with two rooms: a week of bookings, one whose meeting is to be recorded, one that was recorded."""
    branch = branch_in(scene)
    place = {"kind": "会议室", "day": "2025-01-06"}
    upper = branch.enter("party_place", title="三楼会议室", place="办公楼三楼东侧", **place)
    lower = branch.enter("party_place", title="党员活动室", place="办公楼一楼", **place)
    invited = branch.marks("书记", "纪检委员")
    booked = [
        _book(branch, upper, "三月支委会", "16 09:00 10:00", invited),
        _book(branch, upper, "项目协调会", "16 14:00 16:00", []),
        _book(branch, lower, "青年学习小组", "18 15:00 17:00", branch.marks(*_some(branch)[:6])),
        _book(branch, upper, "党课：廉洁风险", "20 09:00 11:00", branch.marks(*_some(branch))),
    ]
    given = {"actor": branch.actor("干事"), "at": branch.at, "register": "meeting", "booking": booked[0].pk}
    held = {"kind": "支部委员会", "present": invited, "decisions": ["通过《支部请假制度》", "四月走访重点项目"]}
    branch.enter("rule_document", kind="规范", title="现场见证服务规范", day="2025-06-05")
    meeting = enter_record(branch.unit, values=held, **given)
    return {"meeting": meeting.pk, "booking": booked[1].pk, "recorded": booked[0].pk}


def _book(branch: Branch, room: Record, title: str, when: str, invited: list[str]) -> Record:
    day, first, last = when.split()
    times = {"day": f"2026-03-{day}", "begins": f"2026-03-{day}T{first}", "ends": f"2026-03-{day}T{last}"}
    return branch.enter("room_booking", by="干事", title=title, parent=room.pk, invited=invited, **times)


def exchange(scene: Scene) -> dict[str, object]:
    """The branch in March with an assessment by two figures and a task and a problem that are overdue."""
    given = year(scene)
    people = {name: guest.person for name, guest in scene.guests.items()}
    branch = Branch(unit=Unit.objects.get(code="zb"), at=scene.at, people=people)
    scheme = branch.enter("assessment_scheme", kind="半年考核", day="2026-01-05")
    for title, metric, target in (("支部委员会", "committee_meetings", "3"), ("讲党课", "lectures", "2")):
        item = {"title": title, "metric": metric, "target": target, "weight": "50"}
        branch.enter("assessment_item", day="2026-01-05", parent=scheme.pk, **item)
    branch.enter("assessment_round", kind="半年考核", day="2026-06-30", parent=scheme.pk)
    letter = {"title": "规范现场秩序", "to": "示例代理公司", "asks": "请核实并书面说明。", "due_on": "2026-03-31"}
    made = branch.enter("letter", kind="函告", day="2026-03-16", named=branch.marks("书记"), **letter)
    return {**given, "sent": made.pk}


def send_good(page: Page, _: Scene) -> None:
    """A file whose rows are good was sent."""
    _send(page, "支部委员会,2026-03-13,三楼会议室")


def send_wrong(page: Page, _: Scene) -> None:
    """A file with a wrong row was sent."""
    _send(page, "支部委员会,三月十三,三楼会议室")


def send_tree(page: Page, _: Scene) -> None:
    """A tree of five rows was sent."""
    page.get_by_label("计划的日期").fill("2026-01-05")
    rows = ("1,2026年党建工作计划,", "2,队伍建设,书记", "3,开展谈心谈话,党员1", "4,建立谈话台账,", "2,交易服务提质,")
    _send(page, *rows, head="级别,内容,责任人")


def _send(page: Page, *rows: str, head: str = "种类,日期,地点") -> None:
    content = "\r\n".join((head, *rows, "")).encode()
    page.locator("#id_file").set_input_files({"name": "表格.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="下一步：核对").click()


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
    page.wait_for_url("**/done/")


def appoint_nobody(page: Page, _: Scene) -> None:
    """Nobody was chosen for the post."""
    page.get_by_role("button", name="登记", exact=True).click()


def look(page: Page, _: Scene) -> None:
    """What is sealed was looked at."""
    page.get_by_role("button", name="调阅（将被记录）").click()


def found(page: Page, _: Scene) -> None:
    """Records were looked for, to link one."""
    page.get_by_label("按名称查找要关联的记录").fill("支部")
    page.get_by_role("button", name="查找").click()


def too_early(page: Page, _: Scene) -> None:
    """A period was asked for that has not ended."""
    page.get_by_label("期间的最后一天").fill("2026-12-31")
    page.get_by_role("button", name="签核", exact=True).click()


def choose(page: Page, _: Scene) -> None:
    """A member was graded and the choices are to be checked."""
    page.get_by_role("group", name="书记").get_by_label("优秀").check()
    go_on(page, _)


def vote(page: Page, _: Scene) -> None:
    """The ballot lies in the box."""
    choose(page, _)
    page.get_by_role("button", name="投票", exact=True).click()
    page.get_by_role("status").wait_for()


def party_settings() -> tuple[tuple[str, str, Any, tuple[Row, ...]], ...]:
    """The settings of party work: key, title, what happened before, the pages."""
    return (
        ("party-month", "党务：本月、任务、谈话、党费、风险、人员", year, (
            ("party-month", "本月：书记", BASE, "书记"),
            ("party-month-member", "本月：党员", BASE, "党员1"),
            ("party-month-inspector", "本月：派驻纪检", BASE, "派驻纪检"),
            ("party-people", "人员", f"{BASE}people/", "书记"),
            ("party-tasks", "任务", f"{BASE}tasks/", "书记"),
            ("party-pairs", "谈心谈话：缺口", f"{BASE}pairs/", "书记"),
            ("party-dues", "党费：管理党费的人所见", f"{BASE}dues/", "干事"),
            ("party-development", "发展党员步骤：依据、待核实和更正", f"{BASE}development/", "书记"),
            ("party-risks", "廉政风险：风险图和信号", f"{BASE}risks/", "派驻纪检"),
            ("party-reports", "报告", f"{BASE}reports/", "书记"),
            ("party-report", "报告：草稿和检查意见", BASE + "reports/{report}/", "书记"),
            ("party-figure", "报告：数字背后的记录", FIGURE, "书记"),
            ("party-sign-off", "签核：零报告", f"{BASE}registers/clue/sign-off/", "派驻纪检"),
            ("party-ballot", "投票：选择", BASE + "records/{box}/ballot/", "党员1"),
            ("party-talk-looked", "记录：调阅密封内容", BASE + "records/{talk}/", "书记", look, "party-sealed"),
        )),
        ("party-registers", "党务：台账", meetings, (
            ("party-registers", "台账：全部", f"{BASE}registers/", "干事"),
            ("party-register", "台账：三会一课", f"{BASE}registers/meeting/", "书记"),
            ("party-calendar", "日历", f"{BASE}calendar/", "书记"),
            ("party-record", "记录：支部委员会", BASE + "records/{record}/", "书记"),
            ("party-roll", "点名", BASE + "records/{record}/roll/", "书记"),
            ("party-kinds", "登记：选择种类", f"{BASE}registers/meeting/new/", "书记"),
            ("party-new", "登记：填写", NEW, "书记"),
            ("party-done", "登记：完成", NEW, "书记", confirmed, "party-done"),
        )),
        ("party-rooms", "党务：会议室预约", rooms, (
            ("party-rooms", "会议室空闲：一周", f"{BASE}rooms/", "干事"),
            ("party-booking", "记录：会议室预约，登记这次会议", BASE + "records/{booking}/", "干事"),
        )),
        ("party-rooms-more", "党务：会议室预约的其他页面", rooms, (
            ("party-rooms-day", "会议室空闲：一天", f"{BASE}rooms/?span=day", "干事"),
            ("party-bookings", "台账：会议室预约", f"{BASE}registers/room_booking/", "干事"),
            ("party-booked-meeting", "记录：由预约登记的会议", BASE + "records/{meeting}/", "干事"),
            ("party-booked-new", "登记：由预约带来", BOOKED_NEW, "干事"),
            ("party-booking-new", "登记：预约会议室", f"{BASE}registers/room_booking/new/", "干事"),
        )),
        ("party-units", "党务：我的组织", two_units, (
            ("party", "我的组织", "/party/", "外支部书记"),
        )),
        ("party-figures", "党务：报告的办理和指标", reports, (
            ("party-report-lacking", "报告：不能确认的，待补和检查意见", BASE + "reports/{draft}/", "书记"),
            ("party-report-notes", "报告：补充段落", BASE + "reports/{ready}/do/notes/", "书记"),
            ("party-report-do", "报告：确认", BASE + "reports/{ready}/do/confirm/", "书记"),
            ("party-metrics", "指标字典", f"{BASE}metrics/", "书记"),
            ("party-metric", "指标：口径、数值和记录", f"{BASE}metrics/committee_meetings/?period=2023", "书记"),
        )),
        ("party-figures-more", "党务：报告的其他页面", reports, (
            ("party-report-issued", "报告：已印发，数字后来有变化", BASE + "reports/{issued}/", "分管领导"),
        )),
        ("party-exchange", "党务：导入、一表通、负担、议程和考核", exchange, (
            ("party-import", "导入：选择文件", f"{BASE}registers/meeting/import/", "书记"),
            ("party-tree", "导入任务树：选择文件", f"{BASE}tasks/import/", "书记"),
            ("party-tables", "一表通", f"{BASE}tables/", "书记"),
            ("party-burden", "填报负担", f"{BASE}burden/", "书记"),
            ("party-agenda", "月检查议程", f"{BASE}tasks/agenda/?kind=%E6%9C%88%E6%A3%80%E6%9F%A5", "书记"),
            ("party-assessment", "考核：得分由数字得出", f"{BASE}tasks/assessment/", "书记"),
        )),
        ("party-exchange-more", "党务：导入的其他页面", exchange, (
            ("party-import-check", "导入：核对", f"{BASE}registers/meeting/import/", "书记", send_good),
            ("party-import-wrong", "导入：文件有误", f"{BASE}registers/meeting/import/", "书记", send_wrong),
            ("party-letter-draft", "记录：等待签发的函告", BASE + "records/{sent}/", "书记"),
            ("party-tree-check", "导入任务树：逐行核对", f"{BASE}tasks/import/", "书记", send_tree),
            ("party-burden-member", "填报负担：党员所见", f"{BASE}burden/", "党员1"),
        )),
        ("party-month-more", "党务：其他人所见", year, (
            ("party-month-worker", "本月：党务工作者", BASE, "干事"),
            ("party-month-leader", "本月：分管领导", BASE, "分管领导"),
            ("party-people-wrong", "人员：填写有误", f"{BASE}people/", "书记", appoint_nobody, "party-people-do"),
            ("party-dues-member", "党费：党员所见", f"{BASE}dues/", "党员1"),
            ("party-sign-off-wrong", "签核：期间有误", f"{BASE}registers/clue/sign-off/", "派驻纪检", too_early),
            ("party-ballot-check", "投票：核对", BASE + "records/{box}/ballot/", "党员2", choose),
            ("party-ballot-done", "投票：完成", BASE + "records/{box}/ballot/", "党员3", vote),
            ("party-letter", "记录：等您签署的承诺书", BASE + "records/{letter}/", "党员1"),
            ("party-talk", "记录：密封的谈话", BASE + "records/{talk}/", "书记"),
            ("party-talk-new", "登记：谈话", TALK, "书记"),
        )),
        ("party-registers-more", "党务：台账的其他页面", meetings, (
            ("party-register-member", "台账：党员所见", f"{BASE}registers/meeting/?kind=%E5%85%9A%E8%AF%BE", "党员1"),
            ("party-register-empty", "台账：没有记录", f"{BASE}registers/meeting/?year=2019", "分管领导"),
            ("party-record-link", "记录：查找要关联的", BASE + "records/{record}/", "书记", found),
            ("party-record-cancelled", "记录：已取消", BASE + "records/{gone}/", "党员1"),
            ("party-correct", "更正", BASE + "records/{record}/correct/", "干事"),
            ("party-new-wrong", "登记：填写有误", NEW, "书记", untitled),
            ("party-check", "登记：核对", NEW, "书记", go_on),
        )),
    )  # fmt: skip
