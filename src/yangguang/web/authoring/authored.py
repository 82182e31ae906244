"""The draft of an organisation: begun from the defaults or from the published terms, saved while it is typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from yangguang.proof.canonical import canonical
from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.clocks import due_on
from yangguang.rules.refusal import Refusal, Refused
from yangguang.rules.scoring import CannotScore, Description
from yangguang.trading.models import Trade
from yangguang.trading.readings import deadline_of, document_of
from yangguang.trading.terms import STEPS
from yangguang.web.authoring.findings import Finding, field_of, findings_of, findings_of_terms
from yangguang.web.authoring.forms import TERMS, DocumentForm, moment_typed, start_typed
from yangguang.web.authoring.models import AuthoredDocument
from yangguang.web.authoring.recipes import OWN, full_marks
from yangguang.web.authoring.samples import Tried, sample_prices, try_out

OPENING_CLOCK = time(9, 30)
LONGEST_TYPED, MOST_FIELDS, HUNDRED = 200_000, 200, 100
BEGINS = {
    "family": "lanzhou_construction",
    "funds": "财政资金，已落实。",
    "quality": "合格",
    "bid_validity_days": "90",
    "bid_bond": "0",
    "decryption_minutes": "30",
    "committee_size": "5",
    "experts": "4",
    "candidates": "3",
    "specialty": "房屋建筑施工",
    "review_qualification": "营业执照\n资质等级\n安全生产许可证",
    "review_formal": "投标函签章\n文件格式",
    "review_responsive": "工期\n质量标准\n最高投标限价",
    "price_weight": "0.5",
    "technical_items": "施工组织设计 15\n质量保证措施 10\n安全文明施工 10",
    "business_items": "企业业绩 10\n项目经理 5",
    "technical_weight": "1",
    "business_weight": "1",
    "credit_weight": "1",
    "places": "2",
    "sample_percents": "90、80、85、95、70",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is filled in, read as far as it can be: the scoring, the trial of it, and every finding."""

    form: DocumentForm
    scoring: Description | None
    tried: Tried | None
    findings: list[Finding]

    @property
    def terms(self) -> dict[str, Any] | None:
        """The terms, when everything is sound."""
        if not self.form.is_valid() or self.scoring is None:
            return None
        return self.form.terms(self.scoring)

    @property
    def faults(self) -> dict[str, list[str]]:
        """What is wrong with what was typed, by field; what is still empty is no fault while somebody types."""
        found = {
            name: [text for one in errors for text in one.messages if one.code != "required"]
            for name, errors in self.form.errors.as_data().items()
        }
        return {name: texts for name, texts in found.items() if texts}

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands against publication."""
        return self.terms is not None and not any(not one.is_caution for one in self.findings)


def draft_of(trade: Trade, *, organisation: str) -> AuthoredDocument:
    """The draft, not saved while nobody has typed."""
    found = AuthoredDocument.objects.filter(stream=trade.stream, organisation=organisation).first()
    return found or AuthoredDocument(stream=trade.stream, organisation=organisation)


def typed_of(draft: AuthoredDocument, trade: Trade, *, at: datetime) -> dict[str, list[str]]:
    """What the form shows: the draft over what it begins with; a family's own fields begin with its defaults."""
    base = beginnings(trade, at=at)
    if not is_overtaken(draft, trade, at=at):
        base |= draft.typed
    return start_typed((base["family"] or [""])[0]) | base


def is_overtaken(draft: AuthoredDocument, trade: Trade, *, at: datetime) -> bool:
    """Whether other terms were published since somebody typed here: then the terms that hold are shown."""
    held = document_of(trade) if draft.saved_at and trade.bid_deadline is not None else None
    if held is None or draft.saved_at is None or draft.saved_at >= held.issued_at:
        return False
    typed = start_typed((draft.typed.get("family") or [""])[0]) | draft.typed
    return bool(read(typed, trade, at=at).terms != held.terms)


def beginnings(trade: Trade, *, at: datetime) -> dict[str, list[str]]:
    """Defaults for a new document, or the terms that hold."""
    typed = {name: [value] for name, value in BEGINS.items()}
    typed |= {"parts": ["qualification", "technical", "price"], **_first_times(trade, at=at)}
    typed["sample_prices"] = ["、".join(f"{price:.2f}" for price in sample_prices(trade))]
    if trade.bid_deadline is not None:
        typed |= typed_from_terms(document_of(trade).terms) | {"deadline": [moment_typed(deadline_of(trade))]}
    return typed


def typed_from_terms(terms: Mapping[str, Any]) -> dict[str, list[str]]:
    """The form's fields for given terms; their scoring is shown as the description that it is."""
    return {
        **{name: [str(terms[name])] for name in (*TERMS, "bid_bond", "specialty")},
        "parts": list(terms["parts"]),
        **{f"review_{step}": ["\n".join(terms["review"][step])] for step in STEPS},
        "family": [OWN],
        "rescue": [json.dumps(terms["rescue"], ensure_ascii=False, indent=1) if "rescue" in terms else ""],
        "own_scoring": [json.dumps(terms["scoring"], ensure_ascii=False, indent=1)],
        "scoring_title": [""],
    }


def _first_times(trade: Trade, *, at: datetime) -> dict[str, list[str]]:
    """The shortest lawful periods and a day more than the twenty, which places count differently."""
    law, today = trade.kept_law(), legal_date(at)
    sale = due_on(law=law, rule_id="works.tender.document_sale", start=today)
    least = due_on(law=law, rule_id="works.tender.document_to_deadline", start=today)
    day = law.calendar.next_working_day(least + timedelta(days=1))
    opens = datetime.combine(day, OPENING_CLOCK, tzinfo=LEGAL_ZONE)
    return {"sale_until": [sale.isoformat()], "deadline": [moment_typed(opens)]}


def read(typed: Mapping[str, list[str]], trade: Trade, *, at: datetime) -> Reading:
    """Read the form, ask the law at each field, and try the scoring on the samples."""
    is_published = trade.bid_deadline is not None
    form = DocumentForm(typed, trade=trade, is_published=is_published)
    form.is_valid()
    found = _without_times(form, at=at) if is_published else findings_of(trade, form.cleaned_data, at=at)
    scoring = tried = None
    try:
        scoring = form.scoring()
        found += _marks(form) if scoring else []
        samples = form.samples()
        tried = try_out(scoring, samples) if scoring and samples else None
    except CannotScore as refused:  # these samples cannot be scored; the document may be sound all the same
        found += [Finding("sample_prices", one, is_caution=True) for one in refused.refusals]
    except Refused as refused:
        found += [Finding(field_of(one), one) for one in refused.refusals]
    if form.is_valid() and scoring is not None:
        found += [
            one for one in findings_of_terms(form.terms(scoring)) if one.field not in {two.field for two in found}
        ]
    return Reading(form=form, scoring=scoring, tried=tried, findings=found)


def _marks(form: DocumentForm) -> list[Finding]:
    """A caution where the full marks do not come to a hundred; a document may say so on purpose."""
    total = full_marks(form.recipe()) if form.family != OWN else None
    if total is None or total == HUNDRED:
        return []
    caution = Refusal(
        code="score.full_marks",
        reason=f"报价和各部分的满分合计为 {total.normalize():f} 分，不是 100 分",
        article="平台规则：评分办法的满分一般为 100 分",
        remedy="请核对报价得分的权重和各评审项的满分；确有需要的可以保留。",
    )
    return [Finding("price_weight", caution, is_caution=True)]


def _without_times(form: DocumentForm, *, at: datetime) -> list[Finding]:
    """Once published, the times are those of the notice; a change has rules of its own."""
    facts = {name: value for name, value in form.cleaned_data.items() if name not in {"sale_until", "deadline"}}
    return findings_of(form.trade, facts, at=at)


def terms_bytes(reading: Reading) -> bytes:
    """结构化条款 as the file that is signed. Call it when the terms are there."""
    return canonical(reading.terms)


def save(draft: AuthoredDocument, typed: Mapping[str, list[str]], *, revision: int, at: datetime) -> bool:
    """Keep what was typed; False when somebody saved since `revision` was shown, and then nothing is changed."""
    kept = {name: [one[:LONGEST_TYPED] for one in values] for name, values in list(typed.items())[:MOST_FIELDS]}
    with transaction.atomic():
        AuthoredDocument.objects.get_or_create(stream=draft.stream, organisation=draft.organisation)
        rows = AuthoredDocument.objects.filter(stream=draft.stream, organisation=draft.organisation, revision=revision)
        merged = draft.typed | kept
        if not rows.update(typed=merged, revision=revision + 1, saved_at=at):
            return False
    draft.typed, draft.revision, draft.saved_at = merged, revision + 1, at
    return True
