"""What is checked before a paper is written (成文前的检查): every digit has a source, every figure its evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from yangguang.reports.paper.model import (
    CarryingReport,
    Evidence,
    FigureRun,
    Heading,
    Literal,
    Missing,
    Paper,
    Place,
    Run,
    Table,
    places,
    plain_text,
    runs_of,
)
from yangguang.rules.refusal import Refusal

DIGITS = re.compile(r"[\d①-⒛⓪-⓿❶-➓]+(?:[.,．，:：/／]\d+)*[%％‰]?")  # full-width and circled ones too
UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # XML 1.0, Char
FIGURE_ID = re.compile(r"[A-Za-z0-9_]{1,32}")
ORDINAL = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])")
ASKING = re.compile(r"请示|批复|妥否|当否|可否|请[^。]{0,6}(?:批准|审批|审定|批示)")
PLATFORM = "平台规则：数字可追溯"
LEVELS = range(1, 5)
COLUMNS = range(1, 13)
MOST_HEADINGS = 99  # ordinals are written up to 九十九


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeclaredDigits:
    """A number somebody typed: where it stands, the number, and the text around it."""

    where: str
    digits: str
    context: str


def undeclared_digits(paper: Paper) -> list[UndeclaredDigits]:
    """Every number in the paper's texts that is neither a figure nor a literal with a source, in printed order."""
    return [found for place in places(paper) for run in runs_of(place.text) for found in _typed(place.where, run)]


def missing_metrics(paper: Paper) -> list[str]:
    """The metrics for which the paper prints 【待补】, in printed order; a paper may be issued when there is none."""
    return [run.metric for _, run in _runs(paper) if isinstance(run, Missing)]


def cited_literals(paper: Paper) -> list[Literal]:
    """The literals of a paper, each once, in printed order."""
    return list(dict.fromkeys(run for _, run in _runs(paper) if isinstance(run, Literal)))


def check_paper(paper: Paper) -> list[Refusal]:
    """Every reason why a paper may not be written; none when it may.

    Levels and their order: GB/T 9704-2012 7.3.3. A report asks for nothing: 党政机关公文处理工作条例第十五条.
    """
    checks = (_digits, _sources, _figures, _annexes, _levels, _form, _characters)
    return list(chain.from_iterable(check(paper) for check in checks))


def evidence_of(paper: Paper) -> dict[str, Evidence]:
    """The rows of all evidence annexes by figure."""
    return {row.figure: row for annex in paper.annexes for row in annex.rows}


def _runs(paper: Paper) -> Iterator[tuple[Place, Run]]:
    return ((place, run) for place in places(paper) for run in runs_of(place.text))


def _typed(where: str, run: Run) -> Iterator[UndeclaredDigits]:
    if isinstance(run, str):
        for found in DIGITS.finditer(run):
            context = run[max(0, found.start() - 8) : found.end() + 8]
            yield UndeclaredDigits(where=where, digits=found[0], context=context)


def _digits(paper: Paper) -> Iterator[Refusal]:
    for found in undeclared_digits(paper):
        yield Refusal(
            code="paper.digits.undeclared",
            reason=f"{found.where}里的数字“{found.digits}”（…{found.context}…）是手工键入的，没有出处",
            article=PLATFORM,
            remedy="改用指标取数；确非统计数字（年份、文号、条款号等）的，登记为固定数字并注明出处。",
        )


def _sources(paper: Paper) -> Iterator[Refusal]:
    for literal in cited_literals(paper):
        if not literal.source.strip():
            yield Refusal(
                code="paper.literal.without_source",
                reason=f"固定数字“{literal.text}”没有注明出处",
                article=PLATFORM,
                remedy="写明它从哪里来，例如“报告期”“文号”“法律条款”。",
            )


def _figures(paper: Paper) -> Iterator[Refusal]:
    known = evidence_of(paper)
    for place, run in _runs(paper):
        if not isinstance(run, FigureRun):
            continue
        row = known.get(run.figure)
        if row is None:
            reason = f"{place.where}里的数字“{run.text}”在佐证附件中没有对应的行（编号 {run.figure}）"
            yield _refusal("paper.figure.without_evidence", reason, "把该数字的指标、期间和记录列入佐证附件。")
        elif row.text != run.text:
            reason = f"{place.where}里的数字“{run.text}”与佐证附件中的“{row.text}”不一致（{row.metric}）"
            yield _refusal("paper.figure.two_values", reason, "同一指标同一期间只能有一个数，请重新取数。")


def _annexes(paper: Paper) -> Iterator[Refusal]:
    rows = [row for annex in paper.annexes for row in annex.rows]
    for row in rows:
        if not FIGURE_ID.fullmatch(row.figure):
            reason = f"佐证编号“{row.figure}”不能用作书签"
            yield _refusal("paper.figure.id", reason, "编号只用字母、数字和下划线，不超过32个。")
        if row.record_count < len(row.records):
            reason = f"“{row.metric}”列出{len(row.records)}条记录，却写明共{row.record_count}条"
            yield _refusal("paper.evidence.count", reason, "核对记录数。")
    names = [row.figure.lower() for row in rows]  # Word holds bookmarks apart regardless of case
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _refusal("paper.figure.twice", f"佐证编号“{name}”用了两次", "每个数字一个编号。")


def _levels(paper: Paper) -> Iterator[Refusal]:
    headings = [block for block in paper.body if isinstance(block, Heading)]
    if len(headings) > MOST_HEADINGS:
        reason = f"有{len(headings)}个层次标题，最多{MOST_HEADINGS}个"
        yield _refusal("paper.heading.many", reason, "合并标题，或者拆成几份文件。")
    for block in headings:
        text = plain_text(block.text)
        if block.level not in LEVELS:
            reason = f"层次标题“{text}”是第{block.level}层"
            yield _refusal("paper.heading.level", reason, "结构层次只有四层。", article="GB/T 9704-2012 7.3.3")
        if not text.strip():
            yield _refusal("paper.heading.empty", "有一个层次标题没有文字", "写明标题，或者删去。")
        if ORDINAL.match(text):
            reason = f"层次标题“{text}”自带序数"
            yield _refusal("paper.heading.ordinal", reason, "删去序数，序数由系统按层次编排，不会跳号。")


def _form(paper: Paper) -> Iterator[Refusal]:
    for name, text in (("标题", paper.title), ("发文机关署名", paper.signer)):
        if not plain_text(text).strip():
            yield _refusal("paper.form.empty", f"没有{name}", f"填写{name}。", article="GB/T 9704-2012 7.3")
    for table in (block for block in paper.body if isinstance(block, Table)):
        title = plain_text(table.title) or "未命名"
        if {len(row) for row in table.rows} - {len(table.columns)}:
            yield _refusal("paper.table.ragged", f"表格“{title}”有的行与表头列数不同", "补齐或者删去多出的单元格。")
        if len(table.columns) not in COLUMNS:
            reason = f"表格“{title}”有{len(table.columns)}列，竖排的一页只排得下1至12列"
            yield _refusal("paper.table.columns", reason, "拆成几个表。")
    if isinstance(paper.carrier, CarryingReport) and ASKING.search(plain_text(paper.carrier.closing)):
        yield _refusal(
            "paper.report.asks",
            f"报告的结语“{plain_text(paper.carrier.closing)}”夹带请示事项",
            "删去请示事项，另行请示。",
            article="党政机关公文处理工作条例第十五条第四项",
        )


def _characters(paper: Paper) -> Iterator[Refusal]:
    """Control characters, as copied from other programs, would make a file that no program opens."""
    texts = [(place.where, plain_text(place.text)) for place in places(paper)]
    for annex in paper.annexes:
        texts.append(("附件标题", annex.title))
        for row in annex.rows:
            texts.append((f"佐证“{row.figure}”", f"{row.text}{row.metric}{row.version}{row.period}{row.digest}"))
            texts.append((f"佐证“{row.figure}”的记录", "".join(row.records)))
    for where in dict.fromkeys(where for where, text in texts if UNPRINTABLE.search(text)):
        yield _refusal("paper.text.unprintable", f"{where}里有不能打印的控制字符", "删去后重新输入这段文字。")


def _refusal(code: str, reason: str, remedy: str, *, article: str = PLATFORM) -> Refusal:
    return Refusal(code=code, reason=reason, article=article, remedy=remedy)
