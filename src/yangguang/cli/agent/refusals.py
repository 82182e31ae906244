"""Why the helper does not do what a page asks, in words for the person in front of it."""

from yangguang.rules.refusal import Refusal, Refused

RULE = "平台规则：投标助手（docs/bid-agent.md）"
CONFLICT = 409
_STATUSES = {
    "agent.host": 403,
    "agent.origin": 403,
    "agent.code": 403,
    "agent.closed": 403,
    "agent.unpaired": 401,
    "agent.unknown": 404,
    "agent.too_large": 413,
    "agent.malformed": 400,
    "agent.failed": 500,
}
_WORDS = {
    "agent.host": ("请求不是发给本机地址的", "请从中心官方网址进入，不要使用转发或代理到投标助手的地址。"),
    "agent.origin": (
        "投标助手没有获准为这个网址服务",
        "请核对浏览器地址栏，再用 --origin 写明中心官方网址后重新启动。",
    ),
    "agent.unknown": ("投标助手没有这项功能", "请把投标助手更新到与平台相同的版本。"),
    "agent.too_large": ("内容超过投标助手接受的大小", "请刷新页面后重试。"),
    "agent.malformed": ("投标助手看不懂这个请求", "请刷新页面，并把投标助手更新到与平台相同的版本。"),
    "agent.code": ("配对码不正确，或者已经用过", "请输入投标助手窗口里最新显示的配对码。"),
    "agent.closed": (
        "配对码错误次数过多，投标助手不再接受配对",
        "请重新启动投标助手；不是您自己输入的，请检查本机有无可疑程序。",
    ),
    "agent.unpaired": ("本窗口还没有与投标助手配对", "请输入投标助手窗口里显示的配对码。"),
    "agent.busy": ("投标助手正在办理另一件事", "请先在投标助手窗口里答复上一次询问。"),
    "agent.declined": ("您在投标助手里没有同意", "需要办理的，请重新点击，并在投标助手窗口里核对后输入 y。"),
    "agent.not_ours": (
        "要求签名的内容不是本平台的签名事项，投标助手拒绝签名",
        "请核对网址；内容正常而仍被拒绝的，请更新投标助手。",
    ),
    "agent.other_origin": ("登录挑战不是发给当前网址的", "请核对浏览器地址栏，从中心官方网址进入。"),
    "agent.other_bidder": ("这份密封文件不属于投标助手所用证书的单位", "请用投标时本单位的证书启动投标助手。"),
    "agent.cannot_open": (
        "投标助手所用的证书只能签名，不能解密",
        "请用 --key 再加上加密证书（RSA 或 SM2）后重新启动。",
    ),
    "agent.no_space": ("本机磁盘空间不足，不能试解密", "请清理磁盘后重试。"),
    "agent.failed": ("投标助手没有办成", "请看投标助手窗口里的说明。"),
}


def refused(code: str) -> Refused:
    """The exception for a code."""
    reason, remedy = _WORDS[code]
    return Refused(Refusal(code=code, reason=reason, article=RULE, remedy=remedy))


def status_of(refusal: Refusal) -> int:
    """What HTTP says to it."""
    return _STATUSES.get(refusal.code, CONFLICT)
