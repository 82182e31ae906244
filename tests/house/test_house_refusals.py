"""Every refusal of party work, integrity and reports is named by a test, or stands here with its reason.

The refusals of trading are played through the pages: tests/web/test_web_refusals.py.
"""

import re
from pathlib import Path

from support.refusing import known_codes

TESTS = Path(__file__).resolve().parents[1]
NAMES = re.compile(r'"([a-z_]+(?:\.[a-z_]+)+)"')
BY_ITS_WORDS = {
    "cadence.missing": "rules/test_party_cadence.py",
    "membership.lapse": "rules/test_party_dues.py",
    "note.{}": "reports/test_reports_drafting.py",
    "report.ahead": "reports/test_reports_acts.py",
    "report.changed": "reports/test_reports_acts.py",
    "report.length": "reports/test_reports_acts.py",
    "report.outline": "reports/test_reports_acts.py",
    "report.period": "reports/test_reports_acts.py",
    "report.state": "reports/test_reports_acts.py",
    "report.unconfirmed": "reports/test_reports_acts.py",
    "report.unknown": "reports/test_reports_acts.py",
    "text.{}": "reports/test_reports_drafting.py",
    "exchange.rows": "exchange/test_exchange_files.py",
    "import.row": "exchange/test_exchange_registers.py",
    "tree.file": "exchange/test_exchange_trees.py",
    "wording.{}": "rules/test_party_wording.py",
}


def matches(pattern, code):
    return re.fullmatch(re.escape(pattern).replace(r"\{\}", ".+"), code) is not None


def test_every_refusal_of_party_work_is_named_by_a_test():
    named = {code for path in TESTS.rglob("test_*.py") for code in NAMES.findall(path.read_text(encoding="utf-8"))}
    untold = {one for one in known_codes(party=True) if not any(matches(one, code) for code in named)}
    assert sorted(untold - BY_ITS_WORDS.keys()) == []
    assert sorted(BY_ITS_WORDS.keys() - known_codes(party=True)) == []
    assert all((TESTS / path).exists() for path in BY_ITS_WORDS.values())
