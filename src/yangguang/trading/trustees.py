"""解密救援受托人: the parties that a tender document names to hold shares of every bid's keys (办法第三十一条)."""

from dataclasses import replace
from datetime import datetime

from yangguang.parties.certificates import check_trusted
from yangguang.proof.bid_rescue import RescuePlan
from yangguang.rules.refusal import Refusal


def check_trustees(*, plan: RescuePlan | None, at: datetime) -> list[Refusal]:
    """Refusals for each trustee to whose certificate nothing may be encrypted at `at`: chain, validity, revocation."""
    trustees = plan.trustees if plan else {}
    return [
        replace(refusal, reason=f"解密救援受托人“{name}”：{refusal.reason}")
        for name, certificate in trustees.items()
        for refusal in check_trusted(certificate=certificate, at=at, usage="encrypt")
    ]


def trustee_of(plan: RescuePlan | None, organisation: str) -> str:
    """The name under which an organisation is a trustee, by the code in its certificate; empty when it is none."""
    trustees = plan.trustees if plan else {}
    return next((name for name, one in trustees.items() if one.organisation_code == organisation), "")
