"""Papers (文书) that the platform writes from its rows."""

from yangguang.trading.models import Trade


def opening_record(trade: Trade) -> bytes:
    """开标记录."""
    return trade.stream.encode()


def evaluation_report(trade: Trade) -> bytes:
    """评标报告."""
    return trade.stream.encode()
