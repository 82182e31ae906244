"""A replay of historical tenders, timed tender by tender."""

from pathlib import Path
from typing import Any

from children import stage
from yangguang.cli.replay import play_all
from yangguang.demo.replay_input import read_history


def measure(*, file: str, market: str, limit: int, workers: int) -> dict[str, Any]:
    """The totals of the replay, and acts and seconds of each tender in the order of their ends."""
    tenders = read_history(Path(file), market=market, limit=limit)
    played, seconds = play_all(tenders, home=stage.home(), workers=workers, tell=lambda _: None)
    return {
        "seconds": seconds,
        "tenders": len(played),
        "acts": sum(one.acts for one in played),
        "bids": sum(len(one.tender.prices) for one in played),
        "bad": sum(not one.is_good for one in played),
        "each": [(one.acts, one.seconds, one.archive_seconds) for one in played],
    }
