"""From an outline to a paper (成文): sentences stand or drop out by their figures; nothing is invented.

A figure that must stand and cannot is printed 【待补：指标】 and blocks the paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from yangguang.ledger.models import Unit
from yangguang.reports.concerns import Concern, block, warn
from yangguang.reports.dictionary import metric_named
from yangguang.reports.figures import Figure
from yangguang.reports.gathering import Gathered, label_of, printed
from yangguang.reports.lists import MOST, Listed, plan_after, problems_in, shortfalls_in
from yangguang.reports.notes import Note
from yangguang.reports.numerals import chinese
from yangguang.reports.outline_text import WRITTEN, Sentence, Slot, Token, Word, read_sentences
from yangguang.reports.outlines import Outline, Part
from yangguang.reports.paper import (
    EvidenceAnnex,
    Heading,
    Literal,
    Missing,
    Paper,
    Paragraph,
    Table,
)
from yangguang.reports.paper.guard import DIGITS
from yangguang.reports.paper.model import Block, Run, Text, plain_text
from yangguang.reports.proofreading.finding import Level
from yangguang.reports.spans import Span
from yangguang.reports.text_checks import Said, check_about, check_among, check_claims, check_text, check_typed
from yangguang.rules.party.wording import check_all_done

PERIOD = "报告期"
NOTHING = "—"
DRAFT = "（草稿）"
STOPS = "，。；、"
COLUMNS = ("指标", "单位", "本期", "上年同期", "同比")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A paper with everything it rests on: its figures, what stands against it, and which row of the annex is whose.

    `rows` give the key of the figure behind each number of the text.
    """

    paper: Paper
    figures: tuple[Figure, ...]
    concerns: tuple[Concern, ...]
    rows: Mapping[str, str]

    @property
    def is_blocked(self) -> bool:
        """Whether something keeps it from leaving."""
        return any(one.level is Level.BLOCK for one in self.concerns)

    def as_draft(self) -> "Drafted":
        """The same with its paper marked as a draft, whatever stands against it."""
        return replace(self, paper=replace(self.paper, subtitle=DRAFT))


def draft(*, outline: Outline, unit: Unit, span: Span, as_of: date, notes: Sequence[Note] = ()) -> Drafted:
    """The paper of an outline for a unit and months, from the records that stand now.

    `notes` have been found good (`check_notes`). The paper is marked as a draft as long as something blocks it.
    """
    return _Drafter(outline, Gathered(unit=unit, span=span, as_of=as_of), notes).drafted()


@dataclass(slots=True)
class _Drafter:
    """Writes one paper."""

    outline: Outline
    gathered: Gathered
    notes: Sequence[Note]
    sources: Mapping[str, str] = field(default_factory=dict)

    def drafted(self) -> Drafted:
        gathered = self.gathered
        if gathered.as_of < gathered.span.last_day:
            gathered.note(_running(gathered))
        self.sources = self.outline.sources
        title = self._sentences(self.outline.title)
        body = _without_bare_headings(list(chain.from_iterable(self._part(part) for part in self.outline.parts)))
        paper = self._paper(title, body)
        gathered.note(*check_text(paper, answered=gathered.zeros()), *check_typed(paper, gathered.figures.values()))
        gathered.note(*check_claims(paper))
        concerns = tuple(sorted(gathered.concerns, key=lambda one: list(Level).index(one.level)))
        if any(one.level is Level.BLOCK for one in concerns):
            paper = self._paper(title, body, subtitle=DRAFT)
        rows = {row.id: row.figure.key for row in gathered.rows.values()}
        return Drafted(paper=paper, figures=tuple(gathered.figures.values()), concerns=concerns, rows=rows)

    def _paper(self, title: Text, body: Sequence[Block], *, subtitle: str = "") -> Paper:
        rows = self.gathered.annex()
        return Paper(
            title=title,
            subtitle=subtitle,
            body=tuple(body),
            issued_on=self.gathered.as_of,
            signer=tuple(cited(self.gathered.unit.name, source="单位名称")),
            annexes=(EvidenceAnnex(rows=rows),) if rows else (),
        )

    def _part(self, part: Part) -> Iterator[Block]:
        match part.directive:
            case "":
                runs = self._sentences(part.sentences)
                if plain_text(runs):
                    yield Heading(level=part.level, text=runs) if part.level else Paragraph(runs=runs)
            case "补充":
                yield from self._notes(part.words)
            case "表":
                yield self._table(part)
            case "问题":
                short = shortfalls_in(self.gathered.concerns)
                found = [*problems_in(self.gathered.unit, self.gathered.span), *short]
                yield self._list(found[:MOST], "存在的问题", part)
            case _:
                yield self._list(plan_after(self.gathered.unit, self.gathered.span), "下一步工作计划", part)

    def _notes(self, place: str) -> Iterator[Block]:
        for note in self.notes:
            if note.place == place:
                self.sources = note.sources
                yield Paragraph(runs=self._sentences(read_sentences(note.text.strip())))
        self.sources = self.outline.sources

    def _list(self, listed: Sequence[Listed], what: str, part: Part) -> Block:
        """一是……；二是……, from records; without any the place is marked and blocks."""
        if not listed:
            remedy = "请在问题清单或者任务中登记后重新生成；系统不代拟。"
            self.gathered.note(block("list.empty", what, f"没有可以写入“{what}”的记录", remedy))
            return Paragraph(runs=(part.words, Missing(metric=what)))
        runs: list[Run] = [part.words]
        for number, one in enumerate(listed, start=1):
            runs += [f"{chinese(number)}是", *cited(one.text.rstrip("。；"), source=one.source)]
            runs.append("；" if number < len(listed) else "。")
        return Paragraph(runs=tuple(runs))

    def _table(self, part: Part) -> Table:
        rows = []
        for slot in (slot for sentence in part.sentences for slot in sentence.slots):
            metric = metric_named(slot.metric)
            base, change = self.gathered.change(slot)
            now = self.gathered.usable(slot)
            rows.append(
                (
                    metric.name if metric else slot.metric,
                    slot.scale or (metric.unit if metric else ""),
                    self._cell(slot),
                    self.gathered.run(base, text=printed(base, slot)) if base and base.value else NOTHING,
                    self.gathered.run(now, text=change.text, label=f"{now.name}同比", more=base)
                    if now and change.direction and DIGITS.search(change.text)
                    else change.text,
                )
            )
        return Table(columns=COLUMNS, rows=tuple(rows), title=part.words)

    def _sentences(self, sentences: Sequence[Sentence]) -> tuple[Run, ...]:
        runs: list[Run] = []
        said: list[Said] = []
        for sentence in (one for one in sentences if self._stands(one)):
            for token in sentence.tokens:
                before = plain_text(tuple(runs))
                runs += self._with_evidence(self._token(token), sentence)
                if isinstance(token, Slot) and token.is_number and (figure := self.gathered.usable(token)):
                    end = len(plain_text(tuple(runs)))
                    said.append(Said(figure=figure, start=len(before), end=end, about=token.about, scale=token.scale))
        text = plain_text(tuple(runs))
        self.gathered.note(*check_among(text, said), *check_about(text, said))
        return _ended(runs)

    def _stands(self, sentence: Sentence) -> bool:
        if sentence.zero and not self._is_signed_zero(Slot(sentence.zero)):
            return False
        if sentence.done and not self._is_all_done(sentence):
            return False
        if not sentence.is_optional:
            return True
        said = [token for token in sentence.tokens if isinstance(token, Slot)]
        figures = [self.gathered.figure(slot) for slot in said]
        return all(one is not None and (bool(one.value) or one.is_masked) for one in figures)

    def _is_all_done(self, sentence: Sentence) -> bool:
        done, whole = (self.gathered.figure(Slot(one)) for one in (sentence.done, sentence.whole))
        if done is None or whole is None or done.value is None or whole.value is None:
            return False
        return not check_all_done(done=int(done.value), total=int(whole.value))

    def _is_signed_zero(self, slot: Slot) -> bool:
        figure = self.gathered.figure(slot)
        if figure is None or figure.value is None or figure.value:
            return False
        if self.gathered.is_zero_signed(slot):
            return True
        self.gathered.note(
            warn(
                "figure.unsigned_zero",
                figure.name,
                "报告期内没有记录，但台账没有签核，零报告的句子没有写入",
                "请由责任人签核该台账的全部期间；签核后才能写“零”或者“未发现”。",
            )
        )
        return False

    def _token(self, token: Token) -> list[Run]:
        if isinstance(token, str):
            return self._declared(token)
        if isinstance(token, Word):
            return list(cited(self._word(token.name), source=PERIOD if token.name != "单位" else "单位名称"))
        match token.form:
            case "change":
                return [self._change(token)]
            case "titles":
                return self._titles(token)
            case _:
                return [self._number(token)]

    def _with_evidence(self, runs: list[Run], sentence: Sentence) -> list[Run]:
        """The words of a sentence that rests on a figure it does not print, with that figure's row in the annex.

        So the annex says who answered for a zero, and which records closed what is all done. Full stops stay outside.
        """
        figure = self.gathered.figure(Slot(sentence.zero or sentence.done)) if sentence.zero or sentence.done else None
        if figure is None:
            return runs
        said: list[Run] = []
        for run in runs:
            if isinstance(run, str) and (words := run.rstrip(STOPS)):
                remark = f"共{figure.text}{figure.unit}，全部办结" if sentence.done else ""
                said += [self.gathered.run(figure, text=words, remark=remark), run[len(words) :]]
            else:
                said.append(run)
        return said

    def _declared(self, text: str) -> list[Run]:
        """Text with the typed numbers whose sources are declared."""
        runs: list[Run] = []
        end = 0
        for found in WRITTEN.finditer(text):
            if found[0] in self.sources:
                runs += [text[end : found.start()], Literal(text=found[0], source=self.sources[found[0]])]
                end = found.end()
        return [run for run in (*runs, text[end:]) if run]

    def _word(self, name: str) -> str:
        span = self.gathered.span
        return {
            "本年": str(span.year), "下年": str(span.year + 1), "上年": str(span.year - 1), "期间": span.name,
            "上年同期": span.before.name, "单位": self.gathered.unit.name, "下一期间": _next_name(span),
        }[name]  # fmt: skip

    def _number(self, slot: Slot) -> Run:
        figure = self.gathered.usable(slot)
        if figure is None:
            return self._missing(slot)
        text, exact = printed(figure, slot), printed(figure, replace(slot, form=slot.scale))
        remark = f"准确数{figure.text}{figure.unit}" if text != exact else ""
        return self.gathered.run(figure, text=text, remark=remark)

    def _cell(self, slot: Slot) -> Run:
        """A number of a table; a kind of which there was nothing has a dash there, which says no zero."""
        figure = self.gathered.figure(slot)
        nothing = figure is not None and figure.value == 0 and not self.gathered.is_zero_signed(slot)
        return NOTHING if nothing else self._number(slot)

    def _missing(self, slot: Slot) -> Missing:
        if concern := self.gathered.why_empty(slot):
            self.gathered.note(concern)
        metric = metric_named(slot.metric)
        return Missing(metric=metric.name if metric else slot.metric)

    def _change(self, slot: Slot) -> Run:
        base, change = self.gathered.change(slot)
        now = self.gathered.usable(slot)
        if now is None:
            return self._missing(slot)
        if not DIGITS.search(change.text):
            return change.text
        return self.gathered.run(now, text=change.text, label=f"{label_of(now)}同比", more=base)

    def _titles(self, slot: Slot) -> list[Run]:
        figure = self.gathered.usable(slot)
        if figure is None or not figure.titles:
            return [self._missing(slot)]
        text = "".join(one if one.startswith("《") else f"《{one}》" for one in figure.titles)
        return list(cited(text, source=f"{figure.name}的记录"))


def cited(text: str, *, source: str) -> tuple[Run, ...]:
    """A text of the records as runs: its numbers are literals whose source is the record."""
    runs: list[Run] = []
    end = 0
    for found in DIGITS.finditer(text):
        runs += [text[end : found.start()], Literal(text=found[0], source=source)]
        end = found.end()
    return tuple(run for run in (*runs, text[end:]) if run)


def _ended(runs: Sequence[Run]) -> tuple[Run, ...]:
    """A paragraph whose last sentence dropped out still ends in a full stop."""
    if runs and isinstance(runs[-1], str) and runs[-1].endswith(("，", "；", "、")):
        return (*runs[:-1], runs[-1][:-1] + "。")
    return tuple(runs)


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    """Headings under which nothing is left fall away; from the end, so that their own headings fall too."""
    kept: list[Block] = []
    for one in reversed(blocks):
        below = kept[-1] if kept else None
        if (
            isinstance(one, Heading)
            and not one.runs
            and (below is None or (isinstance(below, Heading) and below.level <= one.level))
        ):
            continue
        kept.append(one)
    return kept[::-1]


def _next_name(span: Span) -> str:
    match (span.first, span.last):
        case (1, 6):
            return "下半年"
        case _:
            return f"{span.year + 1}年" if span.last == 12 else "下一阶段"  # noqa: PLR2004


def _running(gathered: Gathered) -> Concern:
    return warn(
        "period.running",
        gathered.span.name,
        f"报告期到{gathered.span.last_day.isoformat()}才结束，同比不能计算",
        "期满后重新生成；或者把报告期写成已经过去的月份，如 1—11月。",
    )
