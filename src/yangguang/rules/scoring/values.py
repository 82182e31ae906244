"""What a step of a scoring description computes with: a number, or a tree of numbers keyed by bid.

A value is a `Decimal`, or a mapping from keys (bid, then perhaps member or item) to values. A set of bids is nothing
but a value that holds fewer bids. Keys are always walked in code-point order, so no result depends on the order in
which bids were handed in.
"""

import decimal
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Value = Decimal | Mapping[str, "Value"]
Group = Mapping[str, Decimal]

ZERO = Decimal(0)
LARGEST_EXPONENT = 60
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,10})?")


class OperationFailed(Exception):  # noqa: N818 - it names what happened, as Refused does
    """An operation has no answer for these values. `code` is the last part of the refusal's code."""

    def __init__(self, *, code: str, reason: str, remedy: str) -> None:
        """Keep the parts of the refusal that the engine will complete with the step's name."""
        super().__init__(reason)
        self.code, self.reason, self.remedy = code, reason, remedy


def scoring_context(*, precision: int) -> decimal.Context:
    """The arithmetic of every description: `precision` significant digits, inexact results half-even."""
    return decimal.Context(
        prec=precision,
        rounding=decimal.ROUND_HALF_EVEN,
        Emin=-LARGEST_EXPONENT,
        Emax=LARGEST_EXPONENT,
        traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
    )


def number_of(leaf: Any) -> Decimal | None:
    """The exact number of a JSON leaf: decimal text, `Decimal` or `int`; None for anything else.

    At most 18 digits before and 10 after the point, so that every input is exact in every context.
    Floats, booleans, NaN and Infinity are not numbers here.
    """
    if isinstance(leaf, bool) or not isinstance(leaf, str | int | Decimal):
        return None
    text = format(leaf, "f") if isinstance(leaf, Decimal) else str(leaf)
    return Decimal(text) if NUMBER.fullmatch(text) else None


def text_of(value: Value) -> Any:
    """The JSON form: plain decimal text without exponent, or a mapping of keys to it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return {key: text_of(value[key]) for key in sorted(value)}


def settled(value: Value) -> Value:
    """The same value with keys in order and without negative zero or a positive exponent."""
    if isinstance(value, Decimal):
        return value + ZERO
    return {key: settled(value[key]) for key in sorted(value)}


def leaves(value: Value) -> Iterator[Decimal]:
    """Every number of a value, in key order."""
    if isinstance(value, Decimal):
        yield value
        return
    for key in sorted(value):
        yield from leaves(value[key])


def spread(function: Callable[..., Decimal], values: Sequence[Value]) -> Value:
    """Apply `function` number by number; a number meets every leaf of a tree, trees meet key by key.

    Raises `OperationFailed` when two trees do not hold the same keys: a missing bid is never guessed.
    """
    trees = [value for value in values if not isinstance(value, Decimal)]
    if not trees:
        return function(*values)
    keys = trees[0].keys()
    for tree in trees[1:]:
        same_keys(keys, tree.keys())
    return {
        key: spread(function, [value if isinstance(value, Decimal) else value[key] for value in values])
        for key in sorted(keys)
    }


def same_keys(left: Any, right: Any) -> None:
    """Raise `OperationFailed` naming the keys that only one side holds."""
    if left == right:
        return
    raise OperationFailed(
        code="different_sets",
        reason=f"两组数据所含的投标（评委、评审项）不一致，只在一方出现：{'、'.join(sorted(left ^ right))}",
        remedy="请让参与同一步运算的各组数据来自同一个集合，例如先用同一条件 select。",
    )


def innermost(function: Callable[[Group], Value], value: Value) -> Value:
    """Apply `function` to every innermost group of a tree; the levels above stay as they are."""
    if isinstance(value, Decimal):  # pragma: no cover - shapes are checked when the description is read
        raise TypeError(value)
    if any(not isinstance(inner, Decimal) for inner in value.values()):
        return {key: innermost(function, value[key]) for key in sorted(value)}
    return function(value)  # type: ignore[arg-type]
