"""The machine-readable half of a tender document: what acts, checks and the scoring engine need of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from yangguang.proof.bid_rescue import RescuePlan
from yangguang.proof.certificates import Certificate, CertificateUnreadable
from yangguang.proof.manifest import is_text
from yangguang.proof.rescue import FEWEST_SHARES, MOST_TRUSTEES
from yangguang.rules.refusal import Refusal, Refused
from yangguang.rules.scoring import Description

FORMAT = "yangguang-terms/1"
TECHNICAL, BUSINESS = "technical", "business"
PRICE_INPUT, LIMIT_INPUT, TECHNICAL_INPUT = "price", "limit_price", "technical_scores"
STEPS = ("qualification", "formal", "responsive")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreItem:
    """评分项: `most` is the highest score, `of` its input of the scoring; technical items are scored blind."""

    id: str
    title: str
    group: str
    most: Decimal
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter drawn at the opening (下浮系数): its input name in the scoring description and its options."""

    name: str
    label: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """招标文件的结构化条款. Amounts in yuan, periods in days or minutes.

    What is scored and what is drawn follows from the scoring description and is not said twice.
    """

    bid_validity_days: int
    bid_bond: Decimal
    parts: tuple[str, ...]
    decryption_minutes: int
    committee_size: int
    experts: int
    specialty: str
    review: Mapping[str, tuple[str, ...]]
    scoring: Description
    candidates: int
    rescue: RescuePlan | None = None

    @property
    def items(self) -> tuple[ScoreItem, ...]:
        """The items that members score; `technical_scores` are scored blind, all others by name."""
        return tuple(
            ScoreItem(id=item, title=item, group=TECHNICAL if name == TECHNICAL_INPUT else BUSINESS, most=most, of=name)
            for name, given in self.scoring.inputs.items()
            if given.kind.name == "per_member_item"
            for item, most in given.items.items()
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What is drawn at the opening, in the order of the draws."""
        return tuple(
            Parameter(name=name, label=given.label, options=tuple(format(choice, "f") for choice in given.choices))
            for name, given in self.scoring.inputs.items()
            if given.kind.name == "drawn"
        )

    def items_of(self, group: str) -> tuple[ScoreItem, ...]:
        """The score items of one group."""
        return tuple(item for item in self.items if item.group == group)


def parse_terms(value: Mapping[str, Any]) -> Terms:
    """Read the terms of a tender document. Raises `Refused` that names the field and what is expected there."""
    try:
        text = json.dumps(value, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise Refused(_refusal("terms", "应为 JSON 对象")) from error
    return _parse(text)


@lru_cache(maxsize=256)
def _parse(text: str) -> Terms:
    """Every act of a trade reads the same terms, so what was read is kept."""
    value = json.loads(text)
    reader = _Reader(value)
    reader.expect(value.get("format") == FORMAT, "format", f"应为 {FORMAT}")
    terms = Terms(
        bid_validity_days=reader.whole("bid_validity_days", least=1),
        bid_bond=reader.amount("bid_bond"),
        parts=reader.texts("parts"),
        decryption_minutes=reader.whole("decryption_minutes", least=1),
        committee_size=reader.whole("committee_size", least=1),
        experts=reader.whole("experts", least=1),
        specialty=reader.text("specialty"),
        review={step: _Reader(reader.group("review")).texts(step) for step in STEPS},
        scoring=Description.parse(reader.group("scoring")),
        candidates=reader.whole("candidates", least=1),
        rescue=_rescue(reader),
    )
    reader.expect("price" in terms.parts, "parts", "投标文件应有报价部分 price")
    reader.expect(terms.experts <= terms.committee_size, "experts", "专家人数不能多于评标委员会人数")
    _expect_known_inputs(reader, terms)
    return terms


def _rescue(reader: "_Reader") -> RescuePlan | None:
    """解密救援, where the document declares one: {"threshold", "trustees": [{"name", "certificate": PEM}, …]}."""
    if "rescue" not in reader.value:
        return None
    declared = _Reader(reader.group("rescue"))
    listed = declared.value.get("trustees")
    reader.expect(isinstance(listed, list), "rescue", "应列明受托人 trustees")
    trustees = [_trustee(_Reader(one)) for one in listed or ()]
    organisations = {certificate.organisation_code for _, certificate in trustees}
    different = len(dict(trustees)) == len(organisations) == len(trustees)
    reader.expect(different, "rescue", "受托人应为名称不同的不同单位")
    threshold = declared.whole("threshold", least=FEWEST_SHARES)
    enough = threshold <= len(trustees) <= MOST_TRUSTEES
    reader.expect(enough, "rescue", f"受托人应不少于 threshold 个，不多于{MOST_TRUSTEES}个")
    return RescuePlan(threshold=threshold, trustees=dict(trustees))


def _trustee(reader: "_Reader") -> tuple[str, Certificate]:
    name, pem = reader.text("name"), reader.text("certificate")
    reader.expect(is_text(name), "rescue", "受托人名称过长或含控制字符")
    try:
        certificate = Certificate.from_pem(pem.encode())
    except (CertificateUnreadable, UnicodeEncodeError) as error:
        raise Refused(_refusal("rescue", f"受托人“{name}”的证书无法读取，应为 PEM")) from error
    reader.expect(certificate.may_encrypt, "rescue", f"受托人“{name}”的证书不能用于加密")
    reader.expect(certificate.organisation_code, "rescue", f"受托人“{name}”的证书没有统一社会信用代码")
    return name, certificate


def _expect_known_inputs(reader: "_Reader", terms: Terms) -> None:
    """Every input of the scoring description must be one that the acts of the evaluation produce."""
    for name, given in terms.scoring.inputs.items():
        known = name in {PRICE_INPUT, LIMIT_INPUT} or given.kind.name in {"drawn", "per_member_item"}
        reader.expect(known, "scoring", f"评分办法所需的“{given.label}”（{name}）没有对应的评审环节")
        reader.expect(given.kind.name != "drawn" or given.choices, "scoring", f"抽取参数“{given.label}”应列明备选值")
    ids = [item.id for item in terms.items]
    reader.expect(len(ids) == len(set(ids)), "scoring", "各评分部分的评审项名称不能重复")


def _refusal(field: str, expected: str) -> Refusal:
    return Refusal(
        code=f"terms.{field}",
        reason=f"招标文件结构化条款“{field}”有误：{expected}",
        article="招标投标法第十九条",
        remedy="请修改招标文件后重新提交。",
    )


class _Reader:
    """Takes typed members out of a JSON object, refusing what does not fit."""

    def __init__(self, value: object) -> None:
        self.expect(isinstance(value, Mapping), "terms", "应为对象")
        self.value: Mapping[str, Any] = value  # type: ignore[assignment]

    @staticmethod
    def expect(holds: object, field: str, expected: str) -> None:
        if not holds:
            raise Refused(_refusal(field, expected))

    def text(self, name: str) -> str:
        found = self.value.get(name)
        self.expect(isinstance(found, str) and found.strip(), name, "应为非空文字")
        return str(found)

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.value.get(name)
        good = isinstance(found, list | tuple) and found and all(isinstance(one, str) and one for one in found)
        self.expect(good, name, "应为文字列表")
        return tuple(found or ())

    def whole(self, name: str, *, least: int) -> int:
        found = self.value.get(name)
        self.expect(
            isinstance(found, int) and not isinstance(found, bool) and found >= least, name, f"应为不小于{least}的整数"
        )
        return int(found or 0)

    def amount(self, name: str) -> Decimal:
        try:
            found = Decimal(self.text(name))
        except InvalidOperation:
            found = Decimal("NaN")
        self.expect(found.is_finite() and found >= 0, name, "应为不小于零的数")
        return found

    def group(self, name: str) -> Mapping[str, Any]:
        found = self.value.get(name)
        self.expect(isinstance(found, Mapping), name, "应为对象")
        return found or {}
