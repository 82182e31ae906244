"""The page of every act: for whom and when it opens, what it answers to bad input, and that it does the act."""

import re

import pytest

from support.act_pages import Desk, errors
from support.scenes import beijing
from support.stages import trade_at
from trading.act_samples import BY_NAME
from web.act_forms import FILLED
from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.stages import OPEN_WORKS, Stage
from yangguang.web.acts.pages import BY_CLOCK, FORMS, PAGES, PLACES
from yangguang.witness.models import Entry, SealedEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ACTS = sorted(FILLED)


def test_every_act_has_a_form_or_a_place_or_is_the_clocks():
    assert set(PAGES) == set(FORMS) | set(PLACES) | BY_CLOCK
    assert not set(FORMS) & set(PLACES)
    assert set(FILLED) == set(FORMS) - CENTRE_ACTS - {"sign_contract"}  # these have files of their own


def at_desk(name):
    sample = BY_NAME[name]
    by = sample.by[0]
    return Desk(sample.scene(by), by), sample


@pytest.mark.parametrize("name", ACTS)
def test_whoever_may_does_it_in_three_steps(name):
    desk, sample = at_desk(name)
    assert not sample.seen(desk.scene)
    opened = desk.open(name)
    assert opened.status_code == 200, errors(opened)
    done = desk.do(name, FILLED[name].good(desk.scene))
    kind = SealedEntry if sample.sealed else Entry
    entry = kind.objects.filter(stream=desk.scene.stream, act=name).latest("sequence")
    assert sample.seen(desk.scene)
    assert (f"第 {entry.sequence} 条" in done.content.decode()) is not sample.sealed  # a number tells how many came
    assert entry.leaf_hash in done.content.decode()


@pytest.mark.parametrize("name", ACTS)
def test_whoever_may_not_is_told_so(name):
    sample = BY_NAME[name]
    scene = sample.scene()
    wrong = "supervisor" if "supervisor" not in sample.by else "supplier"
    page = Desk(scene, wrong).open(name)
    assert page.status_code == 403
    assert "您在本项目中没有办理该事项的权限" in page.content.decode()


@pytest.mark.parametrize("name", [name for name in ACTS if FILLED[name].bad])
def test_bad_input_is_answered_and_what_was_typed_stays(name):
    desk, _ = at_desk(name)
    good = FILLED[name].good(desk.scene)
    page = desk.fill(name, good | FILLED[name].bad(desk.scene))
    text = page.content.decode()
    assert page.status_code == 422, errors(page)
    assert FILLED[name].says in text
    for field, value in good.items():
        if isinstance(value, str) and field not in FILLED[name].bad(desk.scene):
            assert kept(text, field, value), field


def kept(text, field, value):
    """Whether the page still shows an answer: in a text, a line, or picked."""
    area = re.search(rf'<textarea name="{field}"[^>]*>\s*(.*?)</textarea>', text, re.DOTALL)
    if area:
        return area[1].strip() == value
    tags = re.findall(rf'<input[^>]*name="{field}"[^>]*>', text) or re.findall(r"<option[^>]*>", text)
    shown = [tag for tag in tags if f'value="{value}"' in tag]
    return any("checked" in tag or "selected" in tag or "radio" not in tag for tag in shown)


@pytest.mark.parametrize("name", ACTS)
def test_at_another_stage_it_is_refused_with_the_stage(name):
    sample = BY_NAME[name]
    by = sample.by[0]
    elsewhere = Stage.SEATED if (Stage.SEATED, name) not in OPEN_WORKS else Stage.ARCHIVED
    page = Desk(trade_at(elsewhere), by).open(name)
    assert page.status_code == 409, errors(page)
    assert "不能办理该事项" in page.content.decode()


@pytest.mark.parametrize("act", ["sign_opening_record", "suspend"])
def test_an_act_of_the_opening_leads_back_to_the_hall(act):
    scene = trade_at(Stage.ANNOUNCED, at=beijing("03-23", "09:31"))
    desk = Desk(scene, {"suspend": "centre"}.get(act, "agency"))
    hall = f'href="/trades/{scene.stream}/opening/">返回开标大厅'
    assert hall in desk.open(act).content.decode()
    assert hall in desk.do(act, FILLED[act].good(scene)).content.decode()
