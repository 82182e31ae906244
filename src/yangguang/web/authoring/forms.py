"""招标文件 in a form: every member of the terms, what the notice says, and the scoring built from a family."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.http import QueryDict

from yangguang.rules.calendar import LEGAL_ZONE
from yangguang.rules.scoring import Description
from yangguang.rules.scoring.families import load_family
from yangguang.rules.scoring.vocabulary import ROUNDING_MODES
from yangguang.trading.models import Trade
from yangguang.trading.terms import FORMAT, STEPS
from yangguang.web.acts.fields import CONTROL, AmountField, DayField, MomentField, WholeField, text_area, text_line
from yangguang.web.authoring.json_field import JsonField
from yangguang.web.authoring.recipes import OWN, PARTS, Part, Recipe, build, drawn_of, families, takes_parts
from yangguang.web.authoring.samples import Samples
from yangguang.web.authoring.values import BETWEEN, lines_of, read_as, typed_as

Typed = Mapping[str, list[str]]
LONG, LINE, MOST_SAMPLES, OWN_FIELDS = 4000, 200, 10, "p_"
BID_PARTS = {"qualification": "资格审查部分", "technical": "技术部分", "price": "报价部分"}
REVIEWS = {"qualification": "资格审查", "formal": "形式评审", "responsive": "响应性评审"}
NOTICE = {
    "address": ("招标人地址", LINE, "例如：示例市示例路1号。"),
    "contact": ("联系人和电话", LINE, "公告上给潜在投标人询问用的；办公电话即可。"),
    "funds": ("资金来源和落实情况", LINE, "例如：财政资金，已落实。"),
    "place": ("建设地点", LINE, ""),
    "scope": ("招标范围", LONG, "包括哪些工程内容，不包括哪些。"),
    "period": ("计划工期", LINE, "例如：300 日历天。"),
    "quality": ("质量要求", LINE, "例如：合格。"),
    "requirements": ("投标人资格要求", LONG, "只写与合同履行有关的条件；不得限定所有制、地区、品牌、特定业绩奖项。"),
}
TERMS = {
    "bid_validity_days": ("投标有效期（日）", "投标文件在这段时间里有约束力；保证金的有效期与它一致。"),
    "decryption_minutes": ("解密时限（分钟）", "开标时投标人解密的时间；平台原因的停表顺延。"),
    "committee_size": ("评标委员会人数", "招标人代表和专家合计。"),
    "experts": ("其中专家人数", "从专家库随机抽取的技术、经济专家。"),
    "candidates": ("推荐中标候选人数", "评标委员会按排名推荐。"),
}


class DocumentForm(forms.Form):
    """编制招标文件. Fields of the chosen family appear with it; `typed` is what a draft keeps."""

    def __init__(self, typed: Typed | None = None, *, trade: Trade, is_published: bool = False) -> None:
        super().__init__(_as_post(typed) if typed is not None else None)
        self.trade, self.typed = trade, typed or {}
        for step, groups in self.groups_by_step():
            for name, one in groups.items():
                one.group = step  # type: ignore[attr-defined]
                self.fields[name] = one
        for name in (*NOTICE, *_time_fields()) if is_published else ():
            self.fields[name].required = False  # what the notice said stays as it was published
        for name, one in self.fields.items():
            told = [f"hint-{name}"] if one.help_text else []
            one.widget.attrs["aria-describedby"] = " ".join([*told, f"limit-{name}", f"finding-{name}"])

    def groups_by_step(self) -> Iterator[tuple[str, dict[str, forms.Field]]]:
        """The fields under their headings."""
        yield "公告内容", _notice_fields()
        yield "时间", _time_fields()
        yield "投标和评标", _terms_fields()
        yield "评标办法", _scoring_fields()
        yield f"公式参数：{self.family_title}", self._family_fields()
        if self.family != OWN and takes_parts(self.family):
            yield "评分部分", _part_fields()
        yield "样例投标（只用于试算，不写入招标文件）", _sample_fields()

    @property
    def family(self) -> str:
        """The family that is chosen; the first one while none is."""
        known = [name for name, _ in families()]
        given = (self.typed.get("family") or [""])[0]
        return given if given in known else "lanzhou_construction"

    def own(self, name: str) -> str:
        """The field of a family's parameter or drawn input: each family keeps its own."""
        return own_field(self.family, name)

    @property
    def family_title(self) -> str:
        """Its name for people."""
        return dict(families())[self.family]

    def steps(self) -> list[tuple[str, list[Any]]]:
        """Each heading with its fields, for the page."""
        found: dict[str, list[Any]] = {}
        for name, one in self.fields.items():
            found.setdefault(one.group, []).append(self[name])  # type: ignore[attr-defined]
        return list(found.items())

    def _family_fields(self) -> dict[str, forms.Field]:
        if self.family == OWN:
            return {"own_scoring": JsonField(label="评分说明（JSON）", help_text="格式 yangguang-score/1。")}
        family = load_family(self.family)
        made: dict[str, forms.Field] = {
            self.own(name): _parameter_field(one.label, one.value, name) for name, one in family.parameters.items()
        }
        inputs = family.description["inputs"]
        for name in drawn_of(self.family):
            low, high = inputs[name]["minimum"], inputs[name]["maximum"]
            hint = f"开标时从这些值里抽取一个，用顿号隔开；在 {low} 至 {high} 之间。"
            made[self.own(name)] = text_line(label=f"{inputs[name]['label']}：备选值", most=LINE, help_text=hint)
        return made

    def clean(self) -> dict[str, Any]:
        """Read parameters, options and items as their kind asks; each fault stands at its field."""
        cleaned = super().clean() or {}
        for name, like in self._structured():
            if name in cleaned:
                try:
                    cleaned[name] = read_as(cleaned[name], like)
                except ValueError as wrong:
                    self.add_error(name, ValidationError(f"{wrong}。"))
        return cleaned

    def _structured(self) -> Iterator[tuple[str, Any]]:
        if self.family != OWN:
            yield from ((self.own(name), one.value) for name, one in load_family(self.family).parameters.items())
            yield from ((self.own(name), [""]) for name in drawn_of(self.family))
        yield from ((f"{part}_items", {"": ""}) for part in PARTS if f"{part}_items" in self.fields)

    def recipe(self) -> Recipe:
        """The scoring as it is filled in. Call it when the scoring's fields are sound."""
        given = self.cleaned_data
        family = load_family(self.family)
        with_parts = takes_parts(self.family)
        parts = {name: self._part(name) for name in PARTS if given.get(f"{name}_items")} if with_parts else {}
        return Recipe(
            family=self.family,
            title=given.get("scoring_title", ""),
            parameters={name: given[self.own(name)] for name in family.parameters},
            drawn={name: given[self.own(name)] for name in drawn_of(self.family)},
            price_weight=given["price_weight"] if with_parts else "1",
            parts=parts,
            places=given["places"] if with_parts else 2,
            parallel=bool(given.get("parallel")) if with_parts else False,
        )

    def _part(self, name: str) -> Part:
        given = self.cleaned_data
        return Part(
            items=given[f"{name}_items"], weight=given[f"{name}_weight"], drop_at_least=given[f"{name}_drop"] or ""
        )

    def scoring(self) -> Description | None:
        """The description, None while its fields have faults. Raises `Refused` for what the engine refuses."""
        mine = {"family", "scoring_title", *(name for name in self.fields if self._is_scoring(name))}
        if mine & set(self.errors):
            return None
        return Description.parse(self.cleaned_data["own_scoring"]) if self.family == OWN else build(self.recipe())

    def _is_scoring(self, name: str) -> bool:
        return name.startswith((OWN_FIELDS, *PARTS)) or name in {"price_weight", "places", "own_scoring"}

    def terms(self, scoring: Description) -> dict[str, Any]:
        """The terms of the document. Call it when the form is valid."""
        given = self.cleaned_data
        return {
            "format": FORMAT,
            **{name: given[name] for name in TERMS},
            "bid_bond": f"{given['bid_bond']:.2f}",
            "parts": given["parts"],
            "specialty": given["specialty"],
            "review": {step: lines_of(given[f"review_{step}"]) for step in STEPS},
            "scoring": scoring.to_json(),
            **({"rescue": given["rescue"]} if given.get("rescue") else {}),
        }

    def notice(self) -> dict[str, str]:
        """What the notice says, label → text."""
        return {label: self.cleaned_data.get(name, "") for name, (label, _, _) in NOTICE.items()}

    def samples(self) -> Samples | None:
        """The sample bids, None while they cannot be read."""
        given = self.cleaned_data
        if not given.get("sample_prices") or not given.get("sample_percents"):
            return None
        limit = self.trade.limit_price or self.trade.estimate
        return Samples(prices=given["sample_prices"], percents=given["sample_percents"], limit=limit)


class NumbersField(forms.CharField):
    """Several numbers, on lines or with 、 between."""

    def __init__(self, *, highest: Decimal, least: Decimal = Decimal(0), **common: Any) -> None:
        super().__init__(max_length=LINE * 2, **common)
        self.highest, self.least = highest, least

    def clean(self, value: Any) -> list[Decimal]:
        """The numbers, at most ten of them."""
        try:
            found = [Decimal(one) for one in BETWEEN.split(super().clean(value)) if one]
        except InvalidOperation:
            raise ValidationError("请填写数字，用顿号隔开。") from None
        if not 1 <= len(found) <= MOST_SAMPLES:
            raise ValidationError(f"请填写一至{MOST_SAMPLES}个数字。")
        if not all(one.is_finite() and self.least <= one <= self.highest for one in found):
            raise ValidationError(f"应在 {self.least:f} 至 {self.highest:f} 之间。")
        return found


def number_line(*, label: str, required: bool = True, help_text: str = "") -> forms.RegexField:
    """A number as text, as the scoring takes it."""
    field = forms.RegexField(
        r"^\d{1,6}(\.\d{1,6})?$", label=label, required=required, help_text=help_text,
        widget=forms.TextInput(attrs=CONTROL | {"inputmode": "decimal"}), strip=True,
    )  # fmt: skip
    field.error_messages["invalid"] = "请填写数字，例如 0.6。"
    return field


def _notice_fields() -> dict[str, forms.Field]:
    return {
        name: (text_area if most == LONG else text_line)(label=label, most=most, help_text=hint)
        for name, (label, most, hint) in NOTICE.items()
    }


def _time_fields() -> dict[str, forms.Field]:
    return {
        "sale_until": DayField(label="招标文件获取截止日", help_text="到这一天为止都可以下载招标文件。"),
        "deadline": MomentField(label="投标截止时间", help_text="也是开标时间；自招标文件发出之日起算。"),
    }


def _terms_fields() -> dict[str, forms.Field]:
    boxes = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    at_least_one = [MinValueValidator(1, message="应不小于 1。")]
    whole: dict[str, forms.Field] = {
        name: WholeField(label=label, help_text=hint, validators=at_least_one) for name, (label, hint) in TERMS.items()
    }
    reviews = {
        f"review_{step}": text_area(label=f"{title}的评审因素", most=LONG, help_text="每行一项；有一项不合格即否决。")
        for step, title in REVIEWS.items()
    }
    return {
        "bid_bond": AmountField(label="投标保证金（元）", help_text="不收的填 0；电子保函同样接受。"),
        **whole,
        "specialty": text_line(label="评标专家专业", most=LINE, help_text="按这个专业从专家库抽取。"),
        "parts": forms.MultipleChoiceField(
            choices=list(BID_PARTS.items()), label="投标文件的组成", widget=boxes,
            help_text="各部分分别加密；技术部分单独开启，供暗标评审。报价部分必须有。",
        ),
        **reviews,
        "rescue": JsonField(
            label="解密救援（JSON）", required=False,
            help_text="没有的留空。threshold 为最少份额数，trustees 列明受托人的 name 和 certificate（PEM）。",
        ),
    }  # fmt: skip


def _scoring_fields() -> dict[str, forms.Field]:
    select = forms.Select(attrs={"class": "form-select", "data-reload": ""})
    return {
        "family": forms.ChoiceField(
            choices=families(), label="报价评分的公式族", widget=select, help_text="换一个公式族，下面的参数随之改变。"
        ),
        "scoring_title": text_line(label="评标办法名称", most=LINE, required=False, help_text="留空的用公式族的名称。"),
    }


def _part_fields() -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {
        "price_weight": number_line(label="报价得分的权重", help_text="0.5 即报价得分乘 0.5。")
    }
    for part, title in PARTS.items():
        blind = "暗标评审，评委看不到投标人。" if part == "technical" else "具名评审。"
        hint = f"每行一项：名称、空格、满分。不设{title}部分的留空。{blind}"
        made[f"{part}_items"] = text_area(label=f"{title}评审项", most=LONG, required=False, help_text=hint)
        made[f"{part}_weight"] = number_line(label=f"{title}得分的权重")
        drop = f"{title}：评委达到几人时去掉一个最高、一个最低分"
        made[f"{part}_drop"] = number_line(label=drop, required=False, help_text="留空的全部计入。")
    made["places"] = WholeField(label="总分小数位", min_value=0, max_value=6)
    box = forms.CheckboxInput(attrs={"class": "form-check-input"})
    made["parallel"] = forms.BooleanField(label="总分和报价都相同的，名次并列", required=False, widget=box)
    return made


def _sample_fields() -> dict[str, forms.Field]:
    area = forms.Textarea(attrs=CONTROL | {"rows": 2})
    line = forms.TextInput(attrs=dict(CONTROL))
    return {
        "sample_prices": NumbersField(
            label="样例报价（元）", widget=area, least=Decimal("0.01"), highest=Decimal(10) ** 13
        ),
        "sample_percents": NumbersField(
            label="样例评分占满分的百分比", widget=line, highest=Decimal(100), help_text="依次用于各份样例投标。"
        ),
    }


def _parameter_field(label: str, value: Any, name: str) -> forms.Field:
    if name.endswith("_mode"):
        choices = list(ROUNDING_MODES.items())
        return forms.ChoiceField(choices=choices, label=label, widget=forms.Select(attrs={"class": "form-select"}))
    if isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], list)):
        shape = "每行一项：名称、空格、数值。" if isinstance(value, dict) else "每行一档：界限→取值。"
        return text_area(label=label, most=LONG, help_text=shape)
    return text_line(label=label, most=LINE)


def own_field(family: str, name: str) -> str:
    """The name of a field that belongs to one family."""
    return f"{OWN_FIELDS}{family}_{name}"


def start_typed(family: str) -> dict[str, list[str]]:
    """What the fields of a family hold before anybody typed: its defaults, and three options for what is drawn."""
    if family == OWN or family not in dict(families()):
        return {}
    described = load_family(family)
    typed = {own_field(family, name): [typed_as(one.value)] for name, one in described.parameters.items()}
    for name in drawn_of(family):
        given = described.description["inputs"][name]
        low, high = Decimal(given["minimum"]), Decimal(given["maximum"])
        options = dict.fromkeys(format(one.normalize(), "f") for one in (low, (low + high) / 2, high))
        typed[own_field(family, name)] = ["、".join(options)]
    return typed


def moment_typed(at: datetime) -> str:
    """A moment as the browser's own control writes it."""
    return f"{at.astimezone(LEGAL_ZONE):%Y-%m-%dT%H:%M}"


def _as_post(typed: Typed) -> Any:
    found = QueryDict(mutable=True)
    for name, values in typed.items():
        found.setlist(name, list(values))
    return found
