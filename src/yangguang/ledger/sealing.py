"""密封: the sealed fields of a record under AES-256-GCM; the key is a setting, no row."""

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
    nonce = os.urandom(NONCE)
    text = json.dumps(dict(content), ensure_ascii=False, sort_keys=True).encode()
    return nonce + _cipher().encrypt(nonce, text, _bound_to(record))


def unseal_content(record: Record, sealed: bytes) -> dict[str, Any]:
    """What was sealed. Raises `cryptography.exceptions.InvalidTag` for content of another record."""
    text = _cipher().decrypt(sealed[:NONCE], sealed[NONCE:], _bound_to(record))
    content: dict[str, Any] = json.loads(text)
    return content


def _bound_to(record: Record) -> bytes:
    return f"{record.unit_id}/{record.register}/{record.year}/{record.number}".encode()


def _cipher() -> AESGCM:
    return AESGCM(settings.SEALED_KEY)
