"""A fictitious summary without a fault, from any figures; the tests put faults into it."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

TITLES = ("《清风》", "《警钟》", "《明镜》", "《底线》", "《初心》")
ITEMS = ("一是", "二是", "三是")
MONTHS = {"年度总结": range(1, 13), "半年汇报": range(1, 7)}


@dataclass(frozen=True)
class Figures:
    kind: str
    year: int
    committee: int
    members: int
    lectures: int
    party_days: int
    study: int
    films: int
    risks: int
    letters: int
    month: int
    day: int
    counts: tuple[int, int, int]
    amounts: tuple[Decimal, Decimal, Decimal]
    before: int


def money():
    return st.decimals(min_value="0.1", max_value="900", places=1)


@st.composite
def figures(draw):
    kind = draw(st.sampled_from(sorted(MONTHS)))
    number = st.integers(12, 99)
    return Figures(
        kind=kind,
        year=draw(st.integers(2019, 2025)),
        committee=draw(number),
        members=draw(number),
        lectures=draw(st.integers(1, 12)),
        party_days=draw(number),
        study=draw(number),
        films=draw(st.integers(2, len(TITLES))),
        risks=draw(number),
        letters=draw(number),
        month=draw(st.sampled_from(MONTHS[kind])),
        day=draw(st.integers(1, 28)),
        counts=tuple(draw(st.integers(2, 900)) for _ in range(3)),
        amounts=tuple(draw(money()) for _ in range(3)),
        before=draw(st.integers(2, 3000)),
    )


def growth(now, before):
    change = (Decimal(now - before) / before * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"同比{'增长' if change >= 0 else '下降'}{abs(change)}%"


def clean(figure):
    """The lines of the paper; a test changes one of them or adds one."""
    f = figure
    span = f"{f.year}年上半年" if f.kind == "半年汇报" else f"{f.year}年"
    name = "党建工作汇报" if f.kind == "半年汇报" else "党建工作总结"
    works, goods, land = f.counts
    money_of_works, money_of_goods, money_of_land = f.amounts
    quarter = "一二三四"[(f.month - 1) // 3]
    return [
        f"示例市公共资源交易中心党支部{span}{name}",
        f"{span}，示例市公共资源交易中心党支部围绕中心抓党建、抓好党建促发展，现将有关情况报告如下。",
        "一、主要工作",
        "（一）严格组织生活",
        (
            f"{span}，共召开支部委员会{f.committee}次、支部党员大会{f.members}次、党课{f.lectures}次。"
            f"开展主题党日活动{f.party_days}次，集中学习{f.study}次。各项工作作风扎实，民主主义教育深入人心。"
        ),
        f"{f.month}月{f.day}日，组织开展第{quarter}季度“政治生日”活动，党员踊跃参加，反响很好。",
        "（二）筑牢廉政防线",
        f"查找廉政风险点{f.risks}条，制定防控措施{f.risks}条。观看{''.join(TITLES[: f.films])}{f.films}部警示教育片。",
        f"签订《廉洁从业承诺书》{f.letters}份；全年廉政风险点数量为{f.risks}条，集中学习{f.study}次，均有记录。",
        "（三）服务中心工作",
        f"共完成进场交易{sum(f.counts)}个，上年同期{f.before}个，{growth(sum(f.counts), f.before)}。",
        (
            f"全部交易项目{sum(f.counts)}个，成交金额{sum(f.amounts)}亿元，其中工程建设{works}个，交易金额{money_of_works}亿元；"
            f"政府采购{goods}个，交易金额{money_of_goods}亿元；土地出让{land}个，交易金额{money_of_land}亿元。"
        ),
        "二、存在的问题",
        "一是研讨交流还不够深入。二是活动形式还可以更丰富。三是个别台账整理不够及时。",
        "三、下一步工作计划",
        f"一是{f.year + 1}年3月前完成党员轮训，全年集中学习不少于24次。二是继续抓好第三季度“政治生日”活动。",
    ]
