"""The demonstration's party work: a year of records, two reports with their checks, and who can sign in to see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from yangguang.cli.report_making import concern_lines
from yangguang.cli.screen import Screen

if TYPE_CHECKING:
    from yangguang.demo.year.people import Centre
    from yangguang.parties.models import Person
    from yangguang.reports.concerns import Concern
    from yangguang.reports.models import Report

REPORTS = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the centre who signs in with a password alone."""

    person: "Person"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRole:
    """Whom one can be in the party pages: the name to sign in with, what to call them, and who they are."""

    username: str
    title: str
    who: Colleague


def load(screen: Screen) -> "Centre":
    """The year 2023, played before the tender: the log's moments never go back."""
    from yangguang.demo.year.loading import load_year

    with screen.busy("一年的党建、廉政和交易记录"):
        return load_year()


def party_roles(centre: "Centre") -> Iterator[PartyRole]:
    """The five people whose pages differ."""
    for username, title, called in (
        ("secretary", "支部书记", "书记"),
        ("worker", "党务工作者", "党务工作者"),
        ("member", "党员", "青年组长"),
        ("inspector", "支部纪检委员", "纪检委员"),
        ("leader", "中心领导", "示例丙寅"),
    ):
        person = centre.person(called)
        yield PartyRole(username=username, title=f"{title} {person.name}", who=Colleague(person=person))


def show_year(screen: Screen, centre: "Centre", home: Path) -> None:
    """What the year holds, and its two reports written as .docx, each with what stands against it."""
    from yangguang.demo.year.issuing import issued
    from yangguang.ledger.models import Attendance, Record

    folder = home / REPORTS
    folder.mkdir(mode=0o700)
    screen.say()
    screen.say(f"[bold]{centre.root.name}的2023年[/bold]  党建、廉政、任务和交易结果，登记一次，各处取数")
    records, rows = Record.objects.count(), Attendance.objects.count()
    screen.say(f"  [green]✔[/green] 记录{records}条，点名{rows}人次；填报一次，没有第二次录入")
    reports = issued()
    for report, state in ((reports.half_year, "已由书记确认、印发"), (reports.year, "草稿，等书记确认")):
        _show_report(screen, report, state, folder)


def _show_report(screen: Screen, report: "Report", state: str, folder: Path) -> None:
    """One report: written as it was locked or, while it is open, as its records stand; with its own concerns."""
    from yangguang.reports.concerns import Concern
    from yangguang.reports.current import drafted_today
    from yangguang.reports.outlines import outline_named
    from yangguang.reports.paper import paper_bytes
    from yangguang.reports.spans import read_span
    from yangguang.rules.calendar import legal_date
    from yangguang.witness import evidence

    outline = outline_named(report.outline)
    assert outline is not None  # noqa: S101 - it was drafted by this outline
    place = folder / f"{outline.name}-{report.period}.docx"
    if report.paper:
        place.write_bytes(evidence.read(report.paper.sha256))
    else:
        place.write_bytes(paper_bytes(paper=drafted_today(report, as_of=legal_date(report.drafted_at)).paper))
    concerns = tuple(Concern.from_json(one) for one in report.concerns)
    name = f"{outline.name}（{read_span(report.period).name}，{state}）"
    screen.say(f"  [green]✔[/green] {name}：{_counts(len(report.figures), concerns)}  {escape(str(place))}")
    for line in concern_lines(concerns):
        screen.say(f"      [yellow]{escape(line.strip())}[/yellow]")


def _counts(figures: int, concerns: "tuple[Concern, ...]") -> str:
    """How many figures stand behind the paper, and how many concerns of each level there are."""
    from yangguang.reports.proofreading import Level

    found = [f"{level}{count}条" for level in Level if (count := sum(one.level is level for one in concerns))]
    return f"取数{figures}个，检查意见：{'，'.join(found) or '无'}"
