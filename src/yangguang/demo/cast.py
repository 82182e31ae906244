"""The cast of the demonstration (演示角色) and what tests and the replay need of it: keys, signatures, sealed files."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from yangguang.demo.people import REGION, Individual, Party, Registry, Signatory, open_registry
from yangguang.experts.models import Expert
from yangguang.parties.models import Office
from yangguang.parties.signing import SignedFile, sign_file
from yangguang.proof.inspection import read_bid
from yangguang.proof.key_release import release_keys
from yangguang.proof.keys import Algorithm
from yangguang.proof.manifest import Tool
from yangguang.proof.opening import recover_content_keys
from yangguang.proof.seal import BidHeading, seal_bid
from yangguang.proof.tarfiles import PartFile
from yangguang.rules.calendar import legal_date
from yangguang.rules.scoring.families import ScorePart, build_family, weighted_total
from yangguang.trading.models import Centre, Trade
from yangguang.trading.models.tenders import OPEN, SupervisionLine
from yangguang.trading.readings import terms_of
from yangguang.trading.terms import FORMAT
from yangguang.witness import evidence

SPECIALTY = "房屋建筑施工"
OTHER_SPECIALTY = "机电安装"
BOND = Decimal("200000.00")
VALIDITY_DAYS = 90
PARTS = ("qualification", "technical", "price")
TOOL = Tool(name="yangguang bid", version="0.1.0")
BIDDERS: Sequence[tuple[str, Algorithm]] = (
    ("示例第一建筑有限公司", "rsa"),
    ("示例第二建筑有限公司", "rsa"),
    ("示例第三建筑有限公司", "rsa"),
    ("示例城建工程有限公司", "ecdsa"),
    ("示例路桥工程有限公司", "ecdsa"),
    ("示例宏图建设有限公司", "ecdsa"),
    ("示例国密建设有限公司", "sm2"),
    ("示例远山建设有限公司", "rsa"),
    ("示例平川建设有限公司", "ecdsa"),
)
TECHNICAL_ITEMS = {"施工组织设计": "15", "质量保证措施": "10", "安全文明施工": "10"}
BUSINESS_ITEMS = {"企业业绩": "10", "项目经理": "5"}
PRICE_WEIGHT = "0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everyone on stage. `folder` holds what the bidders keep on their own computers."""

    centre: Centre
    staff: Party
    tenderer: Party
    agency: Party
    supervisor: Party
    bidders: tuple[Party, ...]
    experts: Mapping[str, Individual]
    representative: Individual
    deputy: Individual
    inspector: Party
    registry: Registry
    folder: Path

    def member(self, mark: str) -> Individual:
        """The committee member with this mark: an expert, the tenderer's representative or who stands in for them."""
        sent = {one.person.mark: one for one in (self.representative, self.deputy)}
        return sent[mark] if mark in sent else self.experts[mark]

    def registration(self) -> dict[str, Any]:
        """Who takes part in a construction tender of public money, as its registration (进场登记) names them."""
        return {
            "category": "A01",
            "tenderer": self.tenderer.organisation,
            "agency": self.agency.organisation,
            "supervisor": self.supervisor.organisation,
            "supervision_line": SupervisionLine.HOUSING.value,
            "discipline": self.inspector.organisation,
            "state_controlled": True,
        }


def build_cast(at: datetime, *, folder: Path | None = None, bidders: int = 9, experts: int = 14) -> Cast:
    """Register everyone at an aware time: organisations, people, certificates, experts, trusted roots.

    `folder` is where the bidders' files go, by default `demo` under the installation's home. The first expert works
    for the first bidder and has to stand back (回避); the last one is of another specialty.
    """
    registry = open_registry(at=at)
    place = folder or Path(settings.HOME) / "demo"
    place.mkdir(parents=True, exist_ok=True)
    staff = registry.party(name="示例市公共资源交易中心", office=Office.CENTRE)
    parties = tuple(_bidder(registry, number) for number in range(bidders))
    return Cast(
        centre=Centre.objects.create(
            stream=f"centre-{staff.code}", stage=OPEN, name=staff.name, code=staff.code, region=REGION
        ),
        staff=staff,
        tenderer=registry.party(name="示例市城市建设投资有限公司"),
        agency=registry.party(name="示例招标代理有限公司", algorithm="sm2"),
        supervisor=registry.party(name="示例市住房和城乡建设局", office=Office.SUPERVISION),
        bidders=parties,
        experts=_pool(registry, count=experts, employer=parties[0].code),
        representative=registry.individual(name="招标人代表"),
        deputy=registry.individual(name="招标人后备代表"),
        inspector=registry.party(name="示例市纪委监委驻住房和城乡建设局纪检监察组", office=Office.DISCIPLINE),
        registry=registry,
        folder=place,
    )


def terms(**changed: Any) -> dict[str, Any]:
    """The machine-readable terms of the demonstration's tender document (招标文件结构化条款); `changed` replaces."""
    return {
        "format": FORMAT,
        "bid_validity_days": VALIDITY_DAYS,
        "bid_bond": str(BOND),
        "parts": list(PARTS),
        "decryption_minutes": 30,
        "committee_size": 5,
        "experts": 4,
        "specialty": SPECIALTY,
        "review": {
            "qualification": ["营业执照", "资质等级", "安全生产许可证"],
            "formal": ["投标函签章", "文件格式"],
            "responsive": ["工期", "质量标准", "最高投标限价"],
        },
        "scoring": _scoring(),
        "candidates": 3,
        **changed,
    }


def signed(*, party: Signatory, name: str, content: bytes, act: str, stream: str) -> SignedFile:
    """A paper kept as evidence and signed by the party for one act on one stream."""
    return sign_file(
        name=name,
        evidence=evidence.keep(content, media_type=media_type_of(content)),
        act=act,
        stream=stream,
        key=party.signing.key,
        certificate=party.signing.certificate,
    )


def media_type_of(content: bytes) -> str:
    """PDF, JSON, HTML or plain text."""
    if content.startswith(b"{"):
        return "application/json"
    if content.startswith(b"%PDF"):
        return "application/pdf"
    return "text/html" if content.lower().startswith(b"<!doctype") else "text/plain"


def plain_parts(*, price: Decimal, period_days: int = 300) -> dict[str, list[PartFile]]:
    """The smallest bid that can be opened: one text for each part, and the price as `price.json`."""
    return {
        "qualification": [PartFile("资格审查资料.txt", "演示：资格审查资料".encode())],
        "technical": [PartFile("技术标.txt", "演示：施工组织设计".encode())],
        "price": [price_file(price=price, period_days=period_days)],
    }


def price_file(*, price: Decimal, period_days: int) -> PartFile:
    """`price.json`, what the opening reads of the price part."""
    return PartFile("price.json", _json({"amount": f"{price:.2f}", "period_days": period_days}))


def sealed_bid(
    *, cast: Cast, bidder: Party, trade: Trade, parts: Mapping[str, Sequence[PartFile]], at: datetime
) -> Path:
    """Seal and sign a bid as the bidder's tool does (`yangguang bid seal`); a new file in the cast's folder."""
    return _sealed(cast, bidder, trade, parts=parts, at=at, suffix="ygb")


def sealed_guarantee(
    *, cast: Cast, bidder: Party, trade: Trade, at: datetime, amount: Decimal = BOND, deadline: datetime | None = None
) -> Path:
    """Seal a bid bond (投标保证金凭证), valid from today to the end of the bid's validity."""
    closes = deadline or trade.bid_deadline or at
    facts = {
        "amount": f"{amount:.2f}",
        "beneficiary": trade.tender.tenderer.code,
        "guarantor": "示例银行（演示）",
        "lot": trade.lot_code,
        "valid_from": legal_date(at).isoformat(),
        "valid_until": (legal_date(closes) + timedelta(days=VALIDITY_DAYS)).isoformat(),
    }
    parts = {"guarantee": [PartFile("guarantee.json", _json(facts))]}
    return _sealed(cast, bidder, trade, parts=parts, at=at, suffix="guarantee.ygb")


def released_keys(*, bidder: Party, file: Path, at: datetime) -> bytes:
    """The signed key file that the bidder hands over in the decryption window (`yangguang bid keys`)."""
    bid, opens, signs = read_bid(file), bidder.encryption or bidder.signing, bidder.signing
    content_keys = recover_content_keys(bid=bid, key=opens.key, certificate=opens.certificate)
    return release_keys(bid=bid, content_keys=content_keys, key=signs.key, certificate=signs.certificate, at=at)


def _sealed(
    cast: Cast, bidder: Party, trade: Trade, *, parts: Mapping[str, Sequence[PartFile]], at: datetime, suffix: str
) -> Path:
    destination = cast.folder / f"{bidder.name}-{secrets.token_hex(3)}.{suffix}"
    recipient = (bidder.encryption or bidder.signing).certificate
    seal_bid(
        destination=destination,
        heading=BidHeading(tender=trade.stream, lot=trade.lot_code, created_at=at, tool=TOOL),
        parts=parts,
        key=bidder.signing.key,
        certificate=bidder.signing.certificate,
        recipients=(recipient,),
        rescue=terms_of(trade).rescue if trade.documents.exists() else None,
    )
    return destination


def _bidder(registry: Registry, number: int) -> Party:
    """The named bidders first; more are numbered and take the three families in turn."""
    if number < len(BIDDERS):
        name, algorithm = BIDDERS[number]
    else:
        name, algorithm = f"示例建设{number + 1}有限公司", BIDDERS[number % len(BIDDERS)][1]
    return registry.party(name=name, algorithm=algorithm, encrypts=True)


def _pool(registry: Registry, *, count: int, employer: str) -> dict[str, Individual]:
    people = [registry.individual(name=f"专家{number}") for number in range(1, count + 1)]
    for number, one in enumerate(people, start=1):
        Expert.objects.create(
            person=one.person,
            specialties=[OTHER_SPECIALTY if number == count else SPECIALTY],
            employer=employer if number == 1 else "",
        )
    return {one.person.mark: one for one in people}


def _scoring() -> dict[str, Any]:
    """综合评估法: price by the 兰州 family with one drawn parameter, technical marks blind, business marks by name."""
    return weighted_total(
        price=build_family(name="lanzhou_construction"),
        title="示例市工程综合评估法",
        price_weight=PRICE_WEIGHT,
        parts=(
            ScorePart(name="technical", label="技术", members=True, items=TECHNICAL_ITEMS),
            ScorePart(name="business", label="商务", members=True, items=BUSINESS_ITEMS),
        ),
        places=2,
    ).to_json()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
