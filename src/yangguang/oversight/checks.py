"""What the registers of integrity work (廉政建设) know beyond the catalogue."""

from collections.abc import Iterator
from datetime import date

from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State, Unit
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.rules.party.holidays import Holiday, holidays_of
from yangguang.rules.party.risks import RISK_LABELS, proposed_grade
from yangguang.rules.refusal import Refusal

INTEGRITY = "平台规则：廉政台账"
HOLIDAY_KINDS = frozenset({"", "节前廉政谈话"})


@checks_records("risk")
def check_risk(draft: Draft) -> Iterator[Refusal]:
    """A risk's grade follows from the nature of the power (本单位规定); another one needs its reason."""
    fields = draft.cleaned.fields
    proposed = grade_from(str(fields.get("nature", "")))
    given = fields.setdefault("grade", proposed)
    if given != proposed and not fields.get("grade_reason"):
        yield _refusal(
            "risk.grade_reason",
            f"按权力性质建议定为“{proposed}”，定为“{given}”应写明理由",
            "请填写定级理由，或者不填等级。",
        )


def grade_from(nature: str) -> str:
    """高, 中 or 低 as the nature of a power proposes it."""
    return RISK_LABELS[
        proposed_grade(
            touches_resources=nature == "人财物",
            is_major_decision=nature == "三重一大",
            is_management=nature == "一般管理",
        )
    ]


@checks_records("needs_parent")
def check_needs_parent(draft: Draft) -> Iterator[Refusal]:
    """A measure belongs to a risk, a sheet to a campaign."""
    if draft.cleaned.columns.get("parent") is None:
        label = draft.register.label_of("parent")
        yield _refusal("record.parent", f"“{label}”不能为空", f"请先登记{label}，再从列表中选择。")


@checks_records("signers")
def check_signers(draft: Draft) -> Iterator[Refusal]:
    """A letter of responsibility says with whom it is signed."""
    if draft.record is None and not draft.cleaned.named:
        yield _refusal("letter.signers", "没有选择签署人", "请从名册中选择责任人，每人一份。")


@checks_records("holiday")
def check_holiday(draft: Draft) -> Iterator[Refusal]:
    """A talk or a message before a holiday names it; by default it is the next one after the day."""
    day = draft.cleaned.day
    if draft.cleaned.kind in HOLIDAY_KINDS and day is not None and not draft.cleaned.fields.get("holiday"):
        coming = next_holiday(draft.unit, day=day)
        if coming is not None:
            draft.cleaned.fields["holiday"] = coming.name
    yield from ()


def next_holiday(unit: Unit, *, day: date) -> Holiday | None:
    """The first holiday whose rest begins after a day."""
    law = law_for(unit, on=day)
    ahead = [one for year in (day.year, day.year + 1) for one in holidays_of(law=law, year=year)]
    return next((one for one in ahead if one.first is not None and day < one.first), None)


@checks_records("self_check")
def check_self_check(draft: Draft) -> Iterator[Refusal]:
    """One sheet a section; what was found is counted, and nothing found is nothing."""
    found = draft.cleaned.columns.get("quantity") or 0
    if (draft.cleaned.kind == "发现问题") != (found > 0):
        yield _refusal("self_check.count", "结论与问题数不一致", "发现问题的填写问题数，未发现的不填。")
    sheets = Record.objects.filter(
        unit=draft.unit, register=draft.register.id, parent=draft.cleaned.columns.get("parent")
    ).exclude(state=State.CANCELLED)
    if draft.record is not None:
        sheets = sheets.exclude(pk=draft.record.pk)
    if sheets.exists():
        yield _refusal("self_check.twice", "本科室已经交过这次整治的自查表", "需要改动的请更正原表。")


@checks_records("leave")
def check_leave(draft: Draft) -> Iterator[Refusal]:
    """An absence says who is away, from when until when."""
    for column in ("owner", "begins", "ends"):
        if draft.cleaned.columns.get(column) is None:
            yield _refusal(f"leave.{column}", f"“{draft.register.label_of(column)}”不能为空", "请补填后重新提交。")


@checks_records("discipline_case")
def check_discipline_case(draft: Draft) -> Iterator[Refusal]:
    """Outside the seal a case is called by its form alone, whatever was typed."""
    draft.cleaned.title = draft.cleaned.kind
    yield from ()


@checks_records("clue")
def check_clue(draft: Draft) -> Iterator[Refusal]:
    """Outside the seal a clue is called by its kind alone, whatever was typed."""
    draft.cleaned.title = f"{draft.cleaned.kind}线索"
    yield from ()


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=INTEGRITY, remedy=remedy)
