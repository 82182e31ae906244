"""The stand-alone verifier runs where nothing of ours is, and computes what published vectors and our engine say."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import utils
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.test_scoring_oracle import runs
from support.archives import ROOT, small_archive, stand_alone
from yangguang.proof import merkle, notes, sm2, vrf
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.keys import generate_key
from yangguang.witness.platform import platform

VERIFIER = stand_alone()

# RFC 9381 appendix B.3, example 17: public key, alpha, proof, output.
EXAMPLE = (
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
)
AT = datetime(2026, 3, 1, tzinfo=UTC)
LEAVES = [sha256(bytes([number])).digest() for number in range(33)]


@pytest.fixture(scope="module")
def archive(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return small_archive()


@pytest.mark.django_db
def test_it_runs_by_itself_and_says_what_was_proved(archive, tmp_path):
    program = shutil.copy(ROOT / "verifier/verify.py", tmp_path)
    key = platform().verifier_keys()[1]
    done = subprocess.run(
        [sys.executable, "-I", program, archive, "--key", key],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert sum(line.startswith("✓ ") for line in lines) == 8
    assert "核验通过 VERIFIED" in lines
    assert "--key" not in done.stdout


def test_it_says_that_it_had_to_trust_the_keys_inside(archive, tmp_path):
    program = [sys.executable, "-I", ROOT / "verifier/verify.py", archive]
    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0
    assert "没有给 --key" in done.stdout


def test_a_folder_that_is_no_archive_fails_in_words(tmp_path):
    program = [sys.executable, "-I", ROOT / "verifier/verify.py", tmp_path]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert "✗ tagmanifest-sha256.txt" in done.stdout


def test_the_vrf_gives_the_published_output():
    public, alpha, proof, output = map(bytes.fromhex, EXAMPLE)
    assert VERIFIER.vrf_output(public, alpha, proof) == output


@pytest.mark.parametrize("position", [0, 31, 33, 47, 48, 79])
def test_a_changed_vrf_proof_is_refused(position):
    public, alpha, proof, _ = map(bytearray.fromhex, EXAMPLE)
    proof[position] ^= 1
    with pytest.raises((ValueError, TypeError)):
        VERIFIER.vrf_output(bytes(public), bytes(alpha), bytes(proof))


@settings(max_examples=10)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=64))
def test_the_vrf_agrees_with_the_product(secret, alpha):
    public, proof = vrf.public_key(secret), vrf.prove(secret=secret, alpha=alpha)
    output = vrf.verify(public=public, alpha=alpha, proof=proof)
    assert VERIFIER.vrf_output(public, alpha, proof) == output


@settings(max_examples=10)
@given(st.binary(max_size=100))
def test_sm2_signatures_of_the_product_hold_and_changed_ones_do_not(data):
    private, public = sm2.generate()
    signature = sm2.sign(private=private, data=data)
    VERIFIER.check_sm2(public[1:], signature, data)
    with pytest.raises(ValueError, match="SM2"):
        VERIFIER.check_sm2(public[1:], signature, data + b"x")


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (VERIFIER.ORDER, 1), (1, VERIFIER.ORDER - 1)])
def test_sm2_numbers_outside_of_the_range_are_refused(r, s):
    _, public = sm2.generate()
    with pytest.raises((ValueError, TypeError)):
        VERIFIER.check_sm2(public[1:], utils.encode_dss_signature(r, s), b"x")


def test_an_sm2_key_off_the_curve_is_refused():
    private, public = sm2.generate()
    signature = sm2.sign(private=private, data=b"x")
    off = public[1:-1] + bytes([public[-1] ^ 1])
    with pytest.raises(ValueError, match="SM2"):
        VERIFIER.check_sm2(off, signature, b"x")


@pytest.mark.parametrize("algorithm", ["rsa", "ecdsa", "ed25519", "sm2"])
def test_every_family_of_certificates_is_understood(algorithm):
    key = generate_key(algorithm, bits=2048)
    authority = DemoAuthority.create(name="示例CA", algorithm=algorithm, at=AT, key=key)
    own = VERIFIER.x509.load_der_x509_certificate(authority.certificate.der)
    VERIFIER.check_signed(own, key.sign(b"text"), b"text")
    with pytest.raises((ValueError, InvalidSignature)):
        VERIFIER.check_signed(own, key.sign(b"text"), b"other")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 21, 33])
def test_roots_and_paths_are_those_of_the_log(size):
    leaves = LEAVES[:size]
    root = merkle.root_of(leaves)
    nodes = {}
    frontier = merkle.Frontier()
    for one in leaves:
        nodes |= {(node.level, node.index): node.hash for node in frontier.append(one)}
    assert VERIFIER.tree(leaves) == root
    for index in range(size):
        path = merkle.inclusion_proof(index=index, size=size, hash_at=lambda *at: nodes[at])
        assert VERIFIER.climb(leaves[index], index, size, path) == root
        wrong = [*path[:-1], bytes(32)] if path else [bytes(32)]
        assert VERIFIER.climb(leaves[index], index, size, wrong) != root
    for old in range(1, size + 1):
        path = merkle.consistency_proof(old_size=old, new_size=size, hash_at=lambda *at: nodes[at])
        before = merkle.root_of(LEAVES[:old])
        assert VERIFIER.grow(old, size, path, before) == [before, root]
        if path:
            assert VERIFIER.grow(old, size, [*path[:-1], bytes(32)], before) != [before, root]


def test_an_empty_tree_is_the_hash_of_nothing():
    assert VERIFIER.tree([]) == sha256(b"").digest()


def test_notes_with_another_spelling_of_the_same_signatures_are_refused():
    note = notes.sign_note(text="x\ny\n", signers=platform().signers())
    keys = platform().verifier_keys()
    assert VERIFIER.open_note(note, keys) == ["x", "y"]
    for changed in (note[:-1], note + b"\n", note.replace("— ".encode(), b"- "), note.replace(b" ", b"  ", 1)):
        with pytest.raises((ValueError, InvalidSignature)):
            VERIFIER.open_note(changed, keys)


@given(runs())
def test_scores_are_those_of_the_engine(run):
    document, inputs, result = run
    known, order = VERIFIER.score(document, inputs)
    for step in result["trace"]:
        assert VERIFIER.mapped(Decimal, step["value"]) == known[step["name"]]
    places = {bid: place["rank"] for place in result["ranking"] for bid in place["bids"]}
    assert {bid: 1 + sum(other < mine for other in order.values()) for bid, mine in order.items()} == places
