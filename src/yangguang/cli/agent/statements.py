"""What the helper signs (签名事项): statements that the platform words, and nothing else.

Whoever could have arbitrary bytes signed would own the seal. So the bytes are read back, line by line, and only what
is worded exactly as `proof/signatures.py` (a file of an act) or `web/accounts/challenges.py` (signing in, for the
origin that asks) is signed. Manifests and released keys are never signed from bytes that a page brings.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from yangguang.cli.agent.refusals import refused
from yangguang.proof.manifest import is_digest
from yangguang.proof.signatures import FILE_HEADER
from yangguang.web.acts.words import WORDS

SIGN_IN_HEADER: Final = "yangguang-sign-in/1"
LONGEST: Final = 4096
_ACT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_STREAM = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,99}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """The bytes to sign and what they say, line by line, safe to show on a terminal."""

    data: bytes
    shown: tuple[str, ...]


def read_statement(data: bytes, *, origin: str) -> Statement:
    """The statement in these bytes; raises Refused agent.not_ours, agent.other_origin."""
    if len(data) > LONGEST:
        raise refused("agent.not_ours")
    try:
        header, *lines, end = data.decode().split("\n")
    except ValueError as error:  # not UTF-8, or not even one line
        raise refused("agent.not_ours") from error
    read = _READERS.get(header)
    if end or read is None:
        raise refused("agent.not_ours")
    return Statement(data, read(lines, origin))


def printable(text: str) -> str:
    """The text with whatever could deceive on a terminal (control, formatting, direction) written as its number."""
    return "".join(one if _is_plain(one) else f"\\u{{{ord(one):x}}}" for one in text)


def _is_plain(letter: str) -> bool:
    return letter.isprintable() or unicodedata.category(letter) == "Zs"


def _file(lines: list[str], origin: str) -> tuple[str, ...]:  # noqa: ARG001 # the shape of a reader
    match lines:
        case [act, stream, name, sha256, sm3] if name and is_digest(sha256) and is_digest(sm3):
            if not (_ACT.fullmatch(act) and _STREAM.fullmatch(stream)):
                raise refused("agent.not_ours")
            title = WORDS[act].title if act in WORDS else act
            return (f"签署文件：{printable(name)}", f"用于：{title}，交易 {stream}", f"SHA-256：{sha256}")
    raise refused("agent.not_ours")


def _sign_in(lines: list[str], origin: str) -> tuple[str, ...]:
    match lines:
        case [asked_by, nonce, moment] if _NONCE.fullmatch(nonce) and _is_moment(moment):
            if asked_by != origin:
                raise refused("agent.other_origin")
            return (f"登录 {origin}", f"登录挑战发出时间：{moment}")
    raise refused("agent.not_ours")


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_READERS: dict[str, Callable[[list[str], str], tuple[str, ...]]] = {FILE_HEADER: _file, SIGN_IN_HEADER: _sign_in}
