"""The counts a summary usually gives, by their names: whoever prints one of them twice means the same figure.

A vocabulary for reading other people's papers; what a figure of our own means is defined where it is computed.
"""

import re

from yangguang.reports.proofreading.scopes import LABEL

NAMES: dict[str, tuple[str, ...]] = {
    "支部委员会": ("支部委员会", "支委会", "支部委员会会议", "支委会会议", "党支部委员会", "党支部委员会会议"),
    "党员大会": ("党员大会", "支部党员大会", "党支部党员大会"),
    "党小组会": ("党小组会", "党小组会议"),
    "党课": ("党课",),
    "主题党日": ("主题党日", "主题党日活动"),
    "集中学习": ("集中学习", "集中学习活动"),
    "集中理论学习": ("集中理论学习", "理论集中学习"),
    "专题研讨": ("专题研讨", "专题学习研讨"),
    "组织生活会": ("组织生活会",),
    "民主生活会": ("民主生活会",),
    "谈心谈话": ("谈心谈话",),
    "党组会": ("党组会", "党组会议"),
    "中心组学习": ("中心组学习", "理论学习中心组学习", "党组理论学习中心组学习", "中心组集体学习"),
    "研究意识形态工作": ("研究部署意识形态工作", "专题研究意识形态工作", "研究意识形态工作"),
    "研究党建工作": ("专题研究党建工作", "研究党建工作", "研究部署党建工作"),
    "廉政风险点": ("廉政风险点", "查找廉政风险点", "排查廉政风险点"),
    "防控措施": ("防控措施", "制定防控措施", "廉政风险防控措施"),
    "入党积极分子": ("入党积极分子",),
    "发展党员": ("发展党员",),
    "预备党员": ("预备党员",),
    "进场交易项目": ("进场交易", "进场交易项目", "进场项目", "交易项目"),
    "督办回复": ("“710”督办回复", "督办回复", "“710”督办", "710督办"),
    "建议提案": ("建议提案", "人大政协建议提案", "建议和提案"),
    "民族团结创建活动": ("民族团结创建活动", "民族团结进步创建活动"),
    "紧急信息采集点": ("紧急信息采集点", "紧急信息采编点"),
}
METRICS = {name: metric for metric, names in NAMES.items() for name in names}
GENERIC = re.compile(
    r"本?(?:年度?|单位)|今年以?来?|各类|各项|各种|主要|相关|定期|按期|全体|我们?|我(?:分?中心|局|单位|支部|委)|区?[一-鿿]{0,2}中心"
    r"|(?:中心)?党?(?:支部|组|总支|委)|干部|职工|党员|领导|班子|成员|共|期间|\d{4}年度?|全年|上半年|下半年|积极|扎实|认真|严格|坚持|以来"
)


def metric_of(noun: str) -> str | None:
    """The metric a noun is a name of, generic words before it aside; None when it is none of ours."""
    if noun in METRICS:
        return METRICS[noun]
    fitting = [name for name in METRICS if noun.endswith(name) and is_generic(noun[: -len(name)])]
    return METRICS[max(fitting, key=len)] if fitting else None


def is_generic(words: str) -> bool:
    """Whether the words before a noun limit it in no way: 3月我中心 does not, 结合参观 does."""
    return not GENERIC.sub("", LABEL.sub("", words)).strip("“”的和及、")
