"""Writing a scoring description step by step, for the formula families and for a tender's own method."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Self

from yangguang.rules.scoring.description import PARALLEL, Description
from yangguang.rules.scoring.vocabulary import FORMAT, PRECISION


class Program:
    """A description being written: declare inputs, add steps, then `finish`. Names are returned for later steps."""

    def __init__(self, *, title: str, source: str = "", mark: str = "", note: str = "") -> None:
        """Begin an empty description."""
        self._document: dict[str, Any] = {
            "format": FORMAT,
            "title": title,
            "source": source,
            "mark": mark,
            "note": note,
            "precision": PRECISION,
            "inputs": {},
            "steps": [],
            "ranking": {},
            "flags": [],
        }

    @classmethod
    def extending(cls, description: Description, *, title: str) -> Self:
        """Go on from a finished description: its inputs, steps and flags stay, its ranking is replaced."""
        program = cls(title=title)
        program._document = {**deepcopy(description.to_json()), "title": title}
        return program

    def takes(self, name: str, *, kind: str, label: str, unit: str = "", **limits: Any) -> str:
        """Declare an input; `limits` are above, minimum, maximum, choices and items."""
        declared = {"kind": kind, "label": label, **({"unit": unit} if unit else {}), **limits}
        self._document["inputs"][name] = declared
        return name

    def step(self, name: str, operation: str, *, label: str, unit: str = "", **arguments: Any) -> str:
        """Add a step."""
        told = {"name": name, "op": operation, "label": label, **({"unit": unit} if unit else {}), **arguments}
        self._document["steps"].append(told)
        return name

    def flag(self, name: str, *, label: str, article: str = "") -> None:
        """Show the step `name` of ones and zeros as a clue 线索."""
        self._document["flags"].append({"name": name, "label": label, "article": article})

    def finish(
        self,
        *,
        total: str,
        order: str = "highest",
        tie_breaks: Sequence[tuple[str, str]] = (),
        parallel: bool = False,
    ) -> Description:
        """Set the ranking and read the whole description; raises `BadDescription`."""
        ties: list[Any] = [{"by": by, "order": end} for by, end in tie_breaks]
        self._document["ranking"] = {
            "total": total,
            "order": order,
            "tie_breaks": [*ties, PARALLEL] if parallel else ties,
        }
        return Description.parse(self._document)
