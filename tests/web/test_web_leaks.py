"""Before the deadline nobody learns who bids or how many: whatever can be asked is answered as if there were no bidder.

The same trade is looked at twice at the same moment, once untouched and once with downloads, bonds, bids, a replaced
and a withdrawn one. Every address and every act, as everyone who does not bid, must answer the same bytes.
"""

import logging
import re
from difflib import unified_diff

import pytest

from support.emptying import empty_database
from support.scenes import beijing
from support.stages import PUBLISHED, trade_at
from support.visitors import client_of, path_of, values_for
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import Stage
from yangguang.web.access import ACT_ROLES, DOORS
from yangguang.witness.log import latest_checkpoint, sequence_log
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)

WHO = ("stranger", "supplier", "tenderer", "agency", "centre", "supervisor", "discipline", "expert")
CHANGING = re.compile(  # tokens against forged forms, and the draft and the files that this test makes itself
    r'(name="(?:csrfmiddlewaretoken|draft_pass|token)" value="|csrf[-_a-zA-Z]*["\']?[:=] ?["\'])[^"\']+'
    r"|/(?:drafts|uploads)/[-\w]+|[?]draft=[-\w]+"
)
KEPT_HEADERS = ("Content-Type", "Location", "Content-Disposition", "Cache-Control")
LOGGED = ("yangguang", "django", "axes")


def busy_trade():
    """Three bid, one replaces, one withdraws; a fourth only downloads."""
    scene = trade_at(Stage.BIDDING)
    now, scene.at = scene.at, beijing("03-09")
    for bidder in ("bidder1", "bidder2", "bidder4"):
        scene.do("download_document", bidder)
    scene.at = now
    scene.bid("bidder1", act="replace_bid")
    scene.do("withdraw_bid", "bidder3")
    assert SealedEntry.objects.count() >= 11
    return scene


def body_of(response):
    """The whole body; a live stream has none here, what it sends is tested where it is made (test_web_hall_live)."""
    if response.streaming:
        return b"" if response.is_async else response.getvalue()
    return response.content


def answers(scene):
    """What everyone gets at every address and for every act: status, headers and text."""
    sequence_log(at=scene.at)
    values = values_for(scene)
    paths = {name: path_of(name, values) for name in DOORS if not name.endswith("logout")}
    paths |= {f"act {name}": f"/trades/{scene.stream}/do/{name}/" for name in ACT_ROLES}
    paths |= {"search": f"/trades/?q={scene.cast.bidders[0].name}", "paged": "/trades/?page=2"}
    found = {}
    for kind in WHO:
        client = client_of(scene, kind)
        for name, path in paths.items():
            response = client.get(path)
            body = body_of(response)
            response.close()
            told = [*(response.headers.get(one, "") for one in KEPT_HEADERS), body.decode("utf-8", "replace")]
            # The address itself, which may hold a digest of this test's own choice, is told back by a redirect.
            *headers, text = (CHANGING.sub("", one.replace(path, name)) for one in told)
            found[kind, name] = (response.status_code, headers, text)
    return found


def differing(one, other):
    """Who is told what else where; the log's signature by SM2 is another each time."""
    keys = [key for key in one if one[key] != other[key] and key[1] != "checkpoint"]
    return {key: [*unified_diff(str(one[key]).split("\\n"), str(other[key]).split("\\n"), n=0)] for key in keys}


def lines_of(caplog):
    """The server's own lines without how long an answer took."""
    told = [one.getMessage() for one in caplog.records if one.name.startswith(LOGGED)]
    return sorted(CHANGING.sub("", re.sub(r"\d+ ms$", "", line)) for line in told)


def test_a_trade_with_bidders_looks_like_one_without(time_machine, caplog):
    caplog.set_level(logging.DEBUG)
    for name in LOGGED:
        logging.getLogger(name).addHandler(caplog.handler)
    moment = trade_at(Stage.BIDDING).at
    empty_database()
    time_machine.move_to(moment, tick=False)
    quiet_scene = trade_at(PUBLISHED, at=moment)
    quiet, size = answers(quiet_scene), Entry.objects.count()
    quiet_lines, quiet_log = lines_of(caplog), latest_checkpoint().note.splitlines()[:3]
    empty_database()
    busy_scene = busy_trade()
    caplog.clear()
    busy, busy_lines = answers(busy_scene), lines_of(caplog)
    for name in LOGGED:
        logging.getLogger(name).removeHandler(caplog.handler)
    assert Entry.objects.count() == size
    assert latest_checkpoint().note.splitlines()[:3] == quiet_log
    assert differing(quiet, busy) == {}
    assert busy_lines == quiet_lines
    told = "".join(text for _, _, text in busy.values()) + "".join(busy_lines)
    assert [one.code for one in busy_scene.cast.bidders[:4] if one.code in told] == []


def test_a_bidder_sees_nothing_of_the_others(time_machine):
    scene = busy_trade()
    time_machine.move_to(scene.at, tick=False)
    sequence_log(at=scene.at)
    client = client_of(scene, "bidder1")
    values = values_for(scene)
    paths = [path_of(name, values) for name in DOORS if not name.endswith("logout")]
    paths += [f"/trades/{scene.stream}/do/{name}/" for name in ACT_ROLES]
    others = [text for one in scene.cast.bidders[1:4] for text in (one.code, one.name)]
    for path in paths:
        response = client.get(path)
        body = body_of(response).decode("utf-8", "replace")
        response.close()
        assert [one for one in others if one in body] == [], path


def test_no_public_entry_gives_out_a_sealed_file(time_machine):
    scene = busy_trade()
    time_machine.move_to(scene.at, tick=False)
    sealed = [
        *Bid.objects.values_list("evidence_id", flat=True),
        *Guarantee.objects.values_list("evidence_id", flat=True),
    ]
    assert sealed
    for kind in ("stranger", "centre", "supervisor"):
        client = client_of(scene, kind)
        for entry in Entry.objects.filter(stream=scene.stream):
            for sha256 in sealed:
                path = f"/trades/{scene.stream}/entries/{entry.sequence}/files/{sha256}"
                assert client.get(path).status_code == 404
