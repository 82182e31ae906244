"""A lawful example of what witnesses record, of a letter about an anomaly and of its reply."""

from datetime import timedelta
from typing import Any

from support.scenes import Scene
from support.witnessing import DIGEST, anomaly, issue, letter_inputs, reply
from trading.samples_base import Sample, recorded
from yangguang.trading.models import AnomalyClosing, Letter, LetterReply, Recording, WitnessRecord
from yangguang.trading.stages import Stage

ITEM, NOTED, RECORDED = "room.closed_off", "room.conduct", "room.recorded"


def _rows(**facts: Any) -> Any:
    return lambda scene: WitnessRecord.objects.filter(trade=scene.trade, **facts).exists()


def _recording(scene: Scene, by: str) -> dict[str, Any]:
    return {
        "item": RECORDED,
        "room": "评标一室",
        "starts": scene.at - timedelta(hours=1),
        "ends": scene.at,
        "file_index": "NVR-3/20260324-0900.mp4",
        "sha256": DIGEST,
    }


WITNESSING = (
    Sample(
        name="register_check",
        stage=Stage.REVIEWING,
        by=("centre",),
        inputs=lambda scene, _: {
            "item": ITEM,
            "result": "normal",
            "note": "三间评标室均已隔离",
            "file": scene.kept("照片"),
        },
        shows=_rows(item=ITEM, way="manual", result="normal"),
        twice="",
    ),
    Sample(
        name="register_note",
        stage=Stage.REVIEWING,
        by=("centre",),
        inputs=lambda scene, _: {"item": NOTED, "text": "秩序正常", "file": scene.kept("照片")},
        shows=_rows(item=NOTED, way="note", text="秩序正常"),
        twice="",
    ),
    Sample(
        name="register_recording",
        stage=Stage.REVIEWING,
        by=("centre",),
        inputs=_recording,
        shows=lambda scene: Recording.objects.filter(record__trade=scene.trade, sha256=DIGEST).exists(),
        twice="recording.registered",
    ),
    Sample(
        name="register_anomaly",
        stage=Stage.REVIEWING,
        by=("centre",),
        inputs=lambda scene, _: {
            "item": ITEM,
            "seen": "评标区有一名无关人员停留两分钟",
            "concerns": scene.actor("agency").organisation,
            "file": scene.kept("截图"),
        },
        shows=recorded("register_anomaly"),
        twice="",
    ),
    Sample(
        name="issue_letter",
        stage=Stage.REVIEWING,
        by=("centre",),
        before=lambda scene, _: anomaly(scene),
        inputs=lambda scene, _: letter_inputs(scene, to="tenderer"),
        shows=lambda scene: Letter.objects.filter(anomaly__trade=scene.trade, number=1).exists(),
        twice="letter.not_current",
    ),
    Sample(
        name="reply_to_letter",
        stage=Stage.REVIEWING,
        by=("tenderer", "supervisor"),
        before=lambda scene, by: issue(scene, to=by),
        inputs=reply,
        shows=lambda scene: LetterReply.objects.filter(letter__anomaly__trade=scene.trade).exists(),
        twice="letter.none",
    ),
    Sample(
        name="close_anomaly",
        stage=Stage.REVIEWING,
        by=("centre",),
        before=lambda scene, _: anomaly(scene),
        inputs=lambda *_: {"anomaly": 1, "conclusion": "当场劝离，未接触评委。"},
        shows=lambda scene: AnomalyClosing.objects.filter(anomaly__trade=scene.trade).exists(),
        twice="anomaly.none",
    ),
)
