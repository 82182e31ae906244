"""The English of the portal: one dictionary, keyed by the Chinese as the templates have it.

A page is English under /en/. Titles, names and papers stay as they were written, marked as Chinese. A test compares
this table with the templates.
"""

from django.http import HttpRequest

from yangguang.rules.regions import region_in_english

PREFIX = "/en/"


def is_english(request: HttpRequest) -> bool:
    """Whether the page asked for is an English one."""
    return request.path.startswith(PREFIX)


def in_english(text: str) -> str:
    """The English of a text of ours or of a region's name; what is not ours stays as it is."""
    return ENGLISH.get(text) or region_in_english(text)


ENGLISH = {
    # everywhere
    "阳光交易": "Yangguang",
    "首页": "Home",
    "公共资源交易": "Public resource trading",
    "公共资源交易平台：公告、结果、开标大厅与公开见证日志": (
        "Public resource trading: notices, results, opening hall and the public witness log"
    ),
    "跳到主要内容": "Skip to the main content",
    "打开菜单": "Open the menu",
    "主菜单": "Main menu",
    "交易公开": "Trades",
    "见证日志": "Witness log",
    "自己验证": "Verify it yourself",
    "服务器时间": "Server time",
    "登录": "Sign in",
    "阳光交易 · 每一步都记入公开的、不可篡改的见证日志": (
        "Yangguang · every step stands in a public log that nobody can change"
    ),
    "时间为北京时间": "times are Beijing time",
    "返回首页": "Back to the home page",
    "目前没有": "Nothing yet",
    "共": "in all",
    "条": "entries",
    "分页": "Pages",
    "更早的": "Older",
    "回到最新": "Back to the newest",
    "查看": "Show",
    "查询": "Search",
    "清空": "Clear",
    "不限": "Any",
    "下载": "Download",
    # what went wrong
    "请求有误": "Bad request",
    "浏览器发来的内容不完整或格式不对。": "What the browser sent is incomplete or malformed.",
    "请返回上一页重试；仍不行请联系中心。": "Please go back and try again, or ask the centre.",
    "依据": "Ground",
    "平台规则：提交内容的格式": "Platform rule: the form of what is sent",
    "平台规则：未授权即拒绝": "Platform rule: whatever is not allowed is refused",
    "没有权限": "Not allowed",
    "您当前登录的身份不能查看或办理此事项。": "With the present sign-in this cannot be seen or done.",
    "请核对登录身份和所代表的单位，或返回首页。": "Please check who you are signed in as.",
    "没有找到": "Not found",
    "没有这个页面，或者您无权查看。": "There is no such page, or it is not public.",
    "请核对网址，或从首页、我的工作台进入。": "Please check the address or start from the home page.",
    # lists
    "公告": "Notices",
    "公告日期": "Published",
    "发布时间": "Published",
    "招标人": "Tenderer",
    "地区": "Region",
    "项目": "Trade",
    "阶段": "Stage",
    "交易大类": "Line",
    "公告类别": "Kind of notice",
    "投标截止": "Bids due",
    "关键字": "Words",
    "项目、标段、招标人名称": "Trade, lot or tenderer, in Chinese",
    "起始日期": "From",
    "截止日期": "Until",
    "搜索项目": "Search trades",
    "按公告查询": "By notice",
    "按项目查询": "By trade",
    "全部公告": "All notices",
    "全部招标公告": "All tender notices",
    "结果公示": "Results",
    "没有符合条件的公告": "No notice matches",
    "没有符合条件的项目": "No trade matches",
    "统计": "Statistics",
    "统计一览": "At a glance",
    "数字取自公开的见证日志，点击可看到对应的清单。": (
        "The numbers come from the public witness log; each leads to its list."
    ),
    "数据大屏": "Big screen",
    "公开项目": "Published trades",
    "正在招标": "Open for bids",
    "按交易大类": "By line",
    "按阶段": "By stage",
    "按地区": "By region",
    "按公告类别": "By kind of notice",
    "合计": "Total",
    "工程建设": "Works",
    "政府采购": "Government procurement",
    "土地矿业权": "Land and mining rights",
    "产权交易": "Property rights",
    "招标公告": "Tender notice",
    "变更澄清": "Change or clarification",
    "开标记录": "Record of the opening",
    "候选人公示": "Candidates",
    "中标结果": "Award",
    "合同公告": "Contract",
    "暂停与终止": "Suspension or ending",
    # a trade
    "开标大厅": "Opening hall",
    "结果": "Results",
    "合同": "Contract",
    "中标人": "Winner",
    "中标候选人": "Candidates",
    "投标人名单": "List of bidders",
    "名次": "Rank",
    "单位": "Organisation",
    "报价": "Price",
    "工期（天）": "Period (days)",
    "解密": "Decryption",
    "得分": "Total",
    "解密成功": "opened",
    "视为撤销（投标人原因）": "counts as revoked (the bidder's fault)",
    "视为撤回（非投标人原因）": "counts as withdrawn (not the bidder's fault)",
    "文件": "Files",
    "办理经过": "What happened",
    "项目信息": "About the trade",
    "时限": "Clocks",
    "代理机构": "Agency",
    "交易中心": "Centre",
    "最高投标限价": "Limit price",
    "标段编号": "Lot code",
    "统一交易标识码": "Trade code",
    "解密截止": "Decryption ends",
    "现场异议截止": "On-the-spot objections close",
    "公示期满": "Publicity ends",
    "签订合同期限": "Contract to be signed",
    "书面报告期限": "Written report due",
    "退还保证金期限": "Bonds to be refunded",
    "答复异议期限": "Objection to be answered",
    # stages
    "进场登记": "Registered",
    "公平竞争审查完成": "Reviewed for fair competition",
    "招标投标": "Open for bids",
    "投标人名单已公布": "Bidders listed",
    "解密结束": "Decryption ended",
    "已唱标": "Bids announced",
    "开标结束": "Opened",
    "评标专家已抽取": "Experts drawn",
    "评标委员会签到": "Committee signed in",
    "初步评审": "Preliminary review",
    "详细评审": "Scoring",
    "价格评审": "Price evaluation",
    "评标汇总": "Ranked",
    "评标报告签署": "Report being signed",
    "评标结束": "Evaluated",
    "中标候选人公示": "Candidates published",
    "已定标": "Awarded",
    "中标通知书已发出": "Award notice sent",
    "合同已签订": "Contract signed",
    "已归档": "Archived",
    "暂停": "Suspended",
    "投标人不足三个，未开标": "Fewer than three bidders, not opened",
    "否决全部投标": "All bids rejected",
    "无中标候选人可定，重新招标": "No candidate left, to be tendered again",
    "终止招标": "Terminated",
    # entries and the log
    "见证记录": "Witness entry",
    "在日志中的位置": "Place in the log",
    "叶子": "leaf",
    "正在编入日志": "being put into the log",
    "叶子摘要": "Leaf hash",
    "前一条": "Entry before",
    "归档后公开的内容": "Opened by the archive",
    "原文": "As it stands in the log",
    "时间": "Time",
    "事项": "What",
    "编号": "No.",
    "记录": "Entries",
    "每一次办理都写成一条记录，按顺序放进一棵只增不改的树（Merkle 树）。"
    "平台对树根签名，改动、删除或补插任何一条都会被发现。": (
        "Every act writes one entry into a tree that only grows (a Merkle tree). The platform signs the tree's root; "
        "an entry that is changed, removed or slipped in is found out."
    ),
    "最新检查点": "Newest checkpoint",
    "日志": "Log",
    "记录条数": "Number of entries",
    "签发时间": "Signed at",
    "树根": "Root",
    "签名": "Signatures",
    "检查点原文": "The checkpoint itself",
    "公钥": "Public keys",
    "按编号查看记录": "Entry by number",
    "记录编号": "Number of the entry",
    "核对日志只增不改": "That the log only grows",
    "较早的条数": "Earlier size",
    "较晚的条数": "Later size",
    "整份下载": "The whole log",
    "日志按 C2SP tlog-tiles 的格式公开，任何程序都可以整份取走、自己重算树根：": (
        "The log is published as C2SP tlog-tiles; any program can take it whole and compute the root again:"
    ),
    "签名的检查点": "the signed checkpoint",
    "核对签名用的公钥": "the public keys that check signatures",
    "第 0–255 条记录的原文，之后是 001、002……": "entries 0–255 whole, then 001, 002, …",
    "这 256 条记录的摘要；/tile/1/… 是上一层": "the hashes of these 256 entries; /tile/1/… is the level above",
    "还没有满的一片，只有 44 个": "a tile that is not full yet and holds 44",
    "日志还没有记录。": "The log has no entries yet.",
    "日志记录": "Log entry",
    "存在证明": "Inclusion proof",
    "从叶子摘要开始，依次与下列摘要合并，得到的就是检查点里签名的树根：记录确实在日志里，没有改动。": (
        "Begin with the leaf hash and join it with these hashes in turn: you get the root that the checkpoint signs. "
        "So the entry stands in the log, unchanged."
    ),
    "合并": "Join",
    "下载证明（含 SM3）": "Download the proof (with SM3)",
    "下载证明": "Download the proof",
    "证明": "Proof",
    "由下列摘要可以同时算出两个树根：较晚的日志完整包含较早的日志，只在末尾增加。": (
        "Both roots follow from these hashes: the later log holds the earlier one whole and only adds at its end."
    ),
    "两个条数相同，树根即同一个": "both sizes are the same, and so is the root",
    "两个条数都应是大于零的整数，较早的不大于较晚的，较晚的不超过日志现有的条数。": (
        "Both sizes are whole numbers above zero, the earlier not above the later, the later not above the log's size."
    ),
    # verification
    "没有核验": "Nothing was checked",
    "核验通过": "Sound",
    "核验不通过": "Not sound",
    "归档": "Archive",
    "归档文件夹打成的 zip 或 tar 文件，不超过 256 MB": "The archive's folder as zip or tar, at most 256 MB",
    "核验归档": "Check the archive",
    "回执": "Receipt",
    "回执文件": "Receipt file",
    "或者粘贴回执全文": "Or paste the whole receipt",
    "核验回执": "Check the receipt",
    "摘要": "Digest",
    "文件或记录的 SHA-256 摘要（64 位十六进制）": "SHA-256 digest of a file or entry (64 hexadecimal digits)",
    "查找": "Find",
    "已在日志中": "It stands in the log",
    "目前还不能核对": "It cannot be checked yet",
    "不必相信本网站：离线核验": "Do not trust this site: check offline",
    "下载只有一个文件的核验程序，在自己的电脑上运行。"
    "它不用本平台的任何代码，只需要 Python 3.11 和 cryptography；300 行以内，可以通读。": (
        "Download the verifier, one file, and run it on your own computer. It uses none of our code, only Python 3.11 "
        "and cryptography, and is short enough to read: at most 300 lines."
    ),
    "归档文件夹": "ARCHIVE-FOLDER",
    "核对签名用的平台公钥，请与监督部门或报刊上公布的比对：": (
        "The platform's public keys; compare them with those the supervising body publishes:"
    ),
}
