"""The optional rescue of a sealed bid (解密救援): k of n named trustees together hold the content key.

Shamir sharing over GF(2^128) by pycryptodome: permissive, long kept, shares arbitrary 16-byte secrets and needs no
word list; SLIP-39 (`shamir-mnemonic`) is made for people copying words by hand and stretches the secret with a
passphrase nobody here has. A 32-byte key is shared as two halves with independent polynomials; both halves of one
trustee travel in one share, so halves of different trustees cannot be paired. Fewer than k shares say nothing about
the key. A share does not prove itself: only the key commitment that the bidder signed tells a right key from a wrong.

Share bytes: 0x01 ‖ threshold (1) ‖ number of the trustee (1, from 1) ‖ value (as long as the key: 16 or 32).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from Crypto.Protocol.SecretSharing import Shamir

BLOCK_BYTES: Final = 16
KEY_LENGTHS: Final = (16, 32)
FEWEST_SHARES: Final = 2
MOST_TRUSTEES: Final = 10
_VERSION: Final = 1
_HEADER_BYTES: Final = 3


class BadShares(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """The shares are too few, malformed, of different keys, or do not give the key that was committed to."""


class Share(NamedTuple):
    """One share taken apart: how many are needed, the trustee's number (the x of the polynomial) and the value."""

    threshold: int
    number: int
    value: bytes


def split_key(*, key: bytes, threshold: int, names: Sequence[str]) -> dict[str, bytes]:
    """Share a 16- or 32-byte content key among named trustees, `threshold` of whom can join it again.

    Gives name → share (key length + 3 bytes), in the order of `names`. Randomness comes from the operating system.
    Raises ValueError unless 2 ≤ threshold ≤ len(names) ≤ 10 and the names differ.
    """
    if len(key) not in KEY_LENGTHS:
        raise ValueError(f"内容密钥应为 16 或 32 字节，实为 {len(key)} 字节")
    if len(set(names)) != len(names):
        raise ValueError("受托人重名")
    if not FEWEST_SHARES <= threshold <= len(names) <= MOST_TRUSTEES:
        raise ValueError(f"门限 {threshold} 与受托人数 {len(names)} 不合规：2 ≤ 门限 ≤ 人数 ≤ {MOST_TRUSTEES}")
    halves = [Shamir.split(threshold, len(names), block) for block in _blocks(key)]
    values = (b"".join(part for _, part in parts) for parts in zip(*halves, strict=True))
    headers = (share_header(threshold=threshold, number=number) for number in range(1, len(names) + 1))
    return {name: header + value for name, header, value in zip(names, headers, values, strict=True)}


def share_header(*, threshold: int, number: int) -> bytes:
    """The three bytes in front of a share's value; `number` is the trustee's, from 1."""
    return bytes([_VERSION, threshold, number])


def join_key(*, shares: Mapping[str, bytes], expected_commitment: Callable[[bytes], bool]) -> bytes:
    """Join shares into the content key that `expected_commitment(key)` recognises.

    With more shares than needed, wrong ones among them are survived: every choice of `threshold` shares is tried (at
    most 252). Raises BadShares when there are too few, when they do not belong together, or when no choice gives the
    committed key.
    """
    return _find(_read(shares), expected_commitment)[1]


def wrong_shares(*, shares: Mapping[str, bytes], expected_commitment: Callable[[bytes], bool]) -> tuple[str, ...]:
    """Whose shares are not of the committed key, by name; empty when all are. Raises BadShares like `join_key`."""
    read = _read(shares)
    right, key = _find(read, expected_commitment)
    # All but one of the right shares and any other one give the key only if that one lies on the same polynomial.
    return tuple(name for name, share in read.items() if share not in right and _combine([*right[1:], share]) != key)


def _read(shares: Mapping[str, bytes]) -> dict[str, Share]:
    read = {name: _parse(name, share) for name, share in sorted(shares.items())}
    _require_belonging_together(list(read.values()))
    return read


def _find(read: Mapping[str, Share], is_committed: Callable[[bytes], bool]) -> tuple[tuple[Share, ...], bytes]:
    """A choice of shares that gives the committed key, and the key."""
    threshold = next(iter(read.values())).threshold
    for chosen in combinations(read.values(), threshold):
        key = _combine(chosen)
        if is_committed(key):
            return chosen, key
    raise BadShares("份额合成的密钥与投标人签名的密钥承诺不符：有份额错误或属于另一把密钥")


def _parse(name: str, share: bytes) -> Share:
    value = share[_HEADER_BYTES:]
    if len(value) not in KEY_LENGTHS or share[0] != _VERSION:
        raise BadShares(f"{name} 的份额格式不对")
    parsed = Share(threshold=share[1], number=share[2], value=value)
    if parsed.threshold < FEWEST_SHARES or not 1 <= parsed.number <= MOST_TRUSTEES:
        raise BadShares(f"{name} 的份额格式不对")
    return parsed


def _require_belonging_together(shares: Sequence[Share]) -> None:
    if not shares:
        raise BadShares("没有份额")
    if len({(share.threshold, len(share.value)) for share in shares}) > 1:
        raise BadShares("份额不属于同一次拆分")
    if len({share.number for share in shares}) != len(shares):
        raise BadShares("两个份额编号相同")
    if len(shares) < shares[0].threshold:
        raise BadShares(f"需要 {shares[0].threshold} 个份额，只有 {len(shares)} 个")


def _combine(shares: Iterable[Share]) -> bytes:
    numbered = [[(share.number, block) for block in _blocks(share.value)] for share in shares]
    return b"".join(Shamir.combine(list(points)) for points in zip(*numbered, strict=True))


def _blocks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES))
