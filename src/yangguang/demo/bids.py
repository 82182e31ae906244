"""What the bidders of the demonstration offer, and what becomes of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yangguang.demo.cast import price_file
from yangguang.demo.papers import paper, scanned_drawings
from yangguang.demo.people import Party
from yangguang.proof.tarfiles import PartFile

DRAWING_PAGES = 3  # 20 MB
LICENCE_EXPIRED = "安全生产许可证已于投标截止日前失效"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """报价与方案: the price in yuan, the period in days, and the marks that the committee will find it worth."""

    price: Decimal
    period_days: int = 300
    marks: Mapping[str, str]


def _marks(design: str, quality: str, safety: str, record: str, manager: str) -> dict[str, str]:
    return {
        "施工组织设计": design,
        "质量保证措施": quality,
        "安全文明施工": safety,
        "企业业绩": record,
        "项目经理": manager,
    }


# The order is that of the cast's bidders.
FIRST, SECOND, THIRD, TOWN, WITHDRAWS, LOSES_KEY, NATIONAL, UNQUALIFIED, LATE = range(9)
OFFERS: Mapping[int, Offer] = {
    FIRST: Offer(price=Decimal("11400000.00"), marks=_marks("13", "9", "8", "10", "4")),
    SECOND: Offer(price=Decimal("11700000.00"), marks=_marks("12.5", "8.5", "8", "9", "4")),
    THIRD: Offer(price=Decimal("11600000.00"), marks=_marks("11", "8", "7", "8", "4")),
    TOWN: Offer(price=Decimal("11100000.00"), marks=_marks("11", "7", "8", "8", "5")),
    WITHDRAWS: Offer(price=Decimal("11750000.00"), marks=_marks("10", "7", "7", "7", "3")),
    LOSES_KEY: Offer(price=Decimal("11350000.00"), marks=_marks("12", "8", "8", "9", "4")),
    NATIONAL: Offer(price=Decimal("11200000.00"), period_days=290, marks=_marks("14", "9", "9", "9", "5")),
    UNQUALIFIED: Offer(price=Decimal("10900000.00"), marks=_marks("10", "7", "6", "6", "3")),
    LATE: Offer(price=Decimal("11300000.00"), marks=_marks("12", "8", "7", "8", "4")),
}
REPLACED_PRICE = Decimal("11880000.00")


def bid_parts(
    *, bidder: Party, number: int, price: Decimal | None = None, with_drawings: bool = True
) -> dict[str, list[PartFile]]:
    """The files of a bid, part by part; the technical part names nobody, because it is scored blind (暗标)."""
    offer = OFFERS[number]
    asked = price or offer.price
    return {
        "qualification": _qualification(bidder, expired=number == UNQUALIFIED),
        "technical": _technical(offer, drawings=with_drawings and number == SECOND),
        "price": [
            PartFile("投标函.pdf", _letter(bidder, price=asked, period_days=offer.period_days)),
            price_file(price=asked, period_days=offer.period_days),
        ],
    }


def _qualification(bidder: Party, *, expired: bool) -> list[PartFile]:
    safety = LICENCE_EXPIRED if expired else "安全生产许可证在有效期内"
    return [
        PartFile("营业执照.pdf", paper("营业执照", bidder.name, f"统一社会信用代码：{bidder.code}")),
        PartFile("资质证书.pdf", paper("建筑业企业资质证书", bidder.name, "建筑工程施工总承包壹级")),
        PartFile("安全生产许可证.pdf", paper("安全生产许可证", bidder.name, safety)),
    ]


def _technical(offer: Offer, *, drawings: bool) -> list[PartFile]:
    shifts = f"计划工期{offer.period_days}日历天，高峰期投入劳动力{offer.price // 50000}人，分三个流水段组织施工。"
    files = [
        PartFile("施工组织设计.pdf", paper("施工组织设计", shifts, "主体结构采用铝合金模板，逐层验收。")),
        PartFile("质量安全措施.pdf", paper("质量与安全文明施工措施", shifts, "实行样板引路和每日安全交底。")),
    ]
    if drawings:
        files.append(PartFile("深化图纸.pdf", scanned_drawings(pages=DRAWING_PAGES)))
    return files


def _letter(bidder: Party, *, price: Decimal, period_days: int) -> bytes:
    return paper(
        "投标函",
        f"{bidder.name}愿以人民币{price:,.2f}元的投标总价承包本标段工程。",
        f"工期{period_days}日历天，质量标准合格，投标有效期90日历天。",
    )
