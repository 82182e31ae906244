import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from support.bench import AT, STAFF, count, make_bench
from support.market import AFTER, open_market
from yangguang.cli import clock, main
from yangguang.proof import merkle, notes
from yangguang.trading.stages import Stage
from yangguang.witness.log import latest_checkpoint, sequence_log
from yangguang.witness.models import Entry
from yangguang.witness.platform import platform

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments):
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def written(number):
    bench = make_bench()
    for _ in range(number):
        count(bench, actor=STAFF, at=AT)
    sequence_log(at=AT)


def test_the_log_prints_its_checkpoint_keys_and_entries():
    written(3)
    assert run("log", "checkpoint").output == latest_checkpoint().note
    assert run("log", "keys").output.split() == platform().verifier_keys()
    lines = run("log", "show", "bench-1").output.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == [1, 2, 3]


def test_a_printed_proof_proves_its_entry():
    written(5)
    facts = json.loads(run("log", "prove", "3").output)
    checkpoint, _ = notes.open_checkpoint(
        note=facts["checkpoint"].encode(), origin=platform().origin, verifiers=platform().verifiers()
    )
    assert merkle.verify_inclusion(
        leaf=merkle.leaf_hash(facts["entry"].encode()),
        index=3,
        size=5,
        proof=[bytes.fromhex(step) for step in facts["proof"]],
        root=checkpoint.root,
    )


@pytest.mark.parametrize("arguments", [("checkpoint",), ("show", "nothing"), ("prove", "0")])
def test_an_empty_log_says_so(arguments):
    result = run("log", *arguments)
    assert result.exit_code == 1
    assert "Error: " in result.output or "错误" in result.output


def cosigning(tmp_path, note):
    key = Ed25519PrivateKey.generate()
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "note").write_text(note)
    options = [option for one in platform().verifier_keys() for option in ("--log-key", one)]
    arguments = (
        "cosign",
        str(tmp_path / "note"),
        *options,
        "--name",
        "jiandu.example",
        "--key",
        str(tmp_path / "key.pem"),
    )
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return run("log", *arguments), notes.cosignature_verifier(name="jiandu.example", public_key=public)


def test_a_witness_cosigns_a_checkpoint_that_others_can_check(tmp_path):
    written(2)
    result, witness = cosigning(tmp_path, latest_checkpoint().note)
    opened = notes.open_note(note=result.output.encode(), verifiers=[witness, *platform().verifiers()])
    assert len(opened.signatures) == 3


def test_a_witness_does_not_cosign_what_the_log_did_not_sign(tmp_path):
    written(2)
    result, _ = cosigning(tmp_path, latest_checkpoint().note.replace("\n2\n", "\n3\n", 1))
    assert result.exit_code == 1
    assert "未会签" in result.output


def test_a_beat_of_the_clock_closes_bidding_when_it_is_due_and_signs_the_log(capsys):
    market = open_market(bidders=1)
    clock.beat(at=market.trade.bid_deadline)
    market.trade.refresh_from_db()
    assert market.trade.stage == Stage.BIDDING
    clock.beat(at=AFTER)
    market.trade.refresh_from_db()
    assert market.trade.stage == Stage.CLOSED
    assert "close_bidding 已办理" in capsys.readouterr().out
    assert latest_checkpoint().size == Entry.objects.count()


def test_the_clock_command_beats_once_at_the_present_time():
    bench = make_bench()
    for _ in range(2):
        count(bench, actor=STAFF, at=datetime.now(tz=UTC))
    assert "日志 2 条" in run("clock", "--once").output


def test_setting_up_twice_is_harmless():
    assert [run("setup").exit_code for _ in range(2)] == [0, 0]
