"""A lawful example of the acts of a rescue."""

from support.rescue import ask, share
from support.stages import RESCUE
from trading.samples_base import Sample

RESCUING = (
    Sample(
        name="request_rescue",
        stage=RESCUE,
        by=("bidder",),
        inputs=lambda *_: {"reason": "加密锁损坏，无法解密"},
        shows=lambda scene: scene.trade.bids.filter(rescue_request__at=scene.at).count() == 1,
        twice="rescue.requested",
    ),
    Sample(
        name="release_rescue_share",
        stage=RESCUE,
        by=("centre", "tenderer", "supervisor"),
        before=lambda scene, _: ask(scene),
        inputs=lambda scene, by: {"share": share(scene, by)},
        shows=lambda scene: scene.trade.bids.filter(rescue_shares__at=scene.at).count() == 1,
        twice="rescue.released",
    ),
)
