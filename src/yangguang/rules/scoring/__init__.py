"""评分: scoring methods as short programs, run exactly and re-executable by anyone."""

from yangguang.rules.scoring.description import Description, Flag, Input, Ranking, TieBreak
from yangguang.rules.scoring.engine import CannotScore, Place, RaisedFlag, Result, evaluate
from yangguang.rules.scoring.inputs import check_inputs
from yangguang.rules.scoring.reading import BadDescription
from yangguang.rules.scoring.report import program_lines, trace_lines

__all__ = [
    "BadDescription",
    "CannotScore",
    "Description",
    "Flag",
    "Input",
    "Place",
    "RaisedFlag",
    "Ranking",
    "Result",
    "TieBreak",
    "check_inputs",
    "evaluate",
    "program_lines",
    "trace_lines",
]
