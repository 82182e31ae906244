"""What makes the demonstration a house to walk into: live tenders, an account and a certificate file for everybody."""

import secrets
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yangguang.cli.screen import Screen, plain_table
from yangguang.cli.serve import listening, serve

if TYPE_CHECKING:
    from yangguang.cli.demo_year import PartyRole
    from yangguang.demo.cast import Cast
    from yangguang.demo.live import Played
    from yangguang.demo.people import Signatory
    from yangguang.web.demo_mode import DemoAccount

CERTIFICATES = "certificates"
PORT = 8000
COLUMNS = (("身份", "fold"), ("用户名", "left"), ("密码", "left"), ("证书文件", "left"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """Somebody of the cast: the name to sign in with, what to call them, and who they are."""

    username: str
    title: str
    who: "Signatory"


def make_live(
    home: Path, cast: "Cast", *, now: datetime, colleagues: "Iterable[PartyRole]" = ()
) -> list["DemoAccount"]:
    """Play the live tenders, give everybody an account and a certificate file, and switch demo mode on.

    `colleagues` do party work: they have accounts, and nothing to sign with.
    """
    from yangguang.demo.live import play_live
    from yangguang.web import demo_mode

    played = play_live(cast, folder=home / "bidders", now=now)
    roles = [*offices(cast), *bidders(cast), *evaluators(cast, played)]
    people: list[Role | PartyRole] = [*roles, *colleagues]
    password = f"demo-{secrets.token_hex(3)}"
    make_accounts(people, password=password)
    write_certificates(roles, home / CERTIFICATES, password=password)
    given = [demo_mode.DemoAccount(username=one.username, title=one.title, password=password) for one in people]
    demo_mode.begin(given=given)
    return given


def offices(cast: "Cast") -> Iterator[Role]:
    """Those who run and watch the tenders."""
    yield Role(username="centre", title="交易中心工作人员", who=cast.staff)
    yield Role(username="tenderer", title="招标人经办人", who=cast.tenderer)
    yield Role(username="agency", title="招标代理经办人", who=cast.agency)
    yield Role(username="supervisor", title="行政监督人员", who=cast.supervisor)
    yield Role(username="discipline", title="纪检监察人员", who=cast.inspector)


def bidders(cast: "Cast") -> Iterator[Role]:
    """The bidders by their numbers."""
    for number, bidder in enumerate(cast.bidders, start=1):
        yield Role(username=f"bidder{number}", title=f"投标人 {bidder.name}", who=bidder)


def evaluators(cast: "Cast", played: list["Played"]) -> Iterator[Role]:
    """The experts by their numbers and the tenderer's representative; who sits in the live evaluation is told."""
    from yangguang.trading.stages import Stage

    trade = next(one.story.trade for one in played if one.story.trade.stage == Stage.REVIEWING)
    seats = dict(trade.members.values_list("person__mark", "seat"))

    def title(mark: str, name: str) -> str:
        return f"{name}（正在评标，{seats[mark]}号席位）" if mark in seats else name

    for number, (mark, expert) in enumerate(cast.experts.items(), start=1):
        yield Role(username=f"expert{number}", title=title(mark, f"评标专家{number}"), who=expert)
    mark = cast.representative.person.mark
    yield Role(username="representative", title=title(mark, "招标人代表"), who=cast.representative)
    yield Role(username="deputy", title="招标人代表（更换时的人选）", who=cast.deputy)


def make_accounts(roles: "Sequence[Role | PartyRole]", *, password: str) -> None:
    """One account a person; the same password is hashed once."""
    from django.contrib.auth.hashers import make_password

    from yangguang.web.accounts.models import Account

    hashed = make_password(password)
    Account.objects.bulk_create(Account(username=one.username, person=one.who.person, password=hashed) for one in roles)


def write_certificates(roles: list[Role], folder: Path, *, password: str) -> None:
    """A .p12 for each: the signing pair, and for bidders the encryption pair with it (双证书)."""
    from yangguang.proof.pkcs12 import write_pkcs12

    folder.mkdir(mode=0o700)
    for one in roles:
        pairs = [one.who.signing, getattr(one.who, "encryption", None)]
        file = write_pkcs12([(pair.key, pair.certificate) for pair in pairs if pair], password=password)
        (folder / f"{one.username}.p12").write_bytes(file)


def show_accounts(screen: Screen, accounts: list["DemoAccount"], home: Path) -> None:
    """The table of who can sign in, and with which certificate file where they have one."""
    table = plain_table(title="演示账户（证书文件的密码相同）", columns=COLUMNS)
    for one in accounts:
        file = Path(CERTIFICATES, f"{one.username}.p12")
        table.add_row(one.title, one.username, one.password, str(file) if (home / file).is_file() else "—")
    screen.say()
    screen.show(table)


def serve_demo(screen: Screen) -> None:
    """Serve the house until Ctrl-C, on the usual port or, when that is taken, on a free one."""

    def ready(address: str) -> None:
        screen.say(f"[bold green]现在打开 {address}[/bold green]  登录，或在“演示环境”一栏切换身份；Ctrl-C 停止")

    serve(listening("127.0.0.1", PORT if _is_free(PORT) else 0), ready=ready)
    click.echo("已停止，记录都保留着。")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
