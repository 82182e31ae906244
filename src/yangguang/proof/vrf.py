"""The verifiable random function (可验证随机函数) of a draw: RFC 9381, ECVRF-EDWARDS25519-SHA512-TAI.

Written on plain integers so that it can be read beside the RFC. Verifying touches public values only. Proving is NOT
constant-time: it belongs on the centre's own server, never where a stranger can time it.

Layouts: secret 32 bytes (RFC 8032 seed), public key 32 bytes, proof 80 bytes = Gamma (32) ‖ c (16, little-endian) ‖
s (32, little-endian), output 64 bytes.
"""

import hashlib
from typing import Final, NamedTuple

SECRET_BYTES: Final = 32
POINT_BYTES: Final = 32
CHALLENGE_BYTES: Final = 16
PROOF_BYTES: Final = 80

FIELD: Final = 2**255 - 19
ORDER: Final = 2**252 + 27742317777372353535851937790883648493
COFACTOR: Final = 8
SUITE: Final = b"\x03"

_CURVE_D: Final = -121665 * pow(121666, -1, FIELD) % FIELD
_ROOT_OF_MINUS_ONE: Final = pow(2, (FIELD - 1) // 4, FIELD)


class BadProof(ValueError):  # noqa: N818 - named after what is wrong, like the other refusals of this package
    """The key, or the proof under this key and input, is not valid."""


class Point(NamedTuple):
    """A point of edwards25519 in extended coordinates: x = X/Z, y = Y/Z, T = XY/Z (RFC 8032 section 5.1.4)."""

    x: int
    y: int
    z: int
    t: int


_IDENTITY: Final = Point(0, 1, 1, 0)


def public_key(secret: bytes) -> bytes:
    """Give the 32-byte public key of a 32-byte secret; the same key as Ed25519 makes of it (RFC 8032 section 5.1.5)."""
    scalar, _ = _expand(secret)
    return _encode(_multiply(scalar, _BASE))


def prove(*, secret: bytes, alpha: bytes) -> bytes:
    """Prove the output for `alpha` (RFC 9381 section 5.1): 80 bytes, the same ones every time.

    Raises ValueError for a secret that is not 32 bytes.
    """
    scalar, prefix = _expand(secret)
    public = _multiply(scalar, _BASE)
    hashed = _encode_to_curve(salt=_encode(public), alpha=alpha)
    gamma = _multiply(scalar, hashed)
    nonce = _scalar(hashlib.sha512(prefix + _encode(hashed)).digest()) % ORDER
    challenge = _challenge(public, hashed, gamma, _multiply(nonce, _BASE), _multiply(nonce, hashed))
    response = (nonce + challenge * scalar) % ORDER
    return _encode(gamma) + challenge.to_bytes(CHALLENGE_BYTES, "little") + response.to_bytes(32, "little")


def verify(*, public: bytes, alpha: bytes, proof: bytes) -> bytes:
    """Check a proof and give the 64-byte output beta (RFC 9381 section 5.3, with validate_key).

    Raises BadProof for a malformed or small-order key, a malformed proof, or one that does not hold for `alpha`.
    """
    key = _decode_key(public)
    gamma, challenge, response = _decode_proof(proof)
    hashed = _encode_to_curve(salt=public, alpha=alpha)
    u = _subtract(_multiply(response, _BASE), _multiply(challenge, key))
    v = _subtract(_multiply(response, hashed), _multiply(challenge, gamma))
    if _challenge(key, hashed, gamma, u, v) != challenge:
        raise BadProof("随机数证明与公钥、输入不符")
    return _output(gamma)


def _decode_key(public: bytes) -> Point:
    key = _decode(public)
    if key is None:
        raise BadProof("公钥不是曲线上的点")
    if _is_small(key):
        raise BadProof("公钥是小阶点")
    return key


def _decode_proof(proof: bytes) -> tuple[Point, int, int]:
    if len(proof) != PROOF_BYTES:
        raise BadProof(f"证明应为 {PROOF_BYTES} 字节，实为 {len(proof)} 字节")
    gamma = _decode(proof[:POINT_BYTES])
    response = _scalar(proof[POINT_BYTES + CHALLENGE_BYTES :])
    if gamma is None or response >= ORDER:
        raise BadProof("证明中的点或标量编码不合规")
    return gamma, _scalar(proof[POINT_BYTES : POINT_BYTES + CHALLENGE_BYTES]), response


def _encode_to_curve(*, salt: bytes, alpha: bytes) -> Point:
    """Try and increment (RFC 9381 section 5.4.1.1); half of all counters hit, so 256 misses do not happen."""
    candidates = (_candidate(salt + alpha, counter) for counter in range(256))
    return next(point for point in candidates if point is not None)


def _candidate(text: bytes, counter: int) -> Point | None:
    hashed = hashlib.sha512(SUITE + b"\x01" + text + bytes([counter]) + b"\x00").digest()
    point = _decode(hashed[:POINT_BYTES])
    return None if point is None or _is_small(point) else _multiply(COFACTOR, point)


def _challenge(*points: Point) -> int:
    text = b"".join(map(_encode, points))
    return _scalar(hashlib.sha512(SUITE + b"\x02" + text + b"\x00").digest()[:CHALLENGE_BYTES])


def _output(gamma: Point) -> bytes:
    return hashlib.sha512(SUITE + b"\x03" + _encode(_multiply(COFACTOR, gamma)) + b"\x00").digest()


def _expand(secret: bytes) -> tuple[int, bytes]:
    """Split the hashed secret into clamped scalar and nonce prefix (RFC 8032 section 5.1.5)."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"私钥应为 {SECRET_BYTES} 字节，实为 {len(secret)} 字节")
    hashed = hashlib.sha512(secret).digest()
    clamped = _scalar(hashed[:32]) & ((1 << 254) - 8) | (1 << 254)
    return clamped, hashed[32:]


def _scalar(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _encode(point: Point) -> bytes:
    inverse = pow(point.z, -1, FIELD)
    x, y = point.x * inverse % FIELD, point.y * inverse % FIELD
    return (y | (x & 1) << 255).to_bytes(POINT_BYTES, "little")


def _decode(data: bytes) -> Point | None:
    """Read a point (RFC 8032 section 5.1.3); None for a wrong length, a non-canonical y or a y off the curve."""
    if len(data) != POINT_BYTES:
        return None
    number = _scalar(data)
    y, odd = number & ((1 << 255) - 1), number >> 255
    if y >= FIELD:
        return None
    x = _recover_x(y)
    if x is None or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = FIELD - x
    return Point(x, y, 1, x * y % FIELD)


def _recover_x(y: int) -> int | None:
    square = (y * y - 1) * pow(_CURVE_D * y * y + 1, -1, FIELD) % FIELD
    root = pow(square, (FIELD + 3) // 8, FIELD)
    for candidate in (root, root * _ROOT_OF_MINUS_ONE % FIELD):
        if candidate * candidate % FIELD == square:
            return candidate
    return None


def _is_small(point: Point) -> bool:
    return _encode(_multiply(COFACTOR, point)) == _encode(_IDENTITY)


def _add(p: Point, q: Point) -> Point:
    """Add two points, the same ones included (RFC 8032 section 5.1.4)."""
    a = (p.y - p.x) * (q.y - q.x) % FIELD
    b = (p.y + p.x) * (q.y + q.x) % FIELD
    c = 2 * _CURVE_D * p.t * q.t % FIELD
    d = 2 * p.z * q.z % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD)


def _subtract(p: Point, q: Point) -> Point:
    return _add(p, Point(FIELD - q.x, q.y, q.z, FIELD - q.t))


def _multiply(scalar: int, point: Point) -> Point:
    total = _IDENTITY
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point, scalar = _add(point, point), scalar >> 1
    return total


_BASE_Y: Final = 4 * pow(5, -1, FIELD) % FIELD
_BASE_X: Final = 15112221349535400772501151409588531511454012693041857206046113283949847762202
_BASE: Final = Point(_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % FIELD)
