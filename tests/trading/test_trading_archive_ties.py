"""Ties in an archive: the committee's order settles them, and nothing else."""

import json

import pytest

from yangguang.trading.archive_outcome import _check_ranking
from yangguang.witness.archive import write_json
from yangguang.witness.verification import Archived

COMPUTED = [(1, ("甲",)), (2, ("乙", "丙"))]
TOTALS = {"total": {"甲": "90.00", "乙": "80.00", "丙": "80.00"}}


def archived(folder, *, ranking, state=None, tie=None):
    text = {"ranking": [{"rank": rank, "bids": [bid]} for rank, bid in enumerate(ranking, start=1)]}
    text |= {"tie": {"order": tie, "reason": "企业业绩较优"}} if tie else {}
    entry = {"act": "compute_results", "sequence": 1, "data": {}}
    write_json(folder / "data/log/entries/000000.json", {})
    write_json(folder / "data/log/entries/000001.json", entry)
    opened = [{"sequence": 1, "salt": "", "text": json.dumps(text)}]
    write_json(folder / "data/log/opened.json", {"concealed": opened, "withheld": []})
    rows = [{"bid": bid, "total": TOTALS["total"][bid]} for bid in state or ranking]
    write_json(folder / "data/state.json", {"ranking": rows})
    return Archived(root=folder)


def problems(folder, **facts):
    return list(_check_ranking(archived(folder, **facts), COMPUTED, TOTALS))


@pytest.mark.parametrize("order", [["乙", "丙"], ["丙", "乙"]])
def test_the_order_of_the_committee_stands(tmp_path, order):
    assert problems(tmp_path, ranking=["甲", *order], tie=order) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"ranking": ["甲", "乙", "丙"]},
        {"ranking": ["甲", "乙", "丙"], "tie": ["丙", "乙"]},
        {"ranking": ["甲", "乙", "丙"], "tie": ["甲", "乙", "丙"]},
        {"ranking": ["乙", "甲", "丙"], "tie": ["乙", "丙"]},
    ],
)
def test_another_ranking_than_computed_and_settled_is_told(tmp_path, facts):
    assert "data/log/opened.json：评标汇总的排名与重新计算的不符" in problems(tmp_path, **facts)


def test_a_state_that_ranks_otherwise_is_told(tmp_path):
    facts = {"ranking": ["甲", "乙", "丙"], "tie": ["乙", "丙"], "state": ["甲", "丙", "乙"]}
    assert problems(tmp_path, **facts) == ["data/state.json：排名或得分与重新计算的不符"]
