"""The archive to download: for those who answer for the trade, once it has ended, and always the same file."""

import io
import zipfile

import pytest

from support.act_pages import Desk
from support.stages import trade_at
from yangguang.trading.stages import Stage
from yangguang.trading.verification import verify_archive

pytestmark = pytest.mark.django_db(transaction=True)


def download(scene, kind):
    return Desk(scene, kind).get(f"/trades/{scene.stream}/archive.zip")


def test_a_running_trade_has_none_and_says_what_to_do():
    scene = trade_at(Stage.CONTRACTED)
    answer = download(scene, "centre")
    assert answer.status_code == 409
    assert "尚未归档" in answer.content.decode()


@pytest.mark.parametrize("kind", ["bidder", "supplier", "member"])
def test_whoever_does_not_answer_for_the_trade_gets_none(kind):
    assert download(trade_at(Stage.ARCHIVED), kind).status_code == 403


def test_the_parties_get_the_same_whole_archive(tmp_path):
    scene = trade_at(Stage.ARCHIVED)
    first, second = (b"".join(download(scene, kind).streaming_content) for kind in ("centre", "supervisor"))
    assert first == second
    zipfile.ZipFile(io.BytesIO(first)).extractall(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == [scene.stream]
    assert verify_archive(tmp_path / scene.stream).problems == []
    link = f'href="/trades/{scene.stream}/archive.zip"'
    page = f"/trades/{scene.stream}/"
    assert [link in Desk(scene, kind).get(page).content.decode() for kind in ("agency", "bidder")] == [True, False]
