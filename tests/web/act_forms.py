"""For every act with a plain form: what is typed and chosen, and one thing that is wrong with its complaint."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import SimpleUploadedFile

from support.act_pages import pdf
from support.scenes import STEPS, short_terms
from yangguang.experts import draws
from yangguang.proof.canonical import canonical
from yangguang.web.accounts.models import Account


@dataclass(frozen=True, kw_only=True)
class Filled:
    """`good` gives the form's data for a scene; `bad` replaces some of it and is answered with `says`."""

    good: object = field(default=lambda _: {})
    bad: object = None
    says: str = ""


def terms():
    return SimpleUploadedFile("terms.json", canonical(short_terms()), content_type="application/json")


def typed(name, says):
    return Filled(good=lambda _: {name: "理由如下：\n一、甲\n二、乙"}, bad=lambda _: {name: " "}, says=says)


def account(who):
    """The name of the account of a person, made where there is none."""
    found = Account.objects.filter(person=who.person).first()
    return (found or Account.objects.create_user(f"u-{who.person.pk}", person=who.person)).username


def code(scene, by="bidder"):
    return scene.actor(by).organisation


ANSWER = {
    "good": lambda _: {"number": "1", "answer_text": "经复核，没有问题。"},
    "bad": lambda _: {"number": "9"},
    "says": "选择一个有效的选项",
}

FILLED = {
    "record_fair_competition_review": Filled(
        good=lambda _: {"review": pdf(), "passed": "yes"},
        bad=lambda _: {"review": pdf("a.pdf", body=b"PK\x03\x04")},
        says="不是 PDF 文件",
    ),
    "publish_notice": Filled(
        good=lambda _: {
            "notice": pdf(),
            "document": pdf(),
            "terms": terms(),
            "sale_until": "2026-03-09",
            "deadline": "2026-03-23T09:00",
        },
        bad=lambda _: {"terms": pdf("terms.json")},
        says="不是可以读取的 JSON 文件",
    ),
    "download_document": Filled(),
    "change_document": Filled(
        good=lambda _: {
            "change": pdf(),
            "terms": terms(),
            "affects_bids": "yes",
            "deadline": "2026-03-25T09:00",
        },
        bad=lambda _: {"affects_bids": ""},
        says="是否可能影响投标文件编制",
    ),
    "object_to_document": typed("objection_text", "请填写“异议内容和理由”，或者上传文件"),
    "answer_document_objection": Filled(**ANSWER),
    "withdraw_bid": Filled(),
    "sign_in_to_opening": Filled(),
    "announce_bidders": Filled(),
    "open_draw": Filled(),
    "complete_draw": Filled(),
    "start_decryption": Filled(),
    "record_decryption_failure": Filled(
        good=lambda scene: {"bidder": code(scene), "bidders_fault": "yes", "reason": "投标人丢失私钥"},
        bad=lambda _: {"reason": "长" * 201},
        says="200",
    ),
    "extend_decryption": Filled(
        good=lambda _: {"minutes": "15", "reason": "平台网络故障"},
        bad=lambda _: {"minutes": "十五"},
        says="输入整数",
    ),
    "end_decryption": Filled(),
    "announce_bids": Filled(),
    "object_at_opening": typed("objection_text", "请填写“异议内容和理由”，或者上传文件"),
    "answer_opening_objection": Filled(**ANSWER),
    "sign_opening_record": Filled(),
    "record_expert_reply": Filled(
        good=lambda scene: {
            "position": str(draws.next_position(scene.current_draw())),
            "reply": "refused",
            "reason": "出差",
        },
        bad=lambda _: {"reply": "absent"},
        says="选择一个有效的选项",
    ),
    "form_committee": Filled(
        good=lambda scene: {"representative_1": account(scene.cast.representative)},
        bad=lambda _: {"representative_1": "没有此人"},
        says="没有这个账户名",
    ),
    "replace_committee_member": Filled(
        good=lambda _: {"seat": "2", "ground": "unable", "reason": "突发疾病，不能继续评标"},
        bad=lambda _: {"ground": "too_slow"},
        says="选择一个有效的选项",
    ),
    "sign_in_member": Filled(),
    "replace_member": Filled(
        good=lambda _: {"seat": "2", "reason": "因病不能到场"},
        bad=lambda _: {"seat": "5"},  # the tenderer's representative
        says="选择一个有效的选项",
    ),
    "vote_for_chair": Filled(good=lambda _: {"seat": "1"}, bad=lambda _: {"seat": "9"}, says="选择一个有效的选项"),
    "give_opinion": Filled(
        good=lambda scene: (
            {"bid": scene.digest("bidder"), **{f"passes_{step}": "yes" for step in STEPS}}
            | {"passes_formal": "no", "reason_formal": "未盖章"}
        ),
        bad=lambda _: {"bid": "0" * 64},
        says="选择一个有效的选项",
    ),
    "reject_bid": Filled(
        good=lambda scene: {"bid": scene.digest("bidder3"), "ground": "unqualified", "reason": "资质证书过期"},
        bad=lambda _: {"ground": "not_liked"},
        says="选择一个有效的选项",
    ),
    "ask_clarification": Filled(
        good=lambda scene: {"bid": scene.digest("bidder"), "question_text": "工期如何安排？"},
        bad=lambda _: {"question_text": ""},
        says="请填写“请投标人澄清或者说明什么”",
    ),
    "answer_clarification": Filled(
        good=lambda _: {"number": "1", "answer_text": "按投标文件的进度计划执行。"},
        bad=lambda _: {"number": "2"},
        says="选择一个有效的选项",
    ),
    "close_review": Filled(),
    "close_scoring": Filled(),
    "compute_results": Filled(),
    "issue_report": Filled(),
    "sign_report": Filled(),
    "dissent_from_report": typed("opinion_text", "请填写“不同意见和理由”，或者上传文件"),
    "refuse_to_sign_report": Filled(
        good=lambda _: {"seat": "2"}, bad=lambda _: {"seat": "8"}, says="选择一个有效的选项"
    ),
    "close_report": Filled(),
    "publish_candidates": Filled(
        good=lambda _: {"until": "2026-03-30T23:59"}, bad=lambda _: {"until": "明天"}, says="有效"
    ),
    "object_to_result": Filled(
        good=lambda _: {"objection_text": "理由如下：\n一、甲\n二、乙", "interest": pdf()},
        bad=lambda _: {"objection_text": " "},
        says="请填写“异议内容和理由”，或者上传文件",
    ),
    "answer_result_objection": Filled(**ANSWER),
    "record_drop_out": Filled(
        good=lambda scene: {"bidder": code(scene), "reason": "gave_up", "proof": pdf()},
        bad=lambda _: {"reason": "too_expensive"},
        says="选择一个有效的选项",
    ),
    "award": Filled(
        good=lambda scene: {"bidder": code(scene)},
        bad=lambda scene: {"bidder": code(scene, "supplier")},
        says="选择一个有效的选项",
    ),
    "issue_award_notice": Filled(),
    "refund_guarantee": Filled(
        good=lambda scene: {
            "guarantee": str(scene.trade.guarantees.order_by("pk")[0].pk),
            "amount": "200,000.00",
            "interest": "12.34",
        },
        bad=lambda _: {"interest": "12.345"},
        says="最多两位小数",
    ),
    "forfeit_guarantee": Filled(
        good=lambda scene: {
            "guarantee": str(scene.trade.guarantees.get(organisation__code=code(scene)).pk),
            "ground": "contract_refused",
            "reason": "中标人书面拒绝订立合同",
            "decision_text": "依据实施条例第七十四条，不予退还投标保证金。",
        },
        bad=lambda _: {"ground": "revoked"},  # its bid was not revoked
        says="选择一个有效的选项",
    ),
    "submit_written_report": Filled(),
    "archive_trade": Filled(),
    "issue_letter": Filled(
        good=lambda scene: {
            "anomaly": "1",
            "to": code(scene, "tenderer"),
            "asks": "请核实并书面说明。",
            "reply_by": "2026-04-30",
        },
        bad=lambda scene: {"to": code(scene, "supplier")},
        says="选择一个有效的选项",
    ),
    "reply_to_letter": Filled(
        good=lambda _: {"letter": "见证函〔2026〕1号", "reply_text": "经核实，情况属实，已整改。"},
        bad=lambda _: {"letter": "见证函〔2026〕9号"},
        says="选择一个有效的选项",
    ),
    "suspend": typed("order_text", "请填写“暂停的原因和依据”，或者上传文件"),
    "resume": typed("order_text", "请填写“恢复的原因和依据”，或者上传文件"),
    "terminate": Filled(
        good=lambda _: {"announcement_text": "本项目终止招标。", "reason": "项目规划调整"},
        bad=lambda _: {"reason": ""},
        says="终止原因",
    ),
}
