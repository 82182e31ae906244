"""党费 (D15): what is refused, and what is derived so that nobody types it (党费规定, 中组发〔2008〕3号)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from yangguang.branch.dues_book import PAYERS, book_of, total
from yangguang.ledger.keeping import due_of
from yangguang.ledger.law import law_for
from yangguang.ledger.models import Record, State
from yangguang.ledger.preparing import Draft, checks_records
from yangguang.ledger.values import Cleaned
from yangguang.parties.models import Person
from yangguang.rules.calendar import legal_date
from yangguang.rules.party.dues import (
    BY_BAND,
    USE_LABELS,
    check_amount,
    check_reduction,
    check_spending,
    month_of,
    monthly_due,
    months_owed,
    owed_upwards,
)
from yangguang.rules.refusal import Refusal, Refused

USES = {label: use for use, label in USE_LABELS.items()}
KEPT = "平台规则：党费一人一月一次"
MEETINGS = ("meeting", "group_meeting")


@checks_records("dues_base")
def check_base(draft: Draft) -> Iterator[Refusal]:
    """A base belongs to a member, is there where bands ask for one, and stands once a month (第一、二、六条)."""
    cleaned, day = draft.cleaned, _day(draft)
    owner, payer = cleaned.columns.get("owner"), PAYERS[cleaned.kind]
    if owner is None:
        yield _refusal("dues.owner", "党费基数没有写明是哪名党员的", "请选择党员。")
        return
    base, agreed = cleaned.sealed.get("base"), cleaned.sealed.get("agreed")
    if payer not in BY_BAND and base is not None:
        yield _refusal("dues.base_unasked", f"{cleaned.kind}的党员不按基数交纳党费", "请去掉基数。")
    try:
        due = monthly_due(law=law_for(draft.unit, on=day), payer=payer, base=Decimal(base) if base else None)
    except Refused as refused:
        yield from refused.refusals
        return
    if agreed is not None:
        yield from check_amount(due=due, amount=Decimal(agreed))
    same = Record.objects.filter(unit=draft.unit, register="dues_base", owner=owner, state=State.DONE)
    same = same.filter(day__year=day.year, day__month=day.month).exclude(pk=_own(draft))
    twice = same.first() or next((one for one in draft.before if _is_same_base(one, owner, day)), None)
    if twice is not None:
        yield _refusal(
            "dues.base_twice",
            f"{owner.name}{day.year}年{day.month}月起的党费基数已经登记（“{twice.title}”{twice.day}）",
            "基数有误的请更正原记录；工资变化的请填写按新标准领取的日期。",
        )


def _is_same_base(one: Cleaned, owner: Person, day: date) -> bool:
    return one.columns.get("owner") == owner and one.day is not None and month_of(one.day) == month_of(day)


@checks_records("dues_relief")
def check_relief(draft: Draft) -> Iterator[Refusal]:
    """少交免交: the branch resolves, then the committee above approves; 免交 has no sum."""
    cleaned, day = draft.cleaned, _day(draft)
    approved = date.fromisoformat(cleaned.fields["approved_on"])
    yield from check_reduction(law=law_for(draft.unit, on=day), resolved_on=day, approved_on=approved)
    if cleaned.columns.get("owner") is None:
        yield _refusal("dues.owner", "没有写明是哪名党员", "请选择党员。")
    if (cleaned.kind == "少交") != ("reduced" in cleaned.sealed):
        yield _refusal("dues.reduced", "少交的应写明每月交纳数额，免交的不写", "请更正数额。")


@checks_records("dues_collection")
def check_collection(draft: Draft) -> Iterator[Refusal]:
    """收缴: whoever came on the roll paid what they owe; nobody pays a month twice, and a month is collected once.

    Derives what was due, what was paid, by whom (sealed), so that a collection is one roll and nothing else.
    """
    cleaned, day = draft.cleaned, _day(draft)
    month = month_of(date.fromisoformat(cleaned.fields.get("month") or day.isoformat()))
    cleaned.fields["month"] = month.isoformat()
    if cleaned.title == f"{day.month}月党费{cleaned.kind}":
        cleaned.title = f"{month.month}月党费{cleaned.kind}"
    if month > month_of(day):
        yield _refusal("dues.ahead", f"{day}不能收缴{month.year}年{month.month}月的党费", "请核对党费所属月份。")
        return
    yield from _refuse_month_twice(draft, month)
    present = cleaned.present
    if present is None:
        if draft.record is None:
            yield _refusal("dues.no_roll", f"“{cleaned.title}”没有勾选谁交了党费", "请在名册中勾选已交的党员。")
            return
        rows = draft.record.attendances.filter(is_present=True).select_related("person")
        present = [one.person for one in rows]
    yield from _take(draft, month, present)


def _refuse_month_twice(draft: Draft, month: date) -> Iterator[Refusal]:
    if draft.cleaned.kind != "月度收缴":
        return
    held = Record.objects.filter(
        unit=draft.unit, register="dues_collection", kind="月度收缴", fields__month=month.isoformat()
    )
    held = held.exclude(state=State.CANCELLED).exclude(pk=_own(draft))
    earlier: list[Record | Cleaned] = [*held, *(row for row in draft.before if _is_month(row, month))]
    for one in earlier:
        yield _refusal(
            "dues.month_twice",
            f"{month.year}年{month.month}月的党费已经登记收缴（“{one.title}”{one.day}）",
            "后来交纳的请登记为“补交”；登记有误的请更正原记录。",
        )


def _is_month(one: Cleaned, month: date) -> bool:
    return one.kind == "月度收缴" and one.fields.get("month") == month.isoformat()


def _take(draft: Draft, month: date, present: list[Person]) -> Iterator[Refusal]:
    book, cleaned = book_of(draft.unit), draft.cleaned
    everybody = due_of(draft.unit, draft.register, cleaned) if cleaned.kind == "月度收缴" else present
    owed = {one.pk: book.due(one.pk, month) for one in {*everybody, *present}}
    without = sorted(one.name for one in {*everybody, *present} if owed[one.pk] is None)
    if without:
        yield _refusal(
            "dues.no_base",
            f"{'、'.join(without)}没有{month.year}年{month.month}月的党费基数，不能计算应交党费",
            "请先在“党费基数”中登记。",
        )
        return
    for one in present:
        earlier = _paid_before(draft, one, month, book.paid.get(one.pk, {}).get(month))
        if earlier is not None:
            yield _refusal(
                "dues.paid_twice",
                f"{one.name}{month.year}年{month.month}月的党费已经交过（“{earlier.title}”{earlier.day}）",
                "请从名单中去掉；原记录有误的请更正原记录的名单。",
            )
    amounts = {one.mark: owed[one.pk] for one in present}
    cleaned.columns["amount"], cleaned.columns["quantity"] = total(amounts.values()), Decimal(len(present))
    is_monthly = cleaned.kind == "月度收缴"
    cleaned.fields["due_total"] = str(total(owed[one.pk] for one in everybody)) if is_monthly else "0"
    cleaned.fields["due_persons"] = len(everybody) if is_monthly else 0
    cleaned.sealed["amounts"] = {mark: str(amount) for mark, amount in amounts.items()}


def _paid_before(draft: Draft, person: Person, month: date, paid: int | None) -> Record | Cleaned | None:
    """Where a person's month was paid already: in a record, or in a row of the same import."""
    if paid is not None and paid != _own(draft):
        return Record.objects.get(pk=paid)
    same = (one for one in draft.before if one.fields.get("month") == month.isoformat())
    return next((one for one in same if person in (one.present or ())), None)


@checks_records("dues_extra")
def check_extra(draft: Draft) -> Iterator[Refusal]:
    """自愿多交: who and how much; from the rule's sum on everything is passed up (第十一条)."""
    amount = draft.cleaned.columns.get("amount")
    if not amount or draft.cleaned.columns.get("owner") is None:
        yield _refusal("dues.extra", "自愿多交应写明党员和大于零的数额", "请补充后重新提交。")
        return
    draft.cleaned.fields["upwards"] = str(owed_upwards(law=law_for(draft.unit, on=_day(draft)), extra=amount))


@checks_records("dues_remittance")
def check_remittance(draft: Draft) -> Iterator[Refusal]:
    """上缴: a sum for months that have begun, each passed up once."""
    cleaned = draft.cleaned
    first = month_of(date.fromisoformat(cleaned.fields["first_month"]))
    last = month_of(date.fromisoformat(cleaned.fields.get("last_month") or first.isoformat()))
    if last < first or last > month_of(min(_day(draft), legal_date(draft.at))) or not cleaned.columns.get("amount"):
        yield _refusal("dues.months", "上缴月份的起止有误、还没有到，或者没有数额", "请核对月份和数额。")
        return
    months = [one.isoformat() for one in months_owed(since=first, until=last)]
    cleaned.fields |= {"first_month": months[0], "last_month": months[-1], "months": len(months)}
    held = Record.objects.filter(unit=draft.unit, register="dues_remittance", state=State.DONE).exclude(pk=_own(draft))
    held = held.filter(fields__first_month__lte=months[-1], fields__last_month__gte=months[0])
    for one in held:
        yield _refusal(
            "dues.remitted_twice",
            f"{one.fields['first_month'][:7]}至{one.fields['last_month'][:7]}的党费已经上缴（“{one.title}”{one.day}）",
            "请去掉已经上缴的月份；原记录有误的请更正原记录。",
        )


@checks_records("dues_spending")
def check_spent(draft: Draft) -> Iterator[Refusal]:
    """使用: one of the five uses (第十九条), after a meeting that decided it (第二十条) and whose vote was carried."""
    cleaned, day = draft.cleaned, _day(draft)
    meeting = Record.objects.filter(pk=cleaned.columns.get("parent") or 0, register__in=MEETINGS).first()
    decides = meeting is not None and meeting.state == State.DONE and meeting.fields.get("carried") is not False
    decided_on = meeting.day if meeting is not None and decides else None
    law = law_for(draft.unit, on=day)
    yield from check_spending(law=law, use=USES[cleaned.kind], decided_on=decided_on, spent_on=day)
    if not cleaned.columns.get("amount"):
        yield _refusal("dues.spent", f"“{cleaned.title}”没有写明支出数额", "请填写数额。")


def _day(draft: Draft) -> date:
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    return draft.cleaned.day


def _own(draft: Draft) -> int:
    return draft.record.pk if draft.record is not None else 0


def _refusal(code: str, reason: str, remedy: str) -> Refusal:
    return Refusal(code=code, reason=reason, article=KEPT, remedy=remedy)
