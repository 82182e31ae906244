"""The page of the experts' draw: for whom, in which steps, and that no name leaves the centre."""

import re
import secrets

import pytest

from support.act_pages import Desk, errors
from support.stages import trade_at
from yangguang.experts import draws
from yangguang.parties.models import Person
from yangguang.trading.stages import Stage
from yangguang.web.context import LIVE_HEADER
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db
TOLD = "已办理：提交抽取承诺"
PARTIES = ("centre", "tenderer", "supervisor")


class Party(Desk):
    """One party of the draw."""

    @property
    def page(self):
        return f"/trades/{self.scene.stream}/draw/"

    def look(self):
        return self.get(self.page)

    def text(self):
        return self.look().content.decode()

    def send(self, name, data):
        with self.now():
            return self.client.post(f"{self.page}{name}/", data)


def held(scene):
    """A draw done on the page by its three parties."""
    desks = {kind: Party(scene, kind) for kind in PARTIES}
    desks["centre"].do("open_draw", {})
    nonces = {kind: secrets.token_bytes(32) for kind in PARTIES}
    for kind, nonce in nonces.items():
        sent = desks[kind].send("commit_to_draw", {"commitment": scene.commitment(kind, nonce)})
        assert sent.status_code == 302, errors(sent)
    for kind, nonce in nonces.items():
        sent = desks[kind].send("reveal_for_draw", {"nonce": nonce.hex()})
        assert sent.status_code == 302, errors(sent)
    desks["centre"].do("complete_draw", {})
    return desks


def due_name(scene):
    draw = scene.current_draw()
    position = draws.next_position(draw)
    return position, Person.objects.get(mark=draw.pool.get(position=position).member_id).name


def test_the_parties_see_the_draw_and_nobody_else():
    scene = trade_at(Stage.OPENED)
    kinds = ("centre", "tenderer", "agency", "supervisor", "bidder", "supplier", "expert")
    told = {kind: Party(scene, kind).look().status_code for kind in kinds}
    assert told == dict.fromkeys(kinds[:4], 200) | dict.fromkeys(kinds[4:], 403)


def test_a_draw_is_held_on_its_page_to_the_committee():
    scene = trade_at(Stage.OPENED)
    desks = held(scene)
    position, name = due_name(scene)
    page = desks["centre"].text()
    assert name in page
    assert "全部相符" in page
    for kind in ("tenderer", "supervisor"):
        assert name not in desks[kind].text()
    refused = {"position": position, "reply": "refused", "reason": "出差"}
    assert desks["centre"].send("record_expert_reply", refused).status_code == 302
    assert name not in desks["centre"].text()
    twice = desks["centre"].send("record_expert_reply", refused)
    assert twice.status_code == 409
    assert "不是按抽取顺序应通知的专家" in twice.content.decode()
    for _ in range(4):
        position, _name = due_name(scene)
        sent = desks["centre"].send("record_expert_reply", {"position": position, "reply": "accepted"})
        assert sent.status_code == 302, errors(sent)
    assert "现在通知" not in desks["centre"].text()
    assert Entry.objects.filter(stream=scene.stream, act="record_expert_reply").count() == 5


def test_a_page_that_follows_the_draw_does_not_take_what_is_told_to_its_person():
    scene = trade_at(Stage.OPENED)
    desk = Party(scene, "centre")
    desk.do("open_draw", {})
    desk.send("commit_to_draw", {"commitment": scene.commitment("centre", secrets.token_bytes(32))})
    told = [TOLD in desk.get(desk.page, headers=live).content.decode() for live in ({LIVE_HEADER: "1"}, {}, {})]
    assert told == [False, True, False]


def test_what_the_page_lets_a_browser_check_is_what_the_draw_published():
    scene = trade_at(Stage.OPENED)
    page = held(scene)["supervisor"].text()
    draw = scene.current_draw()
    assert f'data-seed="{draw.seed}"' in page
    leaves = re.findall(r'data-leaf="([0-9a-f]{64})"', page)
    assert leaves == list(draw.pool.values_list("leaf", flat=True))
    assert re.search(r'data-vrf="[0-9a-f]{128}"', page)


def test_only_the_parties_take_part():
    scene = trade_at(Stage.OPENED)
    Party(scene, "centre").do("open_draw", {})
    assert Party(scene, "agency").send("commit_to_draw", {"commitment": "0" * 64}).status_code == 403
    assert Party(scene, "bidder").send("commit_to_draw", {"commitment": "0" * 64}).status_code == 403
