"""函告、通报、回复 as official papers: title, number, addressee, text, closing words and signature, from the record."""

from collections.abc import Iterator

from yangguang.ledger.models import Record
from yangguang.ledger.numbering import number_of
from yangguang.reports.paper import CarryingReport, Literal, Paper, Paragraph
from yangguang.reports.paper.signature import written_date

# By register: what the paper is called in its title, how it closes, what it asks for until a day.
GENRES = {
    "letter": ("函", "特此函告。", "请于{day}前书面回复。"),
    "bulletin": ("通报", "特此通报。", "请于{day}前报送整改情况。"),
    "reply": ("复函", "特此函复。", ""),
}
RECORD = "台账记录"


def letter_paper(record: Record) -> Paper:
    """The paper of a letter that goes out (党政机关公文处理工作条例第八条: 函、通报); a seal will be put on it.

    `record` is one of 函告, 通报 or 回复, drafted or sent.
    """
    _, closing, _ = GENRES[record.register]
    return Paper(
        title=_typed(title_of(record)), subtitle=Literal(text=number_of(record), source="发文字号"),
        body=tuple(Paragraph(runs=line) for line in _lines(record)), signer=record.unit.name, issued_on=record.day,
        carrier=CarryingReport(recipients=_typed(str(record.fields.get("to", ""))), closing=closing), stamped=True,
    )  # fmt: skip


def title_of(record: Record) -> str:
    """关于……的函: the title from what the letter is about, with the genre of its kind; one that is whole stays."""
    genre, _, _ = GENRES[record.register]
    genre = record.kind if record.kind not in {"", "函告"} else genre
    return record.title if record.title.startswith("关于") else f"关于{record.title}的{genre}"


def _lines(record: Record) -> Iterator[str | Literal]:
    """The paragraphs: which letter it answers, what was typed, until when an answer is asked for."""
    if record.parent is not None:
        yield _typed(f"《{title_of(record.parent)}》（{number_of(record.parent)}）收悉。现函复如下：")
    typed = str(record.fields.get("content") or record.fields.get("asks") or "")
    yield from (_typed(line.strip()) for line in typed.splitlines() if line.strip())
    _, _, asked = GENRES[record.register]
    if record.due_on is not None and asked:
        yield _typed(asked.format(day=written_date(record.due_on)))


def _typed(text: str) -> Literal:
    """Words of a person, with whatever numbers they wrote."""
    return Literal(text=text, source=RECORD)
