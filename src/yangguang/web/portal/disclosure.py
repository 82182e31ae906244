"""公开: which files of a public entry anybody may read now. Whatever no rule opens stays closed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from yangguang.trading.archive import disclosure_of
from yangguang.trading.models import Trade
from yangguang.trading.stages import Stage
from yangguang.web.portal.telling import DETAIL, TOLD, UNKNOWN, Rule, When
from yangguang.witness.entries import DATA_FILE


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicFile:
    """A file that an entry names: whether it may be read now, and the rule that says so."""

    name: str
    sha256: str
    size: int
    rule: Rule
    is_open: bool

    @property
    def is_signature(self) -> bool:
        """Whether it is the signature beside a paper."""
        return self.name.endswith(".sig")


def files_of(payload: dict[str, Any], *, archived: bool, withheld: Collection[str]) -> list[PublicFile]:
    """The files of an entry with their rules, in the entry's order."""
    found = []
    for position, file in enumerate(payload["files"]):
        rule = _rule(payload, position)
        is_open = rule.when == When.AT_ONCE or (
            rule.when == When.AT_ARCHIVE and archived and file["sha256"] not in withheld
        )
        found.append(
            PublicFile(name=file["name"], sha256=file["sha256"], size=file["size"], rule=rule, is_open=is_open)
        )
    return found


def withheld_from(trade: Trade) -> frozenset[str]:
    """What an archived trade keeps back; nothing is asked while it runs, since nothing depends on it."""
    return frozenset(disclosure_of(trade).withheld) if trade.stage == Stage.ARCHIVED else frozenset()


def _rule(payload: dict[str, Any], position: int) -> Rule:
    """Long data of an entry is the last file and goes by a name that no signed paper's place has."""
    files, told = payload["files"], TOLD.get(payload["act"])
    if position == len(files) - 1 and files[position]["name"] == DATA_FILE and _is_data(payload, position):
        return DETAIL
    return (told.rule_of(position) if told else None) or UNKNOWN


def _is_data(payload: dict[str, Any], position: int) -> bool:
    return bool(payload["data"].get("in") == payload["files"][position]["sha256"])
