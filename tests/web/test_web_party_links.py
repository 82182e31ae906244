"""Every link on 本月 answers whoever sees it; a member of a 党小组 is a member of its branch."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.urls import reverse

from support.gallery_party import year
from support.party import Window, text
from support.units import OPENED, Branch
from yangguang.ledger.acts import cancel_record
from yangguang.ledger.acts.people import open_unit
from yangguang.ledger.models import Post, Record, Unit
from yangguang.ledger.roles import LedgerRole
from yangguang.parties.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

FEWEST = 2
LINK = re.compile(r'<a [^>]*href="([^"#][^"]*)"')


def a_full_unit():
    """A branch with a busy month and a 党小组 whose leader and member hold no post in the branch itself."""
    scene = SimpleNamespace()
    year(scene)
    people = {name: guest.person for name, guest in scene.guests.items()}
    branch = Branch(unit=Unit.objects.get(code="zb"), at=scene.at, people=people)
    cell = a_cell(branch, "xz", "第一党小组")
    for name, posts in (("组长", ("group_leader", "full")), ("组员", ("full",))):
        branch.people[name] = Person.objects.create(name=name)
        for post in posts:
            Post.objects.create(unit=cell, person=branch.people[name], post=post, since=OPENED)
    box = Record.objects.get(register="appraisal")
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    cancel_record(branch.unit, record=box.pk, reason="名册有变化", **inputs)
    branch.enter("appraisal", day="2026-03-16")
    branch.add("申请人", "staff")
    case = branch.enter("development", day="2026-03-02", owner=branch.marks("申请人")[0])
    branch.enter("development_step", day="2026-03-02", parent=str(case.pk))
    return branch, cell


def a_cell(branch, code, name):
    inputs = {"actor": branch.actor("书记"), "at": branch.at}
    return open_unit(branch.unit, code=code, name=name, kind="cell", opened_on=OPENED, **inputs)


SEEN_BY = {
    "干事": ["zb"], "书记": ["zb", "xz"], "党员1": ["zb"], "组长": ["zb", "xz"], "组员": ["zb", "xz"],
    "派驻纪检": ["zb", "xz"], "分管领导": ["zb", "xz"],
}  # fmt: skip


def links_on(window, code):
    page = window.get(f"/party/{code}/")
    assert page.status_code == 200
    tabs = {reverse(view, kwargs={"code": code}) for _, _, _, view in page.context["tabs"]}  # test_web_party_access.py
    return {unescape(one) for one in LINK.findall(page.content.decode()) if one.startswith("/party/")} - tabs


def answer(window, address):
    """The status of an address; 我的组织 leads on to the only unit there is."""
    found = window.get(address)
    return window.get(found["Location"]).status_code if found.status_code == 302 else found.status_code


def test_every_link_on_the_month_answers_whoever_sees_it():
    branch, _ = a_full_unit()
    wrong, few = [], []
    for name, codes in SEEN_BY.items():
        window = Window(branch, name)
        links = set().union(*(links_on(window, code) for code in codes))
        wrong += [(name, one) for one in sorted(links) if answer(window, one) != 200]
        few += [name] if len(links) < FEWEST else []
    assert (wrong, few) == ([], [])


def test_a_post_in_a_cell_makes_a_member_of_its_branch_and_no_more():
    branch, cell = a_full_unit()
    other = a_cell(branch, "xy", "第二党小组")
    leader, member = branch.actor("组长"), branch.actor("组员")
    assert {unit.code: unit.roles_of(leader) for unit in (branch.unit, cell, other)} == {
        "zb": {LedgerRole.MEMBER}, "xz": {LedgerRole.MEMBER, LedgerRole.KEEPER}, "xy": frozenset(),
    }  # fmt: skip
    assert (branch.unit.roles_of(member), cell.roles_of(member)) == ({LedgerRole.MEMBER}, {LedgerRole.MEMBER})
    Unit.objects.filter(pk=branch.unit.pk).update(kind="general")
    assert branch.unit.roles_of(branch.actor("组员")) == frozenset()


def test_a_member_of_a_cell_finds_branch_and_cell_and_votes_in_the_branch():
    branch, _ = a_full_unit()
    window = Window(branch, "组员")
    assert [one["unit"].code for one in window.get("/party/").context["shown"]] == ["zb", "xz"]
    page = text(window.get("/party/zb/"))
    [ballot] = re.findall(r"/party/zb/records/\d+/ballot/", page)
    assert window.get(ballot).status_code == 200
    leader = Window(branch, "组长")
    assert leader.get("/party/xz/registers/meeting/new/?kind=党小组会").status_code == 200
    assert leader.get("/party/zb/registers/meeting/new/?kind=党课").status_code == 404


def test_what_waits_in_a_unit_without_a_post_is_not_offered():
    branch, _ = a_full_unit()
    Post.objects.filter(person=branch.people["组员"]).update(until="2026-03-15")
    Post.objects.create(unit=Unit.objects.get(code="wz"), person=branch.people["组员"], post="full", since="2026-03-16")
    assert Window(branch, "组员").get("/party/wz/").context["month"].to_vote == []
