import csv
import io
import json
import pickle
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yangguang.rules.law import BadRuleRow, DayType, Law, Line, Mark, Rank, UnknownRule, law_on, regions_upwards, table
from yangguang.rules.rule_rows import COLUMNS, refuse_overlaps, rules_from_csv, rules_from_rows

TODAY = date(2026, 3, 2)
ROW = {
    "id": "works.tender.document_to_deadline",
    "line": "works",
    "bound": "at_least",
    "value": "25",
    "unit": "days",
    "day_type": "calendar",
    "rolls": "no",
    "source": "示例市公共资源交易办法",
    "article": "第一条",
    "level": "local",
    "region": "990100",
    "effective_from": "2025-01-01",
    "effective_to": "2025-12-31",
    "mark": "V",
    "note": "示例市的等标期",
}


def row(**changes: str) -> dict[str, str]:
    return ROW | changes


def as_csv(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(
    ("rule_id", "value", "day_type"),
    [
        ("works.tender.document_sale", 5, DayType.CALENDAR),
        ("works.tender.document_to_deadline", 20, DayType.CALENDAR),
        ("works.tender.clarification", 15, DayType.CALENDAR),
        ("works.prequalification.clarification", 3, DayType.CALENDAR),
        ("works.tender.objection", 10, DayType.CALENDAR),
        ("works.publicity.duration", 3, DayType.CALENDAR),
        ("works.contract.signing", 30, DayType.CALENDAR),
        ("works.report.written", 15, DayType.CALENDAR),
        ("works.refund.contract_signed", 5, DayType.CALENDAR),
        ("works.complaint.decision", 30, DayType.WORKING),
        ("works.bond.rate", 2, DayType.NONE),
        ("works.committee.size", 5, DayType.NONE),
        ("procurement.tender.document_sale", 5, DayType.WORKING),
        ("procurement.challenge.filing", 7, DayType.WORKING),
        ("procurement.complaint.filing", 15, DayType.WORKING),
        ("procurement.consultation.document_to_deadline", 10, DayType.CALENDAR),
        ("procurement.abnormal_low.limit", 45, DayType.NONE),
        ("platform.opening.decryption_window", 30, DayType.NONE),
        ("platform.opening.sign_in_opens", 60, DayType.NONE),
    ],
)
def test_the_law_of_today_has_each_number_with_its_day_type(rule_id, value, day_type):
    rule = law_on(date=TODAY).rule(rule_id)
    assert (rule.value, rule.count, rule.day_type) == (Decimal(value), value, day_type)


def test_every_shipped_row_is_used_by_the_law_of_some_day():
    for rule in table():
        assert law_on(date=rule.effective_from, region=rule.region).rule(rule.id) == rule


def test_a_rule_cites_its_article_and_a_default_says_so():
    law = law_on(date=TODAY)
    verified = law.rule("works.tender.document_to_deadline")
    default = law.rule("works.bond.cap_construction")
    assert (verified.is_default, verified.citation) == (False, "招标投标法第二十四条")
    assert (default.is_default, default.citation) == (
        True,
        "工程建设项目施工招标投标办法（七部委令第30号）第三十七条（默认值，可更正）",
    )


def test_amounts_read_like_the_law_and_a_percentage_is_a_share():
    law = law_on(date=TODAY)
    texts = {
        "works.tender.document_sale": "5日",
        "procurement.tender.document_sale": "5个工作日",
        "works.bond.rate": "2%",
        "works.committee.experts": "2/3",
        "works.bond.cap_construction": "800000元",
    }
    assert {rule_id: law.rule(rule_id).amount_text for rule_id in texts} == texts
    assert law.rule("works.bond.rate").share == Decimal("0.02")


def test_what_counts_times_and_months_reads_like_the_law():
    law = law_on(date=TODAY)
    texts = {
        "party.cadence.member_meeting": "每季度1次",
        "party.cadence.ideology_study": "每年2次",
        "party.dues.arrears": "6个月",
        "party.hours.member": "32学时",
        "party.page.top": "37毫米",
    }
    assert {rule_id: law.rule(rule_id).amount_text for rule_id in texts} == texts


@pytest.mark.parametrize(
    ("rule_id", "region", "rank", "lead"),
    [
        ("party.cadence.member_meeting", "000000", Rank.PROVISION, "按规定"),
        ("works.contract.signing", "000000", Rank.PROVISION, "按规定"),
        ("party.matter.ordinary", "630100", Rank.LOCAL, "按地方要求"),
        ("party.matter.ordinary", "000000", Rank.CUSTOM, "按惯例"),
        ("party.hours.half_day", "000000", Rank.UNIT, "按本单位制度"),
        ("platform.opening.sign_in_opens", "000000", Rank.UNIT, "按本单位制度"),
    ],
)
def test_only_what_has_the_rank_of_a_provision_leads_with_the_word(rule_id, region, rank, lead):
    rule = law_on(date=TODAY, region=region).rule(rule_id)
    assert (rule.rank, rule.rank.lead) == (rank, lead)


def test_a_trade_keeps_its_law_without_party_work():
    law = law_on(date=TODAY)
    kept = law.without(Line.PARTY)
    assert {rule.line for rule in law.rules} - {rule.line for rule in kept.rules} == {Line.PARTY}
    assert (kept.date, kept.region, kept.find("party.dues.arrears")) == (law.date, law.region, None)


def test_an_unknown_rule_names_id_date_and_region():
    with pytest.raises(UnknownRule, match=r"works\.no_such.*2026-03-02.*990100"):
        law_on(date=TODAY, region="990100").value("works.no_such")
    assert law_on(date=TODAY).find("zzz.last") is None


def test_an_unknown_rule_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(UnknownRule("works.no_such", TODAY, "990100")))  # noqa: S301 - our own bytes
    assert (error.rule_id, error.date, error.region) == ("works.no_such", TODAY, "990100")


def test_a_rule_does_not_answer_before_it_is_in_force():
    assert law_on(date=date(2012, 2, 1)).value("works.publicity.duration") == 3
    with pytest.raises(UnknownRule):
        law_on(date=date(2012, 1, 31)).value("works.publicity.duration")


def test_the_threshold_changes_on_the_day_of_the_new_decree():
    assert law_on(date=date(2018, 5, 31)).value("works.threshold.construction") == 2_000_000
    assert law_on(date=date(2018, 6, 1)).value("works.threshold.construction") == 4_000_000


@given(st.integers(-400, 800))
def test_a_correction_answers_on_exactly_its_own_days(offset):
    day = date(2025, 1, 1) + timedelta(days=offset)
    law = law_on(date=day, region="990100", corrections=[ROW])
    assert law.value(ROW["id"]) == (25 if day.year == 2025 else 20)


@pytest.mark.parametrize(
    ("region", "value"),
    [("990103", 29), ("990104", 25), ("990100", 25), ("990200", 22), ("990000", 22), ("980000", 20), ("000000", 20)],
)
def test_the_more_specific_region_wins(region, value):
    corrections = [row(region="990103", value="29"), row(), row(region="990000", value="22")]
    assert law_on(date=date(2025, 6, 1), region=region, corrections=corrections).value(ROW["id"]) == value


def test_of_corrections_for_the_same_region_the_later_wins_and_wins_over_the_table():
    corrections = [row(region="000000", value="30"), row(region="000000", value="28")]
    assert law_on(date=date(2025, 6, 1), corrections=corrections).value(ROW["id"]) == 28


def test_a_rule_may_be_in_force_on_a_single_day():
    single = row(effective_from="2025-06-01", effective_to="2025-06-01")
    days = [date(2025, 5, 31), date(2025, 6, 1), date(2025, 6, 2)]
    laws = [law_on(date=day, region="990100", corrections=[single]) for day in days]
    assert [law.value(ROW["id"]) for law in laws] == [20, 25, 20]


def test_a_correction_may_add_a_rule_of_its_own():
    added = row(id="works.local.step", unit="percent", day_type="none", value="1.5", effective_to="")
    law = law_on(date=TODAY, region="990100", corrections=[added])
    assert law.rule("works.local.step").to_row() == added


def test_regions_go_up_to_the_whole_country():
    assert regions_upwards("990103") == ("990103", "990100", "990000", "000000")
    assert regions_upwards("000000") == ("000000",)


@pytest.mark.parametrize("region", ["", "99010", "9901000", "九九零一零零", "99010a"])
def test_a_bad_region_is_refused(region):
    with pytest.raises(BadRuleRow, match="六位行政区划代码"):
        law_on(date=TODAY, region=region)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "Works"),
        ("id", "works"),
        ("line", "land"),
        ("line", "procurement"),
        ("bound", "about"),
        ("value", "二十"),
        ("value", "-1"),
        ("value", "NaN"),
        ("value", "2.5"),
        ("unit", "weeks"),
        ("day_type", "none"),
        ("rolls", "maybe"),
        ("source", " "),
        ("article", ""),
        ("level", "decree"),
        ("region", "9901"),
        ("effective_from", "2025-02-30"),
        ("effective_to", "2024-12-31"),
        ("effective_to", "later"),
        ("mark", "X"),
        ("note", ""),
    ],
)
def test_a_bad_field_is_refused_naming_file_row_and_field(field, value):
    with pytest.raises(BadRuleRow, match=f"示例.csv 第3行 字段 {field}："):
        rules_from_csv(text=as_csv(ROW, row(**{field: value})), name="示例.csv")


def test_days_without_a_day_type_and_hours_that_roll_are_refused():
    with pytest.raises(BadRuleRow, match="字段 day_type"):
        rules_from_rows(rows=[row(unit="hours")], name="更正")
    with pytest.raises(BadRuleRow, match="字段 rolls"):
        rules_from_rows(rows=[row(unit="hours", day_type="none", rolls="yes")], name="更正")


def test_a_flag_is_one_or_zero():
    with pytest.raises(BadRuleRow, match="字段 value：应为0或1"):
        rules_from_rows(rows=[row(unit="flag", day_type="none", value="2")], name="更正")


def test_a_wrong_heading_a_missing_cell_and_an_extra_cell_are_refused():
    with pytest.raises(BadRuleRow, match=r"示例\.csv 第1行：表头"):
        rules_from_csv(text="id,line\n", name="示例.csv")
    with pytest.raises(BadRuleRow, match=r"示例\.csv 第1行：表头"):
        rules_from_csv(text="", name="示例.csv")
    with pytest.raises(BadRuleRow, match="第2行 字段 line：缺少"):
        rules_from_csv(text=",".join(COLUMNS) + "\nworks.a\n", name="示例.csv")
    with pytest.raises(BadRuleRow, match="没有这一列"):
        rules_from_csv(text=as_csv(ROW).strip() + ",多余\n", name="示例.csv")


def test_a_bad_correction_is_refused_with_its_row():
    with pytest.raises(BadRuleRow, match="更正 第2行 字段 mark"):
        law_on(date=TODAY, corrections=[ROW, row(mark="?")])


def test_overlapping_rows_of_one_id_and_region_are_refused():
    overlapping = rules_from_rows(rows=[row(), row(effective_from="2025-12-31", effective_to="")], name="示例.csv")
    with pytest.raises(BadRuleRow, match=r"示例.csv.*works\.tender\.document_to_deadline.*990100.*重叠"):
        refuse_overlaps(overlapping, name="示例.csv")


def test_rows_that_follow_each_other_or_differ_in_region_do_not_overlap():
    rows = [row(effective_from="2026-01-01", effective_to=""), row(), row(region="990200")]
    refuse_overlaps(rules_from_rows(rows=rows, name="示例.csv"), name="示例.csv")


def test_a_kept_law_comes_back_the_same():
    law = law_on(date=date(2025, 6, 1), region="990100", corrections=[ROW])
    kept = json.dumps(law.to_json(), ensure_ascii=False)
    back = Law.from_json(json.loads(kept))
    assert back == law
    assert back.rule(ROW["id"]).mark is Mark.VERIFIED


def test_a_kept_law_in_another_order_is_the_same_law():
    kept = law_on(date=TODAY).to_json()
    kept["rules"].reverse()
    assert Law.from_json(kept) == law_on(date=TODAY)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": "someday"}, "应有 date"),
        ({"date": None}, "应有 date"),
        ({"region": 990100}, "六位行政区划代码"),
        ({"rules": None}, "应有 date"),
        ({"rules": ["works"]}, "存档规则 第1行：应为各列"),
        ({"rules": [{}]}, "存档规则 第1行 字段 id"),
        ({"rules": [ROW, ROW]}, "存档规则 第2行 字段 id.*重复"),
        ({"rules": [row(region="980000")]}, "不生效"),
        ({"date": "2026-01-01"}, "不生效"),
    ],
)
def test_a_damaged_kept_law_is_refused(changes, message):
    kept = {"date": "2025-06-01", "region": "990100", "rules": [ROW]} | changes
    with pytest.raises(BadRuleRow, match=message):
        Law.from_json(kept)


def test_a_kept_law_without_its_date_is_refused():
    with pytest.raises(BadRuleRow, match="应有 date"):
        Law.from_json({"region": "990100", "rules": []})
