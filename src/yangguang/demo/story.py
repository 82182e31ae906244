"""One open tender from registration to archive (公开招标全流程演示): forty days in seconds, the clock passed in.

Nine bidders take part: one withdraws and one is late, so seven bids stand at the deadline; one of these loses its key
and one is rejected, so five are scored. Every chapter is a function that reads like the law, and every refusal names
its article.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from yangguang.demo.cast import build_cast
from yangguang.demo.chapters import award, bidding, committee, documents, evaluation, opening
from yangguang.demo.telling import Happening, Story

START = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))

CHAPTERS: tuple[tuple[str, int, Callable[[Story], None]], ...] = (
    ("进场登记", 1, documents.register),
    ("公平竞争审查", 1, documents.review_fair_competition),
    ("招标公告", 2, documents.publish),
    ("下载文件", 3, documents.download),
    ("异议与澄清", 9, documents.object_and_clarify),
    ("逾期异议", 22, documents.object_too_late),
    ("投标保证金", 24, bidding.secure),
    ("递交投标文件", 25, bidding.submit),
    ("替换与撤回", 27, bidding.replace_and_withdraw),
    ("截止前保密", 28, bidding.peek_too_early),
    ("开标签到", 29, bidding.sign_in),
    ("投标截止", 29, bidding.close),
    ("公布名单", 29, opening.announce_names),
    ("抽取参数", 29, opening.draw_parameter),
    ("解密", 29, opening.decrypt),
    ("唱标", 29, opening.announce),
    ("现场异议", 29, opening.object_on_the_spot),
    ("抽取专家", 29, committee.draw_experts),
    ("组建委员会", 29, committee.form),
    ("评委签到", 30, committee.sit_down),
    ("初步评审", 30, evaluation.review),
    ("书面澄清", 30, evaluation.clarify),
    ("否决投标", 30, evaluation.reject),
    ("详细评审", 30, evaluation.score),
    ("评标汇总", 30, evaluation.compute),
    ("评标报告", 30, evaluation.sign),
    ("候选人公示", 31, award.publicise),
    ("结果异议", 32, award.object_and_answer),
    ("定标", 37, award.decide),
    ("中标通知", 38, award.notify),
    ("签订合同", 39, award.contract),
    ("退保证金", 40, award.refund_all),
    ("报告与归档", 40, award.report_and_archive),
)


def play_story(
    *,
    folder: Path,
    start: datetime = START,
    tell: Callable[[Happening], None] = lambda _: None,
    begin_chapter: Callable[[str, datetime], None] = lambda _title, _at: None,
) -> Story:
    """Play the whole tender into the database; `folder` is where the bidders keep their files and receipts.

    `start` is midnight of the first day, aware; `begin_chapter` and `tell` hear of each chapter and each happening.
    Raises `Refused` when something lawful was refused, `StoryError` when something unlawful was not.
    """
    cast = build_cast(start, folder=folder)
    story = Story(cast=cast, start=start, tell=tell)
    for title, day, chapter in CHAPTERS:
        story.chapter = title
        begin_chapter(title, story.moment(day, "00:00"))
        chapter(story)
    return story
