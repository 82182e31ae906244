"""Acceptance on the source documents, where they are at hand, and on papers of our own with the other ones' faults."""

from pathlib import Path

import pytest

from yangguang.reports.proofreading import Family, Kind, Level, proofread, read_summary

ABOVE = Path(__file__).resolve().parents
SOURCES = next((above / "shared/sources" for above in ABOVE if (above / "shared/sources").is_dir()), None)


def found(text):
    return [(finding.line, finding.family, finding.level) for finding in proofread(text)]


def source(name):
    if SOURCES is None:
        pytest.skip("the source documents are not here")
    return (SOURCES / f"{name}.txt").read_text(encoding="utf-8")


def test_the_half_year_report_has_its_faults_and_no_others():
    assert found(source("003")) == [
        (1, Family.MASK, Level.WARN),
        (6, Family.FOREIGN, Level.WARN),
        (21, Family.HEADING, Level.WARN),
        (21, Family.WORDING, Level.WARN),
        (27, Family.WORDING, Level.WARN),
        (33, Family.PERIOD, Level.BLOCK),
        (45, Family.CONFLICT, Level.BLOCK),
        (51, Family.HEADING, Level.WARN),
        (58, Family.FOREIGN, Level.WARN),
    ]


def test_the_yearly_summary_has_its_faults_and_no_others():
    assert found(source("000")) == [
        (9, Family.MASK, Level.WARN),
        (10, Family.PERIOD, Level.WARN),
        (11, Family.WORDING, Level.WARN),
        (12, Family.FOREIGN, Level.WARN),
        (15, Family.PLAUSIBILITY, Level.ASK),
        (18, Family.HEADING, Level.WARN),
        (21, Family.PLAUSIBILITY, Level.ASK),
    ]


HALF_YEAR = """示例区市政中心2023年上半年党建工作情况汇报
一、做了哪些事
上半年累计组织集中学习82次。班子先后82次带领大家学习。
全体党员1－8月的党费已经交清。
意识形态方面，集中学习67次。
四、不足之处
五、下一步打算
"""


def test_a_half_year_report_with_three_faults():
    assert found(HALF_YEAR) == [
        (4, Family.PERIOD, Level.BLOCK),
        (5, Family.CONFLICT, Level.BLOCK),
        (6, Family.HEADING, Level.WARN),
    ]
    conflict = next(one for one in proofread(HALF_YEAR) if one.family is Family.CONFLICT)
    assert (conflict.line, conflict.others, conflict.quote) == (5, (3,), "集中学习67次｜上半年累计组织集中学习82次")


def test_a_date_in_another_quarter():
    text = "示例中心2023年度工作总结\n6月29日，支部到村里举办第三季度“政治生日”，大家很受教育。"
    (finding,) = proofread(text)
    assert (finding.line, finding.quote) == (2, "6月29日……第三季度“政治生日”，大")
    assert finding.reason == "6月29日属于第二季度，文中称为第三季度。"


FEATURE = """示例市公共资源交易中心：以创建促发展
前11个月进场交易共1499个，同比增长22.1%，成交金额373.8亿元，同比下降4.7%。工程类441宗，交易金额124.8亿元；采购类653宗，交易金额67亿元；土地类214宗，交易金额155.8亿元。
中心把文明创建与业务工作放在一起谋划，先后整修了办事大厅，更换了全部标识标牌，群众办事更加便捷。
整合以来，与2015年相比，年均进场项目增加323个，年均交易额增加605.7亿元，年均服务费增加2159万元。
中心把文明创建与业务工作放在一起谋划，先后整修了办事大厅，更换了全部标识标牌，群众办事更加便捷。
"""


def test_a_feature_whose_parts_miss_the_total_with_a_repeated_paragraph_and_an_odd_average():
    assert found(FEATURE) == [
        (2, Family.SUM, Level.WARN),
        (2, Family.SUM, Level.WARN),
        (4, Family.PLAUSIBILITY, Level.ASK),
        (5, Family.WORDING, Level.WARN),
    ]
    counts, amounts = (one.reason for one in proofread(FEATURE)[:2])
    assert counts == "分项之和441宗+653宗+214宗=1308宗，与总数1499个相差191个。"
    assert amounts == "分项之和124.8亿元+67亿元+155.8亿元=347.6亿元，与总数373.8亿元相差26.2亿元。"


ORGAN = """示例局机关党支部2023年度工作总结
一、组织生活
坚持每月开展主题党日活动，全年集中理论学习3次。
主要从四个个方面抓落实，，成效初显。
"""


def test_three_study_sessions_in_a_year_of_monthly_party_days_with_slips():
    assert found(ORGAN) == [
        (3, Family.RULE, Level.WARN),
        (4, Family.WORDING, Level.WARN),
        (4, Family.WORDING, Level.WARN),
    ]
    assert proofread(ORGAN)[0].reason == (
        "12个月集中理论学习3次，按中国共产党支部工作条例（试行）第十六条应不少于12次"
        "（主题党日每月相对固定一天，当天组织党员集中学习）。"
    )


DEBRIEFING = """2022年度抓基层党建工作述职报告
今年以来，专题研讨*次，开出电子保函****笔，为企业减轻资金占用****亿元，到社区报到***名党员。
*县示例局党组认真履行主体责任。
"""


def test_masked_figures_of_a_debriefing_block_it():
    assert read_summary(text=DEBRIEFING).kind is Kind.DEBRIEFING
    assert found(DEBRIEFING) == [(2, Family.MASK, Level.BLOCK), (3, Family.MASK, Level.WARN)]
    figures = proofread(DEBRIEFING)[0]
    assert figures.quote == "*次、****笔、****亿元、***名"
    assert figures.remedy == "按记录填写实际数字；一时查不到的写【待补：指标名称】，不得估填。"
