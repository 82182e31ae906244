"""What the log says has happened on a trade, and what the state tables say, in the same words, to be compared."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yangguang.experts.models import Commitment, Draw, Reply
from yangguang.trading.models import (
    Anomaly,
    AnomalyClosing,
    Award,
    Bid,
    Clarification,
    Contract,
    DropOut,
    Forfeiture,
    Guarantee,
    Letter,
    LetterReply,
    Objection,
    OpenedBid,
    Opinion,
    Recording,
    Refund,
    Rejection,
    Replacement,
    ReportSignature,
    RescueRequest,
    RescueShare,
    SignIn,
    Trade,
    Withdrawal,
    WitnessRecord,
)
from yangguang.trading.models.bids import standing_bids
from yangguang.trading.models.evaluation import standing_members
from yangguang.trading.papers import letter_number
from yangguang.witness.record import utc_text

Payload = Mapping[str, Any]
REPLACING = "replace_committee_member"
OBJECTING = ("object_to_document", "object_at_opening", "object_to_result")
SEATING = {"follower": (REPLACING,), "seat": ("record_expert_reply",)}
ANSWERING = ("answer_document_objection", "answer_opening_objection", "answer_result_objection")


def from_log(entries: Sequence[Payload], sealed: Sequence[Payload]) -> dict[str, Any]:
    """The state that the entries of a stream lead to."""
    every = (*entries, *sealed)
    return {
        "投标截止时间": _last(entries, "deadline"),
        "招标文件版本": _count(entries, "publish_notice", "change_document"),
        "递交的投标文件": [one["data"]["bid"] for one in sealed if one["act"] in ("submit_bid", "replace_bid")],
        "有效投标文件": sorted(_standing(sealed)),
        "撤回": _count(sealed, "withdraw_bid"),
        "保证金": _count(sealed, "record_guarantee"),
        "签到": _count(sealed, "sign_in_to_opening"),
        "异议": _count(entries, *OBJECTING),
        "已答复的异议": _count(entries, *ANSWERING),
        "解密救援申请": _count(entries, "request_rescue"),
        "解密份额": _count(entries, "release_rescue_share"),
        "开标结果": sorted(_outcomes(entries)),
        "抽取": [one["data"]["draw"] for one in entries if one["act"] == "open_draw"],
        "抽取承诺": _count(entries, "commit_to_draw"),
        "抽取揭示": sum(one["act"] == "reveal_for_draw" for one in entries),
        "抽取种子": [one["data"]["seed"] for one in entries if one["act"] == "complete_draw"],
        "专家应答": _replies(entries),
        "评标委员会席位": _seats(entries),
        "更换的席位": [(one["data"]["seat"], one["data"]["ground"]) for one in entries if one["act"] == REPLACING],
        "评审意见": _count(entries, "give_opinion") * len(Opinion.Step),
        "否决": _count(entries, "reject_bid"),
        "澄清": _count(entries, "ask_clarification"),
        "已答复的澄清": _count(entries, "answer_clarification"),
        "报告签署": _signatures(entries),
        "放弃": _count(entries, "record_drop_out"),
        "定标": [one["data"]["bid"] for one in entries if one["act"] == "award"],
        "合同价": [Decimal(one["data"]["price"]) for one in entries if one["act"] == "sign_contract"],
        "退还的保证金": _count(every, "refund_guarantee"),
        "不予退还的保证金": [one["data"]["file"] for one in entries if one["act"] == "forfeit_guarantee"],
        "见证登记": _count(entries, "register_check", "register_note", "register_recording"),
        "录音录像": [one["data"]["recording"] for one in entries if one["act"] == "register_recording"],
        "见证异常": [one["data"]["anomaly"] for one in entries if one["act"] == "register_anomaly"],
        "函告": [one["data"]["letter"] for one in entries if one["act"] == "issue_letter"],
        "复函": _count(entries, "reply_to_letter"),
        "已办结的异常": sorted(one["data"]["anomaly"] for one in entries if one["act"] == "close_anomaly"),
    }


def from_tables(trade: Trade) -> dict[str, Any]:
    """The same words from the state tables."""
    bids = Bid.objects.filter(trade=trade)
    held = Draw.objects.filter(stream=trade.stream)
    objections = Objection.objects.filter(trade=trade)
    clarifications = Clarification.objects.filter(bid__trade=trade)
    commitments = Commitment.objects.filter(draw__in=held)
    replaced = Replacement.objects.filter(member__trade=trade)
    forfeited = Forfeiture.objects.filter(guarantee__trade=trade)
    return {
        "投标截止时间": utc_text(trade.bid_deadline) if trade.bid_deadline else "",
        "招标文件版本": trade.documents.count(),
        "递交的投标文件": list(bids.order_by("entry__sequence").values_list("evidence_id", flat=True)),
        "有效投标文件": sorted(standing_bids(trade).values_list("evidence_id", flat=True)),
        "撤回": Withdrawal.objects.filter(bid__trade=trade).count(),
        "保证金": Guarantee.objects.filter(trade=trade).count(),
        "签到": SignIn.objects.filter(trade=trade).count(),
        "异议": objections.count(),
        "已答复的异议": objections.filter(answered_at__isnull=False).count(),
        "解密救援申请": RescueRequest.objects.filter(bid__trade=trade).count(),
        "解密份额": RescueShare.objects.filter(bid__trade=trade).count(),
        "开标结果": sorted(OpenedBid.objects.filter(bid__trade=trade).values_list("bid__evidence_id", "outcome")),
        "抽取": list(held.values_list("draw_id", flat=True)),
        "抽取承诺": commitments.count(),
        "抽取揭示": commitments.exclude(nonce="").count(),
        "抽取种子": list(held.exclude(seed="").values_list("seed", flat=True)),
        "专家应答": sorted(Reply.objects.filter(draw__in=held).values_list("draw__draw_id", "position", "kind")),
        "评标委员会席位": list(standing_members(trade).values_list("seat", flat=True)),
        "更换的席位": list(replaced.order_by("pk").values_list("member__seat", "ground")),
        "评审意见": Opinion.objects.filter(bid__trade=trade).count(),
        "否决": Rejection.objects.filter(bid__trade=trade).count(),
        "澄清": clarifications.count(),
        "已答复的澄清": clarifications.filter(answer__isnull=False).count(),
        "报告签署": sorted(ReportSignature.objects.filter(member__trade=trade).values_list("member__seat", "kind")),
        "放弃": DropOut.objects.filter(candidate__trade=trade).count(),
        "定标": list(Award.objects.filter(trade=trade).order_by("pk").values_list("bid__evidence_id", flat=True)),
        "合同价": list(Contract.objects.filter(trade=trade).values_list("price", flat=True)),
        "退还的保证金": Refund.objects.filter(guarantee__trade=trade).count(),
        "不予退还的保证金": list(forfeited.order_by("pk").values_list("guarantee__evidence_id", flat=True)),
        **_witnessed(trade),
    }


def _witnessed(trade: Trade) -> dict[str, Any]:
    letters = Letter.objects.filter(anomaly__trade=trade).order_by("pk").values_list("year", "number")
    closed = AnomalyClosing.objects.filter(anomaly__trade=trade).order_by("anomaly__number")
    recordings = Recording.objects.filter(record__trade=trade).order_by("record__sequence")
    return {
        "见证登记": WitnessRecord.objects.filter(trade=trade).count(),
        "录音录像": list(recordings.values_list("sha256", flat=True)),
        "见证异常": list(Anomaly.objects.filter(trade=trade).values_list("number", flat=True)),
        "函告": [letter_number(year=year, number=number) for year, number in letters],
        "复函": LetterReply.objects.filter(letter__anomaly__trade=trade).count(),
        "已办结的异常": list(closed.values_list("anomaly__number", flat=True)),
    }


def _count(entries: Iterable[Payload], *acts: str) -> int:
    return sum(one["act"] in acts for one in entries)


def _last(entries: Sequence[Payload], name: str) -> str:
    """The last value that the entries give under a name."""
    return next((str(one["data"][name]) for one in reversed(entries) if name in one["data"]), "")


def _standing(sealed: Sequence[Payload]) -> set[str]:
    standing: set[str] = set()
    for one in sealed:
        data = one["data"]
        if one["act"] in ("submit_bid", "replace_bid"):
            standing.add(data["bid"])
        standing.discard(data["bid"] if one["act"] == "withdraw_bid" else data.get("replaces"))
    return standing


def _outcomes(entries: Sequence[Payload]) -> list[tuple[str, str]]:
    told = [one["data"] for one in entries if one["act"] in ("open_bid", "record_decryption_failure")]
    late = [bid for one in entries if one["act"] == "end_decryption" for bid in one["data"]["revoked"]]
    return [(one["bid"], one["outcome"]) for one in told] + [(bid, "revoked") for bid in late]


def _replies(entries: Sequence[Payload]) -> list[tuple[str, int, str]]:
    told = [one["data"] for one in entries if one["act"] in ("record_expert_reply", "replace_member")]
    return sorted((one["draw"], one["position"], one["reply"]) for one in told)


def _seats(entries: Sequence[Payload]) -> list[int]:
    """The seats that somebody holds: all of the committee as formed, then one left and one taken at a time."""
    seats: list[int] = []
    for one in entries:
        data = one["data"]
        if one["act"] == "form_committee":
            seats = list(range(1, 1 + len(data["positions"]) + data["representatives"]))
        if one["act"] == REPLACING:
            seats.remove(data["seat"])
        seats += [data[name] for name in ("follower", "seat") if name in data and one["act"] in SEATING[name]]
    return seats


def _signatures(entries: Sequence[Payload]) -> list[tuple[int, str]]:
    acts = ("sign_report", "dissent_from_report", "refuse_to_sign_report")
    return sorted((one["data"]["seat"], one["data"]["kind"]) for one in entries if one["act"] in acts)
