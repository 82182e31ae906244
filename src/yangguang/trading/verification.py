"""核验: an exported archive, as anyone can check it; and a live trade, its log replayed against the state tables.

`verify_archive` reads the folder alone. `verifier/verify.py` makes the same checks with none of this code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yangguang.trading import archive_bonds, archive_checks, archive_committee, archive_outcome, archive_rescue
from yangguang.trading.stages import OPEN_WORKS
from yangguang.witness import log, verification
from yangguang.witness.entries import payload_of
from yangguang.witness.record import concealed_digest, utc_text
from yangguang.witness.verification import Archived, Report, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from yangguang.trading.models import Trade
    from yangguang.witness.models import Logged


def verify_archive(path: Path, *, trusted: Sequence[str] = ()) -> Report:
    """核验归档: `problems` name the member and what is wrong, `statements` say in Chinese what was proved.

    `trusted` are the log's verifier keys as the reader knows them; without them those in the archive are believed,
    and the statements say so. Of files that are not what was signed nothing more is read.
    """
    archived, report = Archived(root=path), Report()
    report.problems += gather(lambda: verification.check_bag(archived, trusted=trusted), member="signature.note")
    if report.problems:
        return report
    report.statements.append("归档文件不多不少、没有改动，文件清单有平台的 Ed25519 和 SM2 签名")
    for member, statement, checks in _sections():
        problems = [problem for check in checks for problem in _run(check, archived, member)]
        report.problems += problems
        if not problems:
            report.statements.append(statement(archived))
    if not trusted:
        report.statements.append("没有指定日志公钥，以上以归档自带的公钥为准")
    return report


def verify_trade(trade: Trade) -> list[str]:
    """核验在办项目: replay the trade's log against the stage table and compare it with the state tables.

    Gives the problems in Chinese, none when log and state agree. Reads the database only.
    """
    trade = type(trade)._default_manager.get(pk=trade.pk)  # noqa: SLF001 - what stands in the database now
    entries, sealed = _logged(trade)
    problems = [*_chain_problems(entries, trade.head), *_chain_problems(sealed, trade.sealed_head, sealed=True)]
    if (len(entries), len(sealed)) != (trade.entries, trade.sealed_entries):
        problems.append(f"见证记录 {len(entries)}/{len(sealed)} 条，项目登记 {trade.entries}/{trade.sealed_entries} 条")
    payloads, hidden = [payload_of(one) for one in entries], [payload_of(one) for one in sealed]
    problems += _stage_problems(payloads, stage=trade.stage)
    problems += _sealed_problems(payloads, trade)
    return problems + list(_state_problems(trade, payloads, hidden))


def _sections() -> list[tuple[str, Callable[[Archived], str], list[Callable[[Archived], Iterable[str]]]]]:
    """Where a problem is looked for, what is proved when there is none, and the checks, in order."""
    return [
        ("data/log", _log_statement, [verification.check_log, verification.check_chains, archive_checks.check_stages]),
        (
            "data/log/sealed",
            lambda archived: (
                f"{len(archived.sealed)} 条封存记录与截止时公布的总数和树根相符，"
                f"{len(archived.folder('data/receipts'))} 张回执全部兑现，隐去的内容均按当时的摘要公开"
            ),
            [_sealed_as_published, verification.check_receipts, verification.check_salts, archive_checks.check_times],
        ),
        (
            "data/evidence",
            lambda archived: (
                f"见证记录提到的文件齐全（依法不公开的 {len(archived.withheld)} 个除外），"
                f"{len(archive_checks.signed_files(archived))} 个电子签名有效，证书当时未被吊销"
            ),
            [
                verification.check_evidence,
                archive_checks.check_withheld,
                archive_checks.check_signatures,
                archive_outcome.check_terms,
            ],
        ),
        (
            "data/evidence",
            _openings_statement,
            [
                archive_checks.check_list,
                archive_checks.check_openings,
                archive_rescue.check_rescues,
                archive_checks.check_announced,
            ],
        ),
        (
            "data/draws",
            lambda archived: (
                f"{len(archived.folder('data/draws'))} 次抽取按各方承诺的随机数和 VRF 重算一致，席位依次产生"
            ),
            [archive_checks.check_draws, archive_committee.check_committee],
        ),
        ("data/log", _bonds_statement, [archive_bonds.check_bonds]),
        (
            "data/state.json",
            _award_statement,
            [archive_committee.check_rejections, archive_outcome.check_scores, archive_outcome.check_award],
        ),
    ]


def _run(check: Callable[[Archived], Iterable[str]], archived: Archived, member: str) -> list[str]:
    return gather(lambda: check(archived), member=member)


def _log_statement(archived: Archived) -> str:
    size = archived.json("data/log/proofs.json")["size"]
    entries = len(archived.payloads)
    return f"{entries} 条见证记录首尾相连、合乎阶段表，都在 {size} 条的日志树中（SHA-256 和 SM3），日志只增不改"


def _openings_statement(archived: Archived) -> str:
    opened = archived.done("open_bid")
    rescued = sum("rescue" in entry["data"] for entry in opened)
    with_shares = f"，{rescued} 份经投标人申请用受托人的份额解密" if rescued else ""
    return (
        f"截止时有效投标 {len(archive_checks.standing_bids(archived))} 份；"
        f"{len(opened) - rescued} 份在截止后用投标人交出的密钥解密{with_shares}，内容与其签名的承诺和唱标一致"
    )


def _award_statement(archived: Archived) -> str:
    award = archived.json("data/state.json")["award"]
    if award is None:
        return "没有中标人，状态与见证记录一致"
    ranked = len(archived.json("data/state.json")["ranking"])
    return (
        f"按招标文件公布的办法重算 {ranked} 份有效投标的得分和排名，逐步一致；"
        f"中标人 {award['bidder']}，中标价 {award['price']} 元，符合公示的排名和法定顺序"
    )


def _bonds_statement(archived: Archived) -> str:
    if not archived.done("close_bidding"):
        return "投标没有截止，封存记录不公开，保证金的了结不在本归档之内"
    taken = sum(entry["act"] == "record_guarantee" for entry in archived.sealed)
    kept = len(archived.done("forfeit_guarantee"))
    return f"{taken} 笔投标保证金全部了结：依法不予退还 {kept} 笔，其余已退还"


def _sealed_as_published(archived: Archived) -> Iterator[str]:
    for entry in archived.done("close_bidding"):
        yield from verification.check_sealed(archived, published=entry["data"]["sealed"])
    if archived.sealed and not archived.done("close_bidding"):
        yield "data/log/sealed：没有公布过树根，不应有封存记录"


def _logged(trade: Trade) -> tuple[list[Logged], list[Logged]]:
    from yangguang.witness.models import Entry, SealedEntry  # noqa: PLC0415 - an archive is checked without tables

    return list(Entry.objects.filter(stream=trade.stream)), list(SealedEntry.objects.filter(stream=trade.stream))


def _chain_problems(entries: Sequence[Logged], head: str, *, sealed: bool = False) -> Iterator[str]:
    """Rows against their payloads, and each against the one before."""
    kind = "封存记录" if sealed else "见证记录"
    previous = "" if sealed or not entries else entries[0].previous
    for number, one in enumerate(entries, start=1):
        payload = payload_of(one)
        told = (payload["stream"], payload["sequence"], payload["previous"], payload["act"], payload["at"])
        if told != (one.stream, number, previous, one.act, utc_text(one.at)) or one.sequence != number:
            yield f"第 {number} 条{kind}与前一条或与其登记不衔接"
        previous = _leaf_of(one)
        if previous != one.leaf_hash:
            yield f"第 {number} 条{kind}的内容与其摘要不符"
        if one.concealed and concealed_digest(salt=one.salt, text=one.concealed) != payload["data"]["concealed"]:
            yield f"第 {number} 条{kind}隐去的内容与其摘要不符"
    if entries and previous != head:
        yield f"{kind}的末尾与项目登记的不符"


def _leaf_of(entry: Logged) -> str:
    return verification.leaf_of(entry.payload.encode())


def _stage_problems(payloads: Sequence[dict[str, Any]], *, stage: str) -> Iterator[str]:
    """Each act from where the one before led to, by the stage table; the trade stands where the last one led to."""
    at = payloads[0]["from"] if payloads else stage
    for one in payloads:
        if one["from"] != at or one["to"] not in OPEN_WORKS.get((one["from"], one["act"]), frozenset()):
            yield f"第 {one['sequence']} 条见证记录：阶段表不允许从“{at}”经 {one['act']} 到“{one['to']}”"
        at = one["to"]
    if at != stage:
        yield f"见证记录停在“{at}”，项目登记为“{stage}”"


def _sealed_problems(payloads: Sequence[dict[str, Any]], trade: Trade) -> Iterator[str]:
    for one in payloads:
        if one["act"] == "close_bidding" and one["data"]["sealed"] != log.sealed_root(trade.stream):
            yield "封存记录与截止时公布的总数和树根不符"


def _state_problems(
    trade: Trade, payloads: Sequence[dict[str, Any]], sealed: Sequence[dict[str, Any]]
) -> Iterator[str]:
    from yangguang.trading import replayed_state  # noqa: PLC0415 - an archive is checked without tables

    expected = replayed_state.from_log(payloads, sealed)
    found = replayed_state.from_tables(trade)
    for name in expected:
        if expected[name] != found[name]:
            yield f"{name}：见证记录为 {expected[name]}，状态表为 {found[name]}"
