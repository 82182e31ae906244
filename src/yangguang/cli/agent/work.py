"""What the helper does for a page that is paired: who holds the key, signing, trial decryption, release of keys."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from yangguang.cli.agent.keyring import Keyring
from yangguang.cli.agent.refusals import refused
from yangguang.cli.agent.statements import printable, read_statement
from yangguang.cli.agent.terminal import Terminal
from yangguang.proof.certificates import Certificate
from yangguang.proof.inspection import Bid, read_bid, read_heads
from yangguang.proof.key_release import release_keys
from yangguang.proof.manifest import LONGEST_MANIFEST, MOST_PARTS, Manifest
from yangguang.proof.opening import Trial, recover_content_keys, try_opening
from yangguang.proof.share_release import Identity
from yangguang.proof.signatures import sign

MOST_STATEMENTS = 64
MOST_RELEASED = 2  # the bid and its bond


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One keyring and the terminal where its holder sits."""

    keyring: Keyring
    terminal: Terminal
    _busy: Lock = field(default_factory=Lock, init=False)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One thing at a time: of two questions at once one would be answered by mistake. Raises Refused agent.busy."""
        if not self._busy.acquire(blocking=False):
            raise refused("agent.busy")
        try:
            yield
        finally:
            self._busy.release()

    def status(self, asked: Mapping[str, Any], origin: str) -> dict[str, Any]:  # noqa: ARG002 # the shape of a work
        """Whose certificates these are."""
        opens = self.keyring.opens
        return {"signs": _facts(self.keyring.signs.certificate), "opens": opens and _facts(opens.certificate)}

    def sign(self, asked: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """{"statements": [base64]} → {"signatures": […]}, in the same order, all or none."""
        given = asked.get("statements")
        if not isinstance(given, list) or not 0 < len(given) <= MOST_STATEMENTS:
            raise refused("agent.malformed")
        statements = [read_statement(_bytes(one), origin=origin) for one in given]
        shown = [line for one in statements for line in one.shown]
        signer = self.keyring.signs
        with self.alone():
            self._agree(f"{origin} 请求签名，共 {len(statements)} 项：", shown)
            signed = [sign(data=one.data, key=signer.key, certificate=signer.certificate) for one in statements]
        self.terminal.tell(f"已签名 {len(signed)} 项。")
        return {"signatures": [one.to_json() for one in signed]}

    def trial(self, path: Path) -> dict[str, Any]:
        """试解密 of a sealed file of ours: which parts open, with names and sizes, nothing of the contents."""
        opener = self._opener()
        bid = read_bid(path)
        self._require_own(bid.manifest)
        self.terminal.tell(f"试解密 {_title(bid.manifest)}（{path.stat().st_size:,} 字节）……")
        trials = try_opening(bid=bid, key=opener.key, certificate=opener.certificate)
        opened = sum(one.opened is not None for one in trials)
        self.terminal.tell(f"试解密完毕：{len(trials)} 个部分，{opened} 个能打开。")
        return {
            "manifest": bid.manifest_sha256,
            "parts": [_trial(one) for one in trials],
            "certificate": _facts(opener.certificate),
        }

    def release(self, asked: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """{"files": [{"manifest", "signature", "heads": {part: base64}}]} → {"releases": [text]}, signed."""
        opener, given = self._opener(), asked.get("files")
        if not isinstance(given, list) or not 0 < len(given) <= MOST_RELEASED:
            raise refused("agent.malformed")
        bids = [_bid_of(one) for one in given]
        for bid in bids:
            self._require_own(bid.manifest)
        shown = [
            *(_title(bid.manifest) for bid in bids),
            "交出密钥之后，平台即可打开这些文件。只应在开标的解密时间内同意。",
        ]
        with self.alone():
            self._agree(f"{origin} 请求交出解密密钥，共 {len(bids)} 个文件：", shown)
            releases = [self._release(bid, opener) for bid in bids]
        self.terminal.tell("密钥已解出并签名，交给页面。")
        return {"releases": releases}

    def _release(self, bid: Bid, opener: Identity) -> str:
        signer = self.keyring.signs
        content_keys = recover_content_keys(bid=bid, key=opener.key, certificate=opener.certificate)
        return release_keys(
            bid=bid, content_keys=content_keys, key=signer.key, certificate=signer.certificate, at=datetime.now(UTC)
        ).decode()

    def _agree(self, question: str, shown: list[str]) -> None:
        if not self.terminal.consents(question, shown):
            self.terminal.tell("没有同意，未办理。")
            raise refused("agent.declined")

    def _opener(self) -> Identity:
        if self.keyring.opens is None:
            raise refused("agent.cannot_open")
        return self.keyring.opens

    def _require_own(self, manifest: Manifest) -> None:
        if manifest.bidder != self.keyring.signs.certificate.organisation_code:
            raise refused("agent.other_bidder")


def _facts(certificate: Certificate) -> dict[str, str]:
    """What a page shows and checks of a certificate, under the names of its own scripts."""
    return {
        "commonName": certificate.common_name,
        "organisationName": certificate.organisation_name,
        "organisationCode": certificate.organisation_code,
        "serial": certificate.serial_number,
        "notBefore": certificate.not_before.isoformat(),
        "notAfter": certificate.not_after.isoformat(),
    }


def _title(manifest: Manifest) -> str:
    parts = "、".join(part.name for part in manifest.parts)
    return printable(f"交易 {manifest.tender}，标段 {manifest.lot}，部分 {parts}")


def _trial(one: Trial) -> dict[str, Any]:
    if one.opened:
        return {"part": one.part, "files": [{"name": file.name, "size": file.size} for file in one.opened.files]}
    problem = f"{one.refusal.reason}。{one.refusal.remedy}" if one.refusal else ""
    return {"part": one.part, "problem": problem}


def _bid_of(given: Any) -> Bid:
    """The sealed file of which a page sent the small members and the head of each envelope."""
    heads = given.get("heads") if isinstance(given, dict) else None
    if not isinstance(heads, dict) or len(heads) > MOST_PARTS:
        raise refused("agent.malformed")
    manifest, signature = (_bytes(given.get(name)) for name in ("manifest", "signature"))
    if max(len(manifest), len(signature)) > LONGEST_MANIFEST:
        raise refused("agent.malformed")
    return read_heads(
        manifest=manifest, signature=signature, heads={str(part): _bytes(head) for part, head in heads.items()}
    )


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error) as error:
        raise refused("agent.malformed") from error
