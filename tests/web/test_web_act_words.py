"""Every act has words for the person who does it."""

import pytest

from yangguang.trading.models.tenders import CENTRE_ACTS
from yangguang.trading.stages import OPEN_WORKS
from yangguang.web.acts.words import WORDS

EVERY = {act for _, act in OPEN_WORKS} | CENTRE_ACTS


def test_every_act_of_the_stage_table_has_words_and_no_other():
    assert set(WORDS) == EVERY


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_words_are_short_plain_and_name_their_ground(words):
    assert 2 <= len(words.title) <= 16
    assert 1 <= words.what.count("。") <= 3
    assert words.what.endswith("。")
    assert len(words.what) <= 80
    assert "第" in words.ground or "规则" in words.ground


def test_no_two_acts_go_by_the_same_title():
    assert len({words.title for words in WORDS.values()}) == len(WORDS)
