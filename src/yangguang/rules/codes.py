"""Codes (编码): trades, projects, tenders, lots, organisations (统一社会信用代码), regions, trade categories."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yangguang.rules.refusal import Refusal

TRADE_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
SERIAL_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
TRADE_SHAPE = "交易分类代码-统一社会信用代码-日期-六位流水-校验位"


class BadCode(ValueError):  # noqa: N818 - named after what is wrong, as in the rest of rules/
    """A code is malformed or its check character is wrong; `refusal` says why and what to do."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class TradeClass(StrEnum):
    """交易大类: the letter of a trade category. Letters after A were not read in the standard."""

    WORKS = "A"
    PROCUREMENT = "B"
    LAND_AND_MINING = "C"
    PROPERTY = "D"


class TradeCategory(StrEnum):
    """交易分类代码 of construction tenders."""

    BUILDING = "A01"
    MUNICIPAL = "A02"
    HIGHWAY = "A03"
    RAILWAY = "A04"
    AVIATION = "A05"
    WATERWAY = "A06"
    WATERWORKS = "A07"
    ENERGY = "A08"
    POST = "A09"
    BRIDGE = "A10"
    URBAN_RAIL = "A11"
    MINING_AND_METALLURGY = "A12"
    INFORMATION_NETWORK = "A13"
    MANUFACTURING = "A14"
    OTHER = "A99"

    @property
    def text(self) -> str:
        """The category in Chinese."""
        return CATEGORY_TEXTS[self]


CATEGORY_TEXTS = {
    TradeCategory.BUILDING: "房建",
    TradeCategory.MUNICIPAL: "市政",
    TradeCategory.HIGHWAY: "公路",
    TradeCategory.RAILWAY: "铁路",
    TradeCategory.AVIATION: "民航",
    TradeCategory.WATERWAY: "水运",
    TradeCategory.WATERWORKS: "水利",
    TradeCategory.ENERGY: "能源",
    TradeCategory.POST: "邮电",
    TradeCategory.BRIDGE: "桥梁",
    TradeCategory.URBAN_RAIL: "城轨",
    TradeCategory.MINING_AND_METALLURGY: "矿冶",
    TradeCategory.INFORMATION_NETWORK: "信息网络",
    TradeCategory.MANUFACTURING: "工业制造",
    TradeCategory.OTHER: "其他",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCode:
    """统一社会信用代码 (18 characters) of an organisation."""

    code: str

    @property
    def region(self) -> str:
        """Region of the registering authority, GB/T 2260."""
        return self.code[2:8]

    @property
    def organisation(self) -> str:
        """The nine characters of the organisation itself (主体标识码)."""
        return self.code[8:17]

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCode:
    """行政区划代码 (GB/T 2260): two digits each for province, city and county; 000000 is the whole country."""

    code: str

    @property
    def province(self) -> str:
        """Code of the province."""
        return f"{self.code[:2]}0000"

    @property
    def city(self) -> str:
        """Code of the city; the province's own where the code has no city part."""
        return f"{self.code[:4]}00"

    @property
    def level(self) -> str:
        """`nation`, `province`, `city` or `county`."""
        if self.code == "000000":
            return "nation"
        if self.code == self.province:
            return "province"
        return "city" if self.code == self.city else "county"

    def contains(self, other: "RegionCode") -> bool:
        """Whether the other region is this one or lies in it."""
        return self.code in {other.code, other.city, other.province, "000000"}

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeCode:
    """统一交易标识码: category, who opened the trade, the day, a serial 0–999999, a check."""

    category: str
    organisation_code: OrganisationCode
    on: date
    serial: int

    @property
    def trade_class(self) -> TradeClass:
        """The large class that the category belongs to."""
        return TradeClass(self.category[0])

    @property
    def check(self) -> str:
        """Check character of ISO 7064 MOD 37-2 over the 35 characters before it."""
        return trade_check(self._body().replace("-", ""))

    def _body(self) -> str:
        return f"{self.category}-{self.organisation_code}-{self.on:%Y%m%d}-{self.serial:06d}"

    def __str__(self) -> str:
        return f"{self._body()}-{self.check}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCode:
    """项目编号 (17), 招标项目编号 (20) or 标段编号 (23): `tender` and `lot` are three characters, empty when absent."""

    letter: str
    region: RegionCode
    serial: str
    tender: str = ""
    lot: str = ""

    def with_tender(self, number: int) -> "ProjectCode":
        """招标项目编号 of the number-th tender of this project, 1 to 999. Raises `BadCode`."""
        return parse_project_code(f"{self.letter}{self.region}{self.serial}{_three_digits(number)}")

    def with_lot(self, number: int) -> "ProjectCode":
        """标段(包)编号 of the number-th lot of this tender, 1 to 999. Raises `BadCode`, without a tender too."""
        if not self.tender:
            raise _bad("project", "项目编号没有招标项目部分，不能编标段", "招标项目编号规则", "请先编招标项目编号")
        return parse_project_code(f"{self.letter}{self.region}{self.serial}{self.tender}{_three_digits(number)}")

    def __str__(self) -> str:
        return f"{self.letter}{self.region}{self.serial}{self.tender}{self.lot}"


def trade_check(body: str) -> str:
    """Check character of ISO 7064 MOD 37-2 for 0-9A-Z text; may be `*`. Raises ValueError for other characters."""
    total = 0
    for character in body:
        value = TRADE_ALPHABET.index(character, 0, 36)
        total = (total + value) * 2 % 37
    return TRADE_ALPHABET[(1 - total) % 37]


def build_trade_code(*, category: str, organisation_code: str, on: date, serial: int) -> TradeCode:
    """统一交易标识码 from its parts. Raises `BadCode`."""
    if not 0 <= serial <= 999_999:  # noqa: PLR2004 - six digits
        raise _bad("trade", f"流水号{serial}不在0至999999之间", "统一交易标识码规则", "请更换流水号")
    _refuse_unknown_category(category)
    return TradeCode(
        category=category, organisation_code=parse_organisation_code(organisation_code), on=on, serial=serial
    )


def parse_trade_code(text: str) -> TradeCode:
    """统一交易标识码, 36 characters and 4 hyphens. Raises `BadCode`."""
    article = "统一交易标识码规则"
    parts = re.fullmatch(r"([A-Z][0-9]{2})-([0-9A-Z]{18})-([0-9]{8})-([0-9]{6})-([0-9A-Z*])", text, re.ASCII)
    if parts is None:
        raise _bad("trade", f"“{text}”不是统一交易标识码", article, f"应为：{TRADE_SHAPE}")
    category, organisation_code, day, serial, check = parts.groups()
    if trade_check(category + organisation_code + day + serial) != check:
        raise _bad("trade", f"统一交易标识码“{text}”校验位不符", f"{article}（ISO 7064 MOD 37-2）", "请核对每一位")
    return build_trade_code(
        category=category, organisation_code=organisation_code, on=_day(day, article=article), serial=int(serial)
    )


def parse_project_code(text: str) -> ProjectCode:
    """项目编号 (17 characters), 招标项目编号 (20) or 标段编号 (23). Raises `BadCode`.

    A letter, a region, ten digits, then three characters each for tender and lot: digits, or 0-9a-z in newer tables.
    """
    parts = re.fullmatch(r"([A-Z])([0-9]{6})([0-9]{10})([0-9a-z]{3})?([0-9a-z]{3})?", text, re.ASCII)
    if parts is None:
        raise _bad(
            "project",
            f"“{text}”不是项目编号、招标项目编号或者标段编号",
            "项目编号规则",
            "应为一位字母、六位行政区划、十位流水，招标项目和标段各加三位",
        )
    letter, region, serial, tender, lot = parts.groups(default="")
    return ProjectCode(letter=letter, region=parse_region(region), serial=serial, tender=tender, lot=lot)


def organisation_check(body: str) -> str:
    """Check character of GB 32100 for the first 17 characters. Raises ValueError for a wrong character or length."""
    values = [ORGANISATION_ALPHABET.index(character) for character in body]
    total = sum(value * weight for value, weight in zip(values, ORGANISATION_WEIGHTS, strict=True))
    return ORGANISATION_ALPHABET[-total % 31]


def parse_organisation_code(text: str) -> OrganisationCode:
    """统一社会信用代码 (GB 32100). Raises `BadCode`."""
    article = "法人和其他组织统一社会信用代码编码规则（GB 32100）"
    if not re.fullmatch(rf"[{ORGANISATION_ALPHABET}]{{2}}[0-9]{{6}}[{ORGANISATION_ALPHABET}]{{10}}", text, re.ASCII):
        raise _bad(
            "organisation", f"“{text}”不是统一社会信用代码", article, "应为18位数字和大写字母，不用I、O、S、V、Z"
        )
    if organisation_check(text[:17]) != text[17]:
        raise _bad("organisation", f"统一社会信用代码“{text}”校验位不符", article, "请核对每一位")
    return OrganisationCode(code=text)


def make_organisation_code(*, region: str, serial: str, department: str = "9", category: str = "1") -> OrganisationCode:
    """A well-formed 统一社会信用代码 for fictitious organisations, both check characters computed. Raises `BadCode`.

    `serial` is eight digits; they and their own check digit (GB 11714) are the organisation part.
    """
    if not re.fullmatch(r"[0-9]{8}", serial, re.ASCII):
        raise _bad("organisation", f"主体流水“{serial}”应为八位数字", "统一社会信用代码编码规则", "请更正")
    remainder = -sum(int(digit) * weight for digit, weight in zip(serial, SERIAL_WEIGHTS, strict=True)) % 11
    body = f"{department}{category}{parse_region(region)}{serial}{'0123456789X'[remainder]}"
    if not re.fullmatch(rf"[{ORGANISATION_ALPHABET}]{{17}}", body):
        raise _bad("organisation", "登记管理部门或者机构类别代码不对", "统一社会信用代码编码规则", "各应为一位代码字符")
    return OrganisationCode(code=body + organisation_check(body))


def parse_region(text: str) -> RegionCode:
    """行政区划代码 of six digits; a part below an empty one is refused. Raises `BadCode`."""
    if not re.fullmatch(r"[0-9]{6}", text, re.ASCII) or re.fullmatch(r"00(?!0000)....|..00(?!00)..", text):
        raise _bad(
            "region", f"“{text}”不是行政区划代码", "GB/T 2260", "应为六位数字：省、市、县各两位，上级为00时下级也为00"
        )
    return RegionCode(code=text)


def _refuse_unknown_category(category: str) -> None:
    """Works categories are a closed list; of the other classes only the shape is known."""
    known = category in set(TradeCategory) or re.fullmatch(r"[BCD][0-9]{2}", category, re.ASCII)
    if not known:
        raise _bad("trade", f"“{category}”不是交易分类代码", "统一交易标识码规则", "请从交易分类代码表中选择")


def _three_digits(number: int) -> str:
    if not 1 <= number <= 999:  # noqa: PLR2004 - three digits
        raise _bad("project", f"序号{number}不在1至999之间", "项目编号规则", "请更换序号")
    return f"{number:03d}"


def _day(text: str, *, article: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a legal date has no zone
    except ValueError:
        raise _bad("trade", f"“{text}”不是日期", article, "应为年月日八位数字") from None


def _bad(kind: str, reason: str, article: str, remedy: str) -> BadCode:
    return BadCode(Refusal(code=f"code.{kind}", reason=reason, article=article, remedy=remedy))
