"""Holding a draw (抽取) step by step: freeze, commit, reveal, complete, and go on along one sequence.

The same steps serve experts and price parameters. The functions change rows and are called by acts, which record.
"""

import secrets
from collections.abc import Iterator, Sequence

from yangguang.experts.models import Commitment, Draw, PoolMember, Reply
from yangguang.proof import draws
from yangguang.rules.refusal import Refusal, Refused
from yangguang.witness.platform import platform

ALGORITHM = "sha256"
MISSING_REVEAL = "commitment"  # a party that does not reveal enters with its commitment; said in every opening entry
SALT_BYTES = 16
EXPERTS, PARAMETER = "experts", "parameter"


def open_draw(*, stream: str, kind: str, members: Sequence[str], parties: Sequence[str]) -> Draw:
    """Freeze the pool in the given order under fresh salts. Raises `Refused` for an empty pool."""
    if not members:
        raise Refused(_refusal("draw.pool_empty", "抽取池为空", "请核对专业、回避条件或备选参数后重新建立抽取池。"))
    number = 1 + Draw.objects.filter(stream=stream, kind=kind).count()
    draw_id = f"{stream}/{kind}/{number}"
    salts = [secrets.token_bytes(SALT_BYTES) for _ in members]
    leaves = [
        draws.pool_leaf(draw_id=draw_id, salt=salt, member_id=member, algorithm=ALGORITHM)
        for salt, member in zip(salts, members, strict=True)
    ]
    draw = Draw.objects.create(
        stream=stream,
        draw_id=draw_id,
        kind=kind,
        parties=list(parties),
        pool_root=draws.pool_root(leaves, algorithm=ALGORITHM),
    )
    PoolMember.objects.bulk_create(
        PoolMember(draw=draw, position=position, member_id=member, salt=salt.hex(), leaf=leaf)
        for position, (member, salt, leaf) in enumerate(zip(members, salts, leaves, strict=True))
    )
    return draw


def current_draw(*, stream: str, kind: str) -> Draw:
    """The newest draw of a kind. Raises `Refused` when none was opened."""
    draw = Draw.objects.filter(stream=stream, kind=kind).last()
    if draw is None:
        raise Refused(_refusal("draw.none", "尚未建立抽取池", "请先办理建立抽取池。"))
    return draw


def draws_of(*, stream: str, kind: str) -> list[Draw]:
    """The draws of a kind on a stream, oldest first."""
    return list(Draw.objects.filter(stream=stream, kind=kind))


def commit(*, draw: Draw, party: str, value: str) -> None:
    """Take a party's commitment. Raises `Refused` for strangers, second commitments and completed draws."""
    require_uncommitted(draw=draw, party=party)
    if len(value) != 64 or not set(value) <= set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256 in hexadecimal
        raise Refused(_refusal("draw.bad_commitment", "承诺应为64位小写十六进制摘要", "请用抽取工具重新生成承诺。"))
    Commitment.objects.create(draw=draw, party=party, value=value)


def reveal(*, draw: Draw, party: str, nonce: bytes) -> None:
    """Take a party's nonce. Raises `Refused` unless everyone committed and the nonce fits the commitment."""
    mine = _commitment_of(draw, party)
    fits = draws.check_reveal(committed=mine.value, draw_id=draw.draw_id, party=party, nonce=nonce, algorithm=ALGORITHM)
    if not fits:
        raise Refused(_refusal("draw.reveal_wrong", "揭示的随机数与承诺不符", "请提交当初承诺时使用的随机数。"))
    if mine.nonce:
        raise Refused(_revealed())
    mine.nonce = nonce.hex()
    mine.save(update_fields=["nonce"])


def complete(*, draw: Draw) -> draws.Draw:
    """Mix in the VRF value and fix the order. Raises `Refused` before all commitments and the first reveal."""
    require_ready(draw=draw)
    done = draws.conclude(
        kind=draw.kind,
        draw_id=draw.draw_id,
        pool=draw.pool.values_list("leaf", flat=True),
        parties=_parties(draw),
        vrf_secret=platform().vrf_secret,
        missing_reveal=MISSING_REVEAL,
        algorithm=ALGORITHM,
    )
    draw.vrf_proof, draw.seed = done.vrf_proof, done.seed
    draw.save(update_fields=["vrf_proof", "seed"])
    return done


def require_uncommitted(*, draw: Draw, party: str) -> None:
    """Refuse strangers, second commitments, and whatever comes after the first reveal."""
    if party not in draw.parties:
        raise Refused(_refusal("draw.not_a_party", "您不是本次抽取的参与方", "由抽取池公布的各参与方提交承诺。"))
    if draw.seed or draw.commitments.exclude(nonce="").exists():
        raise Refused(_refusal("draw.reveals_began", "已有参与方揭示随机数，不能再提交承诺", "请继续揭示并完成抽取。"))
    if draw.commitments.filter(party=party).exists():
        raise Refused(_refusal("draw.committed", "您已提交过承诺，承诺不能更换", "请等待各方提交后揭示。"))


def require_unrevealed(*, draw: Draw, party: str) -> None:
    """Refuse to reveal before all commitments, and twice."""
    if _commitment_of(draw, party).nonce:
        raise Refused(_revealed())


def require_ready(*, draw: Draw) -> None:
    """Refuse to complete a draw that lacks commitments or reveals, or is completed."""
    if draw.seed:
        raise Refused(_refusal("draw.completed", "本次抽取已经完成", "请查看抽取结果。"))
    committed = {one.party: one for one in draw.commitments.all()}
    revealed = [one for one in committed.values() if one.nonce]
    if set(committed) != set(draw.parties) or len(revealed) < draws.FEWEST_REVEALS:
        raise Refused(_refusal("draw.not_ready", "承诺或揭示尚未完成", "请等各参与方提交承诺并揭示后再完成抽取。"))


def _commitment_of(draw: Draw, party: str) -> Commitment:
    """A party's commitment, when all have committed."""
    committed = {one.party: one for one in draw.commitments.all()}
    if set(committed) != set(draw.parties):
        raise Refused(_refusal("draw.commitments_missing", "还有参与方没有提交承诺", "全部承诺提交后才能揭示。"))
    if party not in committed:
        raise Refused(_refusal("draw.not_a_party", "您不是本次抽取的参与方", "由提交承诺的参与方揭示。"))
    return committed[party]


def facts(draw: Draw) -> draws.Draw:
    """All public facts of a completed draw, as anyone can check them."""
    return draws.Draw(
        kind=draw.kind,
        draw_id=draw.draw_id,
        algorithm=ALGORITHM,
        fewest_parties=draws.FEWEST_PARTIES,
        missing_reveal=MISSING_REVEAL,
        pool=tuple(draw.pool.values_list("leaf", flat=True)),
        pool_root=draw.pool_root,
        parties=_parties(draw),
        vrf_public=platform().vrf_public(),
        vrf_proof=draw.vrf_proof,
        seed=draw.seed,
    )


def _parties(draw: Draw) -> tuple[draws.Party, ...]:
    committed = {one.party: one for one in draw.commitments.all()}
    return tuple(
        draws.Party(name=party, commitment=committed[party].value, reveal=committed[party].nonce or None)
        for party in draw.parties
    )


def order(draw: Draw) -> Iterator[int]:
    """The positions of the pool in drawn order. Raises `Refused` before the draw is completed."""
    if not draw.seed:
        raise Refused(_refusal("draw.not_completed", "抽取尚未完成", "请先完成抽取。"))
    seed = draws.canonical_seed([draw.seed])
    return draws.sequence(seed=seed, pool_size=draw.pool.count(), algorithm=ALGORITHM)


def drawn_member(draw: Draw) -> str:
    """The member that came out first: the value of a parameter draw."""
    return draw.pool.get(position=next(order(draw))).member_id


def next_position(draw: Draw) -> int | None:
    """The first position in drawn order that nobody has replied for, or None when the pool is used up."""
    settled = set(draw.replies.values_list("position", flat=True))
    return next((position for position in order(draw) if position not in settled), None)


def accepted_positions(draw: Draw) -> list[int]:
    """Positions that accepted and were not found absent afterwards, in drawn order."""
    lost = set(draw.replies.exclude(kind=Reply.Kind.ACCEPTED).values_list("position", flat=True))
    taken = set(draw.replies.filter(kind=Reply.Kind.ACCEPTED).values_list("position", flat=True)) - lost
    return [position for position in order(draw) if position in taken]


def accepted_place(*, stream: str, member: str) -> tuple[Draw, int]:
    """The draw and the position at which a seated expert accepted. Raises `Refused` when no draw seated the person."""
    for draw in reversed(draws_of(stream=stream, kind=EXPERTS)):
        positions = set(draw.pool.filter(member_id=member).values_list("position", flat=True))
        if taken := positions.intersection(accepted_positions(draw) if draw.seed else ()):
            return draw, taken.pop()
    raise Refused(_refusal("draw.not_drawn", "该成员不是抽取产生的专家", "请核对席位。"))


def _revealed() -> Refusal:
    return _refusal("draw.revealed", "您已揭示过随机数", "请等待抽取完成。")


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article="招标投标法实施条例第四十六条；平台规则：抽取", remedy=remedy)
