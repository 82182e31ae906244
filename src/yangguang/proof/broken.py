"""Why a bid file is not accepted (拒收), each with its own code, article and remedy."""

from typing import Final, NamedTuple

from yangguang.rules.refusal import Refusal

_FORMAT = "平台规则：投标文件格式 yangguang-bid/1"
_COMPLETE = "电子招标投标办法（20号令）第二十七条"
_ENCRYPTED = "电子招标投标办法（20号令）第二十六条"
_OPENED = "电子招标投标办法（20号令）第三十一条"
_UNCHANGED = "电子签名法第五条"
_SIGNED = "电子签名法第十三条"
_SEAL_AGAIN = "请用投标工具重新制作投标文件后再递交。"
_SEND_AGAIN = "请在截止时间前重新上传完整的投标文件。"


class Ground(NamedTuple):
    """What a code says to people."""

    reason: str
    article: str
    remedy: str


GROUNDS: Final[dict[str, Ground]] = {
    "bid.file.truncated": Ground("投标文件不完整，传输未完成", _COMPLETE, _SEND_AGAIN),
    "bid.file.malformed": Ground("投标文件的结构不合格式", _FORMAT, _SEAL_AGAIN),
    "bid.file.too_large": Ground("投标文件超出允许的大小", _FORMAT, "请压缩附件后重新制作投标文件。"),
    "bid.file.tampered": Ground("投标文件在签名之后被改动", _UNCHANGED, "请重新上传投标工具生成的原文件。"),
    "bid.manifest.malformed": Ground("投标文件清单不合格式", _FORMAT, _SEAL_AGAIN),
    "bid.unencrypted": Ground("投标文件未按规定加密", _ENCRYPTED, "请用投标工具加密后再递交。"),
    "bid.suite.unknown": Ground("投标文件的加密算法不在允许之列", _ENCRYPTED, "请选用 INTL 或 GM 算法套件重新加密。"),
    "bid.signature.bad": Ground("投标文件清单的电子签名无效", _SIGNED, "请用有效的数字证书重新签名。"),
    "bid.signature.other_bidder": Ground("签名证书不属于清单所写的投标人", _SIGNED, "请用投标人自己的数字证书签名。"),
    "bid.tender.wrong": Ground("投标文件属于另一个项目", _FORMAT, "请核对交易标识码，递交本项目的投标文件。"),
    "bid.lot.wrong": Ground("投标文件属于另一个标段（包）", _FORMAT, "请核对标段（包），递交本标段的投标文件。"),
    "bid.part.unknown": Ground("投标文件没有这一部分", _FORMAT, "请核对部分的名称。"),
    "bid.key.not_recipient": Ground(
        "该证书不能解密此投标文件", _OPENED, "请使用加密时所用的证书及其私钥（换证前的也要保留）。"
    ),
    "bid.key.wrong": Ground("密钥与投标人签名的密钥承诺不符", _OPENED, "请提交加密时所用的密钥。"),
    "bid.content.malformed": Ground("解密所得内容的结构不合格式", _FORMAT, "该部分不予公布，请记录为解密失败。"),
    "bid.release.malformed": Ground("解密密钥文件不合格式", _FORMAT, "请用投标工具的 bid keys 命令重新生成。"),
    "bid.release.signature": Ground("解密密钥文件的签名无效", _SIGNED, "请用投标人自己的数字证书重新签名。"),
    "bid.release.other_bid": Ground("解密密钥文件属于另一份投标文件", _OPENED, "请对最后递交的投标文件生成解密密钥。"),
    "bid.rescue.differs": Ground(
        "投标文件的解密救援安排与招标文件不一致", _OPENED, "请按招标文件载明的受托人重新制作。"
    ),
    "bid.share.malformed": Ground("解密份额文件不合格式", _FORMAT, "请用投标工具的 bid share 命令重新生成。"),
    "bid.share.other_bid": Ground(
        "解密份额不属于该投标人现有的投标文件", _OPENED, "请对该投标人最后递交的全部密封文件重新生成份额。"
    ),
    "bid.rescue.impossible": Ground("受托人的份额不足以恢复密钥", _OPENED, "请补齐招标文件约定的份额数。"),
}


class BrokenBid(Exception):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """拒收: the file is not an acceptable bid, or does not open as the bid that was signed."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal; the message is its text."""
        super().__init__(str(refusal))
        self.refusal = refusal


def broken(code: str, detail: str = "") -> BrokenBid:
    """The exception for a code of `GROUNDS`; `detail` says which part or value, never a secret."""
    ground = GROUNDS[code]
    reason = f"{ground.reason}：{detail}" if detail else ground.reason
    return BrokenBid(Refusal(code=code, reason=reason, article=ground.article, remedy=ground.remedy))
