"""CA互认: which roots the centre recognises, from when until when, and what they revoked."""

from datetime import datetime

from asn1crypto import pem
from django.db.models import Q

from yangguang.parties.certificates import read_certificate, read_revocation_list, recognised_roots
from yangguang.parties.models import RevocationListIssue, TrustedRoot
from yangguang.proof.certificates import Certificate, RevocationList, check_certificate
from yangguang.rules.refusal import refuse_if
from yangguang.trading.models import Centre
from yangguang.trading.roles import Role
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act
from yangguang.witness.guards import PLATFORM, found_or_refuse, refuse_unless, refuse_unreasoned
from yangguang.witness.models import Evidence
from yangguang.witness.record import record, utc_text

AUTHORITY = "电子签名法第十六条"
MUTUAL = f"{PLATFORM}：CA互认"


@act("recognise_root", by={Role.CENTRE})
def recognise_root(centre: Centre, *, actor: Actor, at: datetime, certificate: Evidence) -> TrustedRoot:
    """认可CA根证书: certificates under it count from now on.

    Raises `Refused` for what is no self-signed authority's certificate valid now, and for a root that stands already.
    """
    root = read_certificate(evidence.read(certificate.sha256))
    refuse_unless(
        root.is_authority and root.is_issued_by(root),
        code="root.not_root",
        reason="这不是 CA 的根证书",
        article=AUTHORITY,
        remedy="请提交 CA 机构自己签发给自己的根证书。",
    )
    refuse_if(check_certificate(certificate=root, roots=[root], at=at))
    refuse_unless(
        root not in recognised_roots(at=at),
        code="root.stands",
        reason="这个根证书已经认可",
        article=MUTUAL,
        remedy="不需要再办理。",
    )
    made = TrustedRoot.objects.create(
        pem=root.pem.decode(), fingerprint=root.fingerprint, name=_name(root), accepted_from=at
    )
    data = {
        "name": _name(root), "fingerprint": root.fingerprint, "algorithm": root.algorithm,
        "not_before": utc_text(root.not_before), "not_after": utc_text(root.not_after),
    }  # fmt: skip
    record(data=data, files=[("根证书", certificate)])
    return made


@act("withdraw_root", by={Role.CENTRE})
def withdraw_root(
    centre: Centre, *, actor: Actor, at: datetime, fingerprint: str, reason: str, until: datetime | None = None
) -> TrustedRoot:
    """撤销对CA的认可: at once or from a later moment on; what was signed before stays good."""
    root = found_or_refuse(
        TrustedRoot.objects.filter(_stands(at), fingerprint=fingerprint, accepted_from__lte=at).first(),
        code="root.unknown",
        reason="没有认可过这个根证书，或者已经撤销",
        article=MUTUAL,
        remedy="请从列表中选择。",
    )
    refuse_unless(
        until is None or until >= at,
        code="root.until",
        reason="撤销时间不能早于现在",
        article=MUTUAL,
        remedy="立即撤销的，时间留空。",
    )
    refuse_unreasoned(reason, code="root.reason", article=AUTHORITY, of="撤销的")
    root.accepted_until, root.reason = until or at, reason.strip()
    root.save(update_fields=["accepted_until", "reason"])
    data = {"name": root.name, "fingerprint": root.fingerprint, "until": utc_text(root.accepted_until)}
    record(data=data, concealed={"reason": root.reason})
    return root


@act("update_revocation_list", by={Role.CENTRE})
def update_revocation_list(centre: Centre, *, actor: Actor, at: datetime, revocations: Evidence) -> RevocationListIssue:
    """更新吊销列表: a newer issue, signed by a root that the centre recognises.

    Raises `Refused` for a list of somebody else, one that is outdated, or one that says only part.
    """
    issued = read_revocation_list(evidence.read(revocations.sha256))
    _refuse_strange(issued, at=at)
    newest = RevocationListIssue.objects.filter(issuer=issued.issuer).order_by("-this_update").first()
    refuse_unless(
        newest is None or newest.this_update < issued.this_update,
        code="revocations.old",
        reason="已有同期或者更新的吊销列表",
        article=MUTUAL,
        remedy="请从 CA 机构下载最新一期。",
    )
    armoured = pem.armor("X509 CRL", issued.der).decode()
    made = RevocationListIssue.objects.create(pem=armoured, issuer=issued.issuer, this_update=issued.this_update)
    data = {
        "issuer": issued.issuer, "revoked": len(issued.revoked),
        "this_update": utc_text(issued.this_update), "next_update": utc_text(issued.next_update),
    }  # fmt: skip
    record(data=data, files=[("吊销列表", revocations)])
    return made


def _refuse_strange(issued: RevocationList, *, at: datetime) -> None:
    refuse_unless(
        any(issued.verify(root) for root in recognised_roots(at=at)),
        code="revocations.issuer",
        reason="这份吊销列表不是中心认可的 CA 签发的",
        article=MUTUAL,
        remedy="请先认可该 CA 的根证书，或者核对文件来源。",
    )
    refuse_unless(
        issued.scope.is_supported,
        code="revocations.partial",
        reason="这份吊销列表只包括一部分证书（增量或者间接列表）",
        article=MUTUAL,
        remedy="请下载完整的吊销列表。",
    )
    refuse_unless(
        issued.this_update <= at < issued.next_update,
        code="revocations.outdated",
        reason="这份吊销列表尚未生效或者已经过期",
        article=MUTUAL,
        remedy="请从 CA 机构下载最新一期。",
    )


def _stands(at: datetime) -> Q:
    return Q(accepted_until__isnull=True) | Q(accepted_until__gt=at)


def _name(root: Certificate) -> str:
    return (root.common_name or root.subject)[:200]
