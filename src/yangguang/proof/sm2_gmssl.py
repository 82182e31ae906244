"""SM2 through the `gmssl-pyx` package: the second backend, where no libcrypto 3 is found."""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from yangguang.proof.sm2_curve import (
    BASE_POINT,
    ORDER,
    PRIME,
    Point,
    add_points,
    encode_point,
    multiply_point,
    points_at,
)

_LONGEST = 255
_PROBES = (b"\x11" * 32, b"\x22" * 32)


def load() -> "GmsslBackend | None":
    """The backend, or None where the package has no build for this machine."""
    try:
        return GmsslBackend()
    except ImportError:
        return None


class GmsslBackend:
    """SM2 primitives on raw keys; the caller has checked their shapes. Encrypts at most 255 bytes."""

    name = "gmssl"

    def __init__(self) -> None:
        import gmssl_pyx  # noqa: PLC0415 # loaded only where libcrypto is missing

        self._library = gmssl_pyx

    def public_of(self, private: bytes) -> bytes:
        """The public key 04‖x‖y of a private key.

        The package does not compute it. Multiplying in Python would leak the key through its timing, so the key is
        recovered from two signatures instead, with arithmetic on public values only.
        """
        first, second = (
            _signers(digest=probe, signature=self._library.sm2_sign_sm3_digest(private, probe)) for probe in _PROBES
        )
        # each signature fits two keys, and both have only the true one in common
        (signer,) = first & second
        return encode_point(signer)

    def sign(self, *, private: bytes, public: bytes, data: bytes, identity: bytes) -> bytes:
        """DER SEQUENCE{r, s}."""
        signature: bytes = self._library.sm2_sign(private, public[1:], data, identity)
        return signature

    def verify(self, *, public: bytes, data: bytes, signature: bytes, identity: bytes) -> bool:
        """Whether the signature is good."""
        try:
            return bool(self._library.sm2_verify(public[1:], data, signature, identity))
        except self._library.GmsslInnerError:
            return False

    def encrypt(self, *, public: bytes, plaintext: bytes) -> bytes:
        """Ciphertext as GM/T 0009 DER."""
        if len(plaintext) > _LONGEST:
            raise ValueError(f"此 SM2 组件一次最多加密 {_LONGEST} 字节")
        ciphertext: bytes = self._library.sm2_encrypt(public[1:], plaintext)
        return ciphertext

    def decrypt(self, *, private: bytes, ciphertext: bytes) -> bytes:
        """The plaintext; RuntimeError if the ciphertext was changed or meant for another key."""
        try:
            plaintext: bytes = self._library.sm2_decrypt(private, ciphertext)
        except self._library.GmsslInnerError as error:
            raise RuntimeError(str(error)) from error
        return plaintext


def _signers(*, digest: bytes, signature: bytes) -> set[Point]:
    """The public keys under which a signature over a digest verifies: t⁻¹(R − sG) with R of x-coordinate r − e."""
    r, s = decode_dss_signature(signature)
    x = (r - int.from_bytes(digest)) % ORDER
    negative = multiply_point(factor=ORDER - s, point=BASE_POINT)
    inverse = pow(r + s, -1, ORDER)
    nonces = [point for value in range(x, PRIME, ORDER) for point in points_at(value)]
    found = (multiply_point(factor=inverse, point=add_points(nonce, negative)) for nonce in nonces)
    return {point for point in found if point is not None}
