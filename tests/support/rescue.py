"""Trades whose document declares a rescue: centre, tenderer and supervisor hold the shares, any two of them suffice."""

import secrets
from pathlib import Path
from typing import Any

from support.scenes import PRICES, Scene, short_terms
from yangguang.demo.cast import TOOL, price_file
from yangguang.demo.people import Party
from yangguang.parties.signing import SignedFile
from yangguang.proof.bid_rescue import RescuePlan
from yangguang.proof.canonical import canonical
from yangguang.proof.inspection import read_bid
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.share_release import Identity, release_shares
from yangguang.trading.acts.rescue import receive_share

TRUSTEES = {"centre": "示例交易中心", "tenderer": "示例招标人", "supervisor": "示例监督部门"}

_encrypting: dict[int, dict[str, Party]] = {}


def trustee(scene: Scene, kind: str) -> Party:
    """A trustee with a key that shares can be sealed to, the same for everything of one cast."""
    known = _encrypting.setdefault(id(scene.cast.registry), {})
    if kind not in known:
        known[kind] = scene.cast.registry.renewed(scene.who(kind))
    return known[kind]


def rescue(scene: Scene, *, threshold: int = 2) -> dict[str, Any]:
    """The `rescue` of the terms."""
    pem = {kind: trustee(scene, kind).encryption.certificate.pem.decode() for kind in TRUSTEES}
    listed = [{"name": name, "certificate": pem[kind]} for kind, name in TRUSTEES.items()]
    return {"threshold": threshold, "trustees": listed}


def rescue_terms(scene: Scene, **changed: Any) -> bytes:
    """The short terms with a rescue; `changed` replaces members of it."""
    return canonical({**short_terms(), "rescue": {**rescue(scene), **changed}})


def released(scene: Scene, by: str, *, of: str = "bidder", signs: str = "", bond: bool = True) -> bytes:
    """What `yangguang bid share` writes at the trustee's desk."""
    own, signer = trustee(scene, by).encryption, scene.who(signs or by).signing
    names = (of, f"{of} guarantee") if bond else (of,)
    return release_shares(
        bids=[read_bid(scene.files[name]) for name in names if name in scene.files],
        opens=Identity(key=own.key, certificate=own.certificate),
        signs=Identity(key=signer.key, certificate=signer.certificate),
        at=scene.at,
    )


def sealed_with(scene: Scene, by: str, plan: RescuePlan | None, *, part: str = "price") -> Path:
    """A sealed file of a bidder with another rescue than the one declared."""
    destination = scene.cast.folder / f"{secrets.token_hex(4)}.ygb"
    trade, own = scene.trade, scene.who(by)
    seal_bid(
        destination=destination,
        heading=BidHeading(tender=trade.stream, lot=trade.lot_code, created_at=scene.at, tool=TOOL),
        parts={part: [price_file(price=PRICES[0], period_days=300)]},
        key=own.signing.key,
        certificate=own.signing.certificate,
        recipients=(own.encryption.certificate,),
        rescue=plan,
    )
    return destination


def share(scene: Scene, by: str, **how: Any) -> SignedFile:
    """The same as the act takes it."""
    return receive_share(released(scene, by, **how))


def ask(scene: Scene, by: str = "bidder") -> Any:
    """The bidder asks for the rescue."""
    return scene.do("request_rescue", by, reason="加密锁损坏，无法解密")


def give(scene: Scene, *kinds: str, of: str = "bidder") -> None:
    """Trustees release their shares."""
    for kind in kinds:
        scene.do("release_rescue_share", kind, share=share(scene, kind, of=of))
