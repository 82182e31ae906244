"""What was typed into a register's form comes back after the session has ended; what is sealed is kept encrypted."""

import re
from html import unescape

import pytest
from django.test import Client

from support.act_pages import draft_pass
from support.party import Window, everyone, hidden, text
from support.visitors import BACKEND
from yangguang.ledger.models import Record
from yangguang.web.accounts.models import Account
from yangguang.web.drafts.models import Draft

pytestmark = pytest.mark.django_db(transaction=True)

TALK = "registers/talk/new/?kind=谈心谈话"
MATTER = "家中老人住院，需要照顾。"


def typed(branch):
    return {
        "kind": "谈心谈话", "day": "2026-03-11", "owner": branch.marks("书记")[0], "matter": MATTER,
        "chosen": branch.marks("党员1", "党员2"), "title": "与两名党员谈话",
    }  # fmt: skip


def send_without_session(window, path, data):
    """The form goes off after the session has ended; where the sign-in leads back to."""
    with window.now():
        answer = Client().post(window.address(path), data)
    assert answer.status_code == 302
    return unescape(answer["Location"])


def back(location):
    """The address to which the sign-in returns."""
    return re.sub(r"%([0-9A-F]{2})", lambda one: chr(int(one[1], 16)), location.partition("next=")[2])


def test_a_form_comes_back_with_what_was_typed_after_signing_in_again():
    branch = everyone()
    window = Window(branch, "书记")
    data = typed(branch) | {"draft_pass": draft_pass(window.get(TALK))}
    address = back(send_without_session(window, TALK, data))
    page = window.get(address)
    form = page.context["form"]
    assert {name: form[name].value() for name in ("day", "owner", "matter", "chosen", "title")} == {
        name: data[name] for name in ("day", "owner", "matter", "chosen", "title")
    }
    assert "已经保留" in text(page)
    assert (page.context["kind"], Record.objects.count()) == ("谈心谈话", 0)


def test_what_the_register_seals_lies_encrypted_and_goes_once_the_record_stands():
    branch = everyone()
    window = Window(branch, "书记")
    data = typed(branch) | {"draft_pass": draft_pass(window.get(TALK))}
    address = back(send_without_session(window, TALK, data))
    answers = Draft.objects.get().answers
    assert (MATTER in str(answers), "matter" in answers["typed"]) == (False, False)
    page = window.get(address)
    checked = window.post(address, **typed(branch), draft_pass=draft_pass(page))
    assert checked.status_code == 200
    assert window.post(address, **hidden(checked), turn="do").status_code == 302
    assert Draft.objects.filter(answers__has_key="typed").count() == 0
    assert Record.objects.get().sealed is not None


def test_a_correction_comes_back_too():
    branch = everyone()
    record = branch.enter("meeting", kind="党课", title="书记讲党课", day="2026-03-12")
    window = Window(branch, "书记")
    path = f"records/{record.pk}/correct/"
    data = {"title": "书记讲廉政党课", "day": "2026-03-12", "because": "名称不全"}
    page = window.get(back(send_without_session(window, path, data | {"draft_pass": draft_pass(window.get(path))})))
    form = page.context["form"]
    assert [form[name].value() for name in ("title", "because")] == ["书记讲廉政党课", "名称不全"]


def test_what_was_kept_is_shown_to_nobody_else_and_a_made_up_pass_keeps_nothing():
    branch = everyone()
    window = Window(branch, "书记")
    data = typed(branch) | {"draft_pass": draft_pass(window.get(TALK))}
    address = back(send_without_session(window, TALK, data))
    assert Window(branch, "干事").get(f"{address}&kind=谈心谈话").context["form"]["matter"].value() is None
    assert "draft=" not in send_without_session(window, TALK, data | {"draft_pass": "made-up"})
    assert Draft.objects.count() == 1


def test_a_page_that_is_older_than_the_last_sign_in_keeps_what_was_typed():
    branch = everyone()
    window = Window(branch, "书记")
    data = typed(branch) | {"draft_pass": draft_pass(window.get(TALK))}
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(person=branch.people["书记"]), backend=BACKEND)
    with window.now():
        answer = strict.post(window.address(TALK), data)
    assert window.get(answer["Location"]).context["form"]["matter"].value() == MATTER
