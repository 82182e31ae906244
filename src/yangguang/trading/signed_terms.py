"""签名的结构化条款: the structured terms as a signed paper of their own; what is read is what was signed."""

import json
from typing import Any

from yangguang.parties.signing import SignedFile
from yangguang.proof.canonical import canonical
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness import evidence
from yangguang.witness.inputs import LARGEST_JSON, is_json


def terms_paper(version: int) -> str:
    """The name of the terms of a version, from 1: signed with them, so that no version stands for another."""
    return f"结构化条款（第{version}版）"


def signed_terms(file: SignedFile) -> dict[str, Any]:
    """The terms in a signed file: one object of canonical JSON (RFC 8785) of at most 1 MiB.

    Raises `Refused` for anything else; what the terms say is for `parse_terms` to judge.
    """
    content = evidence.read(file.evidence.sha256) if file.evidence.size <= LARGEST_JSON else b""
    terms = _read(content)
    if terms is None:
        raise Refused(
            Refusal(
                code="terms.file",
                reason="结构化条款文件应为规范化 JSON（RFC 8785）的对象，不超过 1 MiB",
                article="招标投标法第十九条",
                remedy="请重新生成结构化条款文件并签名。",
            )
        )
    return terms


def _read(content: bytes) -> dict[str, Any] | None:
    """None when other readers could read these bytes in another way, or the tables could not keep what they say."""
    try:
        terms = json.loads(content)
        same = isinstance(terms, dict) and is_json(terms) and canonical(terms) == content
    except (ValueError, RecursionError):
        return None
    return terms if same else None
