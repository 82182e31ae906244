"""The SM2 curve and the DER shapes of its keys, signatures and ciphertexts.

Sources: GB/T 32918.5, GM/T 0009, RFC 5480, RFC 5915.

Only public values are computed with here: Python's integers take time that depends on their value.
"""

from typing import Any

from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

PRIME = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
COEFFICIENT_A = PRIME - 3
COEFFICIENT_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
BASE_POINT = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
KEY_OID = "1.2.840.10045.2.1"
CURVE_OID = "1.2.156.10197.1.301"
SIGNATURE_OID = "1.2.156.10197.1.501"

_ALGORITHM = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
_UNCOMPRESSED = 4
_COORDINATE = 32
_DIGEST = 32

Point = tuple[int, int]


class _Ciphertext(core.Sequence):  # type: ignore[misc] # asn1crypto has no types
    _fields = [  # noqa: RUF012 # asn1crypto reads this name
        ("x", core.Integer),
        ("y", core.Integer),
        ("hash", core.OctetString),
        ("cipher", core.OctetString),
    ]


def is_on_curve(point: Point) -> bool:
    """Whether both coordinates are field elements and solve the curve's equation."""
    x, y = point
    if not (0 <= x < PRIME and 0 <= y < PRIME):
        return False
    return (y * y - x * x * x - COEFFICIENT_A * x - COEFFICIENT_B) % PRIME == 0


def check_private(private: bytes) -> None:
    """Raise ValueError unless 32 bytes hold a number in [1, n-2] (GB/T 32918.1 §6.1)."""
    if len(private) != _COORDINATE or not 1 <= int.from_bytes(private) <= ORDER - 2:
        raise ValueError("SM2 私钥必须是 32 字节且在 [1, n-2] 之内")


def check_public(public: bytes) -> None:
    """Raise ValueError unless 65 bytes 04‖x‖y name a point of the curve."""
    if len(public) != 1 + 2 * _COORDINATE or public[0] != _UNCOMPRESSED or not is_on_curve(decode_point(public)):
        raise ValueError("SM2 公钥必须是 65 字节（04‖x‖y）且在曲线上")


def decode_point(public: bytes) -> Point:
    """The coordinates within 04‖x‖y."""
    return int.from_bytes(public[1 : 1 + _COORDINATE]), int.from_bytes(public[1 + _COORDINATE :])


def encode_point(point: Point) -> bytes:
    """04‖x‖y, 65 bytes."""
    return bytes([_UNCOMPRESSED]) + point[0].to_bytes(_COORDINATE) + point[1].to_bytes(_COORDINATE)


def encode_public_key(public: bytes) -> bytes:
    """SubjectPublicKeyInfo DER (RFC 5480), 91 bytes."""
    return bytes.fromhex("3059") + _ALGORITHM + bytes.fromhex("034200") + public


def encode_private_key(*, private: bytes, public: bytes) -> bytes:
    """PKCS#8 DER (RFC 5208) around an ECPrivateKey with its public key (RFC 5915), 138 bytes."""
    inner = bytes.fromhex("306b0201010420") + private + bytes.fromhex("a144034200") + public
    return bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d") + inner


def encode_private_key_alone(private: bytes) -> bytes:
    """PKCS#8 DER without the public key, for a library that computes it, 67 bytes."""
    return bytes.fromhex("3041020100") + _ALGORITHM + bytes.fromhex("042730250201010420") + private


def decode_signature(signature: bytes) -> tuple[int, int] | None:
    """The numbers r and s of a strict DER SEQUENCE{r, s}, each in [1, n-1]; None for anything else."""
    try:
        r, s = decode_dss_signature(signature)
    except ValueError:
        return None
    if not (1 <= r < ORDER and 1 <= s < ORDER):
        return None
    return (r, s) if encode_dss_signature(r, s) == signature else None


def check_ciphertext(ciphertext: bytes) -> None:
    """Raise ValueError unless this is a strict DER ciphertext (GM/T 0009 §7.2) whose point is on the curve."""
    try:
        parsed: Any = _Ciphertext.load(ciphertext, strict=True)
        values: dict[str, Any] = parsed.native
    except (ValueError, TypeError) as error:
        raise ValueError("SM2 密文结构不正确") from error
    if _Ciphertext(values).dump() != ciphertext or len(values["hash"]) != _DIGEST or not values["cipher"]:
        raise ValueError("SM2 密文结构不正确")
    if not is_on_curve((values["x"], values["y"])):
        raise ValueError("SM2 密文中的点不在曲线上")


def add_points(first: Point | None, second: Point | None) -> Point | None:
    """The sum of two points of the curve; None is the point at infinity."""
    if first is None or second is None:
        return second if first is None else first
    if first[0] == second[0] and (first[1] + second[1]) % PRIME == 0:
        return None
    if first == second:
        slope = (3 * first[0] * first[0] + COEFFICIENT_A) * pow(2 * first[1], -1, PRIME)
    else:
        slope = (second[1] - first[1]) * pow(second[0] - first[0], -1, PRIME)
    x = (slope * slope - first[0] - second[0]) % PRIME
    return x, (slope * (first[0] - x) - first[1]) % PRIME


def multiply_point(*, factor: int, point: Point | None) -> Point | None:
    """The point added to itself `factor` times, for public factors only."""
    total: Point | None = None
    while factor:
        if factor & 1:
            total = add_points(total, point)
        point = add_points(point, point)
        factor >>= 1
    return total


def points_at(x: int) -> tuple[Point, ...]:
    """The two points with this x, or none."""
    squared = (x * x * x + COEFFICIENT_A * x + COEFFICIENT_B) % PRIME
    y = pow(squared, (PRIME + 1) // 4, PRIME)
    return ((x, y), (x, PRIME - y)) if is_on_curve((x, y)) else ()
