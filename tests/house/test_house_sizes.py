"""The guides of size: small functions, files that fit in a head, a verifier that can be read in one sitting."""

import ast
import statistics
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for path in (ROOT / "src/yangguang").rglob("*.py") if "migrations" not in path.parts]
VERIFIER = ROOT / "verifier/verify.py"
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def _lengths(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        f"{path.relative_to(ROOT)}:{node.name}": node.end_lineno - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, FUNCTIONS)
    }


def _all_lengths():
    return {name: length for path in SOURCES for name, length in _lengths(path).items()}


def _p95(numbers):
    return statistics.quantiles(numbers, n=20)[-1]


def test_no_function_is_longer_than_sixty_lines():
    assert {name: length for name, length in _all_lengths().items() if length > 60} == {}


def test_functions_are_small():
    lengths = list(_all_lengths().values())
    assert statistics.median(lengths) <= 10
    assert _p95(lengths) <= 40


def test_files_are_small():
    sizes = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in SOURCES}
    assert {name: size for name, size in sizes.items() if size > 450} == {}
    assert _p95(sizes.values()) <= 350


def test_the_verifier_can_be_read_in_one_sitting():
    assert len(VERIFIER.read_bytes().splitlines()) <= 300


def test_the_verifier_stands_alone():
    tree = ast.parse(VERIFIER.read_text(encoding="utf-8"))
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    named = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    outside = {name.split(".")[0] for name in plain + named} - sys.stdlib_module_names
    assert outside == {"cryptography"}


def test_migrations_of_an_app_follow_each_other():
    for folder in (ROOT / "src/yangguang").rglob("migrations"):
        numbers = sorted(int(path.name[:4]) for path in folder.glob("[0-9]*.py"))
        assert all(later == earlier + 1 for earlier, later in pairwise(numbers)), folder
