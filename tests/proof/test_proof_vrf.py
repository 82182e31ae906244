import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from yangguang.proof.vrf import FIELD, ORDER, BadProof, prove, public_key, verify

# RFC 9381 appendix B.3, examples 16, 17 and 18: secret, public key, alpha, proof, output.
EXAMPLES = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d97"
            "27d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805"
        ),
        (
            "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff"
            "66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465"
            "301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02"
        ),
        (
            "eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb"
            "5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0"
            "e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e"
        ),
        (
            "645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c45"
            "2118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f"
        ),
    ),
]
SECRET, PUBLIC, ALPHA, PROOF, OUTPUT = map(bytes.fromhex, EXAMPLES[1])

SMALL_ORDER_KEYS = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
NOT_POINTS = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "00",
    "",
]


@pytest.mark.parametrize("example", EXAMPLES, ids=["example 16", "example 17", "example 18"])
def test_the_examples_of_rfc_9381_come_out(example: tuple[str, ...]) -> None:
    secret, public, alpha, proof, output = map(bytes.fromhex, example)
    assert public_key(secret) == public
    assert prove(secret=secret, alpha=alpha) == proof
    assert verify(public=public, alpha=alpha, proof=proof) == output


@given(st.binary(min_size=32, max_size=32))
@settings(max_examples=20, deadline=None)
def test_public_keys_are_those_of_ed25519(secret: bytes) -> None:
    second = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    assert public_key(secret) == second


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
@settings(max_examples=20, deadline=None)
def test_every_proof_verifies_and_only_for_its_own_input(secret: bytes, alpha: bytes) -> None:
    proof, public = prove(secret=secret, alpha=alpha), public_key(secret)
    assert len(proof) == 80
    assert len(verify(public=public, alpha=alpha, proof=proof)) == 64
    with pytest.raises(BadProof, match="不符"):
        verify(public=public, alpha=alpha + b"\x00", proof=proof)


def test_each_flipped_byte_of_a_proof_is_noticed() -> None:
    for place in range(len(PROOF)):
        flipped = bytearray(PROOF)
        flipped[place] ^= 0x01
        with pytest.raises(BadProof):
            verify(public=PUBLIC, alpha=ALPHA, proof=bytes(flipped))


def test_each_flipped_byte_of_a_key_is_noticed() -> None:
    for place in range(len(PUBLIC)):
        flipped = bytearray(PUBLIC)
        flipped[place] ^= 0x80
        with pytest.raises(BadProof):
            verify(public=bytes(flipped), alpha=ALPHA, proof=PROOF)


@pytest.mark.parametrize("key", SMALL_ORDER_KEYS)
def test_a_small_order_key_is_refused(key: str) -> None:
    with pytest.raises(BadProof, match="小阶"):
        verify(public=bytes.fromhex(key), alpha=ALPHA, proof=PROOF)


@pytest.mark.parametrize("key", NOT_POINTS)
def test_a_key_that_is_no_canonical_point_is_refused(key: str) -> None:
    with pytest.raises(BadProof, match="曲线上的点"):
        verify(public=bytes.fromhex(key), alpha=ALPHA, proof=PROOF)


@pytest.mark.parametrize("point", [point for point in NOT_POINTS if len(point) == 64])
def test_a_proof_whose_first_part_is_no_canonical_point_is_refused(point: str) -> None:
    with pytest.raises(BadProof, match="编码不合规"):
        verify(public=PUBLIC, alpha=ALPHA, proof=bytes.fromhex(point) + PROOF[32:])


def test_a_response_that_is_not_reduced_is_refused() -> None:
    response = int.from_bytes(PROOF[48:], "little") + ORDER
    with pytest.raises(BadProof, match="编码不合规"):
        verify(public=PUBLIC, alpha=ALPHA, proof=PROOF[:48] + response.to_bytes(32, "little"))


@pytest.mark.parametrize("proof", [b"", PROOF[:79], PROOF + b"\x00"])
def test_a_proof_of_the_wrong_length_is_refused(proof: bytes) -> None:
    with pytest.raises(BadProof, match="80 字节"):
        verify(public=PUBLIC, alpha=ALPHA, proof=proof)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33)])
def test_a_secret_of_the_wrong_length_is_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="32 字节"):
        prove(secret=secret, alpha=ALPHA)


def test_the_negative_of_a_point_does_not_pass_for_the_point() -> None:
    negated = PROOF[:31] + bytes([PROOF[31] ^ 0x80]) + PROOF[32:]
    with pytest.raises(BadProof, match="不符"):
        verify(public=PUBLIC, alpha=ALPHA, proof=negated)
    assert int.from_bytes(negated[:32], "little") % 2**255 < FIELD
