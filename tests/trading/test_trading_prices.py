"""What a bidder may have written into the price part: it is read only after the opening, and by the platform."""

import pytest

from support.stages import MOMENTS, trade_at
from trading.act_samples import BY_NAME
from yangguang.proof.tarfiles import PartFile
from yangguang.rules.refusal import Refused
from yangguang.trading.models import OpenedBid
from yangguang.trading.stages import Stage

pytestmark = pytest.mark.django_db

PRICE_FILES = {
    "no amount": b"{}",
    "a number": b'{"amount": 9500000}',
    "NaN": b'{"amount": "NaN"}',
    "infinite": b'{"amount": "Infinity"}',
    "negative": b'{"amount": "-1.00"}',
    "zero": b'{"amount": "0.00"}',
    "half a fen": b'{"amount": "1.005"}',
    "no such column": b'{"amount": "10000000000000.00"}',
    "huge": b'{"amount": "1E+999999"}',
    "text": b'{"amount": "\xe4\xb8\x80\xe7\x99\xbe"}',
    "a list": b"[]",
    "no JSON": b"9500000",
    "broken JSON": b'{"amount": ',
    "not UTF-8": b'\xff{"amount": "1.00"}',
    "a float beside": b'{"amount": "1.00", "rate": 0.5}',
    "NaN beside": b'{"amount": "1.00", "rate": NaN}',
    "NUL": b'{"amount": "1.00", "manager": "\\u0000"}',
    "half a character": b'{"amount": "1.00", "manager": "\\ud800"}',
    "deep": b'{"amount": "1.00", "x": ' + b"[" * 100 + b"]" * 100 + b"}",
    "too big": b'{"amount": "1.00", "x": "' + b"x" * 70_000 + b'"}',
}


@pytest.mark.parametrize("content", PRICE_FILES.values(), ids=PRICE_FILES)
def test_a_price_part_that_states_no_amount_is_refused_before_the_act(content):
    scene = _one_bid_with(content)
    with pytest.raises(Refused) as caught:
        scene.unlocked("bidder4")
    assert caught.value.codes == ("decryption.no_amount",)
    assert not OpenedBid.objects.exists()


@pytest.mark.parametrize(
    ("period", "shown"), [(b"300", "300"), (b'"300"', ""), (b"0", ""), (b"-1", ""), (b"36501", ""), (b"true", "")]
)
def test_only_a_whole_number_of_days_is_announced(period, shown):
    scene = _one_bid_with(b'{"amount": "9500000.00", "period_days": ' + period + b"}")
    scene.do("open_bid", "bidder4", unlocked=scene.unlocked("bidder4"))
    scene.at = BY_NAME["end_decryption"].at
    scene.do("end_decryption", "clock")
    scene.do("announce_bids", "agency")
    announced = [bid for bid in scene.data("announce_bids")["bids"] if bid["bidder"] == scene.who("bidder4").code]
    assert [(bid["price"], bid["period"]) for bid in announced] == [("9500000.00", shown)]


def _one_bid_with(content):
    """A trade at the decryption whose fourth bidder wrote `content` as its price part."""
    scene = trade_at(Stage.BIDDING)
    scene.files["bidder4"] = scene.sealed("bidder4", parts={"price": [PartFile("price.json", content)]})
    scene.do("submit_bid", "bidder4", received=scene.received("bidder4", scene.files["bidder4"]))
    for act, at in (("close_bidding", Stage.CLOSED), ("announce_bidders", Stage.LISTED)):
        scene.at = MOMENTS[at]
        scene.do(act, "clock" if act == "close_bidding" else "agency")
    scene.draw()
    scene.at = MOMENTS[Stage.DECRYPTING]
    scene.do("start_decryption", "agency")
    return scene
