"""The guards of the acts: one reason each, with its article and what to do next; nothing passes that should not."""

import pytest

from yangguang.rules.refusal import Refused
from yangguang.witness.guards import LONGEST_REASON, found_or_refuse, refuse_long, refuse_unless, refuse_unreasoned

WORDS = {"code": "a.code", "reason": "原因", "article": "条款", "remedy": "办法"}
GOOD, LONG = "日期写错", "字" * (LONGEST_REASON + 1)


def codes(guard, *given, **words):
    with pytest.raises(Refused) as refused:
        guard(*given, **words)
    return refused.value.codes


def test_a_condition_that_holds_lets_the_act_go_on():
    refuse_unless("something", **WORDS)
    assert codes(refuse_unless, None, **WORDS) == ("a.code",)


def test_what_was_found_is_given_back_and_what_was_not_is_refused():
    assert found_or_refuse(0, **WORDS) == 0
    assert codes(found_or_refuse, None, **WORDS) == ("a.code",)


@pytest.mark.parametrize("text", ["", " ", LONG, "空\0字"])
def test_a_reason_is_asked_for_that_can_be_kept(text):
    refuse_unreasoned(GOOD, code="a.code", article="条款")
    assert codes(refuse_unreasoned, text, code="a.code", article="条款", of="更正的") == ("a.code",)


def test_a_reason_is_no_longer_than_its_column():
    refuse_long(LONG[1:])
    assert codes(refuse_long, LONG) == ("reason.long",)
