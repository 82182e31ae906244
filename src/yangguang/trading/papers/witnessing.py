"""函告: what the centre writes to an organisation about an anomaly that it witnessed."""

from datetime import date

from yangguang.ledger.numbering import written_number
from yangguang.parties.models import Organisation
from yangguang.trading.models import Anomaly, Trade
from yangguang.trading.papers.rendering import Fact, render
from yangguang.trading.papers.rows import identity
from yangguang.trading.papers.words import day, moment_in_full

LETTER = "见证函"


def letter_number(*, year: int, number: int) -> str:
    """见证函〔2026〕3号."""
    return written_number(LETTER, year=year, number=number)


def witness_letter(
    trade: Trade, *, anomaly: Anomaly, to: Organisation, asks: str, reply_by: date, number: int, issued_on: date
) -> bytes:
    """异常情况告知函: what was seen, what is asked of the organisation, and until when it answers."""
    context = {
        "title": "异常情况告知函",
        "centre": trade.centre.name,
        "number": letter_number(year=issued_on.year, number=number),
        "to": to.name,
        "identity": (
            *identity(trade),
            Fact("交易阶段", trade.stage_name(anomaly.stage)),
            Fact("发现时间", moment_in_full(anomaly.at)),
        ),
        "seen": anomaly.seen,
        "asks": asks,
        "reply_by": day(reply_by),
        "signer": (trade.centre.name,),
        "on": day(issued_on),
    }
    return render("witness_letter.html", context)
