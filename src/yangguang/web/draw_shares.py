"""What each party gave to a draw (各方的承诺和随机数), as the opening hall and the page of the expert draw show it."""

from dataclasses import dataclass

from yangguang.experts.models import Draw

PARTIES = {"centre": "交易中心", "tenderer": "招标人", "supervisor": "行政监督"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One party's commitment and, once revealed, its number."""

    party: str
    name: str
    commitment: str
    nonce: str


def shares_of(draw: Draw) -> tuple[Share, ...]:
    """The share of every party of the draw, in their order; empty texts for what is not given yet."""
    given = {one.party: one for one in draw.commitments.all()}
    return tuple(
        Share(
            party=party,
            name=PARTIES[party],
            commitment=given[party].value if party in given else "",
            nonce=given[party].nonce if party in given else "",
        )
        for party in draw.parties
    )


def step_of(shares: tuple[Share, ...]) -> str:
    """What a draw that is not completed waits for, in a few words."""
    return "各方揭示随机数" if all(one.commitment for one in shares) else "各方提交承诺"
