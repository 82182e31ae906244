"""A summary without a fault has no findings; one fault of any family makes exactly one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.clean_summary import clean, figures
from yangguang.reports.proofreading import Family, Level, proofread


def families(lines):
    return [finding.family for finding in proofread("\n".join(lines))]


def changed(lines, old, new):
    """The paper with `old` replaced once; it must be there."""
    text = "\n".join(lines)
    assert old in text
    return text.replace(old, new, 1).split("\n")


def added(lines, sentence, after="（三）服务中心工作"):
    place = lines.index(after)
    return [*lines[: place + 1], sentence, *lines[place + 1 :]]


def conflict(lines, f):
    return added(lines, f"截至目前，集中学习{f.study + 1}次。")


def wrong_sum(lines, f):
    return changed(lines, f"其中工程建设{f.counts[0]}个", f"其中工程建设{f.counts[0] + 1}个")


def wrong_money(lines, f):
    return changed(lines, f"土地出让{f.counts[2]}个，交易金额", f"土地出让{f.counts[2]}个，交易金额1")


def after_the_period(lines, f):
    first, year = (7, f.year) if f.kind == "半年汇报" else (1, f.year + 1)
    return added(lines, f"{year}年{first}月，走访企业15家。")


def wrong_quarter(lines, f):
    quarter = "一二三四"[(f.month - 1) // 3]
    other = "一二三四"[(f.month + 2) // 3 % 4]
    return changed(lines, f"开展第{quarter}季度", f"开展第{other}季度")


def skipped_heading(lines, f):
    return changed(lines, "（三）服务", "（四）服务")


def skipped_item(lines, f):
    return changed(lines, "二是活动形式", "活动形式")


def doubled_character(lines, f):
    return added(lines, "进一步提升服务的的质量。")


def doubled_mark(lines, f):
    return added(lines, "认真落实责任，，形成合力。")


def unpaired(lines, f):
    return changed(lines, "“政治生日”活动，党员", "政治生日”活动，党员")


def repeated(lines, f):
    return added(lines, lines[1])


def miscounted(lines, f):
    return changed(lines, f"{f.films}部警示", f"{f.films + 1}部警示")


def to_be_filled(lines, f):
    return added(lines, "开展志愿服务【待补：志愿服务次数】。")


def masked(lines, f):
    return added(lines, "走访企业**家。")


def zero(lines, f):
    return added(lines, "交易活动实现零投诉。")


def average(lines, f):
    return added(lines, f"年均交易额增加{sum(f.amounts) + 1}亿元。")


def wrong_growth(lines, f):
    return changed(lines, f"上年同期{f.before}个", f"上年同期{f.before * 3}个")


def too_few(lines, f):
    return changed(lines, f"共召开支部委员会{f.committee}次", "共召开支部委员会5次")


def foreign(lines, f):
    return changed(lines, "一、主要工作", "一、主要工作##paidbegin##")


FAULTS = {
    conflict: Family.CONFLICT,
    wrong_sum: Family.SUM,
    wrong_money: Family.SUM,
    after_the_period: Family.PERIOD,
    wrong_quarter: Family.PERIOD,
    skipped_heading: Family.HEADING,
    skipped_item: Family.HEADING,
    doubled_character: Family.WORDING,
    doubled_mark: Family.WORDING,
    unpaired: Family.WORDING,
    repeated: Family.WORDING,
    miscounted: Family.LIST,
    to_be_filled: Family.MASK,
    masked: Family.MASK,
    zero: Family.PLAUSIBILITY,
    average: Family.PLAUSIBILITY,
    wrong_growth: Family.PLAUSIBILITY,
    too_few: Family.RULE,
    foreign: Family.FOREIGN,
}


@given(figures())
def test_a_summary_without_a_fault_has_no_findings(figure):
    assert proofread("\n".join(clean(figure))) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
@given(figure=figures())
def test_one_fault_makes_one_finding_of_its_family(fault, figure):
    assert families(fault(clean(figure), figure)) == [FAULTS[fault]]


def test_every_family_has_a_fault():
    assert set(FAULTS.values()) == set(Family)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_any_text_can_be_read(text):
    for finding in proofread(text):
        assert 1 <= finding.line <= text.count("\n") + text.count("\r") + 1
        assert finding.level in Level


@given(
    st.text(
        alphabet="一二三十两百0123456789.,，。；：、个次宗元万亿%年月日第半季度其中分别共等《》“”（）()*X-－是年均同比增长",
        max_size=120,
    )
)
def test_any_mixture_of_numbers_and_marks_can_be_read(text):
    assert all(finding.reason and finding.remedy and finding.quote for finding in proofread(text))
