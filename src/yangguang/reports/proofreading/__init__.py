"""Proofreading (校对) of any Chinese official summary, also one not made here: pure functions over its text."""

from collections.abc import Callable, Iterator

from yangguang.reports.proofreading.conflicts import find_conflicts
from yangguang.reports.proofreading.document import Kind, Summary, read_summary
from yangguang.reports.proofreading.finding import Family, Finding, Level
from yangguang.reports.proofreading.foreign import find_foreign_matter
from yangguang.reports.proofreading.headings import find_wrong_numbering
from yangguang.reports.proofreading.lists import find_wrong_counts
from yangguang.reports.proofreading.masks import find_masks
from yangguang.reports.proofreading.periods import find_period_faults
from yangguang.reports.proofreading.plausibility import find_doubtful
from yangguang.reports.proofreading.rules import find_shortfalls
from yangguang.reports.proofreading.sums import find_wrong_sums
from yangguang.reports.proofreading.wording import find_slips

__all__ = ["Family", "Finding", "Kind", "Level", "findings_of", "proofread", "read_summary"]

CHECKS: tuple[Callable[[Summary], Iterator[Finding]], ...] = (
    find_conflicts,
    find_wrong_sums,
    find_period_faults,
    find_wrong_numbering,
    find_slips,
    find_wrong_counts,
    find_masks,
    find_doubtful,
    find_shortfalls,
    find_foreign_matter,
)


def proofread(text: str, *, kind: Kind | None = None) -> list[Finding]:
    """All findings in a text, in the order of its lines. `kind` is recognised from the title when not given."""
    return findings_of(read_summary(text=text, kind=kind))


def findings_of(summary: Summary) -> list[Finding]:
    """All findings in a summary already read, in the order of its lines."""
    found = [finding for check in CHECKS for finding in check(summary)]
    return sorted(found, key=lambda finding: finding.line)
