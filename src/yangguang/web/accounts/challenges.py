"""Sign-in challenges (登录挑战): what a certificate signs to prove its holder, once, here and now.

The server makes a challenge for one browser session and one origin; it holds for two minutes and for one answer,
whatever the answer is worth. Nothing in it comes from the client, so that a client's wrong clock changes nothing.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from yangguang.parties.certificates import check_trusted
from yangguang.proof import signatures
from yangguang.proof.certificates import Certificate
from yangguang.proof.signatures import Signature
from yangguang.rules.refusal import Refusal, Refused
from yangguang.web.accounts.models import Challenge

HEADER = "yangguang-sign-in/1"
HOLDS = timedelta(minutes=2)
KEPT = timedelta(days=1)
RULE = "平台规则：证书登录一次一验"
AGAIN = "请重新点“用证书登录”，平台会发出新的登录挑战。"


def make_challenge(*, session: str, origin: str, at: datetime) -> Challenge:
    """A new challenge for this session's key and the origin of our own page; old ones are swept away."""
    Challenge.objects.filter(made_at__lt=at - KEPT).delete()
    return Challenge.objects.create(
        nonce=secrets.token_urlsafe(24), session=_digest(session), origin=origin, made_at=at
    )


def statement(challenge: Challenge) -> bytes:
    """The bytes to sign: `yangguang-sign-in/1 ⏎ origin ⏎ nonce ⏎ moment ⏎`; no other signature of ours begins so."""
    moment = challenge.made_at.isoformat(timespec="microseconds")
    return "".join(f"{line}\n" for line in (HEADER, challenge.origin, challenge.nonce, moment)).encode()


def prove(*, nonce: str, session: str, origin: str, signature: Signature, at: datetime) -> Certificate:
    """The certificate whose holder answered the challenge; raises Refused, and the challenge is used up either way."""
    challenge = _claim(nonce=nonce, session=session, origin=origin, at=at)
    if not signatures.verify(data=statement(challenge), signature=signature):
        raise Refused(_refusal("sign_in.signature", "签名与登录挑战不符", AGAIN, article="电子签名法第十三条"))
    refusals = check_trusted(certificate=signature.certificate, at=at)
    if refusals:
        raise Refused(*refusals)
    return signature.certificate


def _claim(*, nonce: str, session: str, origin: str, at: datetime) -> Challenge:
    challenge = Challenge.objects.filter(nonce=nonce).first()
    if challenge is None or challenge.session != _digest(session) or challenge.origin != origin:
        raise Refused(_refusal("sign_in.other_challenge", "这个登录挑战不是发给本窗口、本网址的", AGAIN))
    if not Challenge.objects.filter(pk=challenge.pk, used_at__isnull=True).update(used_at=at):
        raise Refused(_refusal("sign_in.used_challenge", "这个登录挑战已经用过", AGAIN))
    if not challenge.made_at <= at <= challenge.made_at + HOLDS:
        raise Refused(_refusal("sign_in.late_challenge", "登录挑战已经过期（两分钟有效）", AGAIN))
    return challenge


def _digest(session: str) -> str:
    return sha256(session.encode()).hexdigest()


def _refusal(code: str, reason: str, remedy: str, *, article: str = RULE) -> Refusal:
    return Refusal(code=code, reason=reason, article=article, remedy=remedy)
