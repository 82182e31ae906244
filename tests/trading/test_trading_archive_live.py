"""核验在办项目: log and state tables agree at every stage, and every disagreement is told."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.db import connection

from support.archives import ROOT, small_archive
from support.stages import MOMENTS, trade_at
from yangguang.cli import verify
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_trade
from yangguang.witness.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def without_triggers(statement, *values):
    """Do to a table by hand what its triggers forbid."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, values)
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.mark.parametrize("point", list(MOMENTS))
def test_log_and_state_agree_at_every_stage(point):
    assert verify_trade(trade_at(point).trade) == []


def test_another_stage_in_the_table_is_told():
    trade = trade_at(Stage.ANNOUNCED).trade
    Trade.objects.filter(pk=trade.pk).update(stage=Stage.AWARDED)
    assert verify_trade(trade) == ["见证记录停在“announced”，项目登记为“awarded”"]


def test_another_head_is_told():
    trade = trade_at(Stage.BIDDING).trade
    Trade.objects.filter(pk=trade.pk).update(head="0" * 64, sealed_head="0" * 64)
    assert verify_trade(trade) == ["见证记录的末尾与项目登记的不符", "封存记录的末尾与项目登记的不符"]


def test_other_counts_are_told():
    trade = trade_at(Stage.BIDDING).trade
    Trade.objects.filter(pk=trade.pk).update(entries=99)
    assert any("条，项目登记 99/" in problem for problem in verify_trade(trade))


def test_a_changed_payload_is_told_by_its_digest_and_its_links():
    trade = trade_at(Stage.ANNOUNCED).trade
    entry = Entry.objects.filter(stream=trade.stream, act="publish_notice").get()
    without_triggers(
        "UPDATE witness_entry SET payload = %s WHERE id = %s",
        entry.payload.replace('"version":1', '"version":2'),
        entry.pk,
    )
    problems = verify_trade(trade)
    assert f"第 {entry.sequence} 条见证记录的内容与其摘要不符" in problems
    assert f"第 {entry.sequence + 1} 条见证记录与前一条或与其登记不衔接" in problems


def test_a_row_that_says_another_act_than_its_payload_is_told():
    trade = trade_at(Stage.ANNOUNCED).trade
    entry = Entry.objects.filter(stream=trade.stream, act="publish_notice").get()
    without_triggers("UPDATE witness_entry SET act = %s WHERE id = %s", "award", entry.pk)
    assert f"第 {entry.sequence} 条见证记录与前一条或与其登记不衔接" in verify_trade(trade)


def test_a_changed_concealed_text_is_told():
    trade = trade_at(Stage.SCORING).trade
    entry = Entry.objects.filter(stream=trade.stream, act="give_opinion").first()
    without_triggers("UPDATE witness_entry SET concealed = %s WHERE id = %s", "{}", entry.pk)
    assert verify_trade(trade) == [f"第 {entry.sequence} 条见证记录隐去的内容与其摘要不符"]


def test_a_sealed_entry_taken_away_is_told():
    trade = trade_at(Stage.CLOSED).trade
    without_triggers("DELETE FROM trading_guarantee")
    without_triggers("DELETE FROM witness_sealedentry WHERE act = %s", "record_guarantee")
    problems = verify_trade(trade)
    assert "封存记录与截止时公布的总数和树根不符" in problems


STATE = [
    (Stage.ANNOUNCED, lambda: without_triggers("DELETE FROM trading_openedbid"), "开标结果"),
    (Stage.SCORING, lambda: without_triggers("DELETE FROM trading_opinion"), "评审意见"),
    (Stage.AWARDED, lambda: without_triggers("DELETE FROM trading_award"), "定标"),
    (Stage.CONTRACTED, lambda: without_triggers("UPDATE trading_contract SET price = 1"), "合同价"),
    (Stage.EVALUATED, lambda: without_triggers("DELETE FROM trading_reportsignature"), "报告签署"),
    (Stage.OPENED, lambda: without_triggers("UPDATE experts_draw SET seed = %s", "0" * 64), "抽取种子"),
    (Stage.BIDDING, lambda: without_triggers("UPDATE trading_trade SET bid_deadline = NULL"), "投标截止时间"),
]


@pytest.mark.parametrize(("stage", "harm", "name"), STATE, ids=[one[2] for one in STATE])
def test_a_state_that_the_log_does_not_lead_to_is_told(stage, harm, name):
    trade = trade_at(stage).trade
    harm()
    assert any(problem.startswith(f"{name}：") for problem in verify_trade(trade))


def test_the_command_replays_every_trade_and_exits_with_one_when_something_is_wrong():
    trade = trade_at(Stage.ANNOUNCED).trade
    done = CliRunner().invoke(verify.command, ["--database"])
    assert (done.exit_code, done.output) == (
        0,
        f"✓ {trade.stream} 已唱标 {Trade.objects.get().entries} 条见证记录\n核验通过\n",
    )
    Trade.objects.filter(pk=trade.pk).update(stage=Stage.AWARDED)
    done = CliRunner().invoke(verify.command, ["--database"])
    assert done.exit_code == 1
    assert done.output.splitlines()[1:] == ["  见证记录停在“announced”，项目登记为“awarded”", "核验不通过"]


def test_the_command_wants_an_archive_or_the_database(tmp_path):
    for arguments in ([], ["--database", str(tmp_path)]):
        done = CliRunner().invoke(verify.command, arguments)
        assert done.exit_code == 2
        assert "二者只取其一" in done.output


def test_the_command_checks_an_archive_without_leaving_anything_behind(tmp_path):
    archive = small_archive()
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]}
    program = [sys.executable, "-c", "from yangguang.cli import main; main()", "verify", str(archive)]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.stderr == ""
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "核验通过")
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_what_is_wrong_in_an_archive(tmp_path):
    (tmp_path / "bagit.txt").write_bytes(b"x")
    done = CliRunner().invoke(verify.command, [str(tmp_path)])
    assert done.exit_code == 1
    assert "✗ data/trade.json" in done.output
    assert done.output.endswith("核验不通过\n")
