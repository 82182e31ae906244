"""见证: checks, notes and recordings of the centre's witnesses; anomalies, the letters about them and their replies.

A witness only states: none of these acts moves the trade, and nobody's bid is judged. What is written goes into the log
as a salted digest, and before the list of bidders is public it may not name who might bid (`trading/witnessing.py`).
"""

import re
from datetime import date, datetime

from yangguang.parties.models import Person
from yangguang.parties.signing import SignedFile, check_signed, named_files
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import refuse_if
from yangguang.rules.witnessing import Way
from yangguang.trading.models import (
    Anomaly,
    AnomalyClosing,
    Letter,
    LetterReply,
    Recording,
    Trade,
    WitnessRecord,
)
from yangguang.trading.papers import letter_number, witness_letter
from yangguang.trading.roles import Role
from yangguang.trading.witnessing import (
    ARTICLE,
    addressee,
    item_of,
    letters_to_answer,
    next_letter,
    number_of,
    open_anomaly,
    refuse_empty,
    refuse_names,
    refuse_other_way,
)
from yangguang.witness import evidence
from yangguang.witness.actor import Actor
from yangguang.witness.acts import act, lock
from yangguang.witness.guards import found_or_refuse, refuse_unless
from yangguang.witness.models import Entry, Evidence
from yangguang.witness.record import record, utc_text

SHA256 = re.compile("[0-9a-f]{64}")
LONGEST_ROOM, LONGEST_INDEX = 60, 200
LETTER_PAPER, REPLY_PAPER = "异常情况告知函", "复函"


@act("register_check", by={Role.CENTRE})
def register_check(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    item: str,
    result: str,
    note: str = "",
    file: Evidence | None = None,
) -> Entry:
    """登记查验结果: of one item of the checklist; a later one on the same item stands beside it.

    `result` is one of `WitnessRecord.Result`; 异常 needs a note. What the system records is never typed again, and what
    is answered by a note or a recording can only be 不适用 here.
    """
    found = item_of(trade, item)
    refuse_unless(
        result in WitnessRecord.Result.values,
        code="witness.result",
        reason="查验结果应为正常、异常或者不适用",
        article=ARTICLE,
        remedy="请选择查验结果。",
    )
    free = (Way.NOTE, Way.RECORDING) if result == WitnessRecord.Result.NOT_APPLICABLE else ()
    refuse_other_way(found, Way.MANUAL, *free)
    refuse_unless(
        result != WitnessRecord.Result.ABNORMAL or note.strip(),
        code="witness.note_missing",
        reason="查验结果为异常的，应写明情况",
        article=ARTICLE,
        remedy="请写明发现的情况。",
    )
    refuse_names(trade, note)
    files = [("查验材料", file)] if file else []
    entry = record(data={"item": item}, concealed={"result": result, "note": note}, files=files)
    _keep(trade, entry, actor, way=Way.MANUAL, item=item, result=result, text=note, evidence=file)
    return entry


@act("register_note", by={Role.CENTRE})
def register_note(
    trade: Trade, *, actor: Actor, at: datetime, text: str, item: str = "", file: Evidence | None = None
) -> Entry:
    """人工记事: what a witness saw or heard, on an item of the checklist or by itself."""
    if item:
        refuse_other_way(item_of(trade, item), Way.NOTE)
    refuse_empty(text)
    refuse_names(trade, text)
    files = [("记事材料", file)] if file else []
    entry = record(data={"item": item}, concealed={"text": text}, files=files)
    _keep(trade, entry, actor, way=Way.NOTE, item=item, text=text, evidence=file)
    return entry


@act("register_recording", by={Role.CENTRE})
def register_recording(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    room: str,
    starts: datetime,
    ends: datetime,
    file_index: str,
    sha256: str,
    item: str = "",
) -> Entry:
    """登记录音录像: by room, time, the index of its file and the file's SHA-256; the file stays where it is.

    The digest is public, so that the file can be checked by whoever may see it one day. Raises `Refused` for a digest
    that was registered on this trade before.
    """
    if item:
        refuse_other_way(item_of(trade, item), Way.RECORDING)
    _refuse_bad_recording(trade, room=room, starts=starts, ends=ends, file_index=file_index, sha256=sha256, at=at)
    refuse_names(trade, room, file_index)
    told = {"room": room, "from": utc_text(starts), "until": utc_text(ends), "file": file_index}
    entry = record(data={"item": item, "recording": sha256}, concealed=told)
    kept = _keep(trade, entry, actor, way=Way.RECORDING, item=item)
    Recording.objects.create(record=kept, room=room, starts=starts, ends=ends, file_index=file_index, sha256=sha256)
    return entry


@act("register_anomaly", by={Role.CENTRE})
def register_anomaly(
    trade: Trade,
    *,
    actor: Actor,
    at: datetime,
    seen: str,
    concerns: str,
    item: str = "",
    file: Evidence | None = None,
) -> Entry:
    """登记异常: what was seen, and whom it concerns (the organisation's code); it gets a number in this trade."""
    if item:
        item_of(trade, item)
    refuse_empty(seen)
    refuse_names(trade, seen)
    concerned = addressee(trade, concerns)
    number = 1 + trade.anomalies.count()
    files = [("异常材料", file)] if file else []
    told = {"seen": seen, "concerns": concerns}
    entry = record(data={"anomaly": number, "item": item}, concealed=told, files=files)
    Anomaly.objects.create(
        trade=trade,
        number=number,
        item=item,
        stage=trade.stage,
        seen=seen,
        concerns=concerned,
        evidence=file,
        person=Person.objects.get(mark=actor.person),
        at=at,
        sequence=entry.sequence,
    )
    return entry


@act("issue_letter", by={Role.CENTRE})
def issue_letter(
    trade: Trade, *, actor: Actor, at: datetime, anomaly: int, to: str, asks: str, reply_by: date, paper: SignedFile
) -> Entry:
    """发出函告: about an anomaly that is open, to one organisation, asking for a reply by a day.

    `paper` is the letter as the platform writes it (`witness_letter`), with the next number of this organ and year,
    signed by the centre. Raises `Refused` when another letter took the number meanwhile.
    """
    about, receiver, today = open_anomaly(trade, anomaly), addressee(trade, to), legal_date(at)
    refuse_empty(asks)
    refuse_names(trade, asks)
    refuse_unless(
        reply_by >= today,
        code="letter.reply_by",
        reason="回复期限早于发函之日",
        article=ARTICLE,
        remedy="请设定今天或者以后的日期。",
    )
    lock(trade.centre)  # numbers run over all trades of the centre
    number = next_letter(trade, year=today.year)
    letter = witness_letter(
        trade, anomaly=about, to=receiver, asks=asks, reply_by=reply_by, number=number, issued_on=today
    )
    refuse_unless(
        evidence.read(paper.evidence.sha256) == letter,
        code="letter.not_current",
        reason="函告的文本或者编号与系统记录不一致",
        article=ARTICLE,
        remedy="请重新生成函告后签名。",
    )
    refuse_if(check_signed(file=paper, act="issue_letter", stream=trade.stream, actor=actor, at=at, paper=LETTER_PAPER))
    entry = record(
        data={"anomaly": anomaly, "letter": letter_number(year=today.year, number=number)},
        concealed={"to": to, "asks": asks, "reply_by": reply_by.isoformat()},
        files=named_files(paper),
    )
    Letter.objects.create(
        anomaly=about,
        organ=trade.centre.code,
        year=today.year,
        number=number,
        to=receiver,
        asks=asks,
        reply_by=reply_by,
        evidence=paper.evidence,
        at=at,
        sequence=entry.sequence,
    )
    return entry


@act("reply_to_letter", by={Role.TENDERER, Role.AGENCY, Role.SUPERVISOR, Role.DISCIPLINE, Role.BIDDER})
def reply_to_letter(trade: Trade, *, actor: Actor, at: datetime, letter: str, reply: SignedFile) -> Entry:
    """回复函告: by the organisation that it went to, once and signed; `letter` is its 发文字号. Late ones say so."""
    found = found_or_refuse(
        next((one for one in letters_to_answer(trade, actor) if number_of(one) == letter), None),
        code="letter.none",
        reason="没有发给贵单位、待回复的这份函告",
        article=ARTICLE,
        remedy="请核对函告编号；已回复的函告不能重复回复。",
    )
    refuse_if(
        check_signed(file=reply, act="reply_to_letter", stream=trade.stream, actor=actor, at=at, paper=REPLY_PAPER)
    )
    late = legal_date(at) > found.reply_by
    entry = record(data={"letter": letter, "late": late}, files=named_files(reply))
    LetterReply.objects.create(letter=found, evidence=reply.evidence, at=at, sequence=entry.sequence)
    return entry


@act("close_anomaly", by={Role.CENTRE})
def close_anomaly(trade: Trade, *, actor: Actor, at: datetime, anomaly: int, conclusion: str) -> Entry:
    """异常办结: how it was settled. Raises `Refused` while a letter waits for a reply that is not overdue."""
    about = open_anomaly(trade, anomaly)
    refuse_empty(conclusion)
    refuse_names(trade, conclusion)
    refuse_unless(
        not about.letters.filter(reply__isnull=True, reply_by__gte=legal_date(at)).exists(),
        code="anomaly.letter_open",
        reason="函告的回复期限还没有到，对方尚未回复",
        article=ARTICLE,
        remedy="请在收到回复或者期限届满后办结。",
    )
    entry = record(data={"anomaly": anomaly}, concealed={"conclusion": conclusion})
    AnomalyClosing.objects.create(anomaly=about, conclusion=conclusion, at=at, sequence=entry.sequence)
    return entry


def require_letter(trade: Trade, *, actor: Actor) -> None:
    """Refuse to reply where no letter waits for the actor's organisation."""
    refuse_unless(
        letters_to_answer(trade, actor),
        code="letter.none",
        reason="没有发给贵单位、待回复的函告",
        article=ARTICLE,
        remedy="收到函告后再办理；已回复的函告不能重复回复。",
    )


def require_open_anomaly(trade: Trade) -> None:
    """Refuse to write about, or to settle, an anomaly where none is open."""
    refuse_unless(
        trade.anomalies.filter(closing__isnull=True).exists(),
        code="anomaly.none",
        reason="没有未办结的异常",
        article=ARTICLE,
        remedy="请先登记异常。",
    )


def _refuse_bad_recording(
    trade: Trade, *, room: str, starts: datetime, ends: datetime, file_index: str, sha256: str, at: datetime
) -> None:
    refuse_unless(
        _fits(room, LONGEST_ROOM) and _fits(file_index, LONGEST_INDEX),
        code="recording.place",
        reason=f"房间（不超过{LONGEST_ROOM}字）和文件索引（不超过{LONGEST_INDEX}字）都应填写",
        article=ARTICLE,
        remedy="请填写录像所在的房间和它在录像设备中的文件名或者编号。",
    )
    refuse_unless(
        starts < ends <= at,
        code="recording.times",
        reason="起止时间有误：开始应早于结束，结束不能晚于现在",
        article=ARTICLE,
        remedy="录像结束后再登记。",
    )
    refuse_unless(
        SHA256.fullmatch(sha256),
        code="recording.digest",
        reason="SHA-256 摘要应为64位小写十六进制数",
        article=ARTICLE,
        remedy="请在页面上选择文件自动计算，或者用工具计算后粘贴。",
    )
    refuse_unless(
        not Recording.objects.filter(record__trade=trade, sha256=sha256).exists(),
        code="recording.registered",
        reason="这份录音录像已经登记过",
        article=ARTICLE,
        remedy="无需重复登记。",
    )


def _fits(text: str, most: int) -> bool:
    return bool(text.strip()) and len(text) <= most


def _keep(trade: Trade, entry: Entry, actor: Actor, *, way: Way, **facts: object) -> WitnessRecord:
    return WitnessRecord.objects.create(
        trade=trade,
        way=way,
        stage=trade.stage,
        person=Person.objects.get(mark=actor.person),
        at=entry.at,
        sequence=entry.sequence,
        **facts,
    )
