"""What each act is called, what it does and what it rests on, as the person who does it reads it."""

from dataclasses import dataclass

LAW, RULES, ONLINE = "招标投标法", "招标投标法实施条例", "电子招标投标办法"
SCORING = "评标委员会和评标方法暂行规定"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """事项: title, one or two sentences, and the legal ground."""

    title: str
    what: str
    ground: str


def _words(title: str, what: str, ground: str) -> Words:
    return Words(title=title, what=what, ground=ground)


WORDS: dict[str, Words] = {
    "register_tender": _words(
        "进场登记",
        "登记招标项目和标段，编发交易标识码，并保存当日适用的规则。每个标段成为一个独立的交易。",
        "公共资源交易平台管理暂行办法第十三条；公共资源交易平台系统数据规范",
    ),
    # 招标
    "record_fair_competition_review": _words(
        "登记公平竞争审查",
        "上传审查结论并签名。审查未通过的，不能发布公告。",
        "公平竞争审查条例第十二条；招标投标领域公平竞争审查规则",
    ),
    "publish_notice": _words(
        "发布招标公告和招标文件",
        "发布签名的公告、招标文件和结构化条款，并确定投标截止时间。自发布起至截止不少于二十日。",
        f"{LAW}第十六条、第十九条、第二十四条；{RULES}第十六条",
    ),
    "download_document": _words(
        "下载招标文件",
        "领取现行版本的招标文件。截止前任何人都看不到谁领取过、领取了多少份。",
        f"{ONLINE}第二十一条；{RULES}第十六条",
    ),
    "change_document": _words(
        "澄清或者修改招标文件",
        "发布新的一版。可能影响投标文件编制的，应在截止十五日前发出，不足十五日的应当顺延截止时间。",
        f"{LAW}第二十三条；{RULES}第二十一条",
    ),
    "object_to_document": _words(
        "对招标文件提出异议",
        "在投标截止十日前提出。异议内容公开，提出人在公开日志中不显示。",
        f"{RULES}第二十二条",
    ),
    "answer_document_objection": _words(
        "答复对招标文件的异议",
        "收到异议之日起三日内答复并签名。作出答复前，暂停招标投标活动。",
        f"{RULES}第二十二条",
    ),
    # 投标
    "record_guarantee": _words(
        "登记投标保证金或者保函",
        "递交密封的保证金凭证或者电子保函，与投标文件同时打开。截止前任何人都看不到。",
        f"{RULES}第二十六条；{ONLINE}第二十七条",
    ),
    "submit_bid": _words(
        "递交投标文件",
        "递交加密并签名的投标文件，即时取得签名回执。截止前任何人都不能打开，也看不到谁递交过。",
        f"{LAW}第二十八条；{ONLINE}第二十七条",
    ),
    "replace_bid": _words(
        "修改（替换）投标文件",
        "截止前用新文件替换已递交的文件；开标时只打开最后一份，原文件留存备查。",
        f"{LAW}第二十九条；{ONLINE}第二十七条",
    ),
    "withdraw_bid": _words(
        "撤回投标文件",
        "截止前可以撤回，撤回后仍可以重新递交。已交的保证金自撤回之日起五日内退还。",
        f"{LAW}第二十九条；{RULES}第三十五条",
    ),
    "sign_in_to_opening": _words(
        "开标签到",
        "自开标前一小时起签到，表示您将在线参加开标。截止前他人看不到谁签到过。",
        f"{LAW}第三十五条；平台规则：不见面开标签到",
    ),
    "close_bidding": _words(
        "投标截止",
        "到截止时间由系统自动办理，并公布密封记录的总摘要。不需要人工操作。",
        f"{LAW}第二十八条、第三十四条",
    ),
    # 开标
    "announce_bidders": _words(
        "公布投标人名单",
        "公布全部投标人。少于三家的不得开标，系统转入重新招标。",
        f"{LAW}第二十八条、第三十六条；{RULES}第四十四条",
    ),
    "open_draw": _words(
        "建立抽取池",
        "固定抽取的范围和次序，公布总摘要。开标环节抽取招标文件规定的参数，开标后抽取评标专家。",
        f"{RULES}第四十六条；平台规则：抽取",
    ),
    "commit_to_draw": _words(
        "提交抽取承诺",
        "在看到他人的随机数之前，先锁定本方的随机数。提交后不能更换。",
        f"{RULES}第四十六条；平台规则：抽取",
    ),
    "reveal_for_draw": _words(
        "揭示随机数",
        "各方都提交承诺之后，揭示本方的随机数。由中心最先揭示。",
        f"{RULES}第四十六条；平台规则：抽取",
    ),
    "complete_draw": _words(
        "完成抽取",
        "用各方的随机数算出抽取次序。任何人都可以按公开记录重新计算。",
        f"{RULES}第四十六条；平台规则：抽取",
    ),
    "start_decryption": _words(
        "开始解密",
        "打开投标人解密时段，时长按招标文件的规定。招标文件规定的参数应当已经抽取。",
        f"{ONLINE}第三十条",
    ),
    "open_bid": _words(
        "解密投标文件",
        "用本单位的密钥解密本单位的投标文件。私钥始终留在您的电脑上。",
        f"{ONLINE}第三十条",
    ),
    "record_decryption_failure": _words(
        "登记解密失败",
        "登记某一投标文件未能解密及其责任方。投标人原因的视为撤销，其他原因的视为撤回。",
        f"{ONLINE}第三十一条",
    ),
    "extend_decryption": _words(
        "延长解密时间",
        "因平台原因未能按时解密的，为全部投标人延长同样的时间。",
        f"{ONLINE}第三十一条",
    ),
    "end_decryption": _words(
        "结束解密",
        "解密时间届满或者全部处理完毕后结束解密。仍未解密的视为撤销投标文件。",
        f"{ONLINE}第三十条、第三十一条",
    ),
    "announce_bids": _words(
        "唱标",
        "同时公布全部已解密投标文件的投标人、报价、工期，以及最高投标限价和抽取的参数。",
        f"{LAW}第三十六条；{ONLINE}第三十条",
    ),
    "object_at_opening": _words(
        "对开标提出异议",
        "对开标有异议的当场提出。招标人当场答复，双方的话都写入开标记录。",
        f"{RULES}第四十四条",
    ),
    "answer_opening_objection": _words(
        "当场答复对开标的异议",
        "当场作出答复并签名。全部答复之前不能签署开标记录。",
        f"{RULES}第四十四条",
    ),
    "sign_opening_record": _words(
        "签署开标记录",
        "开标记录由平台按记录生成，核对后签名，签署后公开。",
        f"{LAW}第三十六条；{RULES}第四十四条",
    ),
    # 组建评标委员会
    "record_expert_reply": _words(
        "登记专家应答",
        "按抽取次序登记被通知专家的应答。拒绝或者回避的写明原因，再通知次序在后的专家。",
        f"{RULES}第四十六条；{LAW}第三十七条",
    ),
    "form_committee": _words(
        "组建评标委员会",
        "由已应答的专家和招标人代表组成五人以上单数的评标委员会，专家不少于三分之二。",
        f"{LAW}第三十七条",
    ),
    "sign_in_member": _words(
        "评委签到",
        "到场签到。全体到齐后推选组长；签到之前看不到任何投标文件。",
        f"{LAW}第三十七条、第三十八条",
    ),
    "replace_member": _words(
        "更换评委",
        "专家未到场或者依法应当回避的，登记原因，按同一抽取次序补足。",
        f"{RULES}第四十八条",
    ),
    "vote_for_chair": _words(
        "推选评标委员会组长",
        "每名成员投一票，过半数者任组长，随后开始评审。无人过半数的重新投票。",
        f"{SCORING}第九条",
    ),
    # 评标
    "give_opinion": _words(
        "发表初步评审意见",
        "按招标文件的标准逐项发表意见。不通过的写明理由；其他成员看不到您的意见。",
        f"{LAW}第四十条、第四十四条；{RULES}第四十九条",
    ),
    "reject_bid": _words(
        "否决投标",
        "由组长按多数成员的意见办理，只能依据法定情形，并写明事实和理由。",
        f"{RULES}第五十一条",
    ),
    "ask_clarification": _words(
        "要求投标人澄清",
        "对含义不明确的内容书面提问。不得暗示或者诱导，不接受投标人主动提出的澄清。",
        f"{RULES}第五十二条",
    ),
    "answer_clarification": _words(
        "答复澄清要求",
        "书面答复并签名，不得超出投标文件的范围或者改变其实质性内容。",
        f"{RULES}第五十二条",
    ),
    "close_review": _words(
        "结束初步评审",
        "全部成员对全部投标文件发表意见、应当否决的都已否决之后结束，并生成暗标编号。",
        f"{RULES}第四十九条、第五十一条；{SCORING}第二十七条",
    ),
    "score_technical": _words(
        "技术标评分（暗标）",
        "按编号独立评分，看不到投标人名称，也看不到其他成员的评分。",
        f"{LAW}第四十条；{RULES}第四十九条",
    ),
    "score_business": _words(
        "商务标评分",
        "按招标文件的标准独立逐项评分，看不到其他成员的评分。",
        f"{LAW}第四十条；{RULES}第四十九条",
    ),
    "close_scoring": _words(
        "结束评分",
        "全部成员完成全部评分之后结束，评分不能再改。",
        f"{RULES}第四十九条",
    ),
    "compute_results": _words(
        "评标汇总",
        "系统按招标文件的评标办法计算得分和排序，计算的每一步都可以复核。得分并列的由评标委员会排定次序。",
        f"{LAW}第四十条；{SCORING}第四十二条",
    ),
    "issue_report": _words(
        "出具评标报告",
        "评标报告由平台按记录生成，由组长出具，交全体成员签署。",
        f"{RULES}第五十三条；{SCORING}第四十二条",
    ),
    "sign_report": _words(
        "签署评标报告",
        "核对评标报告并签名。有不同意见的，请改为提交书面不同意见。",
        f"{RULES}第五十三条",
    ),
    "dissent_from_report": _words(
        "提交书面不同意见",
        "对评标结果有不同意见的，书面说明意见和理由并签名，附在评标报告之后。",
        f"{RULES}第五十三条",
    ),
    "refuse_to_sign_report": _words(
        "登记拒绝签字",
        "由组长登记。拒绝签字又不书面说明不同意见和理由的，视为同意评标结果。",
        f"{RULES}第五十三条",
    ),
    "close_report": _words(
        "评标结束",
        "全体成员都已签署、提交不同意见或者登记拒绝签字之后，结束评标。",
        f"{RULES}第五十三条",
    ),
    # 定标
    "publish_candidates": _words(
        "公示中标候选人",
        "公示由平台按评标结果生成，签名后发布，公示期不少于三日。应在收到评标报告之日起三日内开始。",
        f"{RULES}第五十四条；招标公告和公示信息发布管理办法第六条",
    ),
    "object_to_result": _words(
        "对评标结果提出异议",
        "在公示期内提出。招标人答复之前不能定标。",
        f"{RULES}第五十四条",
    ),
    "answer_result_objection": _words(
        "答复对评标结果的异议",
        "收到异议之日起三日内答复并签名。作出答复前，暂停招标投标活动。",
        f"{RULES}第五十四条",
    ),
    "record_drop_out": _words(
        "登记候选人放弃或者不能履约",
        "只有法定情形才能登记，并上传证明材料。登记后按次序考虑其他候选人，没有候选人的重新招标。",
        f"{RULES}第五十五条",
    ),
    "award": _words(
        "确定中标人",
        "公示期届满、异议都已答复后定标。国有资金占控股或者主导地位的，应当确定排名第一的候选人。",
        f"{LAW}第四十条；{RULES}第五十五条",
    ),
    "issue_award_notice": _words(
        "发出中标通知书",
        "中标通知书和中标结果通知书由平台生成，签名后同时发给中标人和全部未中标的投标人。",
        f"{LAW}第四十五条",
    ),
    "sign_contract": _words(
        "订立书面合同",
        "由招标人和中标人对同一份合同签名，价格与中标价一致。自中标通知书发出之日起三十日内订立。",
        f"{LAW}第四十六条",
    ),
    "refund_guarantee": _words(
        "退还投标保证金",
        "登记退还的本金和同期存款利息。合同订立后五日内退还给中标人和未中标的投标人。",
        f"{RULES}第三十一条、第三十五条、第五十七条",
    ),
    "submit_written_report": _words(
        "提交招标投标情况书面报告",
        "书面报告由平台按记录生成，签名后提交行政监督部门。自确定中标人之日起十五日内提交。",
        f"{LAW}第四十七条",
    ),
    "archive_trade": _words(
        "归档",
        "保证金都已退还、书面报告已提交之后归档。归档后任何人都可以离线核验全部记录。",
        f"{ONLINE}第四十条、第四十九条",
    ),
    # 暂停和终止
    "suspend": _words(
        "暂停交易",
        "根据监督部门的决定或者因平台故障暂停，其间不能办理任何事项；恢复时补足公示和解密损失的时间。",
        f"{RULES}第六十二条；{ONLINE}第五十二条",
    ),
    "resume": _words(
        "恢复交易",
        "恢复到暂停前的阶段。投标截止时间已在暂停期间届满的，应当同时顺延。",
        f"{RULES}第二十一条、第六十二条",
    ),
    "terminate": _words(
        "终止招标",
        "发布终止公告并说明原因，退还已收取的费用和保证金。终止后不能恢复，只能重新招标。",
        f"{RULES}第三十一条",
    ),
}
