"""The keys that a command of `yangguang bid` works with: PEM files, a certificate file (.p12), or a token."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click

from yangguang.cli.agent.keyring import Keyring, keyring_from_provider, opener_among, pairs_in_files, signer_among
from yangguang.cli.bid_files import FILE, certificate_in, private_key_in
from yangguang.proof.share_release import Identity

PASSWORD_FILE = click.option("--password-file", type=FILE, help="私钥口令所在的文件；不给则在需要时询问。")


@dataclass(slots=True)
class OwnKeys:
    """What the options of a command name; read when it is first needed, so that a password is asked for once."""

    key: Path | None
    certificate: Path | None
    password_file: Path | None
    provider: str | None = None
    _read: list[Identity] = field(default_factory=list)

    def signs(self) -> Identity:
        """The pair to sign with; ValueError."""
        return signer_among(self._pairs())

    def opens(self) -> Identity:
        """The pair to open with; ValueError."""
        return opener_among(self._pairs())

    def _pairs(self) -> list[Identity]:
        if not self._read:
            self._read = self._given()
        return self._read

    def _given(self) -> list[Identity]:
        if bool(self.key) == bool(self.provider):
            raise click.UsageError("请用 --key 给出密钥，或者用 --provider 给出密钥提供程序（二选一）。")
        if self.provider:
            return _pairs_of(keyring_from_provider(self.provider, asker(self.password_file)))
        assert self.key is not None  # noqa: S101 # one of the two is there
        if self.certificate is None:
            return pairs_in_files([self.key], [], asker(self.password_file))
        key = private_key_in(self.key, self.password_file)
        return [Identity(key=key, certificate=certificate_in(self.certificate))]


def own_key_options(purpose: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`--key`, `--certificate`, `--password-file`, `--provider` of a command, which gets them as `own`."""

    def add(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def command(
            *, key: Path | None, certificate: Path | None, password_file: Path | None, provider: str | None, **rest: Any
        ) -> None:
            function(own=OwnKeys(key, certificate, password_file, provider), **rest)

        for option in (
            click.option("--provider", help="密钥不在文件里时：密钥提供程序 模块:函数，见 docs/bid-agent.md。"),
            PASSWORD_FILE,
            click.option("--certificate", type=FILE, help=f"{purpose}证书（PEM 或 DER）；.p12 里有的不必给。"),
            click.option("--key", type=FILE, help=f"{purpose}私钥（PEM），或者证书文件（.p12、.pfx）。"),
        ):
            command = option(command)
        return command

    return add


def asker(password_file: Path | None) -> Callable[[str], str]:
    """Passwords from the file, or from the person."""
    if password_file:
        text = password_file.read_text(encoding="utf-8").rstrip("\r\n")
        return lambda _: text
    return lambda question: str(click.prompt(question, hide_input=True, err=True))


def _pairs_of(keyring: Keyring) -> list[Identity]:
    return [keyring.signs, *([keyring.opens] if keyring.opens else [])]
