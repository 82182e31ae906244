"""Live tenders beside the archived one (在办项目): the same chapters, ended where the present is.

One takes bids, one is about to open, one is being evaluated, one is in publicity, one waits for its contract.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from yangguang.demo.cast import Cast
from yangguang.demo.people import publish_revocations
from yangguang.demo.story import CHAPTERS
from yangguang.demo.telling import Story
from yangguang.demo.timetable import (
    Timetable,
    bidding_now,
    contract_now,
    evaluating_now,
    opening_soon,
    publicity_now,
)
from yangguang.witness.log import sequence_log

OPENS_IN_MINUTES = 15
LEFT_OUT = {"结果异议"}

# The first moment of each chapter, so that the chapters of several tenders are played in the order of time.
BEGINS: Mapping[str, tuple[int, str]] = {
    "进场登记": (1, "09:00"),
    "公平竞争审查": (1, "15:00"),
    "招标公告": (2, "09:00"),
    "下载文件": (3, "10:00"),
    "异议与澄清": (9, "11:00"),
    "逾期异议": (22, "16:00"),
    "投标保证金": (24, "09:00"),
    "递交投标文件": (25, "10:00"),
    "替换与撤回": (27, "14:00"),
    "截止前保密": (28, "16:00"),
    "开标签到": (29, "08:00"),
    "投标截止": (29, "09:30:01"),
    "公布名单": (29, "09:31"),
    "抽取参数": (29, "09:32"),
    "解密": (29, "09:40"),
    "唱标": (29, "10:00"),
    "现场异议": (29, "10:02"),
    "抽取专家": (29, "14:00"),
    "组建委员会": (29, "15:00"),
    "评委签到": (30, "08:51"),
    "初步评审": (30, "09:11"),
    "书面澄清": (30, "10:00"),
    "否决投标": (30, "10:30"),
    "详细评审": (30, "11:00"),
    "评标汇总": (30, "11:41"),
    "评标报告": (30, "14:00"),
    "候选人公示": (31, "09:00"),
    "定标": (37, "10:00"),
    "中标通知": (38, "10:00"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A live tender: its name, what can be done there now, its last chapter, and its dates."""

    title: str
    what: str
    last: str
    timetable: Callable[[datetime], Timetable]


def _opens_soon(now: datetime) -> Timetable:
    return opening_soon(now, minutes=OPENS_IN_MINUTES)


LIVES = (
    Live(title="示例市人民公园改造工程施工", what="招标投标：还可以投标几天", last="投标保证金", timetable=bidding_now),
    Live(title="示例市第二医院门诊楼工程施工", what="即将开标", last="开标签到", timetable=_opens_soon),
    Live(title="示例市滨河路道路工程施工", what="评标：评委已签到", last="评委签到", timetable=evaluating_now),
    Live(title="示例市污水处理厂二期工程施工", what="中标候选人公示", last="候选人公示", timetable=publicity_now),
    Live(title="示例市青少年宫工程施工", what="中标通知书已发，待签合同", last="中标通知", timetable=contract_now),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A live tender as it stands."""

    live: Live
    story: Story


def play_live(cast: Cast, *, folder: Path, now: datetime, lives: tuple[Live, ...] = LIVES) -> list[Played]:
    """Play every live tender up to `now`, chapter by chapter in the order of time; the log is signed at the end."""
    played = [_begin(live, cast, folder=folder, now=now) for live in lives]
    steps = sorted(
        (one.story.moment(*BEGINS[title]), number, order, title, chapter)
        for number, one in enumerate(played)
        for order, (title, chapter) in enumerate(_chapters(one.live))
    )
    for authority in cast.registry.authorities.values():
        publish_revocations(authority, at=steps[0][0] - timedelta(days=1))
    for _, number, _, title, chapter in steps:
        played[number].story.play(title, chapter)
    sequence_log(at=now)
    return played


def _begin(live: Live, cast: Cast, *, folder: Path, now: datetime) -> Played:
    place = folder / live.title
    place.mkdir(parents=True, exist_ok=True)
    story = Story(
        cast=replace(cast, folder=place),
        start=now,
        title=live.title,
        timetable=live.timetable(now),
        with_drawings=False,
        sequenced_at=now,  # the log is signed once, when all have been played
    )
    return Played(live=live, story=story)


def _chapters(live: Live) -> list[tuple[str, Callable[[Story], str]]]:
    """The chapters of a live tender up to its last."""
    titles = [title for title, _ in CHAPTERS]
    wanted = CHAPTERS[: titles.index(live.last) + 1]
    return [(title, chapter) for title, chapter in wanted if title not in LEFT_OUT]
