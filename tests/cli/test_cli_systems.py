"""The list of systems says nothing that is not there: a page that is named exists, and so does the test."""

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.urls import get_resolver

from yangguang.cli.systems import PLANNED, WORKS, command, systems
from yangguang.ledger.catalogue import catalogue

ROOT = Path(__file__).resolve().parents[2]
WORKING = [one for one in systems() if one.state == WORKS]
MUST_WORK = "DEFG"


@cache
def _tests_in(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_there_are_85_systems_each_once():
    ids = [one.id for one in systems()]
    assert (len(ids), len(set(ids))) == (85, 85)
    assert Counter(one[0] for one in ids) == {
        "A": 13, "B": 5, "C": 8, "D": 23, "E": 8, "F": 11, "G": 4, "H": 7, "X": 6,
    }  # fmt: skip


def test_party_work_integrity_people_and_tasks_work():
    assert [one.id for one in systems() if one.id[0] in MUST_WORK and one.state != WORKS] == []


@pytest.mark.parametrize("system", WORKING, ids=lambda one: one.id)
def test_what_works_has_its_page_and_its_test(system):
    page, _, register = system.page.partition(":")
    assert page in get_resolver().reverse_dict
    assert register == "" or register in catalogue()
    path, _, name = system.test.partition("::")
    assert name in _tests_in(path)


def test_what_is_planned_claims_nothing():
    claims = [
        one.id for one in systems() if one.state != WORKS and (one.state, one.page, one.test) != (PLANNED, "", "")
    ]
    assert claims == []


def test_every_register_belongs_to_a_system():
    known = {one.id for one in systems()}
    assert {one.id: one.system for one in catalogue().values() if one.system not in known} == {}


def test_the_command_prints_them():
    printed = CliRunner().invoke(command, ["--group", "E"])
    assert printed.exit_code == 0
    lines = [line.split("\t")[:3] for line in printed.stdout.splitlines()]
    assert lines[0] == ["E01", "权力清单与廉政风险点", "works"]
    assert (len(lines), printed.stderr) == (8, "共8个，可用8个。\n")
    assert len(CliRunner().invoke(command).stdout.splitlines()) == 85
