"""The English half of the portal: complete, linked with the Chinese one, and Chinese only where it is marked."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from support.stages import PUBLISHED, Stage, trade_at
from yangguang.rules.codes import TradeClass
from yangguang.trading.models import OpenedBid
from yangguang.trading.stages import Stage as Stages
from yangguang.web.errors import PAGES
from yangguang.web.portal.english import ENGLISH
from yangguang.web.portal.figures import GROUPS, NOTICES
from yangguang.web.portal.lists import FIELDS, LINES
from yangguang.web.portal.telling import KIND_LABELS, TOLD
from yangguang.web.portal.templatetags.languages import CLOCKS
from yangguang.witness.log import sequence_log

TEMPLATES = Path(__file__).resolve().parents[2] / "src/yangguang/web/templates"
SAID = re.compile(r"""{% t ["']([^"']+)["'] %}""")
HAN = re.compile(r"[\u4e00-\u9fff]")
VOID = {"meta", "link", "input", "img", "br", "use"}


class Unmarked(HTMLParser):
    """Collects Chinese text that stands in no element marked as Chinese."""

    def __init__(self):
        super().__init__()
        self.marked, self.found = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        marked = tag == "title" or given.get("lang") == "zh-CN" or (bool(self.marked) and self.marked[-1])
        if tag not in VOID:
            self.marked.append(marked)
        if not marked:
            self.found += [
                value for name, value in attrs if value and HAN.search(value) and name not in {"href", "value"}
            ]

    def handle_endtag(self, tag):
        if tag not in VOID and self.marked:
            self.marked.pop()

    def handle_data(self, data):
        if not (self.marked and self.marked[-1]) and HAN.search(data):
            self.found.append(data.strip())


def unmarked(path, status=200):
    answer = Client().get(path)
    assert answer.status_code == status
    reader = Unmarked()
    reader.feed(re.sub(r"(?s)<pre.*?</pre>", "", answer.content.decode()))
    return reader.found


def test_every_text_of_the_templates_has_its_english_and_no_other_stands_in_the_table():
    said = {text for path in TEMPLATES.rglob("*.html") for text in SAID.findall(path.read_text(encoding="utf-8"))}
    labels = {*KIND_LABELS.values(), *LINES.values(), *FIELDS.values(), *CLOCKS.values(), *Stages.labels}
    labels |= {*OpenedBid.Outcome.labels, *(title for _, _, title in (*GROUPS, NOTICES)), "公开项目", "正在招标"}
    errors = {text for status in (400, 403, 404) for text in PAGES[status] if text}
    assert (said | labels | errors) - ENGLISH.keys() == set()
    assert ENGLISH.keys() - (said | labels | errors) == set()
    assert not [text for text in ENGLISH.values() if HAN.search(text)]


def test_every_act_is_told_in_english_with_the_same_facts():
    place = re.compile(r"{\w+}")
    for name, told in TOLD.items():
        assert not HAN.search(told.en), name
        assert set(place.findall(told.en)) <= set(place.findall(told.zh)), name


def test_every_line_has_its_words():
    assert set(LINES) == {one.value for one in TradeClass}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", [PUBLISHED, Stage.CONTRACTED])
def test_an_english_page_has_chinese_only_where_it_says_so(point):
    scene = trade_at(point)
    sequence_log(at=scene.at)
    paths = ["", "trades/", "notices/", "statistics/", "log/", "verify/", "log/entries/2/", "log/growth/?old=1&new=2"]
    paths += [f"trades/{scene.stream}/", f"trades/{scene.stream}/entries/2/"]
    for path in paths:
        assert unmarked(f"/en/{path}") == [], path
    assert unmarked("/en/nowhere/", 404) == []
    assert unmarked("/en/log/growth/?old=x", 400) == []


@pytest.mark.django_db(transaction=True)
def test_each_page_leads_to_itself_in_the_other_language():
    scene = trade_at(PUBLISHED)
    for path in ("/", "/log/", f"/trades/{scene.stream}/"):
        chinese, english = Client().get(path).content.decode(), Client().get(f"/en{path}").content.decode()
        assert f'href="/en{path}" lang="en"' in chinese
        assert f'href="{path}" lang="zh-CN"' in english
        assert '<html lang="en"' in english
        assert '<html lang="zh-CN"' in chinese


@pytest.mark.django_db(transaction=True)
def test_an_english_page_leads_on_to_english_pages():
    scene = trade_at(PUBLISHED)
    sequence_log(at=scene.at)
    page = Client().get("/en/notices/").content.decode()
    assert f"/en/trades/{scene.stream}/" in page
    assert 'href="/account/login/"' in page


@pytest.mark.django_db(transaction=True)
def test_a_check_can_be_asked_for_in_english():
    answer = Client().post("/en/verify/", {"digest": "0" * 64})
    assert "Not found" in answer.content.decode()
