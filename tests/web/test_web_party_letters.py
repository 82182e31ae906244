"""函告, 通报 and 回复 through their pages: drafted, signed, sent, answered, late in 本月, and read as a paper."""

import io

import docx
import pytest

from support.party import Window, everyone, hidden, text
from yangguang.ledger.models import Record, State

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = {
    "title": "规范现场秩序",
    "day": "2026-03-10",
    "due_on": "2026-03-13",
    "to": "示例代理公司",
    "asks": "请说明。",
}
BULLETIN = {
    "title": "一季度见证情况",
    "day": "2026-03-10",
    "to": "各科室",
    "content": "补登两份。",
    "due_on": "2026-03-13",
}
REPLY = {"title": "整改情况", "day": "2026-03-16", "content": "已整改。"}


def drafted(branch, path, **given):
    """A letter that the worker drafts for the secretary's signature, through form, check and confirmation."""
    worker = Window(branch, "干事")
    check = worker.post(f"registers/{path}", **given, chosen=branch.marks("书记"))
    assert worker.post(f"registers/{path}", **{**hidden(check), "turn": "do"}).status_code == 302
    return Record.objects.latest("pk")


def sign(branch, record):
    assert [one.pk for one in Window(branch, "书记").get("").context["month"].to_sign] == [record.pk]
    assert Window(branch, "书记").post(f"records/{record.pk}/do/sign/").status_code == 302


def send(branch, record, on):
    assert [one.pk for one in Window(branch, "干事").get("").context["month"].to_send] == [record.pk]
    assert Window(branch, "干事").post(f"records/{record.pk}/do/send/", on=on).status_code == 302
    record.refresh_from_db()


def step(branch, record):
    page = Window(branch, "党员1").get(f"records/{record.pk}/")
    return page.context["steps"][page.context["page"].step - 1]


def overdue(branch):
    return [one.pk for one in Window(branch, "干事").get("").context["month"].overdue.shown]


@pytest.mark.parametrize(
    ("path", "given", "number"),
    [
        ("letter/new/?kind=%E5%87%BD%E5%91%8A", LETTER, "函〔2026〕1号"),
        ("bulletin/new/", BULLETIN, "通报〔2026〕1号"),
    ],
)
def test_a_letter_goes_from_draft_to_the_reply_that_closes_it(path, given, number):
    branch = everyone()
    letter = drafted(branch, path, **given)
    assert (step(branch, letter), Window(branch, "党员1").get("").context["month"].to_sign) == ("拟稿", [])
    assert Window(branch, "干事").post(f"records/{letter.pk}/do/send/", on="2026-03-11").status_code == 409
    sign(branch, letter)
    assert step(branch, letter) == "签发"
    send(branch, letter, "2026-03-11")
    assert (step(branch, letter), overdue(branch)) == ("发出", [letter.pk])
    page = text(Window(branch, "党员1").get(f"records/{letter.pk}/"))
    assert number in page
    assert number in text(Window(branch, "党员1").get(f"registers/{letter.register}/"))
    reply = drafted(branch, "reply/new/", **REPLY, parent=letter.pk)
    sign(branch, reply)
    send(branch, reply, "2026-03-16")
    letter.refresh_from_db()
    assert (reply.state, letter.state, step(branch, letter), overdue(branch)) == (
        State.DONE, State.DONE, "答复办结", [],
    )  # fmt: skip
    assert "已回复：复函〔2026〕1号" in text(Window(branch, "党员1").get(f"records/{letter.pk}/"))


def test_an_answer_from_outside_is_registered_and_closes_the_letter():
    branch = everyone()
    letter = drafted(branch, "letter/new/?kind=%E5%87%BD%E5%91%8A", **LETTER)
    sign(branch, letter)
    send(branch, letter, "2026-03-11")
    answer = Window(branch, "干事").post(f"records/{letter.pk}/do/close/", on="2026-03-16", result="已复函")
    assert (answer.status_code, overdue(branch)) == (302, [])


def test_whoever_sees_a_letter_reads_its_paper_and_nothing_else_has_one():
    branch = everyone()
    letter = drafted(branch, "bulletin/new/", **BULLETIN)
    page = Window(branch, "党员1").get(f"records/{letter.pk}/letter.docx")
    assert "%E8%8D%89%E7%A8%BF" in page["Content-Disposition"]  # 草稿
    lines = [one.text for one in docx.Document(io.BytesIO(page.content)).paragraphs if one.text]
    assert lines[:3] == ["关于一季度见证情况的通报", "通报〔2026〕1号", "各科室："]
    meeting = branch.enter("meeting", kind="党课", title="党课", day="2026-03-16", present=branch.marks("书记"))
    codes = [
        Window(branch, name).get(f"records/{letter.pk}/letter.docx").status_code for name in ("外支部书记", "书记")
    ]
    assert [*codes, Window(branch, "书记").get(f"records/{meeting.pk}/letter.docx").status_code] == [404, 200, 404]


def test_a_reply_offers_the_letters_and_bulletins_and_nothing_else():
    branch = everyone()
    branch.enter("meeting", kind="党课", title="党课", day="2026-03-16", present=branch.marks("书记"))
    letter = drafted(branch, "letter/new/?kind=%E5%87%BD%E5%91%8A", **LETTER)
    bulletin = drafted(branch, "bulletin/new/", **BULLETIN)
    form = Window(branch, "干事").get("registers/reply/new/").context["form"]
    assert [value for value, _ in form.fields["parent"].choices if value] == [str(bulletin.pk), str(letter.pk)]
