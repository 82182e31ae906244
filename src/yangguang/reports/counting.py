"""From a metric to its figure: set-based, with a constant number of queries however many records there are."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import DecimalField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from yangguang.ledger.catalogue import Engine, register_named
from yangguang.ledger.models import Attendance, Post, Record, Signature, State, Tag, Unit
from yangguang.ledger.models.units import running
from yangguang.reports.computing import COMPUTED, Asked, Counted
from yangguang.reports.dictionary import Metric, dictionary
from yangguang.reports.figures import Figure
from yangguang.reports.spans import Span

SECRETARY = "@书记"
A_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
CENT, TENTH, ALL = Decimal("0.01"), Decimal("0.1"), Decimal(100)
NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=20, decimal_places=2)
OF_RECORD = {"title", "day", "kind", "place", "amount", "quantity", "due_on", "chair", "owner", "recorder", "parent"}
TEXTS = {"title", "kind", "place"}


def compute(
    *, metric: Metric, period: Span, unit: Unit, as_of: date, filters: Mapping[str, str] | None = None
) -> Figure:
    """The figure of a metric for the unit with all units below it, from the records that stand now.

    Nothing after `as_of` counts. `filters` narrow it further: `kind`, `tag` or a field of the register.
    """
    narrowed = narrow(metric, told(filters or {}, unit=unit, day=min(period.last_day, as_of)))
    asked = Asked(unit=unit, first=period.first_day, last=min(period.last_day, as_of), where=narrowed.where)
    counted = WAYS[narrowed.way](narrowed, asked)
    return Figure(
        metric=metric.id, name=metric.name, unit=metric.unit, version=metric.version, period=period.key,
        unit_code=unit.code, as_of=as_of, value=counted.value, record_ids=counted.record_ids, titles=counted.titles,
        filters=tuple(sorted((filters or {}).items())), is_masked=counted.is_masked,
    )  # fmt: skip


def told(filters: Mapping[str, str], *, unit: Unit, day: date) -> dict[str, Any]:
    """The filters with `@书记` put as the person who is the unit's secretary on a day: what a debriefing may count."""
    if SECRETARY not in filters.values():
        return dict(filters)
    post = Post.objects.filter(running(day), unit=unit, post="secretary").select_related("person").first()
    pk, mark = (post.person.pk, post.person.mark) if post else (0, "")
    return {key: value if value != SECRETARY else pk if key in OF_RECORD else mark for key, value in filters.items()}


def narrow(metric: Metric, filters: Mapping[str, Any]) -> Metric:
    """The metric with what a slot adds to its filter."""
    for key, value in filters.items():
        if key == "kind":
            metric = replace(metric, kind=value, kinds=())
        elif key == "tag":
            metric = replace(metric, tag=value)
        else:
            metric = replace(metric, where={**metric.where, key: value})
    return metric


def records_of(metric: Metric, asked: Asked) -> QuerySet[Record]:
    """The records that count, oldest first."""
    rows = Record.objects.filter(
        Q(**{f"{metric.date}__range": (asked.first, asked.last)}),
        register=metric.register,
        unit__path__startswith=asked.unit.path,
        state__in=states_of(metric),
    )
    if metric.all_kinds:
        rows = rows.filter(kind__in=metric.all_kinds)
    if metric.tag:
        rows = rows.filter(_tagged([metric.tag]))
    if metric.tags_any:
        rows = rows.filter(_tagged(metric.tags_any))
    for key, value in metric.where.items():
        rows = rows.filter(_where(key, value))
    return rows.order_by("day", "pk")


def states_of(metric: Metric) -> tuple[str, ...]:
    """In which states a record counts: what was held, or, for what is answered later, what was received."""
    if metric.state:
        return (metric.state,)
    register = register_named(metric.register)
    if metric.date == "closed_on" or register is None or register.engine in {Engine.EVENT, Engine.ROW}:
        return (State.DONE,)
    return (State.OPEN, State.DONE)


def _tagged(tags: Any) -> Exists:
    return Exists(Tag.objects.filter(record=OuterRef("pk"), tag__in=tags))


def _where(key: str, value: Any) -> Q:
    path = key if key in OF_RECORD else f"fields__{key}"
    if isinstance(value, list):
        either = Q()
        for one in value:
            either |= Q(**{path: one})
        return either
    return Q(**{path: value})


def _ids(rows: QuerySet[Record]) -> tuple[int, ...]:
    return tuple(rows.values_list("pk", flat=True))


def _records(metric: Metric, asked: Asked) -> Counted:
    ids = _ids(records_of(metric, asked))
    return Counted(value=len(ids), record_ids=ids)


def _attendances(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    return Counted(value=_came(rows).count(), record_ids=_ids(rows))


def _persons(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    return Counted(value=_came(rows).values("person").distinct().count(), record_ids=_ids(rows))


def _came(rows: QuerySet[Record]) -> QuerySet[Attendance]:
    return Attendance.objects.filter(record__in=rows.order_by(), is_present=True)


def _signed(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    return Counted(value=_due(rows).filter(signed_at__isnull=False).count(), record_ids=_ids(rows))


def _should_sign(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    return Counted(value=_due(rows).count(), record_ids=_ids(rows))


def _due(rows: QuerySet[Record]) -> QuerySet[Signature]:
    return Signature.objects.filter(record__in=rows.order_by())


def _titles(metric: Metric, asked: Asked) -> Counted:
    """Each title once, in the order of the records; a field of titles has several a record."""
    rows = records_of(metric, asked)
    path = metric.of if metric.of in OF_RECORD else f"fields__{metric.of}"
    ids, titles = [], list[str]()
    for pk, said in rows.values_list("pk", path):
        lines = said if isinstance(said, list) else [said] if said else []
        ids.append(pk)
        titles += [str(line) for line in lines]
    once = tuple(dict.fromkeys(titles))
    return Counted(value=len(once), record_ids=tuple(ids), titles=once)


def _sum(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    if metric.of in {"amount", "quantity"}:
        total = rows.order_by().aggregate(total=Sum(metric.of))["total"]
        return Counted(value=_whole_if_whole(total), record_ids=_ids(rows))
    texts = rows.annotate(said=KeyTextTransform(metric.of, "fields"))
    numbers = texts.filter(said__regex=A_NUMBER)
    if texts.filter(said__isnull=False).exclude(said__regex=A_NUMBER).exists():
        return Counted(value=None, record_ids=_ids(rows), is_masked=True)
    total = numbers.order_by().aggregate(total=Sum(Cast("said", NUMBER)))["total"]
    return Counted(value=_whole_if_whole(total), record_ids=_ids(rows))


def _whole_if_whole(total: Any) -> Decimal | int:
    exact = Decimal(total or 0).quantize(CENT, ROUND_HALF_UP)
    return int(exact) if exact == exact.to_integral_value() else exact


def _distinct(metric: Metric, asked: Asked) -> Counted:
    rows = records_of(metric, asked)
    if metric.of in OF_RECORD:
        empty = {metric.of: ""} if metric.of in TEXTS else {f"{metric.of}__isnull": True}
        values = rows.order_by().exclude(**empty).values(metric.of)
    else:
        texts = rows.order_by().annotate(said=KeyTextTransform(metric.of, "fields"))
        values = texts.filter(said__isnull=False).values("said")
    return Counted(value=values.distinct().count(), record_ids=_ids(rows))


def _posts(metric: Metric, asked: Asked) -> Counted:
    """How many people hold one of the posts on the last day."""
    held = Post.objects.filter(running(asked.last), unit__path__startswith=asked.unit.path)
    if metric.all_kinds:
        held = held.filter(post__in=metric.all_kinds)
    rows = list(held.order_by("pk").values_list("pk", "person"))
    return Counted(value=len({person for _, person in rows}), record_ids=tuple(f"post:{pk}" for pk, _ in rows))


def _share(metric: Metric, asked: Asked) -> Counted:
    """Half up to one decimal, except that 100 % is said of all alone."""
    part, whole = (_counted(name, asked) for name in metric.of.split("/"))
    ids = tuple(dict.fromkeys((*whole.record_ids, *part.record_ids)))
    if part.value is None or not whole.value:
        return Counted(value=None, record_ids=ids, is_masked=part.is_masked or whole.is_masked)
    exact = Decimal(part.value) * 100 / Decimal(whole.value)
    share = exact.quantize(TENTH, ROUND_HALF_UP)
    if exact < ALL <= share:
        share = ALL - TENTH
    return Counted(value=share, record_ids=ids)


def _counted(name: str, asked: Asked) -> Counted:
    metric = dictionary()[name]
    return WAYS[metric.way](metric, asked)


def _python(metric: Metric, asked: Asked) -> Counted:
    return COMPUTED[metric.of](asked)


WAYS: dict[str, Callable[[Metric, Asked], Counted]] = {
    "records": _records, "attendances": _attendances, "persons": _persons, "signed": _signed,
    "should_sign": _should_sign, "titles": _titles, "sum": _sum, "distinct": _distinct, "posts": _posts,
    "share": _share, "python": _python,
}  # fmt: skip
