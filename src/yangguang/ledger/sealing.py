"""密封: the sealed fields of a record under AES-256-GCM; the key is a file of the house (or a variable), no row."""

import base64
import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from yangguang.ledger.models import Record
from yangguang.secret_files import kept_secret

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


@cache
def _cipher() -> AESGCM:
    given = os.environ.get("YANGGUANG_SEALED_KEY")
    key = base64.b64decode(given) if given else kept_secret(settings.HOME / "sealed-key", make=_fresh_key)
    return AESGCM(key)


def _fresh_key() -> bytes:
    return AESGCM.generate_key(256)
