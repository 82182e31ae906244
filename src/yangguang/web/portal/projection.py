"""Reading the public log into the portal's own tables, from where one stopped; a page asks before it lists."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from yangguang.trading.models import Trade
from yangguang.trading.stages import FAILED, Stage
from yangguang.web.portal.models import Cursor, Facet, Gram, Listed, NamedFile, Notice
from yangguang.web.portal.search import grams_of, normalised
from yangguang.web.portal.telling import TOLD, Kind
from yangguang.witness.models import Leaf

BATCH = 500


def catch_up() -> int:
    """Read what the log has grown by; returns its size. Two readers at once do it once."""
    cursor = Cursor.objects.first()
    last = Leaf.objects.aggregate(last=Max("index"))["last"]
    size = 0 if last is None else last + 1
    done = cursor.leaves if cursor else 0
    while done < size:
        done = _read_batch()
    return size


def kind_of(payload: dict[str, Any]) -> Kind | None:
    """The kind of notice that an entry is; whatever leads to a failed end is one too."""
    if payload["to"] in FAILED and payload["to"] != payload["from"]:
        return Kind.ENDING
    told = TOLD.get(payload["act"])
    return told.kind if told else None


@transaction.atomic
def _read_batch() -> int:
    Cursor.objects.get_or_create(pk=1)
    cursor = Cursor.objects.select_for_update().get(pk=1)
    start = cursor.leaves
    leaves = list(Leaf.objects.filter(index__gte=start, index__lt=start + BATCH).select_related("entry").order_by("pk"))
    counts: Counter[tuple[str, str]] = Counter()
    _name_files(leaves)
    trades = {one.stream: one for one in _trades({leaf.entry.stream for leaf in leaves})}
    for leaf in leaves:
        if leaf.entry.stream in trades:
            _read(leaf, json.loads(leaf.entry.payload), trades[leaf.entry.stream], counts)
    _count(counts)
    done = start + len(leaves)
    Cursor.objects.filter(pk=1).update(leaves=done)
    return done


def _trades(streams: set[str]) -> Iterable[Trade]:
    return Trade.objects.filter(stream__in=streams).select_related("tender__tenderer", "listed")


def _name_files(leaves: Iterable[Leaf]) -> None:
    named = {(one["sha256"], leaf.index) for leaf in leaves for one in json.loads(leaf.entry.payload)["files"]}
    NamedFile.objects.bulk_create(
        (NamedFile(sha256=sha256, leaf=index) for sha256, index in sorted(named)), ignore_conflicts=True
    )


def _read(leaf: Leaf, payload: dict[str, Any], trade: Trade, counts: Counter[tuple[str, str]]) -> None:
    kind = kind_of(payload)
    listed = getattr(trade, "listed", None)
    if listed is None and payload["act"] == "publish_notice":
        listed = _list(trade, leaf)
        counts.update({("line", listed.line): 1, ("region", listed.region): 1, ("stage", payload["to"]): 1})
    elif listed is not None and listed.stage != payload["to"]:
        counts.update({("stage", payload["to"]): 1, ("stage", listed.stage): -1})
    if listed is None:
        return
    if listed.stage != payload["to"]:
        listed.stage = payload["to"]
        listed.save(update_fields=["stage"])
    if kind is not None:
        _notice(leaf, listed, kind)
        counts["kind", kind] += 1


def _list(trade: Trade, leaf: Leaf) -> Listed:
    tender = trade.tender
    text = normalised(f"{tender.title} {trade.title} {tender.tenderer.name}")
    listed = Listed.objects.create(
        trade=trade,
        text=text,
        line=tender.category[:1],
        region=tender.region,
        stage=Stage.BIDDING,
        published_at=leaf.entry.at,
    )
    Gram.objects.bulk_create(Gram(gram=gram, listed=listed) for gram in sorted(grams_of(text)))
    trade.listed = listed
    return listed


def _notice(leaf: Leaf, listed: Listed, kind: Kind) -> None:
    Notice.objects.create(
        leaf=leaf.index,
        entry=leaf.entry,
        listed=listed,
        kind=kind,
        line=listed.line,
        region=listed.region,
        at=leaf.entry.at,
    )


def _count(counts: Counter[tuple[str, str]]) -> None:
    for (field, value), number in sorted(counts.items()):
        Facet.objects.get_or_create(field=field, value=value)
        Facet.objects.filter(field=field, value=value).update(number=F("number") + number)
