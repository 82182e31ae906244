"""What a sample of an act is: where, by whom, with what, and what it leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support.scenes import Scene
from support.stages import trade_at
from yangguang.trading.acts.documents import INTEREST
from yangguang.trading.acts.draws import PARTIES
from yangguang.witness.models import Entry

TENDERERS = ("tenderer", "agency")
HOSTS = ("tenderer", "agency", "centre")
NONCES = {party: bytes([number]) * 32 for number, party in enumerate(PARTIES, start=1)}

Inputs = Callable[[Scene, str], dict[str, Any]]


def nothing(scene: Scene, by: str) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`shows` is false before the act and true after it; `twice` is the refusal of a repetition, "" if it is lawful."""

    name: str
    stage: str
    by: tuple[str, ...]
    inputs: Inputs = nothing
    before: Callable[[Scene, str], Any] = nothing
    after: str = ""
    shows: Callable[[Scene], Any] | None = None
    twice: str = "stage.wrong"
    sealed: bool = False
    at: datetime | None = None

    def scene(self, by: str = "") -> Scene:
        """The trade, ready for the act by `by` (the first who may)."""
        scene = trade_at(self.stage, at=self.at)
        self.before(scene, by or self.by[0])
        return scene

    def seen(self, scene: Scene) -> bool:
        """Whether the act has left what it leaves."""
        if self.shows is None:
            return scene.trade.stage == self.after
        return bool(self.shows(scene))


def signs(field: str, act: str, **others: Any) -> Inputs:
    """Inputs with one signed file."""
    return lambda scene, by: {field: scene.signed(by, act), **others}


def objects(act: str, by: str) -> Callable[[Scene, str], Any]:
    return lambda scene, _: scene.do(act, by, objection=scene.kept("异议：评分办法不清"))


def objection(scene: Scene, by: str) -> dict[str, Any]:
    return {"objection": scene.kept("异议：评分办法不清")}


def interested(act: str) -> Inputs:
    """An objection with the objector's signed interest."""
    return lambda scene, by: {**objection(scene, by), "interest": scene.signed(by, act, name=INTEREST)}


def paper_for(act: str) -> Inputs:
    return lambda scene, by: {"paper": scene.paper(act, by)}


def recorded(act: str, times: int = 0) -> Callable[[Scene], Any]:
    return lambda scene: Entry.objects.filter(stream=scene.stream, act=act).count() > times
