"""The replay: historical prices in, the whole chain through, the lowest bidder out."""

import gzip
import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from support.archives import problems_found_by_both, sign_again
from yangguang.demo.cast import build_cast
from yangguang.demo.replay import bond_of, limit_of, lowest_price_wins, moment, play
from yangguang.demo.replay_input import BadHistory, PastTender, read_history
from yangguang.demo.replay_outcome import Played
from yangguang.demo.replay_tender import pack_cast, unpack_cast
from yangguang.rules.scoring import Description
from yangguang.trading.archive import export_archive
from yangguang.trading.models import Refund
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry, SealedEntry

TABLE = """tender,dataset,bid_eur,label
7,Nord_Ost,100.005,0.0
9,Nord_West,80,0.0
7,Nord_Ost,95.5,1.0
7,Nord_Ost,,1.0
7,Nord_Ost,-3,1.0
8,Nord_Ost,200,0.0
7,Nord_Ost,99999999999999999999,0.0
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "bids.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def test_tenders_are_gathered_in_the_order_of_the_file_and_rows_without_a_price_are_counted(table):
    assert read_history(table, market="nord_ost") == [
        PastTender(market="Nord_Ost", number="7", prices=(Decimal("100.01"), Decimal("95.50")), left_out=3),
        PastTender(market="Nord_Ost", number="8", prices=(Decimal("200.00"),)),
    ]


def test_a_packed_table_gives_the_same_as_a_plain_one(table, tmp_path):
    packed = tmp_path / "bids.csv.gz"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    assert read_history(packed, market="Nord_West") == read_history(table, market="Nord_West")


def test_a_part_of_a_name_is_enough_where_one_market_has_it_and_the_limit_counts_tenders(table):
    assert [one.number for one in read_history(table, market="OST", limit=1)] == ["7"]


@pytest.mark.parametrize("market", ["Sued", "nord"])
def test_an_unknown_or_unclear_market_is_answered_with_the_markets_there_are(table, market):
    with pytest.raises(BadHistory, match="Nord_Ost、Nord_West"):
        read_history(table, market=market)


def test_a_file_that_is_no_table_of_bids_is_refused(tmp_path):
    other, torn = tmp_path / "other.csv", tmp_path / "torn.gz"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    torn.write_bytes(gzip.compress(TABLE.encode())[:-12])
    with pytest.raises(BadHistory, match="bid_eur"):
        read_history(other, market="x")
    with pytest.raises(BadHistory, match="无法读取"):
        read_history(torn, market="x")


@pytest.mark.parametrize(
    ("estimate", "bond"),
    [("100000.55", "2000.01"), ("40000000", "800000.00"), ("99000000", "800000.00"), ("0", "0.00")],
)
def test_the_bond_is_two_per_cent_and_never_above_the_cap(estimate, bond):
    assert str(bond_of(Decimal(estimate))) == bond


def test_the_limit_price_is_a_whole_yuan_above_the_highest_bid():
    assert limit_of((Decimal("80.00"), Decimal("100.01"))) == Decimal(106)


def test_equal_prices_are_decided_by_the_technical_marks_and_never_share_a_place():
    ranking = Description.parse(lowest_price_wins()).ranking
    assert (ranking.total, ranking.order, ranking.parallel) == ("price", "lowest", False)
    assert [(tie.by, tie.order) for tie in ranking.tie_breaks] == [("technical_mean", "highest")]


THREE = PastTender(market="m", number="1", prices=(Decimal(3), Decimal(2), Decimal(2)))
TWO = PastTender(market="m", number="2", prices=(Decimal(3), Decimal(2)))


@pytest.mark.parametrize(
    ("tender", "winner", "price", "stage", "wrong"),
    [
        (THREE, 1, "2", "archived", False),
        (THREE, 2, "2", "archived", False),
        (THREE, 0, "3", "archived", True),
        (THREE, 1, "3", "archived", True),
        (THREE, 1, "2", "contracted", True),
        (THREE, None, None, "archived", True),
        (TWO, None, None, "archived", False),
        (TWO, None, None, "too_few", True),
        (TWO, 1, "2", "archived", True),
    ],
)
def test_a_winner_is_right_only_at_the_lowest_price_of_the_file(tender, winner, price, stage, wrong):
    played = Played(tender=tender, winner=winner, price=Decimal(price) if price else None, stage=stage)
    assert played.is_wrong is wrong
    assert played.is_good is not wrong


def test_a_play_that_failed_or_an_archive_that_does_not_verify_is_not_good():
    good = Played(tender=THREE, winner=1, price=Decimal(2), stage="archived")
    assert not replace(good, problems=("x",)).is_good
    failed = Played(tender=THREE, failure="Traceback")
    assert (failed.is_good, failed.is_wrong) == (False, False)


@pytest.mark.django_db(transaction=True)
def test_a_tender_runs_from_registration_to_archive_and_a_lowest_bidder_wins(tmp_path):
    cast = build_cast(moment(1, "08:00"), folder=tmp_path, bidders=4)
    run = play(cast=cast, title="历史项目", prices=(Decimal("900.10"), Decimal("800.20"), Decimal("800.20")))
    award = run.trade.awards.get()
    assert run.trade.stage == "archived"
    assert award.bid.opened.price == Decimal("800.20")
    assert award.bid.bidder.code in {cast.bidders[1].code, cast.bidders[2].code}
    assert [one.rank for one in run.trade.ranking.all()] == [1, 2, 3]
    assert run.trade.contract.price == Decimal("800.20")
    assert {one.amount for one in Refund.objects.all()} == {bond_of(limit_of(run.prices))}
    assert Refund.objects.count() == 3
    # every act but the registration is an entry of the trade's own stream or of its sealed sub-log
    entries = Entry.objects.filter(stream=run.trade.stream).count()
    sealed = SealedEntry.objects.filter(stream=run.trade.stream).count()
    assert run.acts == 1 + entries + sealed
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_two_bidders_end_unopened_with_their_bonds_returned(tmp_path):
    cast = build_cast(moment(1, "08:00"), folder=tmp_path, bidders=2)
    run = play(cast=cast, title="历史项目", prices=(Decimal(900), Decimal(800)))
    assert run.trade.stage == "archived"
    assert not run.trade.awards.exists()
    acts = list(Entry.objects.filter(stream=run.trade.stream).order_by("sequence").values_list("act", flat=True))
    assert acts[-4:] == ["announce_bidders", "refund_guarantee", "refund_guarantee", "archive_trade"]


@pytest.mark.django_db(transaction=True)
def test_a_list_of_bids_too_long_for_the_log_stands_in_a_file_and_both_verifiers_follow_it(tmp_path):
    cast = build_cast(moment(1, "08:00"), folder=tmp_path, bidders=76)
    run = play(cast=cast, title="投标人很多的项目", prices=tuple(Decimal(1000 - number) for number in range(76)))
    made = export_archive(trade=run.trade, destination=tmp_path / "archive", at=moment(50, "09:00"))
    listed = Entry.objects.get(stream=run.trade.stream, act="announce_bidders")
    assert set(json.loads(listed.payload)["data"]) == {"in"}
    assert len(payload_of(listed)["data"]["bids"]) == 76
    assert problems_found_by_both(made) == ([], [])
    path = made / "data/evidence" / f"{json.loads(listed.payload)['data']['in']}.json"
    path.write_bytes(path.read_bytes().replace(b'"count":76', b'"count":77'))
    sign_again(made)
    assert all(any(path.stem in one for one in found) for found in problems_found_by_both(made))


def test_a_cast_goes_to_another_process_with_its_keys_and_without_the_authorities(tmp_path, db):
    cast = build_cast(moment(1, "08:00"), folder=tmp_path, bidders=7, experts=2)
    again = unpack_cast(pack_cast(cast))
    assert again.registry.authorities == {}
    for mine, theirs in zip(cast.bidders, again.bidders, strict=True):
        signed = theirs.signing.key.sign(b"data")
        assert mine.signing.certificate.public_key.verify(signature=signed, data=b"data")
        assert theirs.signing.certificate == mine.signing.certificate
        assert theirs.organisation == mine.organisation
        assert theirs.encryption.key.decrypt(mine.encryption.certificate.public_key.encrypt(b"k" * 16)) == b"k" * 16
    assert list(again.experts) == list(cast.experts)


def replay(*arguments, home):
    """Run the command in a process of its own; this process's records are somewhere else."""
    command = [sys.executable, "-c", "from yangguang.cli import main; main()", "replay", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DJANGO_SETTINGS_MODULE": "yangguang.settings", "TMPDIR": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_replays_with_two_workers_and_removes_its_records(tmp_path):
    file = tmp_path / "bids.csv"
    rows = ["1,Markt,900,x", "1,Markt,800,x", "1,Markt,800,x", "2,Markt,70,x", "2,Markt,0,x", "3,Andere,5,x"]
    file.write_text("\n".join(["tender,dataset,bid_eur,label", *rows]), encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir()
    done = replay(file, "--market", "MARKT", "--workers", "2", home=home)
    assert done.returncode == 0, done.stderr
    assert "Markt：2 个项目，4 份报价，2 个工作进程。" in done.stdout
    assert "略去没有有效金额的报价 1 份。" in done.stdout
    assert "定标 1 个，不足三家未开标 1 个，未能完成 0 个。" in done.stdout
    assert "中标人有误 0 个。" in done.stdout
    assert "归档核验未通过 0 个。" in done.stdout
    assert list(home.iterdir()) == []


def test_the_command_lists_the_markets_when_asked_for_another(table, tmp_path):
    done = replay(table, "--market", "Sued", home=tmp_path)
    assert done.returncode == 1
    assert "Nord_Ost、Nord_West" in done.stderr


def test_the_command_does_not_touch_records_that_are_there(table, tmp_path):
    home = tmp_path / "home"
    for _ in range(2):
        done = replay(table, "--market", "Nord_West", "--home", home, home=tmp_path)
    assert done.returncode == 1
    assert "数据库里已有记录" in done.stderr
    assert f"记录在 {home}" in done.stdout
