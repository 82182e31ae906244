"""The platform's own keys: for checkpoints and receipts (Ed25519, SM2) and for draws (VRF).

They are made once and kept under `YANGGUANG_HOME/keys` with mode 0600. The VRF key is registered before any draw by
its public half standing in every archive and in the log's own pages.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from yangguang.proof import notes, sm2, vrf
from yangguang.proof.log_keys import read_verifier_key

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The keys of one centre's log. `origin` names the log in every checkpoint and receipt."""

    origin: str
    log_secret: bytes
    sm2_secret: bytes
    vrf_secret: bytes

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
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = {name: _kept(folder / f"{name}.key") for name in ("log", "sm2", "vrf")}
    return Platform(origin=origin, log_secret=kept["log"], sm2_secret=kept["sm2"], vrf_secret=kept["vrf"])


def _kept(path: Path) -> bytes:
    """The 32 secret bytes in `path`, made durably if they are not there; of two makers one wins whole."""
    if not path.exists():
        secret = sm2.generate()[0] if path.stem == "sm2" else secrets.token_bytes(SECRET_BYTES)
        aside = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_bytes()
