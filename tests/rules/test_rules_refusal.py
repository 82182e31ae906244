import pytest

from yangguang.rules.refusal import Refusal, Refused, refuse_if

LATE = Refusal(code="bid.late", reason="已过截止时间", article="招标投标法第二十八条", remedy="请等待下次招标。")
SHORT = Refusal(code="period.short", reason="不足二十日", article="招标投标法第二十四条", remedy="请顺延。")


def test_a_refusal_says_why_on_which_article_and_what_to_do():
    assert str(LATE) == "已过截止时间（依据：招标投标法第二十八条）。请等待下次招标。"


def test_all_reasons_are_given_together():
    with pytest.raises(Refused) as refused:
        refuse_if([], [LATE], iter([SHORT]))
    assert refused.value.refusals == (LATE, SHORT)
    assert refused.value.codes == ("bid.late", "period.short")
    assert str(refused.value) == f"{LATE}\n{SHORT}"


def test_no_reason_is_no_refusal():
    assert refuse_if([], iter(())) is None
