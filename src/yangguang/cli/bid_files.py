"""What the commands of `yangguang bid` share: files of keys and certificates, outputs, refusals on the screen."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from yangguang.proof.broken import BrokenBid
from yangguang.proof.certificates import Certificate, CertificateUnreadable
from yangguang.proof.keys import PrivateKey, load_private_key
from yangguang.rules.refusal import Refusal, Refused

REFUSED = 2
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(path_type=Path)


def pairs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> list[tuple[str, str]]:
    """Values written NAME=TEXT, taken apart; a usage error without both."""
    pairs: list[tuple[str, str]] = []
    for value in given:
        name, _, text = value.partition("=")
        if not name or not text:
            raise click.BadParameter(f"{value!r} 应写成 名称=值", ctx=ctx, param=param)
        pairs.append((name, text))
    return pairs


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what can go wrong with files, keys and bids into a clear refusal and exit code 2."""
    try:
        yield
    except BrokenBid as error:
        print_refusal(error.refusal)
        sys.exit(REFUSED)
    except Refused as error:
        for refusal in error.refusals:
            print_refusal(refusal)
        sys.exit(REFUSED)
    except OSError as error:
        stop(f"{error.filename or ''} {error.strerror or error}".strip())
    except ValueError as error:
        stop(str(error))


def print_refusal(refusal: Refusal) -> None:
    """Show why, by which article and what to do."""
    click.echo(f"不予受理：{refusal.reason}（{refusal.code}）", err=True)
    click.echo(f"依据：{refusal.article}", err=True)
    click.echo(f"办法：{refusal.remedy}", err=True)


def stop(message: str) -> NoReturn:
    """Say what is in the way and leave with exit code 2."""
    click.echo(f"不能办理：{message}", err=True)
    sys.exit(REFUSED)


def require_absent(path: Path) -> None:
    """Stop rather than write over a file."""
    if path.exists():
        stop(f"{path} 已经存在，请换一个文件名。")


def certificate_in(path: Path) -> Certificate:
    """The certificate in a PEM or DER file; ValueError names the file."""
    data = path.read_bytes()
    try:
        return Certificate.from_pem(data) if data.lstrip().startswith(b"-----") else Certificate.from_der(data)
    except CertificateUnreadable as error:
        raise ValueError(f"{path}：{error}") from error


def private_key_in(path: Path, password_file: Path | None) -> PrivateKey:
    """The private key in a PEM file, whose password is asked for when it is needed; ValueError names the file."""
    data = path.read_bytes()
    try:
        return load_private_key(data, password=_password(data, password_file))
    except ValueError as error:
        raise ValueError(f"{path}：{error}") from error


def _password(pem: bytes, password_file: Path | None) -> bytes | None:
    if b"ENCRYPTED" not in pem:
        return None
    if password_file:
        return password_file.read_bytes().rstrip(b"\r\n")
    text: str = click.prompt("私钥口令", hide_input=True, err=True)
    return text.encode()


@contextmanager
def new_directory(path: Path) -> Iterator[None]:
    """A directory that is removed again when what should fill it fails."""
    path.mkdir(parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(path)
        raise


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
