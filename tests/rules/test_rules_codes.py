import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.codes import (
    ORGANISATION_ALPHABET,
    TRADE_ALPHABET,
    BadCode,
    TradeCategory,
    TradeClass,
    build_trade_code,
    make_organisation_code,
    organisation_check,
    parse_organisation_code,
    parse_project_code,
    parse_region,
    parse_trade_code,
    trade_check,
)

PUBLISHED = "A02-123100007847653857-20161012-000015-Q"
EXAMPLE = str(make_organisation_code(region="990100", serial="00000001"))
TRADE_BODIES = st.text(TRADE_ALPHABET[:36], min_size=35, max_size=35)
ORGANISATION_BODIES = st.text(ORGANISATION_ALPHABET, min_size=17, max_size=17)


def sum_of_powers(body: str) -> str:
    """ISO 7064 by its definition: the weighted sum of all characters, check included, leaves 1 modulo 37."""
    for check in TRADE_ALPHABET:
        weights = range(len(body), -1, -1)
        values = [TRADE_ALPHABET.index(character) for character in body + check]
        if sum(value * 2**weight for value, weight in zip(values, weights, strict=True)) % 37 == 1:
            return check
    raise AssertionError


def test_the_published_trade_code_is_read_and_written_back():
    code = parse_trade_code(PUBLISHED)
    assert (code.category, str(code.organisation_code), code.on, code.serial, code.check) == (
        "A02",
        "123100007847653857",
        date(2016, 10, 12),
        15,
        "Q",
    )
    assert code.trade_class is TradeClass.WORKS
    assert str(code) == PUBLISHED


@given(TRADE_BODIES)
def test_the_trade_check_agrees_with_the_definition_of_the_standard(body):
    assert trade_check(body) == sum_of_powers(body)


@given(TRADE_BODIES, st.integers(0, 34), st.sampled_from(TRADE_ALPHABET[:36]))
def test_the_trade_check_catches_every_wrong_character(body, place, character):
    changed = body[:place] + character + body[place + 1 :]
    assert (trade_check(changed) == trade_check(body)) is (changed == body)


@given(TRADE_BODIES, st.integers(0, 33))
def test_the_trade_check_catches_every_swap_of_neighbours(body, place):
    changed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert (trade_check(changed) == trade_check(body)) is (changed == body)


def test_every_single_error_in_the_published_code_is_refused():
    for place, good in enumerate(PUBLISHED):
        for character in set(TRADE_ALPHABET) - {good}:
            with pytest.raises(BadCode):
                parse_trade_code(PUBLISHED[:place] + character + PUBLISHED[place + 1 :])


def test_the_trade_check_takes_no_other_characters():
    for body in ("a", "*", "-"):
        with pytest.raises(ValueError, match="substring"):
            trade_check(body)


@given(st.sampled_from(TradeCategory), st.dates(date(2000, 1, 1)), st.integers(0, 999_999))
def test_a_built_trade_code_is_read_back(category, on, serial):
    code = build_trade_code(category=category, organisation_code=EXAMPLE, on=on, serial=serial)
    assert len(str(code)) == 40
    assert parse_trade_code(str(code)) == code


def test_other_classes_are_known_by_their_letter():
    code = build_trade_code(category="D01", organisation_code=EXAMPLE, on=date(2026, 3, 2), serial=1)
    assert code.trade_class is TradeClass.PROPERTY


@pytest.mark.parametrize(
    "parts",
    [
        {"serial": 1_000_000},
        {"serial": -1},
        {"category": "A15"},
        {"category": "E01"},
        {"organisation_code": "919901000000000191"},
    ],
)
def test_a_trade_code_of_bad_parts_is_refused(parts):
    with pytest.raises(BadCode):
        build_trade_code(
            **({"category": "A01", "organisation_code": EXAMPLE, "on": date(2026, 3, 2), "serial": 1} | parts)
        )


def test_a_trade_code_of_an_impossible_day_is_refused_although_its_check_is_right():
    body = f"A01-{EXAMPLE}-20260230-000001"
    with pytest.raises(BadCode, match="20260230"):
        parse_trade_code(f"{body}-{trade_check(body.replace('-', ''))}")


@pytest.mark.parametrize("text", ["", "A02", PUBLISHED + "0", PUBLISHED.lower(), PUBLISHED.replace("-", "")])
def test_a_malformed_trade_code_is_refused_with_what_it_should_be(text):
    with pytest.raises(BadCode) as caught:
        parse_trade_code(text)
    assert caught.value.refusal.code == "code.trade"
    assert "校验位" in caught.value.refusal.remedy
    assert str(caught.value) == str(caught.value.refusal)


def test_a_bad_code_survives_the_way_between_processes():
    with pytest.raises(BadCode) as caught:
        parse_region("1")
    back = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert back.refusal == caught.value.refusal


def test_categories_have_chinese_names():
    assert TradeCategory("A07").text == "水利"
    assert len({category.text for category in TradeCategory}) == 15


def test_project_tender_and_lot_codes_grow_from_each_other():
    project = parse_project_code("E9901002603020001")
    tender = project.with_tender(1)
    lot = tender.with_lot(12)
    assert [str(project), str(tender), str(lot)] == [
        "E9901002603020001",
        "E9901002603020001001",
        "E9901002603020001001012",
    ]
    assert [len(str(code)) for code in (project, tender, lot)] == [17, 20, 23]
    assert parse_project_code(str(lot)) == lot
    assert (lot.region.code, lot.serial, lot.tender, lot.lot) == ("990100", "2603020001", "001", "012")


def test_a_lot_serial_may_use_small_letters():
    assert parse_project_code("E99010026030200010010z1").lot == "0z1"


def test_a_lot_needs_a_tender_and_serials_fit_three_digits():
    project = parse_project_code("E9901002603020001")
    assert project.with_tender(999).tender == "999"
    with pytest.raises(BadCode, match="没有招标项目部分"):
        project.with_lot(1)
    for number in (0, 1000):
        with pytest.raises(BadCode, match="不在1至999"):
            project.with_tender(number)


@pytest.mark.parametrize(
    "text", ["", "9901002603020001", "E990100260302000", "E990100260302000100", "e9901002603020001"]
)
def test_a_malformed_project_code_is_refused(text):
    with pytest.raises(BadCode, match="不是项目编号"):
        parse_project_code(text)


def test_a_published_organisation_code_is_read():
    code = parse_organisation_code("123100007847653857")
    assert (code.region, code.organisation) == ("310000", "784765385")


@given(ORGANISATION_BODIES, st.integers(0, 17), st.sampled_from(ORGANISATION_ALPHABET))
def test_the_organisation_check_catches_every_wrong_character(body, place, character):
    code = body + organisation_check(body)
    changed = code[:place] + character + code[place + 1 :]
    assert (organisation_check(changed[:17]) == changed[17]) is (changed == code)


@given(ORGANISATION_BODIES, st.integers(0, 16))
def test_the_organisation_check_catches_every_swap_of_neighbours(body, place):
    code = body + organisation_check(body)
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (organisation_check(changed[:17]) == changed[17]) is (changed == code)


def test_the_organisation_check_needs_seventeen_known_characters():
    for body in ("1" * 16, "1" * 16 + "I"):
        with pytest.raises(ValueError, match=r"zip|substring"):
            organisation_check(body)


@given(st.integers(0, 99_999_999))
def test_a_made_organisation_code_is_read_back(serial):
    code = make_organisation_code(region="990100", serial=f"{serial:08d}")
    assert parse_organisation_code(str(code)) == code
    assert code.region == "990100"


def test_the_organisation_part_has_its_own_check_digit():
    assert make_organisation_code(
        region="310000", serial="78476538", department="1", category="2"
    ) == parse_organisation_code("123100007847653857")
    checks = {make_organisation_code(region="990100", serial=f"{serial:08d}").organisation[-1] for serial in range(40)}
    assert checks == set("0123456789X")


@pytest.mark.parametrize("text", ["", "91990100000000019I", EXAMPLE[:17], EXAMPLE + "0", EXAMPLE[:17] + "8"])
def test_a_bad_organisation_code_is_refused(text):
    with pytest.raises(BadCode) as caught:
        parse_organisation_code(text)
    assert caught.value.refusal.code == "code.organisation"


@pytest.mark.parametrize(
    "parts", [{"serial": "1"}, {"serial": "1234567X"}, {"region": "99"}, {"department": "I"}, {"category": "11"}]
)
def test_a_organisation_code_of_bad_parts_is_refused(parts):
    with pytest.raises(BadCode):
        make_organisation_code(**({"region": "990100", "serial": "00000001"} | parts))


@pytest.mark.parametrize(
    ("text", "province", "city", "level"),
    [
        ("000000", "000000", "000000", "nation"),
        ("990000", "990000", "990000", "province"),
        ("990100", "990000", "990100", "city"),
        ("990102", "990000", "990100", "county"),
    ],
)
def test_a_region_knows_its_parts(text, province, city, level):
    region = parse_region(text)
    assert (str(region), region.province, region.city, region.level) == (text, province, city, level)


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_a_region_lies_in_those_above_it_and_in_no_other(province, city, county):
    region = parse_region(f"{province:02d}{city:02d}{county:02d}")
    above = [parse_region(code) for code in ("000000", region.province, region.city, region.code)]
    assert all(other.contains(region) for other in above)
    assert [region.contains(other) for other in above] == [False, False, False, True]
    assert not parse_region(f"{province % 99 + 1:02d}0000").contains(region)


@pytest.mark.parametrize("text", ["", "1", "9901000", "99a100", "990001", "000100", "000001", "九九零一零零"])
def test_a_bad_region_code_is_refused(text):
    with pytest.raises(BadCode) as caught:
        parse_region(text)
    assert caught.value.refusal.code == "code.region"
