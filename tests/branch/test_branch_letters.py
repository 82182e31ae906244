"""函告, 通报 and 回复: each has its own series and word, is drafted, signed, sent and answered."""

import io
from datetime import UTC, date, datetime

import docx
import pytest

from support.units import a_branch
from yangguang.branch.due import reminders
from yangguang.branch.letters import to_send, to_sign, unanswered
from yangguang.ledger.acts import cancel_record, close_record, correct_record, open_unit, send_letter, sign_record
from yangguang.ledger.models import Post, Record, State, Unit
from yangguang.ledger.numbering import number_of
from yangguang.reports.counting import compute
from yangguang.reports.dictionary import dictionary
from yangguang.reports.letters import letter_paper
from yangguang.reports.paper import paper_bytes, undeclared_digits
from yangguang.reports.spans import read_span
from yangguang.rules.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)

LETTER = {"kind": "函告", "title": "规范现场秩序", "to": "示例代理公司", "asks": "请核实3月9日的情况，书面说明。"}
BULLETIN = {"title": "一季度见证情况", "to": "各科室", "content": "见证记录有2份补登不及时。"}
WORDS = {"函告": "示交易函", "通报": "示交易通报", "回复": "示交易复"}
DAY = date(2026, 3, 16)


def draft(branch, register, **values):
    named = branch.marks("书记")
    if register == "letter":
        values = {**LETTER, "due_on": "2026-03-20"} | values
    elif register == "bulletin":
        values = BULLETIN | values
    return branch.enter(register, **{"day": "2026-03-16", "named": named} | values)


def sign(branch, record):
    sign_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=record.pk)


def send(branch, record, *, on=DAY, by="书记"):
    return send_letter(branch.unit, actor=branch.actor(by), at=branch.at, record=record.pk, on=on)


def sent(branch, register, **values):
    record = draft(branch, register, **values)
    sign(branch, record)
    return send(branch, record)


def refused(perform, *arguments, **given):
    with pytest.raises(Refused) as error:
        perform(*arguments, **given)
    return error.value.codes


def counted(branch, metric):
    asked = {"metric": dictionary()[metric], "period": read_span("2026"), "unit": branch.unit}
    return compute(**asked, as_of=branch.at.date()).value


def test_each_kind_runs_on_in_its_own_series_under_the_word_of_its_organ():
    branch = a_branch()
    assert [number_of(draft(branch, kind)) for kind in ("letter", "letter", "bulletin")] == [
        "函〔2026〕1号", "函〔2026〕2号", "通报〔2026〕1号",
    ]  # fmt: skip
    for kind, word in WORDS.items():
        branch.enter("letter_word", kind=kind, title=word, day="2026-03-16")
    letter = sent(branch, "letter")
    reply = draft(branch, "reply", title="规范现场秩序", parent=letter.pk, content="已核实。")
    assert [number_of(one) for one in (letter, draft(branch, "bulletin"), reply)] == [
        "示交易函〔2026〕3号", "示交易通报〔2026〕2号", "示交易复〔2026〕1号",
    ]  # fmt: skip
    assert number_of(Record.objects.get(register="letter", number=1)) == "函〔2026〕1号"


def test_each_organ_and_each_year_has_its_own_series():
    branch = a_branch()
    draft(branch, "letter")
    assert number_of(draft(branch, "letter", day="2025-12-31", due_on="2026-01-20")) == "函〔2025〕1号"
    open_unit(
        branch.unit, actor=branch.actor("书记"), at=branch.at, code="xz", name="第一党小组", kind="cell",
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    branch.unit = Unit.objects.get(code="xz")
    Post.objects.create(unit=branch.unit, person=branch.people["书记"], post="group_leader", since=date(2020, 1, 1))
    assert number_of(draft(branch, "letter")) == "函〔2026〕1号"


def test_a_letter_is_drafted_signed_sent_and_answered():
    branch = a_branch()
    letter = draft(branch, "letter", day="2026-03-10", due_on="2026-03-16")
    assert (letter.state, to_sign(branch.people["书记"].mark, at=DAY), to_send(branch.unit)) == (
        "planned",
        [letter],
        [],
    )
    assert refused(send, branch, letter) == ("letter.unsigned",)
    sign(branch, letter)
    assert (to_send(branch.unit), counted(branch, "letters_sent")) == ([letter], 0)
    letter = send(branch, letter, on=date(2026, 3, 12))
    assert (letter.state, letter.day, to_send(branch.unit)) == (State.OPEN, date(2026, 3, 12), [])
    assert counted(branch, "letters_sent") == 1
    assert (unanswered(branch.unit, at=DAY), unanswered(branch.unit, at=date(2026, 3, 17))) == ([], [letter])
    done = {"record": letter.pk, "on": DAY, "result": "已复函：示代函〔2026〕9号"}
    close_record(branch.unit, actor=branch.actor("书记"), at=branch.at, **done)
    letter.refresh_from_db()
    assert (letter.state, unanswered(branch.unit, at=date(2026, 3, 17))) == (State.DONE, [])
    assert counted(branch, "letters_answered") == 1


def test_a_bulletin_is_done_when_it_is_sent_unless_it_asks_for_something():
    branch = a_branch()
    told, asks = sent(branch, "bulletin"), sent(branch, "bulletin", due_on="2026-03-31")
    assert [(one.state, one.closed_on) for one in (told, asks)] == [(State.DONE, DAY), (State.OPEN, None)]
    assert unanswered(branch.unit, at=date(2026, 4, 1)) == [asks]
    assert counted(branch, "bulletins") == 2


@pytest.mark.parametrize("kind", ["letter", "bulletin"])
def test_a_reply_closes_the_clock_of_the_letter_that_it_names(kind):
    branch = a_branch()
    letter = sent(branch, kind, due_on="2026-03-31")
    reply = draft(branch, "reply", title="现场秩序", parent=letter.pk, content="已整改。")
    assert (reply.fields["to"], reply.state) == (branch.unit.name, State.PLANNED)
    letter.refresh_from_db()
    assert letter.state == State.OPEN
    sign(branch, reply)
    assert send(branch, reply).state == State.DONE
    letter.refresh_from_db()
    assert (letter.state, letter.closed_on, letter.fields["result"]) == (State.DONE, DAY, "已回复：复函〔2026〕1号")
    assert counted(branch, "replies_sent") == 1


def test_a_section_answers_the_letter_of_the_unit_above():
    branch = a_branch()
    letter, above = sent(branch, "letter"), branch.unit
    open_unit(
        above, actor=branch.actor("书记"), at=branch.at, code="jz", name="见证服务科", kind="section",
        opened_on=date(2020, 1, 1),
    )  # fmt: skip
    branch.unit = Unit.objects.get(code="jz")
    Post.objects.create(unit=branch.unit, person=branch.people["党员1"], post="leader", since=date(2020, 1, 1))
    reply = branch.enter(
        "reply", by="党员1", title="现场秩序", day="2026-03-16", parent=letter.pk, content="已整改。",
        named=branch.marks("党员1"),
    )  # fmt: skip
    sign_record(branch.unit, actor=branch.actor("党员1"), at=branch.at, record=reply.pk)
    send(branch, reply, by="党员1")
    letter.refresh_from_db()
    assert (letter.unit, letter.state, unanswered(above, at=date(2027, 1, 1))) == (above, State.DONE, [])


def test_what_is_wrong_with_a_draft_is_said_and_nothing_is_kept():
    branch = a_branch()
    told = sent(branch, "bulletin")
    before = Record.objects.count()
    assert refused(draft, branch, "letter", due_on="") == ("letter.due_on",)
    assert refused(draft, branch, "bulletin", named=[]) == ("letter.signers",)
    for parent in ("", told.pk):
        assert refused(draft, branch, "reply", title="复", content="已整改。", parent=parent) == ("letter.answered",)
    assert Record.objects.count() == before


def test_a_signed_letter_says_what_was_signed():
    branch = a_branch()
    letter, act = draft(branch, "letter"), {"actor": branch.actor("书记"), "at": branch.at}
    values = {**LETTER, "day": "2026-03-16", "due_on": "2026-03-25"}
    correct_record(branch.unit, record=letter.pk, values=values, reason="期限改后", **act)
    sign(branch, letter)
    given = {"record": letter.pk, "values": values | {"asks": "改了"}, "reason": "改正文"}
    assert refused(correct_record, branch.unit, **given, **act) == ("letter.signed",)
    letter = send(branch, letter)
    assert (letter.fields["asks"], letter.due_on) == (LETTER["asks"], date(2026, 3, 25))


def test_nothing_is_sent_twice_on_a_wrong_day_or_in_another_year():
    branch = a_branch()
    letter, last_year = draft(branch, "letter"), draft(branch, "bulletin", day="2025-12-30")
    meeting = branch.enter("meeting", kind="党课", title="党课", day="2026-03-16", present=branch.marks("书记"))
    sign(branch, letter)
    for on in (date(2026, 3, 15), date(2026, 3, 17)):
        assert refused(send, branch, letter, on=on) == ("letter.sent_on",)
    send(branch, letter)
    sign(branch, last_year)
    assert refused(send, branch, last_year) == ("letter.year",)
    assert (refused(send, branch, letter), refused(send, branch, meeting)) == (("letter.sent",), ("letter.sent",))
    cancel_record(branch.unit, actor=branch.actor("书记"), at=branch.at, record=last_year.pk, reason="跨年")
    assert refused(send, branch, last_year) == ("record.cancelled",)


def test_a_letter_entered_long_after_it_was_sent_says_so():
    branch = a_branch()
    letter = draft(branch, "letter", day="2026-02-10")
    sign(branch, letter)
    assert not letter.is_late
    assert send(branch, letter, on=date(2026, 2, 11)).is_late


def test_a_draft_is_no_event_that_waits_for_its_roll():
    branch = a_branch()
    draft(branch, "letter", day="2026-03-10")
    assert [one for one in reminders(branch.unit, at=DAY) if one.register == "letter"] == []


def lines_of(record):
    paper = letter_paper(record)
    assert undeclared_digits(paper) == []
    return [one.text for one in docx.Document(io.BytesIO(paper_bytes(paper=paper))).paragraphs if one.text]


def test_the_papers_say_to_whom_what_and_until_when():
    branch = a_branch()
    branch.at = datetime(2026, 3, 16, 2, tzinfo=UTC)
    letter, bulletin = sent(branch, "letter"), sent(branch, "bulletin", due_on="2026-03-31")
    reply = sent(branch, "reply", title="规范现场秩序", parent=letter.pk, content="已核实。\n已整改。")
    end = [branch.unit.name, "2026年3月16日"]
    assert lines_of(letter) == [
        "关于规范现场秩序的函", "函〔2026〕1号", "示例代理公司：", LETTER["asks"], "请于2026年3月20日前书面回复。",
        "特此函告。", *end,
    ]  # fmt: skip
    assert lines_of(bulletin) == [
        "关于一季度见证情况的通报", "通报〔2026〕1号", "各科室：", BULLETIN["content"],
        "请于2026年3月31日前报送整改情况。", "特此通报。", *end,
    ]  # fmt: skip
    assert lines_of(reply) == [
        "关于规范现场秩序的复函", "复函〔2026〕1号", f"{branch.unit.name}：",
        "《关于规范现场秩序的函》（函〔2026〕1号）收悉。现函复如下：", "已核实。", "已整改。", "特此函复。", *end,
    ]  # fmt: skip
