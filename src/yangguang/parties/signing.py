"""Signed files (签名文件): a file in the evidence store and a detached signature over a statement about it.

The statement says what the signature is for, so that a signature cannot be carried from one act to another, nor from
one paper of an act to another: `yangguang-signed-file/1 ⏎ act ⏎ stream ⏎ name ⏎ sha256 ⏎ sm3 ⏎`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yangguang.parties.certificates import check_signature
from yangguang.proof import signatures
from yangguang.proof.certificates import Certificate
from yangguang.proof.keys import PrivateKey
from yangguang.proof.signatures import Signature
from yangguang.rules.refusal import Refusal
from yangguang.witness.actor import Actor
from yangguang.witness.evidence import keep
from yangguang.witness.inputs import is_text
from yangguang.witness.models import Evidence
from yangguang.witness.record import Named

HEADER = signatures.FILE_HEADER
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """A file with the name it goes by and the signature of whoever answers for it; the name is signed too."""

    name: str
    evidence: Evidence
    signature: Signature


def statement(*, act: str, stream: str, name: str, evidence: Evidence) -> bytes:
    """The bytes that are signed."""
    digests = {"sha256": evidence.sha256, "sm3": evidence.sm3}
    return signatures.file_statement(act=act, stream=stream, name=name, **digests)


def sign_file(
    *, name: str, evidence: Evidence, act: str, stream: str, key: PrivateKey, certificate: Certificate
) -> SignedFile:
    """Sign a kept file for one act on one stream; done where the key is."""
    data = statement(act=act, stream=stream, name=name, evidence=evidence)
    signature = signatures.sign(data=data, key=key, certificate=certificate)
    return SignedFile(name=name, evidence=evidence, signature=signature)


def check_signed(
    *, file: SignedFile, act: str, stream: str, actor: Actor, at: datetime, paper: str = ""
) -> list[Refusal]:
    """Refusals when the signature is not the actor's valid one over this file for this act.

    `paper` is the name that the file must go by, where the act fixes one: no paper of an act stands for another.
    """
    if not is_text(file.name, most=LONGEST_NAME) or file.name != (paper or file.name):
        return [_other_paper(paper)]
    data = statement(act=act, stream=stream, name=file.name, evidence=file.evidence)
    return check_signature(data=data, signature=file.signature, actor=actor, at=at)


def named_files(*files: SignedFile) -> Sequence[Named]:
    """Each file and its kept signature, as an entry lists them."""
    return [named for file in files for named in ((file.name, file.evidence), (f"{file.name}.sig", _kept(file)))]


def _other_paper(paper: str) -> Refusal:
    return Refusal(
        code="signature.other_paper",
        reason=f"这里应提交名称为“{paper}”的签名文件" if paper else f"文件名称应为不超过{LONGEST_NAME}字的文字",
        article="电子签名法第十三条",
        remedy="签名包含文件名称：请以该名称重新签名后提交。",
    )


def _kept(file: SignedFile) -> Evidence:
    content = json.dumps(file.signature.to_json(), ensure_ascii=False, sort_keys=True, indent=1)
    return keep(content.encode(), media_type="application/json")
