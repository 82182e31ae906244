"""The form ↔ the terms, for every family of the engine."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.stages import trade_at
from yangguang.rules.refusal import Refused
from yangguang.rules.scoring.families import family_names, load_family
from yangguang.trading.stages import Stage
from yangguang.web.authoring.authored import BEGINS, read, typed_from_terms
from yangguang.web.authoring.forms import DocumentForm, own_field, start_typed
from yangguang.web.authoring.recipes import Part, Recipe, build, drawn_of, takes_parts
from yangguang.web.authoring.values import read_as, typed_as

NUMBER = st.decimals("0.01", "0.99", places=2).map(str)
ITEMS = st.dictionaries(st.sampled_from(["甲项", "乙 项", "丙项"]), st.integers(1, 40).map(str), min_size=1)


def changed_like(value):
    """Other values of a parameter's own kind that every description takes."""
    if isinstance(value, dict):
        return ITEMS
    if isinstance(value, int):
        return st.integers(0, 4)
    return st.just(value)


def typed_for(family, drawn):
    base = {name: [value] for name, value in BEGINS.items()} | start_typed(family)
    base |= {
        "family": [family],
        "parts": ["price"],
        "sample_prices": ["9000000、9200000、9400000、9500000.50、9700000"],
    }
    for name in ("address", "contact", "place", "scope", "period", "requirements"):
        base[name] = ["内容"]
    base |= {"sale_until": ["2026-03-09"], "deadline": ["2026-03-24T09:30"], "scoring_title": ["示例办法"]}
    for name, one in load_family(family).parameters.items():
        base[own_field(family, name)] = [typed_as(drawn(changed_like(one.value)))]
    return base | {"price_weight": [drawn(NUMBER)], "credit_items": [typed_as({"信用": drawn(NUMBER)})]}


@pytest.fixture
def trade(db):
    return trade_at(Stage.REVIEWED)


@pytest.mark.parametrize("family", family_names())
@pytest.mark.django_db
def test_form_and_terms_go_round(trade, family):
    subject = trade.trade

    @settings(max_examples=4)
    @given(st.data())
    def round_trip(data):
        typed = typed_for(family, data.draw)
        reading = read(typed, subject, at=trade.at)
        assert reading.form.is_valid(), reading.form.errors
        assert reading.scoring is not None, reading.findings
        assert reading.tried is not None
        terms = reading.terms
        again = read(typed | typed_from_terms(terms), subject, at=trade.at)
        assert again.terms == terms
        assert again.tried == reading.tried
        assert again.scoring.title == "示例办法"

    round_trip()


@pytest.mark.parametrize("family", family_names())
def test_every_parameter_is_typed_and_read_back(family):
    for one in load_family(family).parameters.values():
        assert read_as(typed_as(one.value), one.value) == one.value


@pytest.mark.parametrize("family", family_names())
@pytest.mark.django_db
def test_the_form_says_what_the_recipe_says(trade, family):
    typed = {name: [value] for name, value in BEGINS.items()} | start_typed(family) | {"family": [family]}
    form = DocumentForm(typed, trade=trade.trade)
    form.is_valid()
    described = load_family(family).parameters
    parts = {"technical": Part(items={"施工组织设计": "15", "质量保证措施": "10", "安全文明施工": "10"})}
    parts |= {"business": Part(items={"企业业绩": "10", "项目经理": "5"})}
    expected = Recipe(
        family=family,
        parameters={name: one.value for name, one in described.items()},
        drawn={name: form.recipe().drawn[name] for name in drawn_of(family)},
        price_weight="0.5" if takes_parts(family) else "1",
        parts=parts if takes_parts(family) else {},
    )
    assert form.recipe() == expected
    assert form.scoring().to_json() == build(expected).to_json()


@pytest.mark.parametrize("option", ["2", "7", "0.5"])
def test_an_option_outside_of_the_familys_bounds_is_refused(option):
    with pytest.raises(Refused, match="不在 3 至 6 之间"):
        build(Recipe(family="shanxi_building", drawn={"drawn_lowering": ["4", option]}))


@pytest.mark.parametrize("text", ["甲", "甲 x", "甲 1\n甲 2", " 5", "甲 -1"])
def test_an_item_without_name_or_mark_is_refused(text):
    with pytest.raises(ValueError, match=r"第.行"):
        read_as(text, {"": ""})


def test_the_largest_decimal_is_no_sample(db):
    form = DocumentForm(
        {"sample_prices": ["1e999999"], "sample_percents": ["101"]}, trade=trade_at(Stage.REVIEWED).trade
    )
    assert {"sample_prices", "sample_percents"} <= set(form.errors)


def test_a_rescue_plan_is_read_by_its_own_reader_and_kept(trade):
    typed = {name: [value] for name, value in BEGINS.items()} | start_typed("lanzhou_construction")
    typed |= {name: ["内容"] for name in ("address", "contact", "place", "scope", "period", "requirements")}
    typed |= {
        "parts": ["price"],
        "sample_prices": ["95"],
        "sale_until": ["2026-03-09"],
        "deadline": ["2026-03-24T09:30"],
    }
    reading = read(typed | {"rescue": ['{"threshold": 2, "trustees": []}']}, trade.trade, at=trade.at)
    assert [one.field for one in reading.findings] == ["rescue"]
    assert typed_from_terms(reading.terms)["rescue"] == ['{\n "threshold": 2,\n "trustees": []\n}']
    assert "rescue" not in read(typed, trade.trade, at=trade.at).terms
