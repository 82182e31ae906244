"""Reading a log's public keys (日志公钥): notes and SM2 brought together."""

from yangguang.proof import notes, sm2


def read_verifier_key(text: str) -> notes.Verifier:
    """The verifier that a verifier key stands for, Ed25519, cosignature or SM2. Raises `BadNote`."""
    return notes.parse_verifier_key(
        text, sm2=lambda public: lambda data, signature: sm2.verify(public=public, data=data, signature=signature)
    )
