"""A walk through every page of the gallery: axe, the policy, widths from 360 to 1920, the weight of the assets.

`make pictures` takes the pictures of those pages on the way that have changed.
"""

import re

import pytest
from django.conf import settings

from support import pictures
from support.browser import DESKTOP, PHONE, violations
from support.gallery import GALLERY

pytestmark = pytest.mark.browser

WIDTHS = (1920, 360)
SCROLLED = """() => [...document.querySelectorAll("main *")].some((one) => one.scrollWidth > one.clientWidth + 1
  && ["auto", "scroll"].includes(getComputedStyle(one).overflowX))"""
STILL = "{ const at = Date.now(); Date.now = () => at; }"  # clocks of a picture stand
FACTS = """() => ({title: document.title.trim(), heads: document.querySelectorAll("h1").length,
  language: document.documentElement.lang, width: document.documentElement.scrollWidth})"""
ASSET = re.compile(r'(?:src|href|data-worker)="/static/([^"]+\.(?:css|js))"')
ORDINARY = 100 * 1024
# Scripts for which a page may weigh more, how much it may then weigh in all, and why.
HEAVY = {
    "sealing": (160, "seals and opens files in the page: SM2, SM3, SM4, key files, in a worker"),
    "sign": (130, "signs in the page, with SM2 as well"),
    "certificate_sign_in": (130, "signs the challenge in the page, with SM2 as well"),
    "screen": (250, "draws the charts of the big screen (ECharts)"),
    "pdf_worker": (600, "reads PDF files, which a browser's own reader would show with their properties"),
}


def assets_of(html):
    """The size of each style sheet and script of a page as it is served."""
    return {name: (settings.STATIC_ROOT / f"{name}.gz").stat().st_size for name in ASSET.findall(html)}


def wrong_with(page, html):
    """Everything that is wrong with the page as it stands."""
    facts = page.evaluate(FACTS)
    found = violations(page)
    if not facts["title"] or facts["heads"] != 1 or facts["language"] not in {"zh-CN", "en"}:
        found.append(f"title, one heading and a language are needed: {facts}")
    weights = assets_of(html)
    scripts = {name.rpartition("/")[2].partition(".")[0] for name in weights}
    most = max([ORDINARY, *(HEAVY[name][0] * 1024 for name in scripts & set(HEAVY))])
    if sum(weights.values()) > most:
        found.append(f"{sum(weights.values())} bytes of assets, {most} are allowed: {weights}")
    return found


def too_wide(page):
    """The widths at which the page has to be scrolled sideways, and what axe says of it on a phone."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (asked := page.evaluate(FACTS)["width"]) > width:
            found.append(f"{asked} wide on a screen of {width}")
    if page.evaluate(SCROLLED):
        found += [f"on a phone: {one}" for one in violations(page, rules=["scrollable-region-focusable"])]
    return found


class Walk:
    """The visitors of one setting; each person has one window."""

    def __init__(self, house, people, setting):
        self.house, self.people = house, people
        self.scene, self.names = setting.scene(house)
        self.visitors = {}

    def page(self, shown):
        """The page in the window of whoever looks at it."""
        if shown.by not in self.visitors:
            who = self.people.sign_in(self.scene.who(shown.by)) if shown.by else self.people.stranger()
            if pictures.is_wanted():
                who.context.add_init_script(STILL)
            self.visitors[shown.by] = who
        self.house.set_clock(self.scene.at)
        visitor = self.visitors[shown.by]
        visitor.page.set_viewport_size(DESKTOP)
        page = visitor.goto(shown.path.format(**self.names))
        if shown.do:
            shown.do(page, self.scene)
        return page


@pytest.mark.parametrize("setting", GALLERY, ids=[one.key for one in GALLERY])
def test_every_page_is_accessible_light_and_fits(house, people, setting):
    if pictures.is_wanted():
        take_pictures(house, people, setting)
        return
    walk = Walk(house, people, setting)
    wrong = {}
    for shown in setting.shown:
        page = walk.page(shown)
        found = wrong_with(page, page.content()) + too_wide(page)
        if found:
            wrong[shown.name] = found
    assert not wrong, "\n".join(f"{name}\n  " + "\n  ".join(found) for name, found in wrong.items())


def take_pictures(house, people, setting):
    """Only of pages that have changed since."""
    stale = [shown for shown in setting.shown if setting.is_pictured and pictures.is_outdated(shown.name)]
    walk = Walk(house, people, setting) if stale else None
    for shown in stale:
        page = walk.page(shown)
        pictures.take(page, shown, "desktop")
        page.set_viewport_size(PHONE)
        pictures.take(page, shown, "phone")
        pictures.note(shown, pictures.shown_templates(page, shown.path.format(**walk.names)))
    pictures.tidy()
