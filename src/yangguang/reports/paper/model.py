"""What an official paper says (公文的内容), before anything is known of its looks.

A text is one run, mostly a plain string, or several runs when parts of it need saying where they come from. Every
Arabic digit must come from somewhere: from a figure with its row in the evidence annex (`FigureRun`), or from a source
that is named (`Literal`: a year, a document number such as 〔2023〕). `undeclared_digits` finds the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRun:
    """A number as printed, with the evidence it comes from: `figure` names a row of an evidence annex."""

    text: str
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A number that is no figure, with its `source`: a year, a date, a document number, an article of law."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """待补: a place where the records give nothing (or are masked); prints 【待补：metric】."""

    metric: str

    @property
    def text(self) -> str:
        """What is printed."""
        return f"【待补：{self.metric}】"


Run = str | FigureRun | Literal | Missing
Text = Run | tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """层次标题: `level` 1 to 4; its ordinal (一、（一）1.（1）) is given by its place, never typed.

    `runs` is text that goes on in the same paragraph, as is usual below the first level.
    """

    level: int
    text: Text
    runs: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """自然段: one paragraph of the body."""

    runs: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """表格: a grid with a header row, repeated on each page; `title` stands above it."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    title: Text = ""


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """佐证: where one number of the text comes from.

    `figure` is what runs refer to: letters, digits and underscores, at most 32. `text` is the number exactly as the
    paper prints it. `records` are ids or short titles; `record_count` counts all of them, so it may be larger than
    the number listed. `digest` is that of the frozen figure, in hexadecimal. `remark` is what the records alone do
    not tell: who answered for a zero, and when.
    """

    figure: str
    text: str
    metric: str
    version: str
    period: str
    record_count: int
    records: tuple[str, ...] = ()
    digest: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAnnex:
    """数据来源与佐证: the annex in which every figure of the text has its row."""

    rows: tuple[Evidence, ...]
    title: str = "数据来源与佐证"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingReport:
    """报告: how a summary (总结), which is no genre of its own, is handed up; the paper's title names the report.

    Genres: 党政机关公文处理工作条例第八条.
    """

    recipients: Text
    closing: Text = "特此报告。"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingNotice:
    """通知: how a summary is handed down. The notice has its own title and text; the paper follows on a new page."""

    title: Text
    recipients: Text
    text: tuple[Paragraph, ...]
    closing: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """公文: the whole paper. Without a `carrier` it is bare, as a summary read out or filed.

    `issued_on` (成文日期) is printed in full without leading zeros. `stamped`: a seal will be put on it (7.3.5.1),
    which needs another place for name and date.
    """

    title: Text
    body: tuple[Block, ...]
    signer: Text
    issued_on: date
    subtitle: Text = ""
    annexes: tuple[EvidenceAnnex, ...] = ()
    carrier: CarryingReport | CarryingNotice | None = None
    stamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A text of a paper and where it stands, in Chinese for messages."""

    where: str
    text: Text = field(compare=False)


def runs_of(text: Text) -> tuple[Run, ...]:
    """The runs of a text, whichever way it was given; empty ones are left out."""
    runs = text if isinstance(text, tuple) else (text,)
    return tuple(run for run in runs if run != "")


def run_text(run: Run) -> str:
    """What a run prints."""
    return run if isinstance(run, str) else run.text


def plain_text(text: Text) -> str:
    """What a text prints."""
    return "".join(run_text(run) for run in runs_of(text))


def places(paper: Paper) -> Iterator[Place]:
    """Every text of a paper in printed order, the system's own (ordinals, date, annex) left out."""
    carrier = paper.carrier
    if isinstance(carrier, CarryingNotice):
        yield Place(where="通知标题", text=carrier.title)
        yield Place(where="主送机关", text=carrier.recipients)
        for paragraph in carrier.text:
            yield Place(where="通知正文", text=paragraph.runs)
        yield Place(where="通知结语", text=carrier.closing)
    yield Place(where="标题", text=paper.title)
    yield Place(where="副标题", text=paper.subtitle)
    if isinstance(carrier, CarryingReport):
        yield Place(where="主送机关", text=carrier.recipients)
    for number, block in enumerate(paper.body, start=1):
        yield from _block_places(block, where=f"正文第{number}块")
    if isinstance(carrier, CarryingReport):
        yield Place(where="结语", text=carrier.closing)
    yield Place(where="发文机关署名", text=paper.signer)


def _block_places(block: Block, *, where: str) -> Iterator[Place]:
    if isinstance(block, Heading):
        yield Place(where=f"{where}（标题）", text=block.text)
        yield Place(where=where, text=block.runs)
    elif isinstance(block, Paragraph):
        yield Place(where=where, text=block.runs)
    else:
        yield Place(where=f"{where}（表题）", text=block.title)
        for row in (block.columns, *block.rows):
            for cell in row:
                yield Place(where=f"{where}（表格）", text=cell)
