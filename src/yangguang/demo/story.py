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
from yangguang.demo.telling import Story, Told

START = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Shanghai"))

CHAPTERS: tuple[tuple[str, Callable[[Story], str]], ...] = (
    ("进场登记", documents.register),
    ("公平竞争审查", documents.review_fair_competition),
    ("招标公告", documents.publish),
    ("下载文件", documents.download),
    ("异议与澄清", documents.object_and_clarify),
    ("逾期异议", documents.object_too_late),
    ("投标保证金", bidding.secure),
    ("递交投标文件", bidding.submit),
    ("替换与撤回", bidding.replace_and_withdraw),
    ("截止前保密", bidding.peek_too_early),
    ("开标签到", bidding.sign_in),
    ("投标截止", bidding.close),
    ("公布名单", opening.announce_names),
    ("抽取参数", opening.draw_parameter),
    ("解密", opening.decrypt),
    ("唱标", opening.announce),
    ("现场异议", opening.object_on_the_spot),
    ("抽取专家", committee.draw_experts),
    ("组建委员会", committee.form),
    ("评委签到", committee.sit_down),
    ("初步评审", evaluation.review),
    ("书面澄清", evaluation.clarify),
    ("否决投标", evaluation.reject),
    ("详细评审", evaluation.score),
    ("评标汇总", evaluation.compute),
    ("评标报告", evaluation.sign),
    ("候选人公示", award.publicise),
    ("结果异议", award.object_and_answer),
    ("定标", award.decide),
    ("中标通知", award.notify),
    ("签订合同", award.contract),
    ("退保证金", award.refund_all),
    ("报告与归档", award.report_and_archive),
)


def play_story(*, folder: Path, start: datetime = START, tell: Callable[[Told], None] = lambda _: None) -> Story:
    """Play the whole tender into the database; `folder` is where the bidders keep their files and receipts.

    `start` is midnight of the first day, aware; `tell` hears of each chapter when it is over. Raises `Refused` when
    something lawful was refused, `StoryError` when something unlawful was not.
    """
    story = Story(cast=build_cast(start, folder=folder), start=start)
    for title, chapter in CHAPTERS:
        tell(story.play(title, chapter))
    return story
