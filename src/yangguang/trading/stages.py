"""The stage table of an open tender for works (公开招标): (stage, act) → the stages it may lead to.

The order of the table is the order of the law. `docs/stages.md` draws it and a test compares the two.
"""

from django.db.models import TextChoices

from yangguang.witness.models import Stages


class Stage(TextChoices):
    """Where a trade stands."""

    REGISTERED = "registered", "进场登记"
    REVIEWED = "reviewed", "公平竞争审查完成"
    BIDDING = "bidding", "招标投标"
    CLOSED = "closed", "投标截止"
    LISTED = "listed", "投标人名单已公布"
    DECRYPTING = "decrypting", "解密"
    DECRYPTED = "decrypted", "解密结束"
    ANNOUNCED = "announced", "已唱标"
    OPENED = "opened", "开标结束"
    DRAWN = "drawn", "评标专家已抽取"
    SEATED = "seated", "评标委员会签到"
    REVIEWING = "reviewing", "初步评审"
    SCORING = "scoring", "详细评审"
    PRICING = "pricing", "价格评审"
    RANKED = "ranked", "评标汇总"
    REPORTING = "reporting", "评标报告签署"
    EVALUATED = "evaluated", "评标结束"
    PUBLICITY = "publicity", "中标候选人公示"
    AWARDED = "awarded", "已定标"
    NOTIFIED = "notified", "中标通知书已发出"
    CONTRACTED = "contracted", "合同已签订"
    ARCHIVED = "archived", "已归档"
    SUSPENDED = "suspended", "暂停"
    TOO_FEW = "too_few", "投标人不足三个，未开标"
    ALL_REJECTED = "all_rejected", "否决全部投标"
    NO_AWARD = "no_award", "无中标候选人可定，重新招标"
    TERMINATED = "terminated", "终止招标"


FAILED = (Stage.TOO_FEW, Stage.ALL_REJECTED, Stage.NO_AWARD, Stage.TERMINATED)
ENDED = (*FAILED, Stage.ARCHIVED)
RUNNING = tuple(stage for stage in Stage if stage not in (*ENDED, Stage.SUSPENDED))

# 开标, from the end of bidding until the record is signed; 评标, from the committee on until its report is settled.
OPENING = (Stage.CLOSED, Stage.LISTED, Stage.DECRYPTING, Stage.DECRYPTED, Stage.ANNOUNCED)
EVALUATING = (
    Stage.DRAWN, Stage.SEATED, Stage.REVIEWING, Stage.SCORING, Stage.PRICING, Stage.RANKED, Stage.REPORTING,
)  # fmt: skip

# From the award notice on the tenderer is bound (招标投标法第四十五条) and cannot terminate any more.
BOUND = (Stage.NOTIFIED, Stage.CONTRACTED)

_S = Stage

# Draws (评标专家、下浮系数) pass through the same four acts at whatever stage they are held.
_DRAW = ("open_draw", "commit_to_draw", "reveal_for_draw", "complete_draw")

# What the centre's witnesses record beside a trade, and the letters that follow: at every stage, moving nothing.
WITNESSING = (
    "register_check",
    "register_note",
    "register_recording",
    "register_anomaly",
    "issue_letter",
    "reply_to_letter",
    "close_anomaly",
)

_TABLE: tuple[tuple[Stage, str, tuple[Stage, ...]], ...] = (
    (_S.REGISTERED, "record_fair_competition_review", (_S.REVIEWED,)),
    (_S.REVIEWED, "publish_notice", (_S.BIDDING,)),
    (_S.BIDDING, "download_document", (_S.BIDDING,)),
    (_S.BIDDING, "change_document", (_S.BIDDING,)),
    (_S.BIDDING, "object_to_document", (_S.BIDDING,)),
    (_S.BIDDING, "answer_document_objection", (_S.BIDDING,)),
    (_S.BIDDING, "record_guarantee", (_S.BIDDING,)),
    (_S.BIDDING, "submit_bid", (_S.BIDDING,)),
    (_S.BIDDING, "replace_bid", (_S.BIDDING,)),
    (_S.BIDDING, "withdraw_bid", (_S.BIDDING,)),
    (_S.BIDDING, "sign_in_to_opening", (_S.BIDDING,)),
    (_S.BIDDING, "close_bidding", (_S.CLOSED,)),
    (_S.CLOSED, "announce_bidders", (_S.LISTED, _S.TOO_FEW)),
    *((_S.LISTED, act, (_S.LISTED,)) for act in _DRAW),
    (_S.LISTED, "start_decryption", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "open_bid", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "request_rescue", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "release_rescue_share", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "record_decryption_failure", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "extend_decryption", (_S.DECRYPTING,)),
    (_S.DECRYPTING, "end_decryption", (_S.DECRYPTED,)),
    (_S.DECRYPTED, "announce_bids", (_S.ANNOUNCED,)),
    (_S.ANNOUNCED, "object_at_opening", (_S.ANNOUNCED,)),
    (_S.ANNOUNCED, "answer_opening_objection", (_S.ANNOUNCED,)),
    (_S.ANNOUNCED, "sign_opening_record", (_S.OPENED,)),
    *((_S.OPENED, act, (_S.OPENED,)) for act in _DRAW),
    (_S.OPENED, "record_expert_reply", (_S.OPENED,)),
    (_S.OPENED, "form_committee", (_S.DRAWN,)),
    (_S.DRAWN, "sign_in_member", (_S.DRAWN, _S.SEATED, _S.REVIEWING)),
    (_S.DRAWN, "replace_member", (_S.OPENED,)),
    # A member who must leave is replaced before the report is signed; then the evaluation waits for who follows.
    *((stage, "replace_committee_member", (_S.DRAWN,)) for stage in EVALUATING),
    *((_S.DRAWN, act, (_S.DRAWN,)) for act in (*_DRAW, "record_expert_reply")),
    (_S.SEATED, "vote_for_chair", (_S.SEATED, _S.REVIEWING)),
    (_S.REVIEWING, "give_opinion", (_S.REVIEWING,)),
    (_S.REVIEWING, "reject_bid", (_S.REVIEWING,)),
    (_S.REVIEWING, "ask_clarification", (_S.REVIEWING,)),
    (_S.REVIEWING, "answer_clarification", (_S.REVIEWING,)),
    (_S.REVIEWING, "close_review", (_S.SCORING, _S.ALL_REJECTED)),
    (_S.SCORING, "score_technical", (_S.SCORING,)),
    (_S.SCORING, "score_business", (_S.SCORING,)),
    (_S.SCORING, "close_scoring", (_S.PRICING,)),
    (_S.PRICING, "compute_results", (_S.RANKED,)),
    (_S.RANKED, "issue_report", (_S.REPORTING,)),
    (_S.REPORTING, "sign_report", (_S.REPORTING,)),
    (_S.REPORTING, "dissent_from_report", (_S.REPORTING,)),
    (_S.REPORTING, "refuse_to_sign_report", (_S.REPORTING,)),
    (_S.REPORTING, "close_report", (_S.EVALUATED,)),
    (_S.EVALUATED, "publish_candidates", (_S.PUBLICITY,)),
    (_S.PUBLICITY, "object_to_result", (_S.PUBLICITY,)),
    (_S.PUBLICITY, "answer_result_objection", (_S.PUBLICITY,)),
    (_S.PUBLICITY, "record_drop_out", (_S.PUBLICITY, _S.NO_AWARD)),
    (_S.PUBLICITY, "award", (_S.AWARDED,)),
    (_S.AWARDED, "record_drop_out", (_S.PUBLICITY, _S.NO_AWARD)),
    (_S.AWARDED, "issue_award_notice", (_S.NOTIFIED,)),
    (_S.NOTIFIED, "record_drop_out", (_S.PUBLICITY, _S.NO_AWARD)),
    (_S.NOTIFIED, "sign_contract", (_S.CONTRACTED,)),
    *((stage, "submit_written_report", (stage,)) for stage in (_S.AWARDED, _S.NOTIFIED, _S.CONTRACTED)),
    *((stage, "refund_guarantee", (stage,)) for stage in (_S.BIDDING, _S.NOTIFIED, _S.CONTRACTED, *FAILED)),
    *((stage, "forfeit_guarantee", (stage,)) for stage in (_S.PUBLICITY, _S.AWARDED, *BOUND, *FAILED)),
    (_S.CONTRACTED, "archive_trade", (_S.ARCHIVED,)),
    *((stage, "archive_trade", (_S.ARCHIVED,)) for stage in FAILED),
    *((stage, act, (stage,)) for act in WITNESSING for stage in Stage if stage != _S.ARCHIVED),
    *((stage, "suspend", (_S.SUSPENDED,)) for stage in RUNNING),
    (_S.SUSPENDED, "resume", RUNNING),
    *((stage, "terminate", (_S.TERMINATED,)) for stage in (*RUNNING, _S.SUSPENDED) if stage not in BOUND),
)

OPEN_WORKS: Stages = {(stage.value, act): frozenset(to) for stage, act, to in _TABLE}
