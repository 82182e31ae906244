"""`yangguang systems`: the 85 systems of a centre's work, each with its state, its page and the test that proves it.

The list is data (`data/systems.csv`). A page is the name of an address, with the register where one page serves many
(`party-register:risk`); a test is named as pytest names it. A system works only with both, and tests see to that.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

import click

WORKS, PLANNED = "works", "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """业务系统: one row of the list."""

    id: str
    name: str
    state: str
    page: str
    test: str


def systems() -> tuple[System, ...]:
    """Every system, in the order of the list."""
    text = files("yangguang.cli").joinpath("data", "systems.csv").read_text(encoding="utf-8")
    return tuple(System(**row) for row in csv.DictReader(text.splitlines()))


@click.command()
@click.option("--state", type=click.Choice([WORKS, PLANNED]), help="只列可用的或者计划中的。")
@click.option("--group", default="", help="只列一个分组，如 E。")
def command(*, state: str | None, group: str) -> None:
    """列出85个业务系统：编号、名称、状态、页面和证明它的测试。"""
    shown = [one for one in systems() if state in {None, one.state} and one.id.startswith(group)]
    for one in shown:
        click.echo(f"{one.id}\t{one.name}\t{one.state}\t{one.page}\t{one.test}".rstrip())
    click.echo(f"共{len(shown)}个，可用{sum(1 for one in shown if one.state == WORKS)}个。", err=True)
