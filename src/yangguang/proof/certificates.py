"""Whether a certificate may be relied on (CA互认): chain, validity, key usage, revocation, and whose it is.

Chains may mix RSA, ECDSA, Ed25519 and SM2. Follows RFC 5280 §6 without policies and name constraints: a certificate
that makes either critical is refused.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice, pairwise
from typing import Literal

from yangguang.proof.x509_documents import Certificate, CertificateUnreadable, RevocationList
from yangguang.rules.refusal import Refusal

__all__ = [
    "Certificate",
    "CertificateUnreadable",
    "RevocationList",
    "check_binding",
    "check_certificate",
    "find_chains",
]

Usage = Literal["sign", "encrypt"]

_HERE = timezone(timedelta(hours=8))  # 北京时间
_SMALLEST_RSA = 2048
_LONGEST_CHAIN = 8
_MOST_CHAINS = 16
_MOST_SIGNATURES = 128  # cross-signed certificates must not make the search explode
_UNDERSTOOD = frozenset(
    {"basic_constraints", "key_usage", "extended_key_usage", "certificate_policies", "subject_alt_name"}
)
_FOREIGN_PURPOSES = frozenset({"server_auth", "time_stamping", "ocsp_signing", "code_signing"})
_RELIABLE = "电子签名法第十三条"
_AUTHORITY = "电子签名法第十六条"
_ACCURATE = "电子签名法第二十二条"
_TENDERING = "电子招标投标办法第四十条"
_PLATFORM = "平台规则：CA互认"


def check_certificate(
    *,
    certificate: Certificate,
    intermediates: Sequence[Certificate] = (),
    roots: Sequence[Certificate],
    revocation_lists: Sequence[RevocationList] = (),
    at: datetime,
    usage: Usage | None = None,
) -> list[Refusal]:
    """Why the certificate may not be relied on at an aware time; empty when it may.

    Every certificate below the root needs a revocation list of its issuer that is verified and in force at that time.
    Several chains may exist (cross-certificates): one good chain is enough.
    """
    if at.tzinfo is None:
        raise ValueError("时间必须带时区")
    own = _check_key(certificate) + _check_usage(certificate, usage)
    chains = find_chains(certificate=certificate, intermediates=intermediates, roots=roots)
    outcomes: list[list[Refusal]] = []
    for chain in islice(chains, _MOST_CHAINS):
        outcomes.append(_check_chain(chain=chain, revocation_lists=revocation_lists, at=at))
        if not outcomes[-1]:
            return own
    if not outcomes:
        return [*_unknown_issuer(certificate), *_check_validity(certificate, at), *own]
    return outcomes[0] + own


def check_binding(*, certificate: Certificate, organisation_code: str) -> list[Refusal]:
    """Why the certificate does not belong to the organisation of this 统一社会信用代码; empty when it does."""
    wanted = organisation_code.strip().upper()
    if not certificate.organisation_code:
        return [
            Refusal(
                code="certificate.binding.missing",
                reason="证书中没有统一社会信用代码，无法确认属于哪个单位",
                article=_ACCURATE,
                remedy="请向认证机构换领载有统一社会信用代码的机构证书。",
            )
        ]
    if certificate.organisation_code == wanted:
        return []
    return [
        Refusal(
            code="certificate.binding.different",
            reason=f"证书属于 {certificate.organisation_code}，与单位 {wanted} 不一致",
            article=_RELIABLE,
            remedy="请使用本单位的证书；单位代码已变更的，请先更新主体信息并换领证书。",
        )
    ]


def find_chains(
    *, certificate: Certificate, intermediates: Sequence[Certificate], roots: Sequence[Certificate]
) -> Iterator[tuple[Certificate, ...]]:
    """Chains of good signatures from the certificate up to a root, the certificate first, at most 8 long.

    The search stops after 128 signature checks, whatever certificates it is given.
    """
    trusted, left = set(roots), _MOST_SIGNATURES
    waiting: list[tuple[Certificate, ...]] = [(certificate,)]
    while waiting:
        chain = waiting.pop()
        if chain[-1] in trusted:
            yield chain
            continue
        if len(chain) == _LONGEST_CHAIN:
            continue
        candidates = [one for one in (*intermediates, *roots) if _could_issue(one, chain)][:left]
        left -= len(candidates)
        waiting.extend((*chain, one) for one in candidates if chain[-1].is_issued_by(one))


def _could_issue(candidate: Certificate, chain: tuple[Certificate, ...]) -> bool:
    return candidate not in chain and candidate.subject_name == chain[-1].issuer_name


def _check_chain(
    *, chain: Sequence[Certificate], revocation_lists: Sequence[RevocationList], at: datetime
) -> list[Refusal]:
    refusals: list[Refusal] = []
    for certificate in chain:
        refusals += _check_validity(certificate, at) + _check_extensions(certificate)
    for depth, authority in enumerate(chain[1:], start=1):
        refusals += _check_key(authority) + _check_authority(authority, below=chain[1:depth])
    for certificate, issuer in pairwise(chain):
        refusals += _check_revocation(certificate=certificate, issuer=issuer, lists=revocation_lists, at=at)
    return refusals


def _check_validity(certificate: Certificate, at: datetime) -> list[Refusal]:
    if at < certificate.not_before:
        return [
            Refusal(
                code="certificate.validity.not_yet",
                reason=f"证书（{_call(certificate)}）自{_moment(certificate.not_before)} 起才有效",
                article=_RELIABLE,
                remedy="请等证书生效后再办理，或使用当前有效的证书。",
            )
        ]
    if at > certificate.not_after:
        return [
            Refusal(
                code="certificate.validity.expired",
                reason=f"证书（{_call(certificate)}）已于{_moment(certificate.not_after)} 到期",
                article=_RELIABLE,
                remedy="请向认证机构办理延期，或使用有效的证书；旧的解密私钥请继续保存。",
            )
        ]
    return []


def _check_extensions(certificate: Certificate) -> list[Refusal]:
    strange = certificate.critical_extensions - _UNDERSTOOD
    if not strange:
        return []
    return [
        Refusal(
            code="certificate.extension.critical",
            reason=f"证书（{_call(certificate)}）含有无法处理的关键扩展：{'、'.join(sorted(strange))}",
            article=_PLATFORM,
            remedy="请联系认证机构换领符合规范的证书。",
        )
    ]


def _check_authority(authority: Certificate, below: Sequence[Certificate]) -> list[Refusal]:
    may_issue = authority.key_usage is None or "key_cert_sign" in authority.key_usage
    if not (authority.is_authority and may_issue):
        return [
            Refusal(
                code="certificate.chain.not_authority",
                reason=f"签发者（{_call(authority)}）无权签发证书",
                article=_AUTHORITY,
                remedy="请使用依法设立的认证机构签发的证书。",
            )
        ]
    counted = sum(not one.is_self_issued for one in below)
    if authority.path_length is None or counted <= authority.path_length:
        return []
    return [
        Refusal(
            code="certificate.chain.path_length",
            reason=f"证书链超过了 {_call(authority)} 允许的 {authority.path_length} 级下级机构",
            article=_AUTHORITY,
            remedy="请使用由有权的下级机构签发的证书。",
        )
    ]


def _check_key(certificate: Certificate) -> list[Refusal]:
    if certificate.algorithm != "rsa" or certificate.public_key.bits >= _SMALLEST_RSA:
        return []
    return [
        Refusal(
            code="certificate.key.weak",
            reason=f"证书（{_call(certificate)}）的 RSA 密钥只有 {certificate.public_key.bits} 位",
            article=_RELIABLE,
            remedy=f"请换领 RSA {_SMALLEST_RSA} 位以上或 SM2 的证书。",
        )
    ]


def _check_usage(certificate: Certificate, usage: Usage | None) -> list[Refusal]:
    purposes = certificate.extended_usage
    foreign = bool(purposes) and purposes is not None and purposes <= _FOREIGN_PURPOSES
    if usage == "sign" and (foreign or not certificate.may_sign):
        return [
            Refusal(
                code="certificate.usage.sign",
                reason="此证书的用途不包括对文件签名",
                article=_TENDERING,
                remedy="请使用签名证书。双证书用户请选择“签名”那一张。",
            )
        ]
    if usage == "encrypt" and (foreign or not certificate.may_encrypt):
        return [
            Refusal(
                code="certificate.usage.encrypt",
                reason="此证书的用途不包括加密",
                article="电子招标投标办法第二十六条",
                remedy="请使用加密证书（RSA 或 SM2）。双证书用户请选择“加密”那一张。",
            )
        ]
    return []


def _unknown_issuer(certificate: Certificate) -> list[Refusal]:
    if certificate.signed.algorithm is None:
        return [
            Refusal(
                code="certificate.signature.unsupported",
                reason="证书的签名算法已不安全或不受支持（例如 SHA-1）",
                article=_RELIABLE,
                remedy="请换领以 SHA-256 以上或 SM3 签发的证书。",
            )
        ]
    return [
        Refusal(
            code="certificate.chain.unknown_issuer",
            reason=f"找不到从证书到平台认可的根证书的完整证书链（签发者：{certificate.issuer}）",
            article=_AUTHORITY,
            remedy="请使用平台公布的互认认证机构签发的证书，并附上中间证书。",
        )
    ]


def _check_revocation(
    *, certificate: Certificate, issuer: Certificate, lists: Iterable[RevocationList], at: datetime
) -> list[Refusal]:
    relevant = [one for one in lists if one.covers(certificate)]
    verified = [one for one in relevant if one.verify(issuer)]
    current = [one for one in verified if one.this_update <= at <= one.next_update]
    revoked = [one.revoked[certificate.serial_number] for one in current if certificate.serial_number in one.revoked]
    if revoked:
        return [
            Refusal(
                code="certificate.revocation.revoked",
                reason=f"证书（{_call(certificate)}）已于{_moment(min(revoked))} 被吊销",
                article=_RELIABLE,
                remedy="请停止使用此证书，并向认证机构申领新证书。",
            )
        ]
    if current:
        return []
    return [_no_list(issuer=issuer, relevant=bool(relevant), verified=bool(verified))]


def _no_list(*, issuer: Certificate, relevant: bool, verified: bool) -> Refusal:
    if verified:
        kind, reason = "stale", "的吊销列表不在有效期内"
    elif relevant:
        kind, reason = "unverified", "的吊销列表签名不正确"
    else:
        kind, reason = "missing", "没有可用的吊销列表"
    return Refusal(
        code=f"certificate.revocation.{kind}",
        reason=f"{_call(issuer)} {reason}，无法确认证书是否被吊销",
        article=_ACCURATE,
        remedy="请稍后重试；平台应从该认证机构更新吊销列表。",
    )


def _moment(at: datetime) -> str:
    return f"北京时间 {at.astimezone(_HERE):%Y-%m-%d %H:%M:%S}"


def _call(certificate: Certificate) -> str:
    return certificate.common_name or certificate.organisation_name or certificate.subject
