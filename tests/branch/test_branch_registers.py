"""docs/registers.md shows how a register is added: its example works as it stands there."""

import re
import tomllib
from pathlib import Path

import pytest

from support.units import MORNING
from yangguang.ledger.catalogue import catalogue, read_registers
from yangguang.ledger.models import Unit
from yangguang.ledger.preparing import BALLOTS, CHECKS, OPTIONS, Draft, check_draft
from yangguang.ledger.values import clean
from yangguang.rules.law import law_on

DOCS = Path(__file__).parents[2] / "docs/registers.md"
EXAMPLE = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)


def ours():
    """The registers of party life."""
    return [one for one in catalogue().values() if one.system.startswith("D")]


@pytest.mark.django_db
def test_the_example_of_the_docs_takes_a_record_and_derives_its_title_and_hours():
    register = next(read_registers(EXAMPLE[0], group="试验"))
    values = {"kind": "读书会", "day": "2026-03-12", "begins": "2026-03-12 09:00", "ends": "2026-03-12 10:30"}
    cleaned, refusals = clean(register, {**values, "books": "党章\n条例"})
    unit = Unit(code="zb", name="示例市公共资源交易中心党支部", kind="branch", path="/zb/")
    refusals += check_draft(Draft(unit=unit, register=register, cleaned=cleaned, at=MORNING))
    assert (refusals, cleaned.title, str(cleaned.columns["quantity"])) == ([], "2026年3月读书会", "1.5")
    assert tomllib.loads(EXAMPLE[1])["reading_circles"]["register"] == register.id


def test_every_name_in_an_entry_leads_somewhere():
    law = law_on(date=MORNING.date())
    for register in ours():
        assert set(register.check) <= {*CHECKS, *BALLOTS}, register.id
        assert {one.options for one in register.asked} - {""} <= set(OPTIONS), register.id
        assert all(law.find(rule) for rule in register.cadence.values()), register.id


def test_forms_are_short():
    asked = {one.id: len(one.asked) + len(one.columns) for one in ours()}
    required = [one.key for register in ours() for one in register.asked if one.required]
    assert max(asked.values()) <= 14
    assert len(required) / len(asked) < 0.5


def test_the_table_of_the_docs_names_every_register_of_party_life():
    told = set(re.findall(r"`([a-z_]+)`", DOCS.read_text(encoding="utf-8").split("## Party life")[1]))
    assert {one.id for one in ours()} - told == set()
