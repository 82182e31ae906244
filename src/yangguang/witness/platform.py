"""The platform's own keys: for checkpoints and receipts (Ed25519, SM2) and for draws (VRF).

They are made once and kept under `YANGGUANG_HOME/keys` with mode 0600. The VRF key is registered before any draw by
its public half standing in every archive and in the log's own pages.
"""

import secrets
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from yangguang.proof import notes, sm2, vrf
from yangguang.proof.log_keys import read_verifier_key
from yangguang.secret_files import kept_secret

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The keys of one centre's log. `origin` names the log in every checkpoint and receipt."""

    origin: str
    log_secret: bytes = field(repr=False)
    sm2_secret: bytes = field(repr=False)
    vrf_secret: bytes = field(repr=False)

    def signers(self) -> list[notes.Signer]:
        """Both signers of notes: the international one and the national one."""
        key = Ed25519PrivateKey.from_private_bytes(self.log_secret)
        return [
            notes.ed25519_signer(name=self.origin, key=key),
            notes.sm2_signer(
                name=self.origin,
                public_key=sm2.public_of(self.sm2_secret),
                sign=lambda text: sm2.sign(private=self.sm2_secret, data=text),
            ),
        ]

    def verifiers(self) -> list[notes.Verifier]:
        """The same two keys, for checking."""
        return [read_verifier_key(key) for key in self.verifier_keys()]

    def verifier_keys(self) -> list[str]:
        """The public keys as others write them down to check this log."""
        return [signer.verifier.encoded() for signer in self.signers()]

    def vrf_public(self) -> str:
        """The registered public key of draws, hexadecimal."""
        return vrf.public_key(self.vrf_secret).hex()


def platform() -> Platform:
    """The keys of this installation, made at the first call."""
    return _platform(Path(settings.HOME) / "keys", settings.LOG_ORIGIN)


@cache
def _platform(folder: Path, origin: str) -> Platform:
    return Platform(
        origin=origin,
        log_secret=kept_secret(folder / "log.key", make=_random),
        sm2_secret=kept_secret(folder / "sm2.key", make=lambda: sm2.generate()[0]),
        vrf_secret=kept_secret(folder / "vrf.key", make=_random),
    )


def _random() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)
