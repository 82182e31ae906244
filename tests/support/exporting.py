"""A branch with something in every table of the ledger and of reports, for the tests of the export of everything."""

import json
from datetime import date

from support.units import Branch, a_branch
from yangguang.ledger.acts import (
    attach_file,
    correct_record,
    link_records,
    look_at_sealed,
    sign_off_register,
    sign_record,
    vote_by_ballot,
)
from yangguang.ledger.models import Post
from yangguang.reports.acts import draft_report
from yangguang.witness import evidence

SEALED = "家里有难处"
PAPER = "会议纪要的全文".encode()


def with_everything(branch: Branch | None = None) -> Branch:
    """A corrected meeting with a file and a link, a talk looked at, a pledge signed, a vote, a sign-off and a draft.

    The roll knows of 党员2 when they joined and how they are paid.
    """
    branch = branch or a_branch(members=2)
    secretary, at, unit = branch.actor("书记"), branch.at, branch.unit
    Post.objects.filter(person=branch.people["党员2"]).update(facts={"joined_on": "2001-07-01", "income": "按月领取"})
    meeting = branch.enter("meeting", kind="支部委员会", day="2026-03-12", present=branch.marks("书记"))
    other = branch.enter("meeting", kind="党课", day="2026-03-11", present=branch.marks("书记", "党员1"))
    values = {"kind": "支部委员会", "day": "2026-03-12", "place": "礼堂"}
    correct_record(unit, actor=secretary, at=at, record=meeting.pk, values=values, reason="补写地点")
    link_records(unit, actor=secretary, at=at, record=meeting.pk, kind="follows", target=other.pk)
    file = evidence.keep(PAPER, media_type="text/plain")
    attach_file(unit, actor=secretary, at=at, record=meeting.pk, name="纪要.txt", file=file)
    talk = {"kind": "谈心谈话", "day": "2026-03-11", "owner": branch.marks("书记")[0], "matter": SEALED}
    talked = branch.enter("talk", **talk, present=branch.marks("党员1"))
    look_at_sealed(unit, actor=secretary, at=at, record=talked.pk)
    text = branch.enter("letter_template", kind="承诺书", title="范本", day="2026-03-02", text="自觉接受监督。")
    pledge = branch.enter("pledge", kind="廉洁从业承诺书", day="2026-03-09", parent=text.pk)
    sign_record(unit, actor=branch.actor("党员1"), at=at, record=pledge.pk)
    box = branch.enter("appraisal", day="2026-03-16")
    chosen = {branch.marks("党员2")[0]: "优秀"}
    vote_by_ballot(unit, actor=branch.actor("党员1"), at=at, record=box.pk, choices=chosen)
    period = {"first": date(2026, 1, 1), "last": date(2026, 2, 28)}
    sign_off_register(unit, actor=secretary, at=at, register="meeting", **period)
    draft_report(unit, actor=secretary, at=at, outline="000", period="2026")
    return branch


def read_json(content: bytes) -> list[dict[str, object]]:
    """The rows of an exported JSON file."""
    rows: list[dict[str, object]] = json.loads(content)["records"]
    return rows
