"""What each act is called, what it does and what it rests on, as the person who does it reads it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """事项: title, one or two sentences, and the legal ground."""

    title: str
    what: str
    ground: str


WORDS: dict[str, Words] = {
    "record_fair_competition_review": Words(
        title="登记公平竞争审查",
        what="上传审查结论并签名。审查未通过的不能发布公告。",
        ground="公平竞争审查条例第十二条；招标投标领域公平竞争审查规则",
    ),
    "suspend": Words(
        title="暂停交易",
        what="根据监督部门的决定或者平台故障暂停，所有时钟停走；恢复后补足失去的时间。",
        ground="招标投标法实施条例第六十二条",
    ),
}
