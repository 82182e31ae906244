"""Before the deadline nobody learns who bids or how many: whatever can be asked is answered as if there were no bidder.

The same trade is looked at twice at the same moment, once untouched and once with downloads, bonds, bids, a replaced
and a withdrawn one. Every address, every act and every form, as everyone who does not bid, must answer the same bytes
with the same status, also to whoever guessed an identifier of a bidder: a token, a digest, a leaf.
"""

import logging
import re
from dataclasses import dataclass
from difflib import unified_diff

import pytest

from support.act_pages import Desk
from support.browser import account_of
from support.emptying import empty_database
from support.scenes import beijing
from support.stages import PUBLISHED, trade_at
from support.visitors import client_of, path_of, values_for
from web.act_forms import FILLED
from yangguang.trading.models import Bid, Guarantee
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.web.access import ACT_ROLES, DOORS
from yangguang.web.authoring.fonts import paper_font
from yangguang.web.drafts.models import Draft
from yangguang.web.evaluation.draw_views import DOINGS as DRAWS
from yangguang.web.hall.forms import DOINGS
from yangguang.web.models import Upload
from yangguang.witness.log import latest_checkpoint, sequence_log
from yangguang.witness.models import Entry, SealedEntry

pytestmark = pytest.mark.django_db(transaction=True)

WHO = (
    "stranger",
    "supplier",
    "tenderer",
    "agency",
    "centre",
    "supervisor",
    "inspector",
    "foreign supervisor",
    "expert",
)
CHANGING = re.compile(  # tokens against forged forms, and the draft and the files that this test makes itself
    r'(name="(?:csrfmiddlewaretoken|draft_pass|token)" value="|csrf[-_a-zA-Z]*["\']?[:=] ?["\'])[^"\']+'
    r"|/(?:drafts|uploads)/[-\w]+|[?]draft=[-\w]+"
)
HEX = re.compile(r"[0-9a-f]{64}")
# Of party work nobody around a trade sees anything (test_web_access): one of them asks there for all.
PARTY, ASKS_THERE = frozenset(name for name, door in DOORS.items() if door.posts), "supplier"
SENDERS, GUESSERS = ("supplier", "tenderer", "agency", "centre", "supervisor"), ("stranger", "supplier", "centre")
NO_SUCH_METHOD = 405
REFUND = {"guarantee": "1", "amount": "200000", "interest": "0"}
KEPT_HEADERS = ("Content-Type", "Location", "Content-Disposition", "Cache-Control")
LOGGED = ("yangguang", "django", "axes")
FIELDS = {"release_text": "{}", "minutes": "5", "reason": "故障", "fault": "bidder", "text": "异议", "nonce": "0" * 64,
          "bidder": "0" * 18, "commitment": "0" * 64, "token": "the same"}  # fmt: skip


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


@dataclass(frozen=True)
class Secrets:
    """What only a bidder knows; in the quiet trade nothing has these names."""

    sha256: str = "5a" * 32
    leaf: str = "6b" * 32
    upload: str = "upload-of-a-bidder"
    draft: str = "draft-of-a-bidder"


def secrets_of(scene):
    """The same of the busy trade: a sealed file, a leaf, an upload under way and a draft of a bidder."""
    facts = {"account": account_of(scene.who("bidder1")), "organisation": scene.actor("bidder1").organisation,
             "stream": scene.stream, "made_at": scene.at}  # fmt: skip
    made = Secrets()
    Upload.objects.create(token=made.upload, act="replace_bid", size=9, offset=3, expires_at=beijing("03-23"), **facts)
    Draft.objects.create(token=made.draft, act="withdraw_bid", **facts)
    entry = SealedEntry.objects.filter(act="submit_bid").first()
    return Secrets(sha256=scene.digest("bidder2"), leaf=entry.leaf_hash)


def told(response, **hidden):
    """Status, headers and text, without what this test makes itself: a redirect tells an address back."""
    body = body_of(response)
    response.close()
    texts = [*(response.headers.get(one, "") for one in KEPT_HEADERS), body.decode("utf-8", "replace")]
    for name, text in hidden.items():
        texts = [one.replace(text, name) for one in texts]
    return (response.status_code, *(CHANGING.sub("", one) for one in texts))


def asked(ask, path, *data, **how):
    """The same of one request."""
    hidden = how.pop("hidden", {})
    return told(ask(path, *data, **how), path=path, **hidden)


def answers(scene):
    """What everyone gets at every address and for every act."""
    sequence_log(at=scene.at)
    values = values_for(scene)
    paths = {name: path_of(name, values) for name in DOORS if not name.endswith("logout")}
    paths |= {f"act {name}": f"/trades/{scene.stream}/do/{name}/" for name in ACT_ROLES}
    paths |= {"search": f"/trades/?q={scene.cast.bidders[0].name}", "paged": "/trades/?page=2"}
    clients = {kind: client_of(scene, kind) for kind in WHO}
    every = [(kind, name) for kind in WHO for name in paths if name not in PARTY or kind == ASKS_THERE]
    return {(kind, name): asked(clients[kind].get, paths[name]) for kind, name in every}


def guesses(scene, secrets):
    """What everyone gets who guessed something of a bidder's, by every method."""
    values = values_for(scene) | {"sha256": secrets.sha256, "leaf": secrets.leaf}
    own = {
        name: values | {"token": secrets.draft} for name in DOORS if name.startswith("act-") and name != "act-inputs"
    }
    own |= {name: values | {"token": secrets.upload} for name in ("bid-upload", "bid-result")}
    own |= dict.fromkeys(("bid-receipt", "bid-file", "entry-file", "contract-file"), values)
    tus = {"Tus-Resumable": "1.0.0", "Upload-Offset": "3"}
    hidden = {"digest": secrets.sha256, "leaf": secrets.leaf}
    found = {}
    for kind in GUESSERS:
        client = client_of(scene, kind)
        for name, given in own.items():
            for method in ("get", "post", "patch", "delete") if name == "bid-upload" else ("get", "post"):
                ask = getattr(client, method)
                found[kind, name, method] = asked(ask, path_of(name, given), headers=tus, hidden=hidden)
        for about, digest in hidden.items():
            found[kind, "verify", about] = asked(client.post, "/verify/", {"digest": digest}, hidden=hidden)
        trial = f"/trades/{scene.stream}/bid/trial/"
        found[kind, "trial", "post"] = asked(client.post, trial, {"sealed": secrets.sha256}, hidden=hidden)
    return found


def posted(scene):
    """What everyone gets for every form: empty, filled in as its act asks, and confirmed where that ends nothing."""
    values = values_for(scene)
    addresses = [name for name in DOORS if not name.startswith(("account_", "mfa_", "certificate-", "en:"))]
    place = f"/trades/{scene.stream}"
    sent = {name: (path_of(name, values), {}) for name in addresses}
    sent |= {f"hall {name}": (f"{place}/opening/do/{name}/", FIELDS) for name in DOINGS}
    sent |= {f"draw {name}": (f"{place}/draw/{name}/", FIELDS) for name in DRAWS}
    sent |= {f"act {name}": (f"{place}/do/{name}/", {}) for name in ACT_ROLES}
    found = {}
    for kind in SENDERS:
        client = client_of(scene, kind)
        for name, (path, data) in list(sent.items()):
            if name in PARTY and kind != ASKS_THERE:
                continue
            found[kind, name, "post"] = answer = asked(client.post, path, data)
            if answer[0] == NO_SUCH_METHOD:
                del sent[name]  # for nobody
    return found | filled(scene)


def filled(scene):
    """The acts of this stage as far as they go: inputs, check, and the end where nothing ends by it."""
    found = {}
    for kind in SENDERS:
        desk = Desk(scene, kind)
        for act in sorted({act for stage, act in OPEN_WORKS if stage == Stage.BIDDING and act in FILLED}):
            sent = desk.fill(act, REFUND if act == "refund_guarantee" else FILLED[act].good(scene))
            found[kind, act, "filled"] = told(sent)
            if sent.status_code == 302:
                found[kind, act, "check"] = told(desk.get(sent["Location"]))
    for kind, act in (("supervisor", "suspend"), ("supervisor", "resume")):
        given = FILLED[act].good(scene)
        found[kind, act, "done"] = HEX.sub("", told(Desk(scene, kind).do(act, given))[-1])
    return found


def differing(one, other):
    """Who is told what else where; the log's signature by SM2 is another each time."""
    keys = [key for key in one if one[key] != other[key] and key[1] != "checkpoint"]
    return {key: [*unified_diff(str(one[key]).split("\\n"), str(other[key]).split("\\n"), n=0)] for key in keys}


def lines_of(caplog):
    """The server's own lines without how long an answer took."""
    told = [one.getMessage() for one in caplog.records if one.name.startswith(LOGGED)]
    return sorted(HEX.sub("", CHANGING.sub("", re.sub(r"\d+ ms$", "", line))) for line in told)


def test_a_trade_with_bidders_looks_like_one_without(time_machine, caplog):
    paper_font()  # which says once in a process that this machine has no Chinese font
    caplog.set_level(logging.DEBUG)
    for name in LOGGED:
        logging.getLogger(name).addHandler(caplog.handler)
    moment = trade_at(Stage.BIDDING).at
    empty_database()
    time_machine.move_to(moment, tick=False)
    quiet_scene = trade_at(PUBLISHED, at=moment)
    caplog.clear()
    quiet, size = answers(quiet_scene), Entry.objects.count()
    quiet_log = latest_checkpoint().note.splitlines()[:3]
    quiet |= guesses(quiet_scene, Secrets()) | posted(quiet_scene)
    quiet_lines = lines_of(caplog)
    empty_database()
    busy_scene = busy_trade()
    secrets = secrets_of(busy_scene)
    caplog.clear()
    busy = answers(busy_scene)
    assert Entry.objects.count() == size
    assert latest_checkpoint().note.splitlines()[:3] == quiet_log
    busy |= guesses(busy_scene, secrets) | posted(busy_scene)
    busy_lines = lines_of(caplog)
    for name in LOGGED:
        logging.getLogger(name).removeHandler(caplog.handler)
    assert differing(quiet, busy) == {}
    assert busy_lines == quiet_lines
    who_is_registered = ("centre", "organisations")  # the register names everybody, whether they bid or not
    everything = "".join(str(busy[key]) for key in busy if key != who_is_registered) + "".join(busy_lines)
    assert [one.code for one in busy_scene.cast.bidders[:4] if one.code in everything] == []


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
