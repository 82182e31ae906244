"""Odd inputs: whatever people and machines send, an act is done or refused and never fails in another way."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from django.db import connection, transaction

from support.rows import refused, unchanged
from support.scenes import ACT, BUSINESS_ITEM, ESTIMATE, LIMIT, TECHNICAL_ITEM, lot, registration, short_terms
from support.stages import SIGNED_BY_ALL, opinions, trade_at
from trading.act_samples import BY_NAME, SAMPLES
from yangguang.experts import draws
from yangguang.proof.canonical import NotCanonical, canonical
from yangguang.rules.checks.money import SubjectKind
from yangguang.rules.refusal import Refused
from yangguang.trading.stages import Stage
from yangguang.witness import evidence
from yangguang.witness.inputs import LARGEST_JSON, LONGEST_TEXT, check_inputs, fits, is_json, is_money, is_text
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db

NAN, SNAN, INFINITE = Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")
LONG = "x" * 300
TEXTS = (" ", "\0", "\ud800", LONG, "x" * (LONGEST_TEXT + 1))
NUMBERS = (5, -1, 10**30, float("nan"), True)
AMOUNTS = (NAN, SNAN, Decimal(-1), Decimal("1E+400"), Decimal("0.001"), Decimal("1E+13"))
MOMENTS = (datetime(2026, 3, 30), datetime.max.replace(tzinfo=UTC), date(2026, 3, 30), date.max)  # noqa: DTZ001
OTHERS = (None, [None], {"a": NAN}, {1: "a"}, b"x")
ODD = (*TEXTS, *NUMBERS, *AMOUNTS, *MOMENTS, *OTHERS)

# Odd, and yet lawful: everything else in ODD is refused.
LAWFUL = {
    ("change_document", "deadline"): [None],
    ("change_document", "affects_bids"): [True],
    ("extend_decryption", "minutes"): [5],
    ("extend_decryption", "reason"): [LONG],
    ("forfeit_guarantee", "reason"): [LONG],
    ("give_opinion", "passes"): [opinions(fails)["passes"] for fails in ({"formal": ""}, {}, {"formal": ""})],
    ("object_to_document", "interest"): [None],
    ("publish_notice", "sale_until"): [date(2026, 3, 30)],
    ("record_decryption_failure", "bidders_fault"): [True],
    ("record_fair_competition_review", "passed"): [True],
    ("refuse_to_sign_report", "seat"): [5],
    ("reject_bid", "reason"): [LONG],
    ("terminate", "reason"): [LONG],
    ("vote_for_chair", "seat"): [5],
    ("register_check", "note"): [" ", LONG],
    ("register_check", "file"): [None],
    ("register_note", "text"): [LONG],
    ("register_note", "file"): [None],
    ("register_anomaly", "seen"): [LONG],
    ("register_anomaly", "file"): [None],
    ("close_anomaly", "conclusion"): [LONG],
}


def attempt(scene, name, by, inputs):
    """ "done", "refused", or the name of the exception that should not be."""
    answer = "done"
    with transaction.atomic():
        connection.atomic_blocks[-1]._from_testcase = True  # noqa: SLF001 - else the act wants the outermost one
        try:
            scene.do(name, by, **inputs)
        except Refused:
            answer = "refused"
        except Exception as error:  # noqa: BLE001 - this is what the test looks for
            answer = repr(error)
        transaction.set_rollback(True)
    return answer


def variants(good):
    """Odd values in place of a good one, and inside it where it is a collection."""
    inside = []
    if isinstance(good, dict):
        inside += [{**good, key: odd} for key in good for odd in (*AMOUNTS, *NUMBERS, None, "\0", "\ud800")]
    if isinstance(good, list):
        inside += [[*good, *good], *([odd] for odd in ODD)]
    return [*ODD, *inside]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_an_odd_input_is_refused_and_changes_nothing(sample):
    by = sample.by[0]
    scene = sample.scene()
    inputs = sample.inputs(scene, by)
    found = {}
    with unchanged():
        for name, good in inputs.items():
            # A next position of 5 may be the right one by chance.
            odd = [value for value in variants(good) if name != "position" or repr(value) != "5"]
            answers = [(value, attempt(scene, sample.name, by, {**inputs, name: value})) for value in odd]
            assert {answer for _, answer in answers} <= {"done", "refused"}, answers
            found[sample.name, name] = [value for value, answer in answers if answer == "done"]
    for place, done in found.items():
        if place[1] != "lots":
            assert list(map(repr, done)) == list(map(repr, LAWFUL.get(place, []))), place


def as_json(value):
    """JSON as somebody else's tool writes it: not canonical, numbers of any size, NaN, moments and amounts as text."""
    return json.dumps(value, default=str).encode()


def signed_terms(scene, **changed):
    """Terms with odd values, signed by the agency; in canonical JSON where these values have one."""
    terms = {**short_terms(), **changed}
    try:
        content = canonical(terms)
    except NotCanonical:
        content = as_json(terms)
    return scene.terms("agency", "publish_notice", content=content)


FILES = {
    "not canonical": as_json(short_terms()),
    "a key twice": b'{"format":"x",' + canonical(short_terms())[1:],
    "a float": as_json({"a": 0.5}),
    "a null character": canonical({**short_terms(), "specialty": "\0"}),
    "a lone surrogate": as_json({**short_terms(), "specialty": "\ud800"}),
    "a list": b"[]",
    "a text": "结构化条款".encode(),
    "bytes": b"\xff\xfe",
    "too deep": b'{"a":' * 100_000,
    "too long": canonical({**short_terms(), "a": "x" * LARGEST_JSON}),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_terms_file_that_could_be_read_in_another_way_is_refused(content):
    scene = BY_NAME["publish_notice"].scene()
    inputs = BY_NAME["publish_notice"].inputs(scene, "agency")
    inputs["terms"] = scene.terms("agency", "publish_notice", content=content)
    with refused("terms.file", article="招标投标法第十九条"):
        scene.do("publish_notice", "agency", **inputs)


def test_what_was_signed_is_what_holds():
    scene = BY_NAME["publish_notice"].scene()
    inputs = BY_NAME["publish_notice"].inputs(scene, "agency")
    scene.do("publish_notice", "agency", **inputs | {"terms": signed_terms(scene, candidates=2)})
    document = scene.trade.documents.get()
    entry = json.loads(Entry.objects.get(stream=scene.stream, act="publish_notice").payload)
    names = [file["name"] for file in entry["files"]]
    kept = next(file["sha256"] for file in entry["files"] if file["name"] == "结构化条款（第1版）")
    assert document.terms == {**short_terms(), "candidates": 2} == json.loads(evidence.read(kept))
    assert names[-2:] == ["结构化条款（第1版）", "结构化条款（第1版）.sig"]


def test_papers_of_one_act_do_not_stand_for_each_other():
    scene = BY_NAME["publish_notice"].scene()
    inputs = BY_NAME["publish_notice"].inputs(scene, "agency")
    with refused("signature.other_paper", "signature.other_paper", article="电子签名法"):
        scene.do("publish_notice", "agency", **inputs | {"notice": inputs["document"], "document": inputs["notice"]})


@pytest.mark.parametrize("version", [1, 3])
def test_the_terms_of_another_version_are_refused(version):
    sample = BY_NAME["change_document"]
    scene = sample.scene()
    inputs = sample.inputs(scene, "agency")
    inputs["terms"] = scene.terms("agency", sample.name, version=version)
    with refused("signature.other_paper", article="电子签名法"):
        scene.do(sample.name, "agency", **inputs)


@pytest.mark.parametrize("value", [value for value in ODD if repr(value) != "5"], ids=lambda value: repr(value)[:20])
def test_odd_terms_are_refused_field_by_field(value):
    sample = BY_NAME["publish_notice"]
    scene = sample.scene()
    inputs = sample.inputs(scene, "agency")
    numbers = ("bid_validity_days", "decryption_minutes", "committee_size", "experts", "candidates")
    fields = [*numbers, "bid_bond", "parts", "review", "scoring", "specialty"]
    answers = {
        field: attempt(scene, "publish_notice", "agency", {**inputs, "terms": signed_terms(scene, **{field: value})})
        for field in fields
    }
    lawful = {"specialty"} if isinstance(value, str) and value.strip() and value not in ("\0", "\ud800") else set()
    assert {field for field, answer in answers.items() if answer == "done"} <= lawful
    assert set(answers.values()) <= {"done", "refused"}, answers


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": ""}, "registration.title"),
        ({"title": "字" * 201}, "registration.title"),
        ({"title": "\0"}, "input.title"),
        ({"category": "A16"}, "code.trade"),
        ({"category": 1}, "input.category"),
        ({"lots": []}, "registration.lots"),
        ({"lots": None}, "input.lots"),
        ({"lots": ["一标段"]}, "input.lots"),
        ({"lots": [lot(title=" ")]}, "registration.title"),
        ({"lots": [lot(title=None)]}, "registration.title"),
        ({"lots": [lot(estimate=Decimal(0))]}, "registration.estimate"),
        ({"lots": [lot(estimate=NAN)]}, "registration.estimate"),
        ({"lots": [lot(estimate=SNAN)]}, "registration.estimate"),
        ({"lots": [lot(estimate=1.5)]}, "registration.estimate"),
        ({"lots": [lot(estimate=Decimal("1E+13"))]}, "registration.estimate"),
        ({"lots": [lot(estimate=Decimal("0.001"))]}, "registration.estimate"),
        ({"lots": [lot(limit_price=Decimal(-1))]}, "limit_price.not_positive"),
        ({"lots": [lot(limit_price=INFINITE)]}, "registration.limit_price"),
        ({"lots": [lot(limit_price="1000")]}, "registration.limit_price"),
        ({"lots": [lot(kind="buildings")]}, "registration.kind"),
        ({"tenderer": None}, "input.tenderer"),
        ({"state_controlled": "yes"}, "input.state_controlled"),
    ],
    ids=repr,
)
def test_a_registration_that_cannot_be_is_refused(changed, code):
    scene = trade_at(Stage.REGISTERED)
    with refused(code):
        scene.do("register_tender", "centre", **registration(scene, **changed))


def test_a_registration_at_the_edges_is_done():
    scene = trade_at(Stage.REGISTERED)
    lots = [
        lot(title="字" * 200, estimate=Decimal("9999999999999.99"), limit_price=None),
        lot(estimate=Decimal("0.01"), limit_price=Decimal("0.01"), kind=SubjectKind.SERVICES),
    ]
    tender = scene.do("register_tender", "centre", **registration(scene, lots=lots, agency=None))
    values = tender.trades.order_by("pk").values_list("estimate", "limit_price", "works_kind")
    assert list(values) == [
        (Decimal("9999999999999.99"), None, "construction"),
        (Decimal("0.01"), Decimal("0.01"), "services"),
    ]
    assert ESTIMATE > LIMIT


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Decimal("30.01"), "score.range"),
        (Decimal("-0.01"), "score.range"),
        (Decimal("29.999"), "input.marks"),
        (NAN, "input.marks"),
        (INFINITE, "input.marks"),
        (29.5, "input.marks"),
        (29, "input.marks"),
        ("29.5", "input.marks"),
        (True, "input.marks"),
    ],
    ids=repr,
)
def test_a_mark_outside_of_the_document_is_refused(mark, code):
    scene = trade_at(Stage.SCORING)
    name = scene.trade.blind_codes.all()[0].code
    with refused(code):
        scene.do("score_technical", "seat2", code=name, marks={TECHNICAL_ITEM: mark})


@pytest.mark.parametrize("mark", [Decimal(0), Decimal(30), Decimal("29.99"), Decimal("-0"), Decimal("3E+1")])
def test_a_mark_within_the_document_is_taken(mark):
    scene = trade_at(Stage.SCORING)
    code = scene.trade.blind_codes.all()[0].code
    scene.do("score_technical", "seat2", code=code, marks={TECHNICAL_ITEM: mark})
    assert scene.trade.members.get(seat=2).scores.get().value == mark


@pytest.mark.parametrize("marks", [{}, {BUSINESS_ITEM: Decimal(1)}, {TECHNICAL_ITEM: Decimal(1), "其他": Decimal(1)}])
def test_marks_for_other_items_are_refused(marks):
    scene = trade_at(Stage.SCORING)
    code = scene.trade.blind_codes.all()[0].code
    with refused("score.items", article="第四十九条"):
        scene.do("score_technical", "seat2", code=code, marks=marks)


def test_a_code_or_bid_that_is_not_there_is_refused():
    scene = trade_at(Stage.SCORING)
    with refused("bid.unknown"):
        scene.do("score_technical", "seat2", code="ZZZZ", marks={TECHNICAL_ITEM: Decimal(1)})
    with refused("bid.unknown"):
        scene.do("score_business", "seat2", bid="0" * 64, marks={BUSINESS_ITEM: Decimal(1)})


def test_a_reason_longer_than_its_column_is_refused():
    scene = trade_at(Stage.DECRYPTING)
    code = scene.actor("bidder").organisation
    for reason, expected in (("字" * 201, "reason.long"), (" ", "decryption.reason_missing")):
        with refused(expected):
            scene.do("record_decryption_failure", "centre", bidder=code, bidders_fault=True, reason=reason)
    scene.do("record_decryption_failure", "centre", bidder=code, bidders_fault=True, reason="字" * 200)


def test_the_draw_takes_no_reply_that_is_not_one():
    scene = trade_at(Stage.OPENED)
    scene.draw()
    position = draws.next_position(scene.current_draw())
    for reply in ("absent", "ACCEPTED", "yes", ""):
        with refused("draw.reply", article="第四十六条"):
            scene.do("record_expert_reply", "centre", position=position, reply=reply, reason="原因")


def test_nobody_sits_on_two_seats():
    scene = BY_NAME["form_committee"].scene()
    draw = scene.current_draw()
    seated = draw.pool.get(position=draws.accepted_positions(draw)[0]).member_id
    with refused("committee.twice", article="第三十七条"):
        scene.do("form_committee", "tenderer", representatives=[scene.cast.experts[seated].person])


def test_a_report_that_is_not_the_platforms_is_refused():
    scene = trade_at(Stage.RANKED)
    other = scene.kept("另一份报告")
    with refused("report.not_current"):
        scene.do("issue_report", "chair", paper=other)
    assert scene.trade.stage == Stage.RANKED


def test_the_closing_counts_every_signature():
    scene = trade_at(SIGNED_BY_ALL)
    scene.do("close_report", "chair")
    assert scene.data("close_report") == {"signed": 5, "dissent": 0, "refused": 0}


def test_the_forms_of_inputs():
    assert fits(str, "字")
    assert fits(Decimal | None, None)
    assert not fits(Decimal | None, 1)
    assert fits(Sequence[str], ["a", "b"])
    assert not fits(Sequence[str], "ab")
    assert fits(Mapping[str, Decimal], {"a": Decimal("1.00")})
    assert not fits(Mapping[str, Decimal], {"a": 1.0})
    assert not fits(Mapping[str, Any], [])
    assert fits(SubjectKind, SubjectKind.GOODS)
    assert not fits(SubjectKind, "goods")
    assert is_text("x" * LONGEST_TEXT)
    assert is_money(Decimal("-0.01"))
    assert not is_json({"a": "x" * LARGEST_JSON})


def test_a_refusal_of_form_names_the_input_and_what_is_expected():
    body = ACT["extend_decryption"].__wrapped__
    (wrong,) = check_inputs(body, {"minutes": 1.5, "reason": "平台故障", "unknown": object()})
    assert (wrong.code, "整数" in wrong.reason) == ("input.minutes", True)
    (missing,) = check_inputs(ACT["submit_bid"].__wrapped__, {"received": None})
    assert (missing.code, "缺少" in missing.reason) == ("input.received", True)


def test_every_act_declares_the_form_of_every_input():
    for name, function in ACT.items():
        hints = get_type_hints(function.__wrapped__)
        plain = [hint for key, hint in hints.items() if key != "return"]
        assert Any not in plain, name
        assert all(get_origin(hint) is not dict or get_args(hint) for hint in plain), name
