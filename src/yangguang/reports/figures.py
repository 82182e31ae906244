"""数字: what a metric gives for a unit and months, with everything that leads back to its records."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yangguang.proof.canonical import canonical, labelled_hash
from yangguang.rules.party.wording import plain

RecordId = int | str  # a record of the ledger by its id, a trade by its stream
SCALES = {"亿元": Decimal(10) ** 8, "万元": Decimal(10) ** 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number. `value` is None where the records give nothing to count or somebody masked it (`is_masked`).

    `period` and `unit_code` say for which months and whom, `as_of` until which day the records were counted,
    `filters` what besides the definition narrowed it. `digest` is that of all of this with the record ids.
    """

    metric: str
    name: str
    unit: str
    version: int
    period: str
    unit_code: str
    as_of: date
    value: Decimal | int | None
    record_ids: tuple[RecordId, ...] = ()
    titles: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    is_masked: bool = False

    @property
    def digest(self) -> str:
        """Of definition, months, value and records; the day of counting is left out, for it changes nothing."""
        content = {
            "metric": self.metric, "version": self.version, "period": self.period, "unit": self.unit_code,
            "value": None if self.value is None else plain(self.value), "records": list(self.record_ids),
            "titles": list(self.titles), "filters": [list(one) for one in self.filters],
        }  # fmt: skip
        return labelled_hash("yangguang/figure/1", canonical(content)).hex()

    @property
    def key(self) -> str:
        """What tells it from the other figures of a report."""
        return "|".join((self.metric, self.period, "，".join(f"{name}={value}" for name, value in self.filters)))

    @property
    def text(self) -> str:
        """The number as papers print it; empty where there is none."""
        return "" if self.value is None else plain(self.value)

    def scaled(self, scale: str) -> str:
        """An amount in 亿元 or 万元, half up to one decimal."""
        if self.value is None:
            return ""
        return plain((Decimal(self.value) / SCALES[scale]).quantize(Decimal("0.1"), ROUND_HALF_UP))

    def to_json(self) -> dict[str, Any]:
        """The figure as a snapshot keeps it."""
        return {
            "metric": self.metric, "name": self.name, "unit": self.unit, "version": self.version,
            "period": self.period, "unit_code": self.unit_code, "as_of": self.as_of.isoformat(),
            "value": None if self.value is None else plain(self.value), "records": list(self.record_ids),
            "titles": list(self.titles), "filters": [list(one) for one in self.filters], "masked": self.is_masked,
            "digest": self.digest,
        }  # fmt: skip

    @staticmethod
    def from_json(kept: dict[str, Any]) -> "Figure":
        """The figure that a snapshot keeps."""
        return Figure(
            metric=kept["metric"], name=kept["name"], unit=kept["unit"], version=kept["version"],
            period=kept["period"], unit_code=kept["unit_code"], as_of=date.fromisoformat(kept["as_of"]),
            value=None if kept["value"] is None else Decimal(kept["value"]), record_ids=tuple(kept["records"]),
            titles=tuple(kept["titles"]), filters=tuple((name, value) for name, value in kept["filters"]),
            is_masked=kept["masked"],
        )  # fmt: skip
