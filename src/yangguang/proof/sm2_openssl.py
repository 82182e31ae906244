"""SM2 through the system's libcrypto 3 (EVP interface, by ctypes).

Every call makes and frees its own objects and libcrypto's error queue is per thread, so threads may call at will;
ctypes lets other threads run meanwhile.
"""

import ctypes
import ctypes.util
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from yangguang.proof.sm2_curve import encode_private_key, encode_private_key_alone, encode_public_key

_OLDEST = 0x30000000
_POINTER = ctypes.c_void_p
_BYTES = ctypes.c_char_p
_SIZE = ctypes.c_size_t
_LENGTH_OUT = ctypes.POINTER(ctypes.c_size_t)
_POINTER_IN_OUT = ctypes.POINTER(ctypes.c_void_p)
_POINT = 65
_MESSAGE = 256
_SIGNATURES: dict[str, tuple[object, tuple[object, ...]]] = {
    "OpenSSL_version_num": (ctypes.c_ulong, ()),
    "ERR_get_error": (ctypes.c_ulong, ()),
    "ERR_clear_error": (None, ()),
    "ERR_error_string_n": (None, (ctypes.c_ulong, _BYTES, _SIZE)),
    "d2i_PUBKEY": (_POINTER, (_POINTER, _POINTER_IN_OUT, ctypes.c_long)),
    "d2i_AutoPrivateKey": (_POINTER, (_POINTER, _POINTER_IN_OUT, ctypes.c_long)),
    "i2d_PUBKEY": (ctypes.c_int, (_POINTER, _POINTER_IN_OUT)),
    "EVP_PKEY_free": (None, (_POINTER,)),
    "EVP_sm3": (_POINTER, ()),
    "EVP_MD_CTX_new": (_POINTER, ()),
    "EVP_MD_CTX_free": (None, (_POINTER,)),
    "EVP_PKEY_CTX_new": (_POINTER, (_POINTER, _POINTER)),
    "EVP_PKEY_CTX_free": (None, (_POINTER,)),
    "EVP_PKEY_CTX_set1_id": (ctypes.c_int, (_POINTER, _BYTES, ctypes.c_int)),
    "EVP_DigestSignInit": (ctypes.c_int, (_POINTER, _POINTER_IN_OUT, _POINTER, _POINTER, _POINTER)),
    "EVP_DigestSign": (ctypes.c_int, (_POINTER, _BYTES, _LENGTH_OUT, _BYTES, _SIZE)),
    "EVP_DigestVerifyInit": (ctypes.c_int, (_POINTER, _POINTER_IN_OUT, _POINTER, _POINTER, _POINTER)),
    "EVP_DigestVerify": (ctypes.c_int, (_POINTER, _BYTES, _SIZE, _BYTES, _SIZE)),
    "EVP_PKEY_encrypt_init": (ctypes.c_int, (_POINTER,)),
    "EVP_PKEY_encrypt": (ctypes.c_int, (_POINTER, _BYTES, _LENGTH_OUT, _BYTES, _SIZE)),
    "EVP_PKEY_decrypt_init": (ctypes.c_int, (_POINTER,)),
    "EVP_PKEY_decrypt": (ctypes.c_int, (_POINTER, _BYTES, _LENGTH_OUT, _BYTES, _SIZE)),
}


class LibcryptoError(RuntimeError):
    """What libcrypto's error queue said when a call failed."""


def library_names() -> Iterator[str]:
    """Where libcrypto 3 is usually found, best guess first.

    macOS aborts a process that loads its unversioned libcrypto, so that one is never named.
    """
    if sys.platform == "darwin":
        yield from (f"{prefix}/opt/openssl@3/lib/libcrypto.3.dylib" for prefix in ("/opt/homebrew", "/usr/local"))
        return
    if sys.platform == "win32":
        yield from ("libcrypto-3-x64.dll", "libcrypto-3.dll", str(Path(sys.base_prefix, "DLLs", "libcrypto-3.dll")))
        return
    yield "libcrypto.so.3"
    yield from filter(None, [ctypes.util.find_library("crypto")])


def load(names: Iterable[str] | None = None) -> "OpensslBackend | None":
    """The first library of these names that is libcrypto 3 or later, or None."""
    for name in library_names() if names is None else names:
        try:
            library = ctypes.CDLL(name)
            _declare(library)
        except (OSError, AttributeError):
            continue
        if library.OpenSSL_version_num() >= _OLDEST:
            return OpensslBackend(library)
    return None


def _declare(library: ctypes.CDLL) -> None:
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


class OpensslBackend:
    """SM2 primitives on raw keys; the caller has checked their shapes."""

    name = "openssl"

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library

    def public_of(self, private: bytes) -> bytes:
        """The public key 04‖x‖y of a private key."""
        with self._private_key(private) as key:
            buffer = ctypes.create_string_buffer(self._library.i2d_PUBKEY(key, None))
            self._library.i2d_PUBKEY(key, ctypes.byref(ctypes.cast(buffer, _POINTER)))
        return buffer.raw[-_POINT:]

    def sign(self, *, private: bytes, public: bytes, data: bytes, identity: bytes) -> bytes:
        """DER SEQUENCE{r, s}."""
        with self._private_key(private, public) as key, self._digest_context() as context:
            inner = _POINTER()
            start = self._library.EVP_DigestSignInit(context, ctypes.byref(inner), self._library.EVP_sm3(), None, key)
            self._require(start)
            self._require(self._library.EVP_PKEY_CTX_set1_id(inner, identity, len(identity)))
            return self._collect(self._library.EVP_DigestSign, context, data)

    def verify(self, *, public: bytes, data: bytes, signature: bytes, identity: bytes) -> bool:
        """Whether the signature is good."""
        with self._public_key(public) as key, self._digest_context() as context:
            inner = _POINTER()
            start = self._library.EVP_DigestVerifyInit(context, ctypes.byref(inner), self._library.EVP_sm3(), None, key)
            self._require(start)
            self._require(self._library.EVP_PKEY_CTX_set1_id(inner, identity, len(identity)))
            answer = self._library.EVP_DigestVerify(context, signature, len(signature), data, len(data))
            self._library.ERR_clear_error()
            return bool(answer == 1)

    def encrypt(self, *, public: bytes, plaintext: bytes) -> bytes:
        """Ciphertext as GM/T 0009 DER."""
        with self._public_key(public) as key, self._key_context(key) as context:
            self._require(self._library.EVP_PKEY_encrypt_init(context))
            return self._collect(self._library.EVP_PKEY_encrypt, context, plaintext)

    def decrypt(self, *, private: bytes, ciphertext: bytes) -> bytes:
        """The plaintext; LibcryptoError if the ciphertext was changed or meant for another key."""
        with self._private_key(private) as key, self._key_context(key) as context:
            self._require(self._library.EVP_PKEY_decrypt_init(context))
            return self._collect(self._library.EVP_PKEY_decrypt, context, ciphertext)

    def _collect(self, function: "ctypes._NamedFuncPointer", context: int, data: bytes) -> bytes:
        """Ask a function for its room, then for its output."""
        length = ctypes.c_size_t()
        self._require(function(context, None, ctypes.byref(length), data, len(data)))
        buffer = ctypes.create_string_buffer(length.value)
        self._require(function(context, buffer, ctypes.byref(length), data, len(data)))
        return buffer.raw[: length.value]

    @contextmanager
    def _private_key(self, private: bytes, public: bytes | None = None) -> Iterator[int]:
        # without its public key libcrypto computes it, at the price of one multiplication
        der = encode_private_key(private=private, public=public) if public else encode_private_key_alone(private)
        with self._key(self._library.d2i_AutoPrivateKey, der) as key:
            yield key

    @contextmanager
    def _public_key(self, public: bytes) -> Iterator[int]:
        with self._key(self._library.d2i_PUBKEY, encode_public_key(public)) as key:
            yield key

    @contextmanager
    def _key(self, decode: "ctypes._NamedFuncPointer", der: bytes) -> Iterator[int]:
        self._library.ERR_clear_error()
        buffer = ctypes.create_string_buffer(der, len(der))
        key = self._require(decode(None, ctypes.byref(ctypes.cast(buffer, _POINTER)), len(der)))
        ctypes.memset(buffer, 0, len(der))
        try:
            yield key
        finally:
            self._library.EVP_PKEY_free(key)

    @contextmanager
    def _digest_context(self) -> Iterator[int]:
        context = self._require(self._library.EVP_MD_CTX_new())
        try:
            yield context
        finally:
            self._library.EVP_MD_CTX_free(context)

    @contextmanager
    def _key_context(self, key: int) -> Iterator[int]:
        context = self._require(self._library.EVP_PKEY_CTX_new(key, None))
        try:
            yield context
        finally:
            self._library.EVP_PKEY_CTX_free(context)

    def _require(self, answer: int | None) -> int:
        """The answer of a call that returns 1 or a pointer on success; LibcryptoError otherwise."""
        if answer is not None and answer > 0:
            return answer
        code = self._library.ERR_get_error()
        message = ctypes.create_string_buffer(_MESSAGE)
        self._library.ERR_error_string_n(code, message, _MESSAGE)
        self._library.ERR_clear_error()
        raise LibcryptoError(message.value.decode("ascii", "replace"))
