"""What the public log tells of party work: that something was done, by no name and with no content."""

import pytest

from support.units import a_branch
from yangguang.ledger.stages import UNIT_ACTS
from yangguang.web.portal.telling_units import UNIT_WORDS
from yangguang.witness.log import sequence_log
from yangguang.witness.models import Entry

MEETING = {"kind": "支部委员会", "title": "研究张某的事", "day": "2026-03-12"}


def test_every_act_of_a_unit_has_its_words():
    assert set(UNIT_WORDS) == set(UNIT_ACTS)


@pytest.mark.django_db(transaction=True)
def test_the_log_names_neither_who_acted_nor_what_was_entered(client):
    branch = a_branch()
    for _ in range(2):
        branch.enter("meeting", **MEETING)
    sequence_log(at=branch.at)
    page = client.get("/log/entries/0/").content.decode()
    assert "登记台账记录" in page
    payloads = list(Entry.objects.order_by("pk").values_list("payload", flat=True))
    told = [page, *payloads]
    assert [secret for secret in ("张某", branch.people["书记"].mark) if any(secret in one for one in told)] == []
