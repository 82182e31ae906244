"""What nobody needs to type, and what holds for every record before its register's own checks speak."""

import pytest

from support.units import MORNING, a_branch
from yangguang.ledger.acts import correct_record, import_records, take_roll
from yangguang.ledger.catalogue import CatalogueError, read_registers
from yangguang.ledger.models import Unit
from yangguang.ledger.preparing import Draft, check_draft
from yangguang.ledger.values import clean
from yangguang.rules.refusal import Refused
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

VISIT = """
[visit]
system = "D99"
name = "走访"
engine = "event"
title = "{unit}{year}年{month}月{kind}"
kinds = ["走访"]
columns = ["begins", "ends", "parent"]
derives = ["amount"]
parent = "meeting"
[[visit.fields]]
key = "count"
label = "户数"
type = "whole"
derived = true
used_in = "走访户数"
why = "由名单得出"
"""


def a_visit(**values):
    """What was read of a visit, and what is wrong with it."""
    unit = Unit(code="zb", name="示例市公共资源交易中心党支部", kind="branch", path="/zb/")
    register = next(read_registers(VISIT, group="试验"))
    cleaned, refusals = clean(register, {"day": "2026-03-12", **values})
    draft = Draft(unit=unit, register=register, cleaned=cleaned, at=MORNING)
    return cleaned, [one.code for one in [*refusals, *check_draft(draft)]]


def test_a_register_with_a_pattern_gives_its_records_their_titles():
    cleaned, refusals = a_visit()
    assert (cleaned.title, refusals) == ("示例市公共资源交易中心党支部2026年3月走访", [])
    assert a_visit(title="看望老党员")[0].title == "看望老党员"


def test_what_is_derived_is_not_asked_for_and_not_taken():
    register = next(read_registers(VISIT, group="试验"))
    assert register.asked == ()
    assert a_visit(count="3")[1] == ["record.unknown"]


def test_times_belong_to_the_day_and_follow_each_other():
    assert a_visit(begins="2026-03-13 09:00")[1] == ["record.begins"]
    assert a_visit(begins="2026-03-12 10:00", ends="2026-03-12 09:00")[1] == ["record.ends"]
    assert a_visit(ends="2026-03-12 09:00")[1] == ["record.ends"]
    assert a_visit(begins="2026-03-12 09:00", ends="2026-03-12 10:00")[1] == []


def test_a_parent_stands_in_the_register_that_the_catalogue_names():
    assert a_visit(parent="999999")[1] == ["record.parent"]


@pytest.mark.parametrize(
    "wrong",
    ['title = "{colour}"', 'derives = ["begins"]', 'asked_of = { "茶话会" = "党支部" }', 'rolls = { "" = "all" }'],
)
def test_an_entry_that_cannot_work_is_named(wrong):
    key = wrong.split(" ")[0]
    lines = [line for line in VISIT.splitlines() if not line.startswith(f"{key} =")]
    lines.insert(lines.index("[visit]") + 1, wrong)
    with pytest.raises(CatalogueError, match="visit"):
        list(read_registers("\n".join(lines), group="试验"))


def test_a_correction_and_a_new_roll_keep_how_a_record_was_closed():
    branch = a_branch()
    values = {"kind": "党课", "title": "专题党课", "day": "2026-03-12"}
    record = branch.enter("meeting", **values)
    record.fields = {"result": "已办"}
    record.save()
    inputs = {"actor": branch.actor("书记"), "at": branch.at, "record": record.pk}
    correct_record(branch.unit, values={**values, "title": "三月党课"}, reason="名称", **inputs)
    held = take_roll(branch.unit, present=branch.marks("党员1"), **inputs)
    assert (held.title, held.fields) == ("三月党课", {"result": "已办"})


def test_a_row_that_was_imported_before_is_not_looked_at_again():
    branch = a_branch()
    row = {"kind": "党课", "title": "专题党课", "day": "2026-03-12"}
    inputs = {"actor": branch.actor("干事"), "at": branch.at, "register": "meeting"}
    file = evidence.keep(b"workbook", media_type="application/octet-stream")
    import_records(branch.unit, rows=[row, row], file=file, **inputs)
    again = import_records(branch.unit, rows=[row], file=file, **inputs)
    assert (again.new, again.known) == (0, 1)
    with pytest.raises(Refused):
        import_records(branch.unit, rows=[row, {**row, "ends": "2026-03-12 09:00"}], file=file, **inputs)
