"""Each family of checks on single sentences: what it finds, and what it leaves alone because it is right."""

import pytest

from yangguang.reports.proofreading import Family, Kind, Level, proofread, read_summary

YEAR = "示例中心2023年度工作总结\n"
HALF = "示例中心2023年上半年工作汇报\n"
LONG = "支部组织全体党员到社区开展环境卫生整治，帮助清理楼道杂物，整修破损的休息座椅，受到居民一致好评，"


def found(text, title=YEAR):
    return [(finding.family, finding.level) for finding in proofread(title + text)]


CONFLICTS = [
    ("召开支委会24次。\n我中心召开支部委员会会议22次。", Level.BLOCK),
    ("开展主题党日活动12次。\n1月至12月开展主题党日活动13次。", Level.BLOCK),
    ("召开了12次党员大会。\n支部党员大会14次。", Level.BLOCK),
    ("谈心谈话十余次。\n谈心谈话33次。", Level.BLOCK),
    ("截至目前，服务重点企业20家。\n截至目前，服务重点企业25家。", Level.ASK),
    ("签订《承诺书》48份。\n签订《承诺书》50份。", Level.ASK),
    ("召开支委会24次。\n3月召开支委会25次。", Level.ASK),
    ("3月召开支委会2次。\n3月召开支委会3次。", Level.ASK),
]
SUMS = [
    ("共有党员28名，其中男党员15名、女党员12名。", Level.ASK),
    ("接待来访60件，其中咨询40件、投诉30件。", Level.BLOCK),
    ("接待来访60件，其中咨询40件、投诉10件。", Level.WARN),
    ("接待来访60件，其中咨询70件。", Level.BLOCK),
    ("接待来访60件，其中咨询40件、投诉30件等。", Level.BLOCK),
    ("成交金额10亿元，其中工程6.5亿元、采购2.5亿元。", Level.WARN),
    ("三类项目共1499宗，工程、采购、土地分别为441、653、214宗。", Level.WARN),
    ("检查60件。其中合格40件（其中优秀30件、良好5件）、不合格20件。", Level.WARN),
]
YEARLY_PERIODS = [
    ("2022年11月召开党员大会5次。", Level.BLOCK),
    ("2024年1月召开支委会2次。", Level.BLOCK),
    ("2024年2月，大厅重新开放。", Level.WARN),
    ("2月30日开展活动。", Level.BLOCK),
    ("13月5日开展活动。", Level.BLOCK),
    ("8月9日组织第二季度“政治生日”。", Level.WARN),
]
HALF_YEAR_PERIODS = [
    ("1至8月收缴党费2000元。", Level.BLOCK),
    ("9月，组织参观学习。", Level.WARN),
    ("6月29日组织第三季度“政治生日”。", Level.WARN),
    ("第三季度开展培训2次。", Level.BLOCK),
    ("下半年开展培训2次。", Level.BLOCK),
    ("2022年12月开展培训2次。", Level.BLOCK),
]
HEADINGS = [
    ("一、工作\n二、问题\n二、计划", Level.WARN),
    ("二、工作", Level.WARN),
    ("一、工作\n（二）学习", Level.WARN),
    ("一、工作\n1.学习\n3.讨论", Level.WARN),
    ("一是学习。二是讨论。四是参观。", Level.WARN),
    ("一是加强学习，提高认识。", Level.WARN),
    ("一是加强学习。\n一是加强学习。二是讨论。", Level.WARN),
]
WORDING = [
    "在三个个方面努力。",
    "不断提高服务的的水平。",
    "坚持开展开展学习。",
    "形成合力。，继续努力。",
    "学习《准则，提高认识。",
    "学习“三会一课制度。",
    "开展活动(含参观。",
    '学习"三会一课制度。',
    "组织中心28党员到社区。",
    f"{LONG}大家纷纷点赞。\n今年，{LONG}效果良好。",
]
LISTS = [
    ("观看《甲》《乙》等5部。", Level.ASK),
    ("观看《甲》、《乙》等警示教育片3部。", Level.ASK),
    ("观看《甲》《乙》《丙》等2部警示教育片。", Level.BLOCK),
    ("学习《甲》、《乙》共三部法规。", Level.BLOCK),
]
MASKS = [
    ("走访企业XX家。", Level.BLOCK),
    ("讲党课X次。", Level.BLOCK),
    ("召开支委会【待补】次。", Level.BLOCK),
    ("202X年以来。", Level.BLOCK),
    ("×××同志带头。", Level.WARN),
    ("XX人民政府。", Level.WARN),
]
DOUBTFUL = [
    ("全年零差错。", Level.ASK),
    ("未发生违纪违法案件。", Level.ASK),
    ("投诉量为0。", Level.ASK),
    ("受理投诉0件。", Level.ASK),
    ("无违纪违法行为发生。", Level.ASK),
    ("交易总额512.6亿元，同比下降3.2个百分点。", Level.WARN),
    ("交易额10亿元。年均交易额增加20亿元。", Level.ASK),
    ("进场交易120个，去年同期100个，同比增长25%。", Level.WARN),
]
SHORTFALLS = [
    "召开支委会11次。",
    "召开党员大会3次。",
    "集中学习3次。",
    "1月至11月，召开支委会9次。",
    "专题研究意识形态工作1次。",
]


@pytest.mark.parametrize(("text", "level"), CONFLICTS)
def test_figures_that_conflict(text, level):
    assert found(text) == [(Family.CONFLICT, level)]


@pytest.mark.parametrize(("text", "level"), SUMS)
def test_parts_that_do_not_make_the_total(text, level):
    assert found(text) == [(Family.SUM, level)]


@pytest.mark.parametrize(("text", "level"), YEARLY_PERIODS)
def test_dates_out_of_the_year(text, level):
    assert found(text) == [(Family.PERIOD, level)]


@pytest.mark.parametrize(("text", "level"), HALF_YEAR_PERIODS)
def test_dates_out_of_the_half_year(text, level):
    assert found(text, HALF) == [(Family.PERIOD, level)]


@pytest.mark.parametrize(("text", "level"), HEADINGS)
def test_numbers_that_do_not_run_on(text, level):
    assert found(text) == [(Family.HEADING, level)]


@pytest.mark.parametrize("text", WORDING)
def test_slips_of_the_pen(text):
    assert found(text) == [(Family.WORDING, Level.WARN)]


@pytest.mark.parametrize(("text", "level"), LISTS)
def test_lists_of_another_count(text, level):
    assert found(text) == [(Family.LIST, level)]


@pytest.mark.parametrize(("text", "level"), MASKS)
def test_masks_and_open_places(text, level):
    assert found(text) == [(Family.MASK, level)]


@pytest.mark.parametrize(("text", "level"), DOUBTFUL)
def test_doubtful_statements(text, level):
    assert found(text) == [(Family.PLAUSIBILITY, level)]


@pytest.mark.parametrize("text", SHORTFALLS)
def test_counts_below_the_rule(text):
    assert found(text) == [(Family.RULE, Level.WARN)]


def test_an_advertisement_is_named_once_and_not_proofread():
    advertisement = "【示例素材库】会员群每日更新，，添加客服。"
    assert found(f"{advertisement}\n{advertisement}") == [(Family.FOREIGN, Level.WARN)]


RIGHT = [
    # the same figure again, other months, other branches, parts, rates, targets
    "召开支委会24次。\n全年共召开支部委员会24次。",
    "召开支委会24次。\n谈心谈话12次。",
    "上半年召开支委会12次，下半年召开支委会14次。",
    "召开支委会24次。去年同期召开支委会20次。",
    "3月召开支委会2次。\n5月召开支委会3次。",
    "3月底前召开支委会2次。",
    "共完成项目66个，成交金额10亿元。工程40个，交易金额6亿元。",
    "去年召开支委会20次，前年召开支委会18次。\n召开支委会12次。",
    "召开支委会12次。\n自2021年以来召开支委会40次。",
    "第一支部召开支委会12次。第二支部召开支委会13次。",
    "集中学习40次。结合主题教育，集中学习12次。",
    "集中学习40次。其中集中学习二十大精神12次。",
    "集中学习40次。每月集中学习4次。",
    "集中学习40次。计划集中学习50次。",
    "谈心谈话30余次。\n谈心谈话33次。",
    "6月发放资料200份。9月发放资料300份。",
    "召开节前会议5次，共谈话50余人次。开展专项谈话，共谈话20余人次。",
    "开标室由4间增加至8间。",
    # parts that make the total, or need not
    "接待来访60件，其中咨询40件、投诉20件。",
    "接待来访60件，其中咨询40件、投诉10件等。",
    "接待来访60件，其中咨询40件。",
    "共有党员28名，其中正式党员26名（其中男党员16名、女党员10名）、预备党员2名。",
    "共签订责任书18份，其中科室9份、个人9份。",
    "项目66个，成交金额10.02亿元，其中工程40个，交易金额6.51亿元，节约资金1亿元；采购26个，交易金额3.5亿元。",
    "三类项目共1308宗，工程、采购、土地分别为441、653、214宗。",
    "召开组织生活会6次，其中三个支部分别召开组织生活会2次。",
    # dates that belong here
    "2022年7月至2023年6月用餐86747次。",
    "自2021年以来，服务企业300家。",
    "根据《2022年5月工作通知》（2022年6月），开展检查2次。",
    "2022年同期召开党员大会5次。",
    "7月5日召开第二季度工作总结会。6月28日部署第三季度工作。",
    "2023年1-11月，召开支委会24次。",
    "大厅将于2024年3月前建成。",
    "2022年12月获得表彰1次。",
    # numbers that run on
    "一、工作\n（一）学习\n1.集中\n2.自学\n（二）活动\n3.参观\n二、计划",
    "一是学习。\n二是讨论。\n三是参观。",
    "统一是关键，唯一是它。",
    # words that only look doubled
    "工作作风好转，民主主义教育，基层层面，一件件实事，一个一个解决。",
    "党员干部个个争先，是是非非分得清，研究研究再定。",
    "1）学习；2）讨论。学习‘十五五’规划（含“三会一课”）……",
    "It’s fine.",
    # lists, masks, zeros, rates
    "观看《甲》《乙》2部。",
    "签订《甲》《乙》48份。",
    "《甲》《乙》各3份。",
    "面积3*4米。",
    "实现零距离服务，办事零跑动。",
    "受理投诉3件，投诉10件。无一例外，有无投诉都要登记。",
    "办结率98%，同比提高2个百分点。",
    "观看《甲》《乙》等警示教育片2部，撰写心得42篇。",
    "进场交易1499个，上年同期1228个，同比增长22.1%。",
    "成交金额373.8亿元，上年同期392.2亿元，同比下降4.7%。",
    "交易额30亿元。年均交易额增加20亿元。",
    # counts that suffice, or say nothing of the rule
    "召开支委会12次、党员大会4次，集中学习12次。",
    "1月至11月，召开支委会11次、党员大会3次。",
    "3月召开支委会1次。",
    "其中党员大会1次。",
    "讲党课1次。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_left_alone(text):
    assert found(text) == []


def test_a_plan_may_speak_of_the_time_ahead():
    assert found("一、工作\n有序开展。\n二、2024年计划\n2024年3月培训5次，2024年6月前培训6次。") == []


@pytest.mark.parametrize(
    ("title", "kind", "period"),
    [
        ("党支部关于2023年工作总结及2024年工作计划", Kind.YEAR, "2023年"),
        ("示例中心2023年度上半年党建工作开展情况汇报", Kind.HALF, "2023年1月至6月"),
        ("示例局二〇二四年下半年工作总结", Kind.HALF, "2024年7月至12月"),
        ("示例局2024年第三季度工作情况报告", Kind.QUARTER, "2024年7月至9月"),
        ("2022年度抓基层党建工作述职报告", Kind.DEBRIEFING, "2022年"),
        ("示例中心2023年1-11月工作情况", Kind.OTHER, "2023年1月至11月"),
        ("以创建促发展", Kind.OTHER, "None"),
        ("示例市示例区公共资源交易中心\n2023年度党支部工作总结", Kind.YEAR, "2023年"),
        ("按照要求，现将2023年上半年党建工作汇报如下。", Kind.HALF, "2023年1月至6月"),
        ("上半年工作总结\n2023年以来，支部有序开展工作。", Kind.HALF, "2023年1月至6月"),
    ],
)
def test_kind_and_period_are_recognised_from_the_first_lines(title, kind, period):
    summary = read_summary(text=title)
    assert (summary.kind, str(summary.period)) == (kind, period)


def test_a_kind_given_by_a_person_wins():
    assert read_summary(text="以创建促发展", kind=Kind.YEAR).kind is Kind.YEAR
