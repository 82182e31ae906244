"""When an archive can be had, and how trades that came to nothing are archived."""

import json
from datetime import timedelta

import pytest

from support.archives import AT, problems_found_by_both
from support.stages import refund_all, trade_at
from yangguang.rules.refusal import Refused
from yangguang.trading.archive import export_archive
from yangguang.trading.stages import FAILED, Stage
from yangguang.trading.verification import verify_archive
from yangguang.witness.models import Pending

pytestmark = pytest.mark.django_db(transaction=True)


def read(archive, member):
    return json.loads((archive / member).read_bytes())


@pytest.mark.parametrize("stage", [Stage.BIDDING, Stage.EVALUATED, Stage.CONTRACTED])
def test_a_trade_that_was_not_archived_gives_no_archive(stage, tmp_path):
    scene = trade_at(stage)
    with pytest.raises(Refused) as refused:
        export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    assert list(refused.value.codes) == ["archive.not_ended"]
    assert list(tmp_path.iterdir()) == []


def test_waiting_entries_are_sequenced_first(tmp_path):
    scene = trade_at(Stage.ARCHIVED)
    assert Pending.objects.exists()
    made = export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    assert not Pending.objects.exists()
    assert problems_found_by_both(made) == ([], [])


@pytest.mark.parametrize("stage", FAILED)
def test_a_failed_trade_is_archived_and_holds_too(stage, tmp_path):
    scene = trade_at(stage)
    refund_all(scene)
    scene.at += timedelta(hours=1)
    scene.do("archive_trade", "centre")
    made = export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    assert problems_found_by_both(made) == ([], [])
    assert read(made, "data/state.json")["award"] is None
    assert verify_archive(made).statements[-2].startswith("没有中标人")


@pytest.mark.parametrize("stage", [Stage.TOO_FEW, Stage.TERMINATED])
def test_where_nothing_was_opened_no_bidder_is_told_and_no_sealed_file_is_there(stage, tmp_path):
    scene = trade_at(stage)
    refund_all(scene)
    scene.at += timedelta(hours=1)
    scene.do("archive_trade", "centre")
    made = export_archive(trade=scene.trade, destination=tmp_path / "archive", at=AT)
    codes = [bidder.code for bidder in scene.cast.bidders]
    told = "".join(path.read_text() for path in made.rglob("*.json") if "evidence" not in path.parts)
    assert [code for code in codes if code in told] == []
    assert list((made / "data/evidence").glob("*.ygb")) == []
