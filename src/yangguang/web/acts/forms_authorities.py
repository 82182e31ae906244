"""Forms of CA互认: what a certificate or a revocation list says is shown before it is confirmed."""

from typing import Any

from django.db.models import Q

from yangguang.parties.certificates import read_certificate, read_revocation_list
from yangguang.parties.models import TrustedRoot
from yangguang.proof.certificates import Certificate
from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.trading.acts.authorities import recognise_root, update_revocation_list, withdraw_root
from yangguang.web.acts.fields import text_line
from yangguang.web.acts.forms import ActForm, form_of
from yangguang.web.acts.uploads import CERTIFICATE, REVOCATIONS
from yangguang.witness import evidence
from yangguang.witness.guards import LONGEST_REASON

SERIAL_PLACES = 4


def said_of(certificate: Certificate) -> list[tuple[str, str]]:
    """What a certificate says, as people compare it with what its authority publishes."""
    begins, ends = (one.astimezone(LEGAL_ZONE) for one in (certificate.not_before, certificate.not_after))
    return [
        ("证书持有人", certificate.subject),
        ("签发者", certificate.issuer),
        ("密钥算法", certificate.algorithm.upper()),
        ("证书有效期", f"{begins:%Y-%m-%d %H:%M} 至 {ends:%Y-%m-%d %H:%M}"),
        ("SHA-256 指纹", spaced(certificate.fingerprint)),
    ]


def spaced(digest: str) -> str:
    """Hex in groups of four, to compare by eye."""
    return " ".join(digest[at : at + SERIAL_PLACES] for at in range(0, len(digest), SERIAL_PLACES))


@form_of(recognise_root)
class RecogniseRootForm(ActForm):
    """认可根证书."""

    labels = {"certificate": "根证书"}
    hints = {"certificate": ".cer、.crt 或 .pem。下一步会显示证书内容和指纹，请与 CA 机构公布的指纹逐位核对。"}
    kinds = {"certificate": CERTIFICATE}

    def shown(self) -> list[tuple[str, str]]:
        """What the certificate says."""
        return said_of(read_certificate(evidence.read(self.kept["certificate"]["sha256"])))


@form_of(withdraw_root)
class WithdrawRootForm(ActForm):
    """撤销认可."""

    asks = ("fingerprint",)
    labels = {"fingerprint": "根证书", "until": "自何时起不再认可", "reason": "原因"}
    hints = {"until": "立即撤销的留空。"}

    def _add(self, name: str, form: Any) -> None:
        if name == "reason":
            self.fields[name] = text_line(label=self.labels[name], most=LONGEST_REASON)
        else:
            super()._add(name, form)

    def choose(self) -> None:
        """The roots that stand."""
        stands = Q(accepted_until__isnull=True) | Q(accepted_until__gt=self.at)
        roots = TrustedRoot.objects.filter(stands).order_by("name", "pk")
        self.offer(
            "fingerprint", [(one.fingerprint, f"{one.name}（{spaced(one.fingerprint[:16])} …）") for one in roots]
        )


@form_of(update_revocation_list)
class RevocationsForm(ActForm):
    """吊销列表."""

    labels = {"revocations": "吊销列表"}
    hints = {"revocations": "从 CA 机构下载的完整吊销列表（.crl）。"}
    kinds = {"revocations": REVOCATIONS}

    def shown(self) -> list[tuple[str, str]]:
        """What the list says."""
        issued = read_revocation_list(evidence.read(self.kept["revocations"]["sha256"]))
        begins, ends = (one.astimezone(LEGAL_ZONE) for one in (issued.this_update, issued.next_update))
        return [
            ("签发者", issued.issuer),
            ("本期", f"{begins:%Y-%m-%d %H:%M}"),
            ("下一期", f"{ends:%Y-%m-%d %H:%M}"),
            ("已吊销的证书", f"{len(issued.revoked)} 张"),
        ]
