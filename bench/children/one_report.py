"""One yearly report from the records that stand, in a fresh process: seconds, queries, peak memory."""

import resource
import time
from datetime import date
from typing import Any

from django.db import connection

from yangguang.ledger.models import Unit
from yangguang.reports.drafting import draft
from yangguang.reports.outlines import outline_named
from yangguang.reports.paper import paper_bytes
from yangguang.reports.spans import read_span

OUTLINE = "年度总结"
RUNS = 5


def measure(*, unit: str, year: int) -> dict[str, Any]:
    """The paper with its annex, as `yangguang report make` writes it: the shortest of some runs."""
    return min((_made(unit, year) for _ in range(RUNS)), key=lambda one: one["seconds"])


def _made(unit: str, year: int) -> dict[str, Any]:
    outline, asked = outline_named(OUTLINE), list[str]()
    assert outline is not None
    with connection.execute_wrapper(lambda execute, *given: asked.append(given[0]) or execute(*given)):
        started = time.perf_counter()
        whose = Unit.objects.get(code=unit)
        drafted = draft(outline=outline, unit=whose, span=read_span(str(year)), as_of=date(year + 1, 1, 5))
        paper = paper_bytes(paper=drafted.paper)
        taken = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": taken, "queries": len(asked), "peak": peak, "bytes": len(paper),
        "figures": len(drafted.figures), "records": sum(len(one.record_ids) for one in drafted.figures),
    }  # fmt: skip
