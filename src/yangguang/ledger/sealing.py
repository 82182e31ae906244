"""密封: the sealed fields of a record under AES-256-GCM; the key is a setting, no row."""

import base64
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yangguang.ledger.models import Record

NONCE = 12


def seal_content(record: Record, content: Mapping[str, Any]) -> bytes:
    """The content encrypted for this record alone."""
    return _seal(content, _bound_to(record))


def unseal_content(record: Record, sealed: bytes) -> dict[str, Any]:
    """What was sealed. Raises `cryptography.exceptions.InvalidTag` for content of another record."""
    return _unseal(sealed, _bound_to(record))


def seal_draft(token: str, content: Mapping[str, Any]) -> str:
    """What was typed and is no record yet, encrypted for this draft alone, as text."""
    return base64.b64encode(_seal(content, f"draft/{token}".encode())).decode()


def unseal_draft(token: str, sealed: str) -> dict[str, Any]:
    """What was sealed for a draft. Raises `cryptography.exceptions.InvalidTag` for that of another one."""
    return _unseal(base64.b64decode(sealed), f"draft/{token}".encode())


def _seal(content: Mapping[str, Any], bound: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    text = json.dumps(dict(content), ensure_ascii=False, sort_keys=True).encode()
    return nonce + _cipher().encrypt(nonce, text, bound)


def _unseal(sealed: bytes, bound: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_cipher().decrypt(sealed[:NONCE], sealed[NONCE:], bound))
    return content


def _bound_to(record: Record) -> bytes:
    return f"{record.unit_id}/{record.register}/{record.year}/{record.number}".encode()


def _cipher() -> AESGCM:
    return AESGCM(settings.SEALED_KEY)
