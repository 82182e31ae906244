"""The gallery is complete and its pictures are up to date; nothing here opens a browser."""

import re

from support import pictures
from support.gallery import GALLERY, PICTURED
from yangguang.web.access import DOORS, Who
from yangguang.web.acts.pages import FORMS

SHOWN = [shown for setting in GALLERY for shown in setting.shown]
PICTURED_PAGES = [shown for setting in PICTURED for shown in setting.shown]
LARGEST = 8 * 1024 * 1024

# Addresses that answer no page of ours, and what they are.
NO_PAGES = {
    **dict.fromkeys(("log-jump", "en:log-jump", "register"), "leads on to a page"),
    **dict.fromkeys(("feed-atom", "feed-json", "sitemap", "robots", "checkpoint", "log-keys", "tile"), "for programs"),
    **dict.fromkeys(("document-terms", "document-score", "certificate-challenge", "mfa_login_webauthn"), "JSON"),
    **dict.fromkeys(("verifier", "entry-file", "bid-document", "bid-receipt", "bid-file", "act-receipt"), "a file"),
    **dict.fromkeys(
        ("room-file-raw", "mfa_download_recovery_codes", "archive", "witness-file", "hall-rescue"), "a file"
    ),
    **dict.fromkeys(("document-notice", "document-paper"), "a paper (PDF)"),
    **dict.fromkeys(
        ("room-report", "contract-file", "act-file", "letter-file"), "a paper (HTML), in a dress of its own"
    ),
    **dict.fromkeys(("hall-board", "hall-mine", "hall-events", "screen-board"), "a piece of a page"),
    **dict.fromkeys(
        ("draw-do", "room-sheet", "desk-read", "witness-do", "document-typed", "account_logout"), "is only sent to"
    ),
    **dict.fromkeys(
        ("party-file", "party-letter", "party-report-paper", "party-template", "party-export", "party-task-table"),
        "a file",
    ),
    **dict.fromkeys(("party-package", "party-tree-template"), "a file"),
    **dict.fromkeys(("party-do", "party-risk-answer"), "is only sent to"),
    **dict.fromkeys(("bid-uploads", "bid-trial", "bid-upload", "witness-do"), "is only sent to"),
}
# Templates of pages that no address shows by itself.
UNSEEN = {
    "account/locked.html": "after many wrong passwords",
    "account/certificate_choose.html": "shown; asked by POST",
    **dict.fromkeys(("party/check.html", "party/import_check.html"), "shown; asked by POST"),
}
EXTENDS = re.compile(r'{% extends "')


def test_every_address_is_shown_or_said_to_be_no_page():
    seen = {shown.view_name() for shown in SHOWN} - {""}
    closed = {name for name, door in DOORS.items() if door.who == Who.CLOSED}
    assert seen | set(NO_PAGES) == set(DOORS) - closed
    assert not seen & set(NO_PAGES)


def test_every_act_with_a_form_is_shown():
    listed = {shown.name.removeprefix("act-") for shown in SHOWN if shown.name.startswith("act-")}
    assert set(FORMS) - listed == set()


def test_no_two_pages_have_the_same_picture():
    names = [shown.name for shown in SHOWN]
    assert sorted(set(names)) == sorted(names)
    assert len({shown.title for shown in SHOWN}) == len(SHOWN)


def test_every_template_of_a_page_is_shown():
    whole = {path.relative_to(pictures.TEMPLATES).as_posix() for path in pictures.TEMPLATES.rglob("*.html")}
    whole = {name for name in whole if EXTENDS.match((pictures.TEMPLATES / name).read_text(encoding="utf-8"))}
    seen = pictures.closure(name for one in pictures.manifest().values() for name in one["templates"])
    assert sorted(whole - seen - set(UNSEEN)) == []


def test_the_pictures_are_those_of_the_pages_as_they_are_now():
    outdated = [shown.name for shown in PICTURED_PAGES if pictures.is_outdated(shown.name)]
    assert outdated == [], "run `make pictures`"
    assert {path.name for path in pictures.PICTURES.glob("*.webp")} == {
        path.name for shown in PICTURED_PAGES for path in pictures.paths_of(shown.name)
    }
    assert (pictures.PICTURES / pictures.INDEX).read_text(encoding="utf-8") == pictures.index()


def test_the_pictures_together_are_small():
    assert sum(path.stat().st_size for path in pictures.PICTURES.glob("*.webp")) < LARGEST
