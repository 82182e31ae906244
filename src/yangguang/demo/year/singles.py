"""What happens by itself in the year (单项办理): trees are planted, an event is planned and held, a box is filled.

Here every act of the ledger that the tables do not need is seen once.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from yangguang.branch.acts import plant_tree
from yangguang.demo.year.people import INSPECTOR, SECRETARY, Centre, moment, read_table
from yangguang.demo.year.playing import Step
from yangguang.ledger.acts import (
    appoint_to_post,
    attach_file,
    cancel_record,
    close_record,
    correct_record,
    end_post,
    enter_record,
    look_at_sealed,
    sign_off_register,
    take_roll,
    vote_by_ballot,
)
from yangguang.ledger.deadlines import due_for_clock
from yangguang.ledger.models import Post, Record
from yangguang.oversight.acts import answer_signal
from yangguang.oversight.risks import unanswered_signals
from yangguang.rules.party.appraisal import Grade
from yangguang.witness import evidence

BRANCH, CIRCLE, WORKER = "jyzx-zb", "jyzx-qn", "党务工作者"
TREES = (("task", date(2023, 1, 9)), ("civil_task", date(2023, 1, 10)))
QUARTERS = ((3, 31), (6, 30), (9, 28), (12, 29))
HALVES = (
    (date(2023, 1, 1), date(2023, 6, 30), date(2023, 7, 3)),
    (date(2023, 7, 1), date(2023, 12, 31), date(2024, 1, 2)),
)
ZEROS = ("trade_complaint", "discipline_case", "campaign")
EXCELLENT = 8  # at most a third of the 28
ABSENT = 2


def single_steps(centre: Centre) -> Iterator[Step]:
    """Everything that is done once, at its moment."""
    for register, day in TREES:
        yield Step(moment(day, "17:30"), 0, _planting(centre, register, day))
    for month, day_of_month in QUARTERS:
        yield Step(moment(date(2023, month, day_of_month), "23:00"), 0, _close_what_is_met)
    for first, last, on in HALVES:
        for place, register in enumerate(ZEROS):
            yield Step(moment(on, "09:00") + timedelta(minutes=place), 0, _signing_off(centre, register, first, last))
    for day, clock, perform in (
        (date(2023, 2, 20), "11:00", _open_a_sealed_talk),
        (date(2023, 9, 21), "10:00", _answer_the_signals),
        (date(2023, 10, 9), "10:00", _enter_a_rule),
        (date(2023, 10, 9), "10:20", _correct_the_rule),
        (date(2023, 10, 9), "10:30", _attach_the_rule),
        (date(2023, 11, 20), "09:00", _plan_two_events),
        (date(2023, 12, 4), "16:30", _hold_the_first),
        (date(2023, 12, 8), "09:00", _cancel_the_second),
        (date(2023, 12, 19), "18:00", _open_the_box),
        (date(2023, 12, 20), "09:00", _fill_the_box),
        (date(2023, 12, 21), "09:00", _close_the_box),
        (date(2023, 12, 22), "09:00", _set_the_grades),
        (date(2023, 12, 29), "09:00", _hand_over_the_circle),
    ):
        yield Step(moment(day, clock), 0, _of(centre, perform))


def _of(centre: Centre, perform: Callable[[Centre, datetime], object]) -> Callable[[datetime], object]:
    return lambda at: perform(centre, at)


def _planting(centre: Centre, register: str, day: date) -> Callable[[datetime], object]:
    def plant(at: datetime) -> object:
        rows = [_node(centre, row) for row in read_table(f"trees/{register}")]
        actor = centre.actor(WORKER, at=at)
        return plant_tree(centre.root, actor=actor, at=at, register=register, day=day, rows=rows)

    return plant


def _node(centre: Centre, row: dict[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {key: value for key, value in row.items() if value}
    owner = centre.person(row["owner"]).mark
    tags = {"tags": row["tags"].split("、")} if row.get("tags") else {}
    return said | {"level": int(row["level"]), "owner": owner} | tags


def _close_what_is_met(at: datetime) -> None:
    """The clock closes what records have met; what hangs above a task is met by it, so it looks again."""
    while waiting := due_for_clock(at=at):
        for due in waiting:
            if due.perform is not None:
                due.perform(at)


def _signing_off(centre: Centre, register: str, first: date, last: date) -> Callable[[datetime], object]:
    def sign_off(at: datetime) -> object:
        actor = centre.actor(INSPECTOR, at=at)
        return sign_off_register(centre.root, actor=actor, at=at, register=register, first=first, last=last)

    return sign_off


def _open_a_sealed_talk(centre: Centre, at: datetime) -> object:
    actor = centre.actor(SECRETARY, at=at)
    talk = Record.objects.filter(register="talk", owner=centre.person(SECRETARY), sealed__isnull=False).earliest("day")
    return look_at_sealed(centre.units[BRANCH], actor=actor, at=at, record=talk.pk)


def _answer_the_signals(centre: Centre, at: datetime) -> None:
    """What agencies did again is accepted on a risk point, a clue that came to nothing is explained."""
    risk = Record.objects.get(register="risk", title="开标现场违规接触")
    for signal in unanswered_signals(centre.root, at=at):
        accept = signal.source == "代理机构"
        given: dict[str, Any] = {"risk": risk.pk} if accept else {"reason": "经主管部门核查排除"}
        actor = centre.actor(INSPECTOR, at=at)
        answer_signal(centre.root, actor=actor, at=at, signal=signal.key, accept=accept, **given)


RULE = {"kind": "规范", "title": "政府采购见证操作流程", "tags": ["业务"], "day": "2023-10-09"}


def _enter_a_rule(centre: Centre, at: datetime) -> object:
    actor = centre.actor(WORKER, at=at)
    return enter_record(centre.root, actor=actor, at=at, register="rule_document", values=RULE)


def _correct_the_rule(centre: Centre, at: datetime) -> object:
    actor, values = centre.actor(WORKER, at=at), RULE | {"kind": "流程"}
    rule = Record.objects.get(title=RULE["title"])
    return correct_record(centre.root, actor=actor, at=at, record=rule.pk, values=values, reason="种类选错")


def _attach_the_rule(centre: Centre, at: datetime) -> object:
    actor, rule = centre.actor(WORKER, at=at), Record.objects.get(title=RULE["title"])
    file = evidence.keep("政府采购见证操作流程（演示文本）".encode(), media_type="text/plain")
    return attach_file(centre.root, actor=actor, at=at, record=rule.pk, name="政府采购见证操作流程.txt", file=file)


def _plan_two_events(centre: Centre, at: datetime) -> None:
    for day, title in (("2023-12-04", "国家宪法日宣誓"), ("2023-12-15", "跨市支部联学")):
        values = {"kind": "其他活动", "title": title, "day": day, "form": "其他", "tags": ["学习"]}
        actor = centre.actor(WORKER, at=at)
        enter_record(centre.units[BRANCH], actor=actor, at=at, register="party_day", values=values)


def _hold_the_first(centre: Centre, at: datetime) -> object:
    actor, event = centre.actor(WORKER, at=at), Record.objects.get(title="国家宪法日宣誓")
    came, away = centre.persons("党员")[:-ABSENT], centre.persons("党员")[-ABSENT:]
    reasons = {one.mark: "外出学习" for one in away}
    present = [one.mark for one in came]
    return take_roll(centre.units[BRANCH], actor=actor, at=at, record=event.pk, present=present, absent=reasons)


def _cancel_the_second(centre: Centre, at: datetime) -> object:
    actor, event = centre.actor(WORKER, at=at), Record.objects.get(title="跨市支部联学")
    return cancel_record(centre.units[BRANCH], actor=actor, at=at, record=event.pk, reason="对方支部临时有任务")


def _open_the_box(centre: Centre, at: datetime) -> object:
    actor, values = centre.actor(WORKER, at=at), {"day": "2023-12-19"}
    return enter_record(centre.units[BRANCH], actor=actor, at=at, register="appraisal", values=values)


def _fill_the_box(centre: Centre, at: datetime) -> None:
    """Everybody but two votes, by a ballot that nothing ties to them."""
    box, members = Record.objects.get(register="appraisal"), centre.persons("党员")
    choices = {one.mark: str(Grade.QUALIFIED) for one in members[:-2]}
    choices |= {one.mark: str(Grade.EXCELLENT) for one in members[:EXCELLENT]}
    for place, one in enumerate(members[ABSENT:]):
        when = at + timedelta(minutes=place)
        actor = centre.actor(one.name, at=when)
        vote_by_ballot(centre.units[BRANCH], actor=actor, at=when, record=box.pk, choices=choices)


def _close_the_box(centre: Centre, at: datetime) -> object:
    actor, box = centre.actor(WORKER, at=at), Record.objects.get(register="appraisal")
    unit = centre.units[BRANCH]
    return close_record(unit, actor=actor, at=at, record=box.pk, on=at.date(), result="测评结束，由支委会确定等次")


def _set_the_grades(centre: Centre, at: datetime) -> object:
    actor, box = centre.actor(WORKER, at=at), Record.objects.get(register="appraisal")
    excellent = [one.mark for one in centre.persons("党员")[:EXCELLENT]]
    values = {"day": at.date().isoformat(), "parent": box.pk, "excellent": excellent}
    return enter_record(centre.units[BRANCH], actor=actor, at=at, register="appraisal_result", values=values)


def _hand_over_the_circle(centre: Centre, at: datetime) -> object:
    """The youth group's keeper changes: one post ends, the other begins."""
    unit, actor = centre.units[CIRCLE], centre.actor(SECRETARY, at=at)
    post = Post.objects.get(unit=unit, post="worker", until__isnull=True)
    end_post(unit, actor=actor, at=at, post=post.pk, until=date(2023, 12, 31))
    heir = centre.persons("青年")[1]
    return appoint_to_post(unit, actor=actor, at=at, person=heir.mark, post="worker", since=date(2024, 1, 1))
