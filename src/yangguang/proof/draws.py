"""Draws (抽取): experts, 抽签定标 and 下浮系数, by the procedure of RFC 3797 with SHA-256 or SM3.

How a draw is held, in this order, each step an entry of the witness log:

1. The pool is frozen: an ordered list of salted leaves; `pool_root` is published.
2. At least three parties publish `commitment(nonce)`, each with a fresh secret of 32 bytes; the holder of the
   pre-registered VRF key, if it is a party, commits first. The VRF value is fixed by pool and commitments from then on.
3. The parties reveal, the holder of the VRF key first again: it alone could foresee the outcome.
4. The VRF proof is published. The seed follows from all of it, and from the seed the order of the whole pool.

A party that does not reveal is treated as `missing_reveal` said beforehand: `commitment` puts its published
commitment in place of the nonce (withholding is one blind choice: the party cannot foresee the VRF value); `void`
makes the draw void, and a new one with a new id is held. Two reveals there must be, so that the holder of the VRF
key never knows everything alone. 回避 and no-answer do not end a draw: one goes on along the same order.

Exact bytes. H is the draw's algorithm over the framing of `canonical.labelled_hash`; text is UTF-8, hashes are raw:

    commitment = H("yangguang/draw/commitment/v1", draw id, party, nonce)
    pool leaf  = H("yangguang/draw/leaf/v1", draw id, salt, member id)
    pool root  = root of the RFC 6962 tree (draw's algorithm) whose entries are the raw pool leaves
    alpha      = H("yangguang/draw/alpha/v1", kind, draw id, pool root, party 1, commitment 1, party 2, …)
    seed       = H("yangguang/draw/seed/v1", kind, draw id, pool root, VRF output (64 bytes),
                   party 1, 0x01 ‖ nonce 1 or 0x00 ‖ commitment 1, party 2, …)
    key string = seed in upper-case hexadecimal ‖ "/"       (RFC 3797 section 4.1)
    draw i     = (H'(u16(i) ‖ key string ‖ u16(i)) as a big-endian integer) mod (places left), i = 0, 1, …
                 H' is the bare algorithm without framing; the place with that rank among those left is taken out
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import islice
from typing import Any, Final, Self, TypedDict

from yangguang.proof import merkle, vrf
from yangguang.proof.canonical import labelled_hash
from yangguang.proof.order import LARGEST_POOL, BadDraw, canonical_seed, select, sequence

__all__ = [
    "BadDraw",
    "Draw",
    "Party",
    "canonical_seed",
    "check_reveal",
    "commitment",
    "conclude",
    "draw_alpha",
    "draw_seed",
    "pool_leaf",
    "pool_root",
    "select",
    "sequence",
]

KINDS: Final = ("experts", "parameter", "award")
ALGORITHMS: Final = ("sha256", "sm3")
MISSING_RULES: Final = ("commitment", "void")
NONCE_BYTES: Final = 32
SALT_BYTES: Final = 16
FEWEST_PARTIES: Final = 3
FEWEST_REVEALS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One party of a draw: its name, its commitment and, once revealed, its nonce (hexadecimal)."""

    name: str
    commitment: str
    reveal: str | None = None


class _Drawn(TypedDict):
    """What the VRF input and the seed have in common."""

    kind: str
    draw_id: str
    pool_root: str
    parties: tuple[Party, ...]
    algorithm: str


def commitment(*, draw_id: str, party: str, nonce: bytes, algorithm: str = "sha256") -> str:
    """Commit a party to its secret nonce (承诺); hexadecimal. Raises BadDraw unless the nonce is 32 bytes."""
    if len(nonce) != NONCE_BYTES:
        raise BadDraw(f"随机数应为 {NONCE_BYTES} 字节，实为 {len(nonce)} 字节")
    parts = (draw_id.encode(), party.encode(), nonce)
    return labelled_hash("yangguang/draw/commitment/v1", *parts, algorithm=algorithm).hex()


def check_reveal(*, committed: str, draw_id: str, party: str, nonce: bytes, algorithm: str = "sha256") -> bool:
    """Say whether a revealed nonce (揭示) is the one that was committed to."""
    if len(nonce) != NONCE_BYTES:
        return False
    return committed == commitment(draw_id=draw_id, party=party, nonce=nonce, algorithm=algorithm)


def pool_leaf(*, draw_id: str, salt: bytes, member_id: str, algorithm: str = "sha256") -> str:
    """Hide a member of the pool behind a salt (16 bytes or more), kept until the member may be named; hexadecimal.

    Raises BadDraw for a shorter salt: names can be guessed, a salt cannot.
    """
    if len(salt) < SALT_BYTES:
        raise BadDraw(f"盐值至少 {SALT_BYTES} 字节，实为 {len(salt)} 字节")
    parts = (draw_id.encode(), salt, member_id.encode())
    return labelled_hash("yangguang/draw/leaf/v1", *parts, algorithm=algorithm).hex()


def pool_root(leaves: Iterable[str], *, algorithm: str = "sha256") -> str:
    """Give the Merkle root over the ordered pool leaves (抽取池), hexadecimal."""
    hashed = (merkle.leaf_hash(bytes.fromhex(leaf), algorithm=algorithm) for leaf in leaves)
    return merkle.root_of(hashed, algorithm=algorithm).hex()


def draw_alpha(
    *, kind: str, draw_id: str, pool_root: str, parties: Iterable[Party], algorithm: str = "sha256"
) -> bytes:
    """Give the input of the VRF (32 bytes): the pool and every commitment, parties in their fixed order."""
    committed = (part for party in parties for part in (party.name.encode(), bytes.fromhex(party.commitment)))
    parts = (kind.encode(), draw_id.encode(), bytes.fromhex(pool_root), *committed)
    return labelled_hash("yangguang/draw/alpha/v1", *parts, algorithm=algorithm)


def draw_seed(
    *,
    kind: str,
    draw_id: str,
    pool_root: str,
    parties: Iterable[Party],
    vrf_output: bytes,
    algorithm: str = "sha256",
) -> str:
    """Give the seed, hexadecimal; a party without a reveal enters with its commitment, marked as such."""
    entered = (part for party in parties for part in (party.name.encode(), _entry(party)))
    parts = (kind.encode(), draw_id.encode(), bytes.fromhex(pool_root), vrf_output, *entered)
    return labelled_hash("yangguang/draw/seed/v1", *parts, algorithm=algorithm).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """All public facts of one draw; hashes, keys and nonces in lower-case hexadecimal.

    `pool` holds the leaves in frozen order, `parties` in their fixed order; `fewest_parties` and `missing_reveal`
    were fixed beforehand. Nothing is checked on construction: `verify` says in words what is wrong.
    """

    kind: str
    draw_id: str
    algorithm: str
    fewest_parties: int
    missing_reveal: str
    pool: tuple[str, ...]
    pool_root: str
    parties: tuple[Party, ...]
    vrf_public: str
    vrf_proof: str
    seed: str

    def order(self) -> Iterator[int]:
        """Give all places of the pool (from 0) in drawn order, lazily; a place drawn is never drawn again."""
        return sequence(seed=canonical_seed([self.seed]), pool_size=len(self.pool), algorithm=self.algorithm)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON value fit for `canonical`."""
        return asdict(self) | {"pool": list(self.pool), "parties": [asdict(party) for party in self.parties]}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Read what `to_json` gives; raises BadDraw for missing, unknown or mistyped members."""
        facts = _members(value, cls)
        parties = tuple(Party(**_members(party, Party)) for party in _list(facts["parties"]))
        draw = cls(**facts | {"pool": tuple(_list(facts["pool"])), "parties": parties})
        _require_types(draw)
        return draw

    def verify(self, *, registered_key: str | None = None) -> list[str]:
        """Check every step again; gives the problems in Chinese, none when the draw is sound.

        `registered_key` is the VRF key published before the draw; without it only the proof itself is checked.
        """
        problems = list(_form_problems(self))
        if problems:
            return problems
        if registered_key not in {None, self.vrf_public}:
            problems.append("随机数公钥不是事先登记的公钥")
        return problems + list(_party_problems(self)) + list(_outcome_problems(self))

    def check_walk(self, walked: Sequence[int]) -> list[str]:
        """Compare the places called one after another (drawn, 回避, no answer) with the order; gives the problems."""
        expected = list(islice(self.order(), len(walked)))
        if len(walked) > len(expected):
            return ["抽取次数超过池中人数"]
        pairs = enumerate(zip(walked, expected, strict=True), start=1)
        return [
            f"第 {turn} 次应抽池中第 {due + 1} 号，记录为第 {got + 1} 号" for turn, (got, due) in pairs if got != due
        ]


def conclude(
    *,
    kind: str,
    draw_id: str,
    pool: Iterable[str],
    parties: Iterable[Party],
    vrf_secret: bytes,
    missing_reveal: str = "commitment",
    fewest_parties: int = FEWEST_PARTIES,
    algorithm: str = "sha256",
) -> Draw:
    """Prove the VRF value and derive the seed once the reveals are in; gives the finished draw.

    Raises BadDraw, with all problems, when the draw would not verify.
    """
    leaves = tuple(pool)
    root = pool_root(leaves, algorithm=algorithm)
    drawn = _Drawn(kind=kind, draw_id=draw_id, pool_root=root, parties=tuple(parties), algorithm=algorithm)
    alpha, public = draw_alpha(**drawn), vrf.public_key(vrf_secret)
    proof = vrf.prove(secret=vrf_secret, alpha=alpha)
    draw = Draw(
        **drawn,
        fewest_parties=fewest_parties,
        missing_reveal=missing_reveal,
        pool=leaves,
        vrf_public=public.hex(),
        vrf_proof=proof.hex(),
        seed=draw_seed(**drawn, vrf_output=vrf.verify(public=public, alpha=alpha, proof=proof)),
    )
    problems = draw.verify()
    if problems:
        raise BadDraw("；".join(problems))
    return draw


def _form_problems(draw: Draw) -> Iterator[str]:
    vocabularies = (("抽取类型", draw.kind, KINDS), ("杂凑算法", draw.algorithm, ALGORITHMS))
    for what, value, allowed in (*vocabularies, ("未揭示规则", draw.missing_reveal, MISSING_RULES)):
        if value not in allowed:
            yield f"{what} {value!r} 不在 {'、'.join(allowed)} 之中"
    nonces = [party.reveal for party in draw.parties if party.reveal is not None]
    hashes = (*draw.pool, draw.pool_root, draw.seed, draw.vrf_public, *(party.commitment for party in draw.parties))
    if not all(_is_hex(text, 32) for text in (*hashes, *nonces)) or not _is_hex(draw.vrf_proof, vrf.PROOF_BYTES):
        yield "有杂凑值、公钥、随机数或证明不是规定长度的小写十六进制"
    if not 1 <= len(draw.pool) <= LARGEST_POOL:
        yield f"抽取池应有 1…{LARGEST_POOL} 个，实有 {len(draw.pool)} 个"


def _party_problems(draw: Draw) -> Iterator[str]:
    if draw.fewest_parties < FEWEST_PARTIES or len(draw.parties) < draw.fewest_parties:
        yield f"承诺方 {len(draw.parties)} 家，规定至少 {max(draw.fewest_parties, FEWEST_PARTIES)} 家"
    if len({party.name for party in draw.parties}) != len(draw.parties):
        yield "承诺方重名"
    revealed = [party for party in draw.parties if party.reveal is not None]
    if len(revealed) < FEWEST_REVEALS:
        yield f"只有 {len(revealed)} 家揭示，至少要有 {FEWEST_REVEALS} 家"
    if draw.missing_reveal == "void" and len(revealed) < len(draw.parties):
        yield "有承诺方未揭示，按事先约定本次抽取作废"
    for party in revealed:
        if not _keeps_its_word(draw, party):
            yield f"{party.name} 揭示的随机数与其承诺不符"


def _outcome_problems(draw: Draw) -> Iterator[str]:
    if len(set(draw.pool)) != len(draw.pool):
        yield "抽取池中有重复"
    if pool_root(draw.pool, algorithm=draw.algorithm) != draw.pool_root:
        yield "抽取池与公布的池根不符"
    drawn = _Drawn(
        kind=draw.kind,
        draw_id=draw.draw_id,
        pool_root=draw.pool_root,
        parties=draw.parties,
        algorithm=draw.algorithm,
    )
    public, proof = bytes.fromhex(draw.vrf_public), bytes.fromhex(draw.vrf_proof)
    try:
        output = vrf.verify(public=public, alpha=draw_alpha(**drawn), proof=proof)
    except vrf.BadProof as error:
        yield f"可验证随机数不成立：{error}"
        return
    if draw_seed(**drawn, vrf_output=output) != draw.seed:
        yield "种子与池根、各方揭示及可验证随机数不符"


def _keeps_its_word(draw: Draw, party: Party) -> bool:
    return check_reveal(
        committed=party.commitment,
        draw_id=draw.draw_id,
        party=party.name,
        nonce=bytes.fromhex(party.reveal or ""),
        algorithm=draw.algorithm,
    )


def _entry(party: Party) -> bytes:
    if party.reveal is None:
        return b"\x00" + bytes.fromhex(party.commitment)
    return b"\x01" + bytes.fromhex(party.reveal)


def _is_hex(text: str, size: int) -> bool:
    return re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text) is not None


def _members(value: Any, shape: type[Draw | Party]) -> dict[str, Any]:
    names = {member.name for member in fields(shape)}
    if not isinstance(value, dict) or value.keys() != names:
        raise BadDraw(f"抽取记录应恰有这些成员：{'、'.join(sorted(names))}")
    return dict(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadDraw("抽取记录中应为列表")
    return value


def _require_types(draw: Draw) -> None:
    texts = [getattr(draw, member.name) for member in fields(Draw) if member.type is str]
    texts += [*draw.pool, *(text for party in draw.parties for text in (party.name, party.commitment))]
    texts += [party.reveal for party in draw.parties if party.reveal is not None]
    if not all(isinstance(text, str) for text in texts) or type(draw.fewest_parties) is not int:
        raise BadDraw("抽取记录中有成员类型不对")
