"""Anomalies, letters and replies of a scene, as the centre's witness and the organisations make them."""

from datetime import date
from typing import Any

from support.scenes import Scene
from yangguang.parties.models import Organisation
from yangguang.rules.calendar import legal_date
from yangguang.trading.acts.witnessing import LETTER_PAPER, REPLY_PAPER
from yangguang.trading.models import Letter
from yangguang.trading.papers import witness_letter
from yangguang.trading.witnessing import next_letter, number_of, open_anomaly

DIGEST = "5f" * 32
REPLY_BY = date(2026, 4, 30)
ASKS = "请核实并书面说明。"


def anomaly(scene: Scene, *, concerns: str = "tenderer", seen: str = "评标区有一名无关人员停留两分钟") -> Any:
    """Record an anomaly."""
    return scene.do("register_anomaly", "centre", seen=seen, concerns=scene.actor(concerns).organisation)


def letter_inputs(scene: Scene, *, to: str, number: int = 1, **changed: Any) -> dict[str, Any]:
    """What `issue_letter` asks for, with the paper signed as the platform writes it."""
    code, trade, today = scene.actor(to).organisation, scene.trade, legal_date(scene.at)
    facts = {"asks": ASKS, "reply_by": REPLY_BY, **changed}
    paper = witness_letter(
        trade,
        anomaly=open_anomaly(trade, number),
        to=Organisation.objects.get(code=code),
        number=next_letter(trade, year=today.year),
        issued_on=today,
        **facts,
    )
    signed = scene.signed("centre", "issue_letter", content=paper, name=LETTER_PAPER)
    return {"anomaly": number, "to": code, "paper": signed, **facts}


def issue(scene: Scene, *, to: str, **changed: Any) -> Any:
    """An anomaly and the letter about it."""
    anomaly(scene, concerns=to)
    number = scene.trade.anomalies.count()
    return scene.do("issue_letter", "centre", **letter_inputs(scene, to=to, number=number, **changed))


def reply(scene: Scene, by: str) -> dict[str, Any]:
    """What `reply_to_letter` asks for."""
    letter = Letter.objects.filter(anomaly__trade=scene.trade).latest("pk")
    return {"letter": number_of(letter), "reply": scene.signed(by, "reply_to_letter", name=REPLY_PAPER)}
