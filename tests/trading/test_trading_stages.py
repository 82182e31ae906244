"""The stage table: walkable from end to end, and docs/stages.md draws exactly it."""

import re
from pathlib import Path

import pytest

from support.stages import WAYS, trade_at
from yangguang.ledger.stages import UNIT_ACTS
from yangguang.trading.roles import Role
from yangguang.trading.stages import ENDED, OPEN_WORKS, RUNNING, WITNESSING, Stage
from yangguang.witness.acts import ACTS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "stages.md").read_text(encoding="utf-8")
ANYWHERE = ("suspend", "resume", "terminate", *WITNESSING)
ROLES = {
    Role.CENTRE: "中心",
    Role.TENDERER: "招标人",
    Role.AGENCY: "代理",
    Role.SUPERVISOR: "行政监督",
    Role.DISCIPLINE: "纪检监察",
    Role.SUPPLIER: "潜在投标人",
    Role.INTERESTED: "利害关系人",
    Role.BIDDER: "投标人",
    Role.TRUSTEE: "受托人",
    Role.MEMBER: "评委",
    Role.ADMINISTRATOR: "单位管理员",
    Role.APPLICANT: "申请单位",
    Role.CLOCK: "系统时钟",
}


def table(heading):
    """The rows under the table head that begins with `heading`, cells without backticks."""
    after = DOCUMENT.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    rows = [line.strip("|").split("|") for line in after.splitlines()[2:]]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows]


def drawn():
    """(from, act, to) of every arrow of the diagram; a box stands for the stages in it."""
    (diagram,) = re.findall(r"```mermaid\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    found = set()
    for start, end, acts in re.findall(r"(\S+) --> (\S+) : (.+)", diagram):
        found |= {(start, act, end) for act in acts.split(", ")}
    return found


def known():
    """The same of the code: acts that lead on, with the acts of every stage drawn once."""
    moves = {(start, act, end) for (start, act), ends in OPEN_WORKS.items() for end in ends if start != end}
    some = {(start, act, end) for start, act, end in moves if act not in ANYWHERE}
    return some | {
        ("running", "suspend", "suspended"),
        ("suspended", "resume", "running"),
        ("running", "terminate", "terminated"),
        ("suspended", "terminate", "terminated"),
    }


def test_the_diagram_has_every_arrow_of_the_table_and_no_other():
    assert drawn() == known()
    boxed = re.search(r'state "进行中" as running \{\n(.*?)\n    \}\n', DOCUMENT, flags=re.DOTALL)
    assert boxed is not None
    inside = set(re.findall(r"(\S+) --> ", boxed[1])) | set(re.findall(r"--> (\S+)", boxed[1]))
    assert inside - {"[*]"} == set(RUNNING)


def test_every_stage_is_documented_with_its_name_and_its_acts():
    shown = {row[0]: (row[1], set(row[2].split("、")) - {""}) for row in table("阶段")}
    assert list(shown) == [stage.value for stage in Stage]
    for stage in Stage:
        acts = {act for start, act in OPEN_WORKS if start == stage and act not in ANYWHERE}
        assert shown[stage] == (stage.label, acts)


def test_the_acts_of_every_stage_are_possible_exactly_where_the_document_says():
    for act, exceptions in (("suspend", set()), ("terminate", {Stage.NOTIFIED, Stage.CONTRACTED})):
        stages = {start for start, name in OPEN_WORKS if name == act}
        assert stages - {Stage.SUSPENDED} == set(RUNNING) - exceptions
    assert {start for start, name in OPEN_WORKS if name == "resume"} == {Stage.SUSPENDED}
    assert set(OPEN_WORKS[Stage.SUSPENDED, "resume"]) == set(RUNNING)
    assert f"before the award notice (`{Stage.NOTIFIED}`)" in DOCUMENT


def test_witnesses_record_at_every_stage_until_the_archive_and_move_nothing():
    assert {(start, act): {start} for start in Stage if start != Stage.ARCHIVED for act in WITNESSING} == {
        (start, act): ends for (start, act), ends in OPEN_WORKS.items() if act in WITNESSING
    }
    section = DOCUMENT.split("## What witnesses record", 1)[1].split("## ", 1)[0]
    assert set(re.findall(r"`([a-z_]+)`", section)) == set(WITNESSING)


def test_every_act_is_documented_with_its_roles_and_where_it_leads():
    shown = {row[0]: row[2:] for row in table("办理事项")}
    declared = {name: one for name, one in ACTS.items() if not name.startswith("test_") and name not in UNIT_ACTS}
    assert set(shown) == set(declared)
    for name, one in declared.items():
        assert set(shown[name][0].split("、")) == {ROLES[role] for role in one.by}, name
    names = {row[0]: row[1] for row in table("办理事项")}
    assert all(re.search(r"[\u4e00-\u9fff]", name) for name in names.values())
    assert all(names[name] in declared[name].about for name in declared), names


def test_nothing_follows_an_archived_trade_and_every_other_stage_has_a_way_on():
    starts = {start for start, _ in OPEN_WORKS}
    assert starts == set(Stage) - {Stage.ARCHIVED}
    assert set(ENDED) - {Stage.ARCHIVED} <= {start for start, act in OPEN_WORKS if act == "archive_trade"}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", Stage)
def test_the_smallest_lawful_cast_reaches_every_stage(stage):
    assert stage in WAYS
    assert trade_at(stage).trade.stage == stage
