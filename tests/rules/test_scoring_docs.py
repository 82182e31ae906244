"""docs/scoring.md is held to the code: every kind, operation, field, choice and family, and its example runs."""

import json
import re
from pathlib import Path

import pytest

from rules.scoring_oracle import differences
from yangguang.rules.scoring import Description, evaluate, trace_lines
from yangguang.rules.scoring.families import family_names, load_family
from yangguang.rules.scoring.vocabulary import COMPARISONS, INPUT_KINDS, OPERATIONS, ORDERS, ROUNDING_MODES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def table(heading):
    """The rows under the table head that begins with `heading`, cells without backticks."""
    after = DOCUMENT.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    rows = [line.strip("|").split("|") for line in after.splitlines()[2:]]
    return [[cell.strip().replace("`", "") for cell in row] for row in rows]


def told(argument):
    if argument.required:
        return f"{argument.name} {argument.kind}"
    return f"{argument.name} {argument.kind}" + ("?" if argument.default is None else f" = {argument.default}")


def test_every_kind_of_input_is_documented():
    assert table("kind") == [
        [kind.name, kind.label, " → ".join(kind.shape) or "one number"] for kind in INPUT_KINDS.values()
    ]


def test_every_operation_is_documented_with_its_fields():
    assert [row[:4] for row in table("op")] == [
        [operation.name, operation.label, operation.shape, ", ".join(told(field) for field in operation.arguments)]
        for operation in OPERATIONS.values()
    ]
    assert all(row[4] for row in table("op"))


@pytest.mark.parametrize(
    ("name", "choices"), [("mode", ROUNDING_MODES), ("comparison", COMPARISONS), ("order", ORDERS)]
)
def test_every_choice_is_documented(name, choices):
    (line,) = re.findall(rf"^- `{name}`: (.*)$", DOCUMENT, flags=re.MULTILINE)
    assert line == "、".join(f"`{choice}` {label}" for choice, label in choices.items())


def test_every_family_is_documented():
    assert table("family") == [[name, load_family(name).title, load_family(name).mark] for name in family_names()]


def test_the_example_gives_what_the_document_shows():
    (request,) = re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)\n```", DOCUMENT, flags=re.DOTALL)
    given = json.loads(request)
    result = evaluate(description=Description.parse(given["description"]), inputs=given["inputs"])
    assert trace_lines(result) == shown.splitlines()
    assert differences(given["description"], given["inputs"], result.to_json()) == []
