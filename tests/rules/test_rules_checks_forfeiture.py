"""When a bond may be kept, and until when a document can be had."""

from datetime import date, timedelta

import pytest

from yangguang.rules.checks.forfeiture import FORFEITURE_TEXTS, ForfeitureGround, check_forfeiture, grounds_shown
from yangguang.rules.checks.outcome import DropOutReason
from yangguang.rules.checks.periods import Phase, check_document_on_sale
from yangguang.rules.law import Line, law_on

LAW = law_on(date=date(2026, 3, 2))
LAST = date(2026, 3, 9)
WINNERS = {ForfeitureGround.CONTRACT_REFUSED, ForfeitureGround.CONDITIONS_ADDED}


def codes(refusals):
    return [refusal.code for refusal in refusals]


@pytest.mark.parametrize(
    ("revoked", "dropped", "shown"),
    [
        (False, "", set()),
        (True, "", {ForfeitureGround.REVOKED}),
        (False, "gave_up", WINNERS),
        (True, "gave_up", WINNERS | {ForfeitureGround.REVOKED}),
        (False, "no_performance_bond", {ForfeitureGround.NO_PERFORMANCE_BOND}),
        (False, "force_majeure", set()),
        (False, "illegal_acts", set()),
    ],
)
def test_the_record_shows_only_what_the_regulation_lists(revoked, dropped, shown):
    assert grounds_shown(revoked=revoked, dropped=dropped) == shown


def test_every_reason_to_drop_out_is_known_to_the_check():
    assert all(grounds_shown(revoked=False, dropped=reason.value) is not None for reason in DropOutReason)
    assert set(FORFEITURE_TEXTS) == set(ForfeitureGround)


@pytest.mark.parametrize("ground", ForfeitureGround)
def test_a_ground_that_is_shown_and_told_is_enough(ground):
    assert check_forfeiture(law=LAW, ground=ground.value, reason="事实", shown={ground}) == []
    others = set(ForfeitureGround) - {ground}
    refusals = check_forfeiture(law=LAW, ground=ground.value, reason=" ", shown=others)
    assert codes(refusals) == ["forfeiture.not_shown", "forfeiture.no_reason"]
    article = "第三十五条" if ground is ForfeitureGround.REVOKED else "第七十四条"
    assert all(article in refusal.article for refusal in refusals)
    assert ground.text in refusals[0].reason


def test_a_ground_that_is_not_listed_is_refused_whatever_is_shown():
    refusals = check_forfeiture(law=LAW, ground="illegal_acts", reason="事实", shown=set(ForfeitureGround))
    assert codes(refusals) == ["forfeiture.unlisted_ground"]


@pytest.mark.parametrize("line", [Line.WORKS, Line.PROCUREMENT])
def test_a_document_can_be_had_until_the_end_of_its_last_day(line):
    facts = {"law": LAW, "sold_until": LAST, "line": line}
    after = LAST + timedelta(days=1)
    assert check_document_on_sale(**facts, asked_on=LAST, has_it=False) == []
    assert check_document_on_sale(**facts, asked_on=after, has_it=True) == []
    (refusal,) = check_document_on_sale(**facts, asked_on=after, has_it=False)
    assert (refusal.code, "2026-03-09" in refusal.reason) == ("tender.document_sale.over", True)


def test_a_prequalification_document_has_its_own_sale():
    facts = {"law": LAW, "sold_until": LAST, "asked_on": LAST + timedelta(days=1), "has_it": False}
    (refusal,) = check_document_on_sale(**facts, phase=Phase.PREQUALIFICATION)
    assert (refusal.code, "第十六条" in refusal.article) == ("prequalification.document_sale.over", True)
