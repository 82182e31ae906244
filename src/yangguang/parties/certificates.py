"""Whose signature counts: certificates of recognised CAs, bound to an organisation or a person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from django.db.models import Q

from yangguang.parties.models import EndedCertificate, PersonalCertificate, RevocationListIssue, TrustedRoot
from yangguang.proof import signatures
from yangguang.proof.certificates import (
    Certificate,
    CertificateUnreadable,
    RevocationList,
    check_binding,
    check_certificate,
)
from yangguang.proof.signatures import Signature
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.actor import Actor

ARMOUR = b"-----BEGIN"

ENDED = Refusal(
    code="certificate.ended",
    reason="这张证书已经在本中心停用",
    article="电子签名法第十五条",
    remedy="请使用本单位（本人）现用的证书；误停用的，请换领证书后重新登记。",
)


def read_certificate(data: bytes) -> Certificate:
    """An uploaded certificate (.cer, .crt, .pem, .der). Raises `Refused` for anything else, and for a private key."""
    if b"PRIVATE KEY" in data:
        raise Refused(_refusal("certificate.private", "文件里有私钥", "请只提交证书（公钥）；私钥不要交给任何人。"))
    try:
        return Certificate.from_pem(data) if ARMOUR in data else Certificate.from_der(data)
    except CertificateUnreadable as bad:
        raise Refused(_refusal("certificate.unreadable", str(bad), "请从证书软件导出 X.509 证书（.cer）。")) from bad


def read_revocation_list(data: bytes) -> RevocationList:
    """An uploaded revocation list (.crl, .pem). Raises `Refused` for anything else."""
    try:
        return RevocationList.from_pem(data) if ARMOUR in data else RevocationList.from_der(data)
    except CertificateUnreadable as bad:
        raise Refused(_refusal("revocations.unreadable", str(bad), "请从 CA 机构的网站下载吊销列表（.crl）。")) from bad


def recognised_roots(*, at: datetime) -> list[Certificate]:
    """The CA roots that the centre recognises at this moment (CA互认)."""
    open_ended = Q(accepted_until__isnull=True) | Q(accepted_until__gt=at)
    return [root.certificate() for root in TrustedRoot.objects.filter(open_ended, accepted_from__lte=at)]


def revocation_lists(*, at: datetime) -> list[RevocationList]:
    """The newest revocation list of each issuer."""
    newest: dict[str, RevocationListIssue] = {}
    for issue in RevocationListIssue.objects.filter(this_update__lte=at).order_by("this_update"):
        newest[issue.issuer] = issue
    return [issue.revocation_list() for issue in newest.values()]


def check_trusted(
    *, certificate: Certificate, at: datetime, usage: Literal["sign", "encrypt"] | None = "sign"
) -> list[Refusal]:
    """Refusals when the certificate does not hold at `at`: chain, validity, revocation, usage, or ended here."""
    ended = EndedCertificate.objects.filter(fingerprint=certificate.fingerprint, ended_at__lte=at).exists()
    return (
        [ENDED]
        if ended
        else check_certificate(
            certificate=certificate,
            roots=recognised_roots(at=at),
            revocation_lists=revocation_lists(at=at),
            at=at,
            usage=usage,
        )
    )


def check_signature(*, data: bytes, signature: Signature, actor: Actor, at: datetime) -> list[Refusal]:
    """Refusals when `signature` is not a valid signature over `data` by the actor's organisation (电子签名法)."""
    if not signatures.verify(data=data, signature=signature):
        return [_refusal("signature.wrong", "电子签名与文件内容不符", "请用有效的数字证书对当前文件重新签名。")]
    trusted = check_trusted(certificate=signature.certificate, at=at)
    return trusted or list(_check_bearer(certificate=signature.certificate, actor=actor))


def check_signatures(*, data: bytes, signed: Sequence[tuple[Signature, Actor]], at: datetime) -> list[Refusal]:
    """The refusals of several signatures over the same data."""
    return [
        refusal
        for signature, actor in signed
        for refusal in check_signature(data=data, signature=signature, actor=actor, at=at)
    ]


def _check_bearer(*, certificate: Certificate, actor: Actor) -> Iterable[Refusal]:
    if actor.organisation:
        return check_binding(certificate=certificate, organisation_code=actor.organisation)
    if PersonalCertificate.objects.filter(person__mark=actor.person, fingerprint=certificate.fingerprint).exists():
        return []
    return [_refusal("signature.not_yours", "该数字证书没有登记在您名下", "请使用本人登记的个人签名证书。")]


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article="电子签名法第十三条", remedy=remedy)
