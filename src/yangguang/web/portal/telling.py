"""What the portal says of each act, and which of its files anybody may read, from when, by which article.

One line an act: the sentence in Chinese and English, the kind of notice it makes, and a rule for each of its papers.
What is not in this table is neither told nor served; a test compares it with the register of acts.

Entries themselves are public as soon as they are in the log: acts write codes, seats and salted digests into them and
nothing that the law still hides. Files are another matter, hence the rules:

| rule | a file is public |
|---|---|
| `AT_ONCE` | from its entry on: notices, documents and records that the law has published |
| `AT_ARCHIVE` | when the trade is archived, as far as `trading.archive.disclosure_of` does not keep it back |
| `NEVER` | not on the portal: it may name experts, or bidders whom the law hides |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class When(StrEnum):
    """From when on a file is public."""

    AT_ONCE = "at_once"
    AT_ARCHIVE = "at_archive"
    NEVER = "never"


class Kind(StrEnum):
    """公告类别: the kinds of notice that the portal lists."""

    TENDER = "tender"
    CHANGE = "change"
    OPENING = "opening"
    CANDIDATES = "candidates"
    RESULT = "result"
    CONTRACT = "contract"
    ENDING = "ending"

    @property
    def label(self) -> str:
        """The kind in Chinese."""
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.TENDER: "招标公告",
    Kind.CHANGE: "变更澄清",
    Kind.OPENING: "开标记录",
    Kind.CANDIDATES: "候选人公示",
    Kind.RESULT: "中标结果",
    Kind.CONTRACT: "合同公告",
    Kind.ENDING: "暂停与终止",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """公开规则: from when on, and the article that says so."""

    when: When
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One act: its sentence, its kind of notice, and a rule for each paper in the order in which the act names them.

    A signed paper is two files, itself and its signature (`signed`); both follow one rule. The last rule holds for all
    further papers. What the entry concealed is told once the trade is archived, unless it is kept for good (`is_kept`).
    """

    zh: str
    en: str
    kind: Kind | None = None
    papers: tuple[Rule, ...] = ()
    signed: bool = True
    is_kept: bool = False

    def rule_of(self, position: int) -> Rule | None:
        """The rule of the file at a place in the entry's list; None where the act names no files."""
        number = position // 2 if self.signed else position
        return self.papers[min(number, len(self.papers) - 1)] if self.papers else None


def _at_once(article: str) -> Rule:
    return Rule(when=When.AT_ONCE, article=article)


def _at_archive(article: str) -> Rule:
    return Rule(when=When.AT_ARCHIVE, article=article)


LAW, REGULATION, ONLINE = "招标投标法", "招标投标法实施条例", "电子招标投标办法"
EVALUATION = _at_archive(f"{LAW}第四十四条：评标情况保密；平台规则：归档后公开评审明细")
OBJECTOR = _at_archive(f"{LAW}第二十二条、{ONLINE}第二十一条：不得透露潜在投标人")
KEYS = _at_archive(f"{LAW}第四十四条、第五条：投标内容只在归档时按名单公开")
ORDER = _at_archive("平台规则：暂停和恢复的事实即时公开，文书可能写明被调查的单位，归档时公开")
NAMES = Rule(when=When.NEVER, article=f"{LAW}第三十七条、第四十四条：评标委员会成员不公开；个人信息保护法")
WITNESSED = Rule(
    when=When.NEVER, article=f"平台规则：交易见证；{LAW}第二十二条、第四十四条：见证内容只向监督部门和所涉单位提供"
)
ON_THE_SPOT = _at_once(f"{REGULATION}第四十四条：开标当场提出、当场答复，并制作记录")

TOLD: Mapping[str, Told] = {
    "register_tender": Told(
        zh="中心受理进场登记，登记时适用的规则一并固定",
        en="The centre registered the tender and fixed the rules in force",
        papers=(_at_once("立法法：法律公布；平台规则：适用规则公开"),),
        signed=False,
    ),
    "correct_rule": Told(
        zh="中心更正规则 {rule}：自 {effective_from} 起按 {source}{article}",
        en="The centre corrected the rule {rule} from {effective_from} on",
        papers=(_at_once("立法法：法律公布；平台规则：适用规则公开"),),
        signed=False,
    ),
    "correct_days": Told(
        zh="中心按 {source} 更正 {first} 至 {last} 的工作日",
        en="The centre corrected the working days from {first} to {last}",
        papers=(_at_once("立法法：法律公布；平台规则：适用规则公开"),),
        signed=False,
    ),
    "recognise_root": Told(
        zh="中心认可 CA 根证书 {name}",
        en="The centre recognised the root certificate {name}",
        papers=(_at_once("电子签名法第十六条；平台规则：认可的CA公开"),),
        signed=False,
    ),
    "withdraw_root": Told(
        zh="中心撤销对 CA 根证书 {name} 的认可，自 {until} 起",
        en="The centre withdraws its recognition of the root certificate {name} from {until} on",
    ),
    "update_revocation_list": Told(
        zh="中心更新证书吊销列表：{issuer}",
        en="The centre updated the revocation list of {issuer}",
        papers=(_at_once("电子签名法第二十二条；平台规则：吊销列表公开"),),
        signed=False,
    ),
    "apply_to_register": Told(
        zh="收到第 {number} 号主体登记申请（申请人不公开）", en="Application no. {number} to be registered received"
    ),
    "confirm_organisation": Told(
        zh="第 {number} 号主体登记申请核验通过", en="Application no. {number} to be registered confirmed"
    ),
    "reject_organisation": Told(
        zh="第 {number} 号主体登记申请不予通过", en="Application no. {number} to be registered refused"
    ),
    "register_certificate": Told(zh="登记一张数字证书（单位不公开）", en="A certificate registered"),
    "end_certificate": Told(zh="停用一张数字证书（单位不公开）", en="A certificate ended"),
    "grant_power": Told(
        zh="办理一项授权委托（单位和人员不公开）",
        en="A power of attorney granted",
        papers=(Rule(when=When.NEVER, article=f"{LAW}第二十二条：不得透露潜在投标人；个人信息保护法"),),
        signed=False,
    ),
    "end_power": Told(zh="终止一项授权委托（单位和人员不公开）", en="A power of attorney ended"),
    "record_fair_competition_review": Told(
        zh="招标文件通过公平竞争审查",
        en="The tender document passed the fair competition review",
        papers=(_at_archive("公平竞争审查条例：审查由起草单位存档备查"),),
    ),
    "publish_notice": Told(
        zh="发布招标公告和招标文件，投标截止 {deadline}",
        en="Tender notice and tender document published; bids are due {deadline}",
        kind=Kind.TENDER,
        papers=(_at_once(f"{LAW}第十六条、{REGULATION}第十五条、{ONLINE}第二十条"),),
    ),
    "change_document": Told(
        zh="招标文件作出澄清或修改（第 {version} 版），投标截止 {deadline}",
        en="Tender document clarified or changed (version {version}); bids are due {deadline}",
        kind=Kind.CHANGE,
        papers=(_at_once(f"{REGULATION}第二十一条"),),
    ),
    "object_to_document": Told(
        zh="收到对招标文件的异议（第 {number} 号，提出人依法不公开）",
        en="Objection no. {number} to the tender document received (by whom is not public)",
        papers=(OBJECTOR,),
        signed=False,
    ),
    "answer_document_objection": Told(
        zh="答复第 {number} 号异议", en="Objection no. {number} answered", papers=(OBJECTOR,)
    ),
    "download_document": Told(zh="封存记录", en="Sealed entry"),
    "record_guarantee": Told(zh="封存记录", en="Sealed entry"),
    "submit_bid": Told(zh="封存记录", en="Sealed entry"),
    "replace_bid": Told(zh="封存记录", en="Sealed entry"),
    "withdraw_bid": Told(zh="封存记录", en="Sealed entry"),
    "sign_in_to_opening": Told(zh="封存记录", en="Sealed entry"),
    "close_bidding": Told(
        zh="投标截止，公布封存记录的总数和树根", en="Bidding closed; size and root of the sealed log published"
    ),
    "announce_bidders": Told(zh="公布投标人名单，共 {count} 家", en="List of bidders announced: {count}"),
    "open_draw": Told(zh="建立抽取池", en="Pool of a draw frozen"),
    "commit_to_draw": Told(zh="抽取：一方提交承诺", en="Draw: a party committed to its number"),
    "reveal_for_draw": Told(zh="抽取：一方揭示随机数", en="Draw: a party revealed its number"),
    "complete_draw": Told(zh="完成抽取，结果可以重算", en="Draw completed; anybody can compute it again"),
    "start_decryption": Told(
        zh="开始解密，投标人在 {until} 前解密", en="Decryption started; bidders decrypt until {until}"
    ),
    "open_bid": Told(zh="一家投标人解密了投标文件", en="A bidder decrypted its bid", papers=(KEYS,), signed=False),
    "request_rescue": Told(zh="一名投标人申请解密救援", en="A bidder asked for a rescue of its keys"),
    "release_rescue_share": Told(
        zh="一名受托人提交解密份额",
        en="A trustee released its share of a bid's keys",
        papers=(_at_archive("平台规则：解密救援；份额归档时公开"),),
    ),
    "record_decryption_failure": Told(zh="登记一份投标文件解密失败", en="A bid could not be decrypted"),
    "extend_decryption": Told(zh="延长解密时间至 {until}", en="Decryption extended until {until}"),
    "end_decryption": Told(zh="解密结束", en="Decryption ended"),
    "announce_bids": Told(zh="唱标：公布各投标人的报价和工期", en="Bids announced: prices and periods"),
    "object_at_opening": Told(
        zh="开标现场提出异议（第 {number} 号）",
        en="Objection no. {number} raised at the opening",
        papers=(ON_THE_SPOT,),
        signed=False,
    ),
    "answer_opening_objection": Told(
        zh="当场答复第 {number} 号异议", en="Objection no. {number} answered on the spot", papers=(ON_THE_SPOT,)
    ),
    "sign_opening_record": Told(
        zh="签署并公布开标记录",
        en="Record of the opening signed and published",
        kind=Kind.OPENING,
        papers=(_at_once(f"{LAW}第三十六条、{REGULATION}第四十四条、{ONLINE}第三十二条"),),
    ),
    "record_expert_reply": Told(zh="登记抽中专家的应答", en="Reply of a drawn expert recorded"),
    "form_committee": Told(zh="组建评标委员会（名单依法保密）", en="Evaluation committee formed (names are secret)"),
    "sign_in_member": Told(zh="{seat} 号席位评委签到", en="Seat {seat} signed in"),
    "replace_member": Told(zh="更换 {seat} 号席位评委", en="Seat {seat} replaced"),
    "replace_committee_member": Told(
        zh="评标中更换 {seat} 号席位成员，其评审结论无效", en="Seat {seat} replaced during the evaluation"
    ),
    "vote_for_chair": Told(zh="推选评标委员会负责人", en="Vote for the chair of the committee"),
    "give_opinion": Told(zh="一名评委提交初步评审意见（内容保密）", en="A member gave an opinion (secret)"),
    "reject_bid": Told(zh="评标委员会否决一份投标（内容保密至公示）", en="A bid was rejected (secret for now)"),
    "ask_clarification": Told(
        zh="评标委员会要求澄清（内容保密）",
        en="The committee asked for a clarification (secret)",
        papers=(EVALUATION,),
        signed=False,
    ),
    "answer_clarification": Told(
        zh="投标人答复澄清（内容保密）", en="A bidder clarified its bid (secret)", papers=(EVALUATION,)
    ),
    "close_review": Told(zh="初步评审结束", en="Preliminary review closed"),
    "score_technical": Told(zh="一名评委提交技术标暗标评分", en="A member scored a technical bid, blind"),
    "score_business": Told(zh="一名评委提交商务评分", en="A member scored a business bid"),
    "close_scoring": Told(zh="详细评审结束", en="Scoring closed"),
    "compute_results": Told(
        zh="按招标文件的办法汇总得分和排名（内容保密）",
        en="Totals and ranks computed by the published method (secret)",
        papers=(EVALUATION,),
        signed=False,
    ),
    "issue_report": Told(zh="出具评标报告", en="Evaluation report issued", papers=(EVALUATION,), signed=False),
    "sign_report": Told(zh="{seat} 号席位签署评标报告", en="Seat {seat} signed the report", papers=(NAMES,)),
    "dissent_from_report": Told(
        zh="{seat} 号席位提出书面不同意见", en="Seat {seat} dissented in writing", papers=(NAMES,)
    ),
    "refuse_to_sign_report": Told(zh="{seat} 号席位拒绝签字", en="Seat {seat} refused to sign"),
    "close_report": Told(zh="评标结束", en="Evaluation closed"),
    "publish_candidates": Told(
        zh="公示中标候选人，至 {until}",
        en="Candidates published until {until}",
        kind=Kind.CANDIDATES,
        papers=(_at_once(f"{REGULATION}第五十四条、招标公告和公示信息发布管理办法第六条"),),
    ),
    "object_to_result": Told(
        zh="收到对评标结果的异议（第 {number} 号）",
        en="Objection no. {number} to the result received",
        papers=(EVALUATION,),
        signed=False,
    ),
    "answer_result_objection": Told(
        zh="答复第 {number} 号异议", en="Objection no. {number} answered", papers=(EVALUATION,)
    ),
    "record_drop_out": Told(
        zh="一名中标候选人放弃或被取消资格",
        en="A candidate dropped out",
        papers=(_at_archive(f"{REGULATION}第五十五条；证明材料归档时公开"),),
    ),
    "award": Told(zh="招标人确定中标人", en="The tenderer decided on the winner"),
    "issue_award_notice": Told(
        zh="发出中标通知书，公布中标结果",
        en="Award notice sent, result published",
        kind=Kind.RESULT,
        papers=(
            _at_archive(f"{LAW}第四十五条：中标通知书发给中标人"),
            _at_once(f"{LAW}第四十五条、招标公告和公示信息发布管理办法第六条"),
        ),
    ),
    "sign_contract": Told(
        zh="签订合同，合同价 {price} 元",
        en="Contract signed, price {price} yuan",
        kind=Kind.CONTRACT,
        papers=(_at_archive("国办发〔2015〕63号：公开合同主要信息；合同文本可能含商业秘密，归档时公开"),),
    ),
    "refund_guarantee": Told(zh="退还一笔投标保证金", en="A bid bond was refunded"),
    "submit_written_report": Told(
        zh="招标人提交书面报告",
        en="The tenderer reported to the supervising body",
        papers=(_at_archive(f"{LAW}第四十七条：书面报告提交监督部门"),),
    ),
    "archive_trade": Told(zh="项目归档", en="Trade archived"),
    "forfeit_guarantee": Told(
        zh="一笔投标保证金依法不予退还",
        en="A bid bond is kept on a legal ground",
        papers=(_at_archive(f"{REGULATION}第三十五条、第七十四条；决定归档时公开"),),
    ),
    "register_check": Told(
        zh="中心见证一个事项（内容不公开）",
        en="The centre's witness checked an item (content not public)",
        papers=(WITNESSED,),
        signed=False,
        is_kept=True,
    ),
    "register_note": Told(
        zh="中心作见证记事（内容不公开）",
        en="The centre's witness wrote a note (content not public)",
        papers=(WITNESSED,),
        signed=False,
        is_kept=True,
    ),
    "register_recording": Told(
        zh="中心登记一份录音录像的索引和摘要", en="A recording was registered by its digest", is_kept=True
    ),
    "register_anomaly": Told(
        zh="见证中登记一项异常（内容不公开）",
        en="The centre's witness recorded an anomaly (content not public)",
        papers=(WITNESSED,),
        signed=False,
        is_kept=True,
    ),
    "issue_letter": Told(
        zh="中心就见证异常发出函告（内容不公开）",
        en="The centre wrote a letter about an anomaly (content not public)",
        papers=(WITNESSED,),
        is_kept=True,
    ),
    "reply_to_letter": Told(
        zh="所涉单位回复函告（内容不公开）",
        en="A letter of the centre was answered (content not public)",
        papers=(WITNESSED,),
        is_kept=True,
    ),
    "close_anomaly": Told(zh="一项见证异常已办结", en="An anomaly was settled", is_kept=True),
    "suspend": Told(zh="暂停交易", en="Trade suspended", kind=Kind.ENDING, papers=(ORDER,)),
    "resume": Told(zh="恢复交易", en="Trade resumed", kind=Kind.ENDING, papers=(ORDER,)),
    "terminate": Told(
        zh="终止招标：{reason}",
        en="Tender terminated",
        kind=Kind.ENDING,
        papers=(_at_once(f"{REGULATION}第三十一条"),),
    ),
}

DETAIL = Rule(when=When.AT_ONCE, article="平台规则：见证记录的内容公开，过长的部分另存为文件")
UNKNOWN = Rule(when=When.NEVER, article="平台规则：未列入公开规则的文件不公开")
