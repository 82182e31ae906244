"""Every address of party work against everyone with and without a post: who may not read finds nothing."""

import pytest

from support.party import NAMES, Window, everyone, registers_of_the_house  # noqa: F401 - a fixture
from support.visitors import ADDRESSES, path_of
from yangguang.ledger.models import Record
from yangguang.ledger.roles import LedgerRole
from yangguang.reports.acts import draft_report
from yangguang.web.access import DOORS
from yangguang.witness import evidence

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = {
    "worker": {LedgerRole.KEEPER, LedgerRole.MEMBER},
    "party member": {LedgerRole.MEMBER},
    "secretary": {LedgerRole.KEEPER, LedgerRole.LEADER, LedgerRole.MEMBER},
    "branch inspector": {LedgerRole.INSPECTOR},
    "branch leader": {LedgerRole.LEADER},
    "other branch": set(),
}
WRITERS = {"worker", "secretary"}
# Addresses for those who write in the register, and those that are only sent to.
WRITTEN = {
    "party-new",
    "party-correct",
    "party-roll",
    "party-import",
    "party-template",
    "party-tree",
    "party-tree-template",
}
ANSWERED = {"party-risk-answer"}  # signals, by keepers and inspectors
LETTER = {"party-letter"}  # of a letter; a meeting has none (test_web_party_letters.py)
BALLOT = {"party-ballot"}  # for whoever is due to vote in one; a meeting has none (test_web_party_duties.py)
ANSWERS_FOR = {"party-sign-off"}  # whoever writes in the register or opens what it seals
SENT = {"party-sealed"}
PARTY = sorted(name for name, door in DOORS.items() if door.posts)


def test_every_party_address_is_for_posts_and_no_other_address_is():
    assert sorted(name for name, one in ADDRESSES.items() if name.startswith("party")) == PARTY


def test_the_posts_of_the_people_give_the_roles_that_the_table_is_walked_with():
    branch = everyone()
    assert {kind: set(branch.unit.roles_of(branch.actor(name))) for kind, name in NAMES.items()} == ROLES


@pytest.mark.usefixtures("registers_of_the_house")
def test_every_address_answers_everyone_as_declared():
    branch = everyone()
    record = branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-12")
    file = evidence.keep("材料".encode(), media_type="text/plain")
    record.attachments.create(name="材料", evidence=file)
    report = draft_report(branch.unit, actor=branch.actor("书记"), at=branch.at, outline="000", period="2026")
    assert report.pk == record.pk  # one number stands for both in the addresses
    values = {"code": "zb", "register": "meeting", "number": record.pk, "name": "sign", "sha256": file.sha256}
    values["metric"] = "lectures"
    wrong = {}
    for kind, name in NAMES.items():
        window = Window(branch, name)
        for view in PARTY:
            more = {"party-people-do": "appoint", "party-report-do": "draft"}.get(view, "sign")
            key = f"?key={report.figures[0]['metric']}|2026|" if view == "party-figure" else ""
            answer = (window.post if view in SENT else window.get)(path_of(view, values | {"name": more}) + key)
            answer.close()
            if answer.status_code not in expected(view, kind):
                wrong[view, kind] = answer.status_code
    assert wrong == {}


def expected(view, kind):
    """What the table lets happen to somebody of this kind at this address."""
    if view == "party":
        return {302}  # everyone has a unit, the secretary of the other branch another one
    allowed = bool(ROLES[kind] & DOORS[view].posts) and (view not in WRITTEN | ANSWERS_FOR or kind in WRITERS)
    allowed = allowed and (view not in ANSWERED or kind in WRITERS | {"branch inspector"})
    if view in BALLOT | LETTER:
        return {404}
    if view in SENT and allowed:
        return {403, 200}  # the act asks who is named in the record
    return {200, 302} if allowed else {404}


@pytest.mark.usefixtures("registers_of_the_house")
def test_a_register_that_a_person_may_not_read_is_not_there():
    branch = everyone()
    branch.enter("sample_matter", title="督办", day="2026-03-12")
    record = Record.objects.get()
    Record.objects.filter(pk=record.pk).update(register="no_longer_kept")
    assert Window(branch, "书记").get(f"records/{record.pk}/").status_code == 404
    assert Window(branch, "书记").get("registers/no_longer_kept/").status_code == 404
