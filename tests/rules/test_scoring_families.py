"""Every formula family, worked by hand, and re-executed by the independent oracle."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.scoring_oracle import differences
from yangguang.rules.scoring import Description, Result, evaluate
from yangguang.rules.scoring.families import build_family


def scored(family: str, parameters=None, **inputs) -> Result:
    description = build_family(name=family, parameters=parameters)
    return checked(description, inputs)


def checked(description: Description, inputs) -> Result:
    result = evaluate(description=description, inputs=inputs)
    assert differences(description.to_json(), inputs, result.to_json()) == []
    return result


def texts(result: Result, name: str) -> dict[str, str]:
    return next(entry["value"] for entry in result.trace if entry["name"] == name)


def order(result: Result) -> list[tuple[str, ...]]:
    return [place.bids for place in result.ranking]


def clues(result: Result) -> dict[str, tuple[str, ...]]:
    return {flag.name: flag.bids for flag in result.flags if flag.raised}


def prices(*numbers):
    return {bid: str(number) for bid, number in zip("甲乙丙丁戊己庚辛壬癸", numbers, strict=False)}


GUANGZHOU = {
    "price": prices(95, 100, 105, 90),
    "limit_price": "110",
    "warning_price": "95",
    "drawn_x": "40",
    "track_record": prices(5, 8, 8, 6),
    "credit": prices(80, 90, 100, 75),
    "last_year_amount": prices(1, 2, 3, 4),
}


def test_guangzhou_measures_from_between_the_lowest_and_the_median():
    result = scored("guangzhou_construction", **GUANGZHOU)
    # Ql = max(90, 95) = 95, Qh = (95 + 100) / 2 = 97.5, PC = 2.5 / 100 × 40 + 95 = 96.00
    assert texts(result, "base") == "96.00"
    # 甲 −1.04 % within [−5 %, 0]; 乙 4/96 = 4.1667 % × 1.5 = 6.25; 丙 9.375 % × 1.5 = 14.0625; 丁 −6.25 %: 1.25 × 1
    assert texts(result, "price_score") == {"甲": "100.00", "乙": "93.75", "丙": "85.94", "丁": "98.75"}
    # × 0.8 + record + credit × 0.12: 80 + 5 + 9.6; 75 + 8 + 10.8; 68.752 + 8 + 12; 79 + 6 + 9
    assert result.values["total"] == {
        "甲": Decimal("94.6"),
        "乙": Decimal("93.8"),
        "丙": Decimal("88.752"),
        "丁": Decimal(94),
    }
    assert order(result) == [("甲",), ("丁",), ("乙",), ("丙",)]
    assert clues(result) == {}


def test_guangzhou_settles_equal_totals_by_record_then_credit_then_amount():
    # record + 0.12 × credit: 5 + 9.6 = 6.2 + 8.4 = 14.6
    tied = {
        **GUANGZHOU,
        "price": prices(95, 95, 95, 95),
        "track_record": prices(5, "6.2", 5, 5),
        "credit": prices(80, 70, 80, 80),
        "last_year_amount": prices(2, 1, 2, 3),
    }
    result = scored("guangzhou_construction", **tied)
    assert order(result) == [("乙",), ("丁",), ("丙", "甲")]
    assert result.unresolved == (("丙", "甲"),)


def test_guangzhou_shows_when_every_price_is_near_the_limit():
    near = {**GUANGZHOU, "limit_price": "94"}
    # 94 × 95 % = 89.3 and the lowest price is 90
    result = scored("guangzhou_construction", {"failure_percent": "95"}, **near)
    assert clues(result) == {"all_near_limit": ()}


def test_lanzhou_takes_the_mean_of_three_and_rounds_the_deviation_to_four_places():
    result = scored("lanzhou_construction", price=prices(90, 100, 110), drawn_float="1")
    # base 100 × 0.99 = 99; −9/99 = −0.0909: 9.09 × 0.5 = 4.545; 1/99 = 0.0101: 1.01; 11/99 = 0.1111: 11.11
    assert result.values["base"] == Decimal(99)
    assert texts(result, "price_score") == {"甲": "95.46", "乙": "98.99", "丙": "88.89"}


def test_lanzhou_drops_the_highest_and_the_lowest_of_four():
    result = scored("lanzhou_construction", price=prices(90, 100, 110, 130), drawn_float="1.5")
    # (100 + 110) / 2 = 105; 105 × 0.985 = 103.425
    assert result.values["base"] == Decimal("103.425")


FIVE = prices(80, 95, 100, 105, 140)


def test_shanxi_building_drops_a_fifth_on_each_side():
    result = scored("shanxi_building", price=FIVE, drawn_lowering="5")
    # (95 + 100 + 105) / 3 = 100; × 0.95 = 95; 15/95 = 15.789 %, 5/95 = 5.263 %, 10/95 = 10.526 %, 45/95 = 47.368 %
    assert result.values["base"] == Decimal(95)
    assert texts(result, "price_score") == {"甲": "39.21", "乙": "55.00", "丙": "49.74", "丁": "44.47", "戊": "7.63"}


@pytest.mark.parametrize(("bids", "kept"), [(4, 4), (5, 3), (7, 5), (8, 4), (10, 6)])
def test_shanxi_building_rounds_the_fifth_half_up(bids, kept):
    # 20 % of 7 is 1.4: one each side; of 8 is 1.6: two each side
    result = scored("shanxi_building", price=prices(*range(100, 100 + bids)), drawn_lowering="3")
    assert len(texts(result, "kept")) == kept


def test_shanxi_municipal_works_may_draw_up_to_eight_percent():
    result = scored("shanxi_building", {"lower_maximum": "8"}, price=FIVE, drawn_lowering="8")
    assert result.values["base"] == Decimal(92)


def test_shanxi_building_with_limit_mixes_limit_and_mean():
    result = scored("shanxi_building_limit", price=FIVE, limit_price="120", drawn_weight="0.5", drawn_lowering="5")
    # (120 + 100) / 2 = 110; × 0.95 = 104.5; 9.5/104.5 = 9.0909 %; 0.5/104.5 = 0.4785 %
    assert result.values["base"] == Decimal("104.5")
    assert (texts(result, "price_score")["乙"], texts(result, "price_score")["丁"]) == ("45.91", "54.52")


TRANSPORT = {
    "price": prices(60, 85, 88, 90, 92, 94, "99.5"),
    "limit_price": "100",
    "drawn_limit_lowering": "1",
    "drawn_order": prices(1, 5, 2, 6, 3, 4, 7),
    "drawn_weight": "0.4",
    "drawn_factor": "0.98",
}


def test_shanxi_transport_draws_a_sample_of_the_bids_in_range():
    result = scored("shanxi_transport", **TRANSPORT)
    # mean 608.5/7 = 86.928…; cost = (50 + 43.464…) × 0.85 = 79.444…; final limit 99: 甲 too low, 庚 too high
    assert clues(result) == {"outside": ("庚", "甲")}
    assert texts(result, "eligible") == {"乙": "85", "丙": "88", "丁": "90", "戊": "92", "己": "94"}
    # 5 × 50 % = 2.5 → 3, at least 3; drawn numbers 2, 3, 4 are 丙, 戊, 己
    assert texts(result, "sample") == {"丙": "88", "戊": "92", "己": "94"}
    # mean 274/3; 100 × 0.4 + 274/3 × 0.6 = 94.8; × 0.98 = 92.904
    assert round(result.values["base"], 10) == Decimal("92.904")
    # 丁 −2.904/92.904 = −3.1258 % × 0.5 = 1.5629; 己 1.096/92.904 = 1.1797 % × 1
    assert (texts(result, "price_score")["丁"], texts(result, "price_score")["己"]) == ("98.44", "98.82")


@pytest.mark.parametrize(("bids", "size"), [(2, 2), (3, 3), (8, 4), (13, 6), (16, 6), (20, 8), (23, 9), (40, 12)])
def test_shanxi_transport_sizes_its_sample_by_share_and_minimum(bids, size):
    # up to 12: 50 %, at least 3; up to 22: 40 %, at least 6; then 30 %, at least 9
    names = [f"投标{number:02}" for number in range(bids)]
    inputs = {
        **TRANSPORT,
        "price": dict.fromkeys(names, "95"),
        "drawn_order": {name: str(number) for number, name in enumerate(names, start=1)},
    }
    assert len(texts(scored("shanxi_transport", **inputs), "sample")) == size


def test_water_works_cost_four_points_a_percent_beyond_eight():
    result = scored("water_works", price=prices(90, 95, 100, 105, 130))
    # base 100; 甲 −10 %: 8 × 1 + 2 × 4 = 16; 乙 −5 %: 5; 丁 +5 %: 10; 戊 +30 %: 60, not under 0
    assert texts(result, "price_score") == {"甲": "19.00", "乙": "30.00", "丙": "35.00", "丁": "25.00", "戊": "0.00"}


def test_sichuan_supervision_measures_from_the_mean():
    result = scored("sichuan_supervision", price=prices(91, 100, 112))
    # mean 101; −10/101 = 9.90 % × 0.5 = 4.9505; −1/101 × 0.5 = 0.49505; 11/101 = 10.8911 %
    assert texts(result, "price_score") == {"甲": "35.05", "乙": "39.50", "丙": "29.11"}


COMPOSITE = {
    "price": prices(92, 96, 98, 100, 110),
    "limit_price": "105",
    "drawn_lowering": "4",
    "drawn_weight": "0.5",
}


def test_the_composite_base_weighs_the_lowered_limit_and_the_trimmed_mean():
    result = scored("price_score_composite", **COMPOSITE)
    # A = 105 × 0.96 = 100.8, B = (96 + 98 + 100) / 3 = 98, base = 99.40
    assert texts(result, "base") == "99.40"
    # 甲 7.4/99.4 = 7.4447 % × 0.5 = 3.7223; 丙 1.4/99.4 = 1.4085 % × 0.5 = 0.7042; 戊 10.6/99.4 = 10.6640 %
    score = texts(result, "price_score")
    assert (score["甲"], score["丙"], score["戊"]) == ("96.28", "99.30", "89.34")


def test_the_trimmed_percentage_method_follows_its_formula():
    result = scored("trimmed_percentage", price=prices(90, 95, 100, 105, 130))
    # base 100; Y = 60 − 0.10 × 0.1 × 100 = 59; 60 − 0.30 × 0.2 × 100 = 54
    assert texts(result, "price_score") == {"甲": "59.00", "乙": "59.50", "丙": "60.00", "丁": "59.00", "戊": "54.00"}


def test_full_marks_hold_over_the_whole_range():
    result = scored("full_mark_range", price=prices(80, 95, 90, 100, 105, 145))
    # kept 90 … 105: mean 97.5; the range is 87.75 to 92.625
    # 甲 −17.9487 %: 7.9487 × 0.5 = 3.9744; 乙 −2.5641 %: 2.4359; 丙 within; 丁 +2.5641 %: 7.5641
    score = texts(result, "price_score")
    assert [score[bid] for bid in "甲乙丙丁"] == ["66.03", "67.56", "70.00", "62.44"]


def test_the_second_mean_leaves_out_what_is_far_from_the_first():
    result = scored("second_mean", price=prices(70, 100, 104, 106, 120), drawn_k="0.9")
    # A1 = 100, range 80 to 110: A2 = 310/3, base = 93; 7/93 = 7.5269 %; 23/93 = 24.7312 % × 0.5 = 12.3656
    assert texts(result, "kept") == {"乙": "100", "丙": "104", "丁": "106"}
    assert (texts(result, "price_score")["乙"], texts(result, "price_score")["甲"]) == ("92.47", "87.63")


def test_the_second_mean_includes_the_ends_of_its_range():
    result = scored("second_mean", price=prices(80, 110, 110), drawn_k="1")
    assert texts(result, "kept") == {"甲": "80", "乙": "110", "丙": "110"}


def test_the_second_mean_is_the_first_when_no_bid_is_near():
    result = scored("second_mean", price=prices(1, 199), drawn_k="1")
    assert texts(result, "kept") == {}
    assert result.values["base"] == Decimal(100)


def test_the_reference_price_is_half_of_the_composite_reference():
    result = scored("reference_composite", price=prices(90, 95, 100, 105, 130), reference_price="96")
    # (96 + 100) / 2 = 98; 3/98 = 3.0612 % × 0.5 = 1.5306; 7/98 = 7.1429 %
    assert result.values["base"] == Decimal(98)
    assert (texts(result, "price_score")["乙"], texts(result, "price_score")["丁"]) == ("98.47", "92.86")


def marks(full, *totals):
    """Marks of one bid whose member totals are `totals`, the items filled up in turn."""
    given = {}
    for number, total in enumerate(totals, start=1):
        rest, given[f"评委{number}"] = Decimal(total), {}
        for item, most in full.items():
            given[f"评委{number}"][item] = str(min(rest, Decimal(most)))
            rest -= min(rest, Decimal(most))
    return given


def test_a_whole_construction_tender_is_one_description():
    items = {"施工方案": "10", "质量保证": "8", "安全文明": "6", "进度计划": "6"}
    result = scored(
        "comprehensive_construction",
        price=prices(95, 100, 105),
        limit_price="110",
        drawn_lowering="4",
        drawn_weight="0.5",
        technical_scores={
            "甲": marks(items, 20, 22, 24, 26, 28),
            "乙": marks(items, 25, 25, 25, 25, 25),
            "丙": marks(items, 20, 20, 20, 20, 30),
        },
        business_scores=prices(5, 4, 6),
        credit_scores=prices(3, 4, 2),
    )
    # A = 105.6, B = 100, base 102.80; 7.8/102.8 × 0.5 = 3.7938 %; 2.8/102.8 × 0.5 = 1.3619 %; 2.2/102.8 = 2.1401 %
    assert texts(result, "price_score") == {"甲": "96.21", "乙": "98.64", "丙": "97.86"}
    # five members: the highest and the lowest total dropped
    assert texts(result, "technical_rounded") == {"甲": "24.00", "乙": "25.00", "丙": "20.00"}
    # 57.726 + 24 + 5 + 3; 59.184 + 25 + 4 + 4; 58.716 + 20 + 6 + 2
    assert texts(result, "total") == {"甲": "89.73", "乙": "92.18", "丙": "86.72"}
    assert order(result) == [("乙",), ("甲",), ("丙",)]


def test_a_small_enterprise_is_compared_by_its_deducted_price_and_ties_go_to_the_lower_price():
    result = scored(
        "procurement_price", price=prices(100, 80, 90), deduction_rate=prices("0.2", 0, 0), limit_price="150"
    )
    # evaluated 80, 80, 90: 80/80 × 30 = 30, the same, 80/90 × 30 = 26.67; 乙 asks less than 甲
    assert texts(result, "price_score") == {"甲": "30.00", "乙": "30.00", "丙": "26.67"}
    assert order(result) == [("乙",), ("甲",), ("丙",)]
    assert clues(result) == {}


def test_equal_scores_and_prices_are_parallel_in_procurement():
    result = scored("procurement_price", price=prices(80, 80), deduction_rate=prices(0, 0), limit_price="100")
    assert order(result) == [("乙", "甲")]
    assert result.unresolved == ()


@pytest.mark.parametrize(
    ("low", "limit", "raised"),
    [
        # mean (40 + 100 + 100) / 3 = 80: 40 is not under 40; next-lowest 100: 40 is under 50
        ("40", "80", {"low_by_next"}),
        # mean 79.9966…: 39.99 is under 39.998…
        ("39.99", "80", {"low_by_mean", "low_by_next"}),
        ("50", "110", set()),
        # 45 % of 112 is 50.4
        ("50", "112", {"low_by_limit"}),
        ("49.99", "90", {"low_by_next"}),
    ],
)
def test_an_abnormally_low_offer_is_a_clue_and_never_a_rejection(low, limit, raised):
    result = scored("procurement_price", price=prices(low, 100, 100), deduction_rate=prices(0, 0, 0), limit_price=limit)
    assert clues(result) == dict.fromkeys(raised, ("甲",))
    assert order(result)[0] == ("甲",)


def test_a_single_offer_has_no_next_lowest():
    result = scored("procurement_price", price=prices(80), deduction_rate=prices(0), limit_price="100")
    assert clues(result) == {}


def test_works_may_add_to_the_price_score_instead():
    result = scored(
        "procurement_price_addition", price=prices(80, 100), addition_rate=prices(0, "0.05"), limit_price="120"
    )
    # 30; 80/100 × 30 = 24, × 1.05 = 25.2
    assert texts(result, "price_score") == {"甲": "30.00", "乙": "25.20"}


def test_the_lowest_deducted_price_wins_by_lowest_price():
    result = scored(
        "procurement_lowest_price", price=prices(100, 92), deduction_rate=prices("0.1", 0), limit_price="120"
    )
    assert order(result) == [("甲",), ("乙",)]


def test_a_whole_procurement_counts_every_member():
    technical = {"技术参数": "30", "实施方案": "15", "售后服务": "10"}
    result = scored(
        "procurement_comprehensive",
        price=prices(100, 80),
        deduction_rate=prices(0, 0),
        limit_price="110",
        technical_scores={"甲": marks(technical, 50, 52, 54), "乙": marks(technical, 40, 41, 41)},
        business_scores={"甲": {"履约能力": "10", "类似业绩": "5"}, "乙": {"履约能力": "6", "类似业绩": "4"}},
    )
    # 24 + 52 + 15 = 91; 30 + 40.67 + 10 = 80.67
    assert texts(result, "total") == {"甲": "91.00", "乙": "80.67"}


def test_quantified_corrections_move_the_evaluated_price_only():
    result = scored(
        "lowest_evaluated_price",
        price=prices(100, 103),
        corrections={
            "甲": {"工期": "5", "付款条件": "-1", "漏项": "0"},
            "乙": {"工期": "0", "付款条件": "0", "漏项": "0"},
        },
    )
    assert texts(result, "evaluated_price") == {"甲": "104", "乙": "103"}
    assert order(result) == [("乙",), ("甲",)]


MONEY = st.decimals(min_value="0.01", max_value=10**9, places=2).map(lambda number: format(number, "f"))
BIDS = st.dictionaries(st.text("甲乙丙丁AB12", min_size=1, max_size=4), MONEY, min_size=1, max_size=12)


@given(BIDS)
def test_the_lowest_price_wins(bids):
    result = scored("lowest_price", price=bids)
    lowest = min(Decimal(price) for price in bids.values())
    assert order(result)[0] == tuple(sorted(bid for bid, price in bids.items() if Decimal(price) == lowest))


@given(BIDS)
def test_the_lowest_price_has_the_full_price_score(bids):
    result = scored("procurement_price", price=bids, deduction_rate=dict.fromkeys(bids, "0"), limit_price="1")
    score, lowest = result.values["price_score"], min(Decimal(price) for price in bids.values())
    assert {bid for bid in bids if Decimal(bids[bid]) == lowest} <= {bid for bid in bids if score[bid] == 30}
    assert all(0 <= score[bid] <= 30 for bid in bids)


@given(BIDS, st.sampled_from(["0.3", "0.5", "0.7"]), st.sampled_from(["3", "6"]))
def test_a_composite_score_stays_between_its_floor_and_full_marks(bids, weight, lowering):
    parameters = {"floor": "40", "full": "90"}
    result = scored(
        "price_score_composite",
        parameters,
        price=bids,
        limit_price="1000000",
        drawn_weight=weight,
        drawn_lowering=lowering,
    )
    assert all(40 <= score <= 90 for score in result.values["price_score"].values())
