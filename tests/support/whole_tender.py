"""Everybody of a tender, each at a browser of their own, doing their acts by clicking and by nothing else.

    play = Play.begin(house, people, tmp_path)
    play.now("03-02")
    play["centre"].trade().do("归档")

Python only moves the clock, makes accounts and certificates, and reads what was recorded.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from support.browser import PASSWORD, House, People, Visitor, account_of
from support.keyfiles import PASSWORD as FILE_PASSWORD
from support.keyfiles import key_file
from support.pdfs import three_pages
from support.scenes import START, beijing
from yangguang.demo.cast import Cast, build_cast
from yangguang.demo.people import Individual, Party, Signatory
from yangguang.trading.models import Trade

TITLE, LOT, OTHER_LOT = "示例中学教学楼工程", "施工一标段", "施工二标段"
PDF = {"name": "文件.pdf", "mimeType": "application/pdf", "buffer": three_pages()}
UNHURRIED_MS = 60_000  # a key is derived and a bid opened before some pages come, on a machine that is busy
PRICES = {"bidder1": "9500000", "bidder2": "9600000", "national": "9,700,000"}


@dataclass
class Person:
    """One person at one browser, with the certificate file that lies on their computer."""

    who: Signatory
    visitor: Visitor
    stream: Callable[[], str]

    @property
    def page(self) -> Page:
        """Their page."""
        return self.visitor.page

    @property
    def certificate(self) -> dict[str, Any]:
        """The file as a file chooser takes it."""
        pairs = (self.who.signing, getattr(self.who, "encryption", None))
        content = key_file(*(one for one in pairs if one))
        return {"name": "证书.p12", "mimeType": "application/x-pkcs12", "buffer": content}

    def go(self, path: str) -> "Person":
        """Open an address, as from a bookmark."""
        self.visitor.goto(path)
        return self

    def trade(self, place: str = "") -> "Person":
        """Open the trade's page or one of its places."""
        return self.go(f"/trades/{self.stream()}/{place}")

    def leave(self) -> None:
        """Go away from a live page, which would follow everything that happens later."""
        self.page.goto("about:blank")

    def follow(self, name: str | re.Pattern[str], *, inside: Locator | None = None) -> "Person":
        """Click a link, and wait for the page to which it leads."""
        with self.arriving():
            self.link(name, inside=inside).click()
        return self

    def link(self, name: str | re.Pattern[str], *, inside: Locator | None = None) -> Locator:
        """A link by its words."""
        return (inside or self.page).get_by_role("link", name=name, exact=isinstance(name, str)).first

    def find(self) -> "Person":
        """Click the lot in the list that the page shows."""
        return self.follow(TITLE, inside=self.page.get_by_role("row", name=LOT))

    def press(self, name: str, *, inside: Locator | None = None) -> None:
        """Click a button that sends a form, and wait for the page that comes then."""
        with self.arriving():
            (inside or self.page).get_by_role("button", name=name, exact=True).first.click()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Another page comes by what is done inside."""
        with self.page.expect_navigation(timeout=UNHURRIED_MS):
            yield

    def choose(self, question: str, answer: str | re.Pattern[str]) -> None:
        """Answer a question whose answers are all in sight."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_label(answer, exact=isinstance(answer, str)).first.check()

    def fill(self, **values: str) -> None:
        """Type into the fields with these labels."""
        for label, value in values.items():
            self.page.get_by_label(label).fill(value)

    def do(self, title: str, fill: Callable[[], None] | None = None) -> "Person":
        """An act with its three steps, from the page that offers it."""
        self.follow(title)
        if fill is not None:
            self.page.get_by_role("button", name="下一步：核对").wait_for()
            fill()
        self.press("下一步：核对")
        return self.confirm(title)

    def confirm(self, title: str) -> "Person":
        """Check the answers, sign what waits, and do it."""
        self.page.get_by_role("heading", name="请核对").wait_for()
        if self.page.locator("[data-sign-panel]").count():
            self.sign()
        self.press("确认办理")
        self.page.get_by_role("heading", name=f"已办理：{title}").wait_for()
        return self

    def sign(self) -> None:
        """Sign everything that waits on the page with the certificate file."""
        self.page.get_by_label("证书文件").set_input_files(self.certificate)
        self.page.get_by_label("证书密码").fill(FILE_PASSWORD)
        self.page.get_by_role("button", name="签名", exact=True).click()
        expect(self.page.locator("[data-sign-status]")).to_contain_text("已签名")

    def hold(self, panel: str) -> None:
        """Give the certificate and its password to one of the bidder's panels (`seal`, `trial`, `recovery`)."""
        self.page.set_input_files(f"#{panel}-certificate", self.certificate)
        self.page.fill(f"#{panel}-password", FILE_PASSWORD)

    def in_hall(self, act: str) -> None:
        """Do an act of the opening hall, once the live page offers it."""
        task = self.page.locator(f'[data-task^="{act}"]')
        with self.arriving():
            task.locator("button[type=submit]").click()
        self.page.get_by_text("已办理：").wait_for()

    def by_password(self) -> "Person":
        """Sign in by the form."""
        account = account_of(self.who, password=PASSWORD)
        self.go("/").follow("登录")
        self.fill(用户名=account.username)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        with self.arriving():
            self.page.locator("main").get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url("**/desk/")
        return self

    def by_certificate(self) -> "Person":
        """Sign in by signing a challenge in the page."""
        account_of(self.who)
        self.go("/").follow("登录")
        self.follow("用数字证书登录")
        self.page.get_by_label("证书文件").set_input_files(self.certificate)
        self.page.get_by_label("证书密码").fill(FILE_PASSWORD)
        with self.arriving():
            self.page.get_by_role("button", name="用证书登录").click()
        self.page.wait_for_url("**/desk/")
        return self


@dataclass
class Play:
    """The tender as it is played. People come when they are first asked for, signed in already."""

    house: House
    people: People
    cast: Cast
    national: Party
    stream: str = ""
    here: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def begin(cls, house: House, people: People, folder: Path) -> "Play":
        """The smallest lawful cast: three bidders, one of them with SM2 certificates, and eight experts."""
        cast = build_cast(START, folder=folder, bidders=2, experts=8)
        national = cast.registry.party(name="示例国密建设有限公司", algorithm="sm2", encrypts=True)
        return cls(house=house, people=people, cast=cast, national=national)

    def __getitem__(self, name: str) -> Person:
        """A person by name: `centre`, `tenderer`, `agency`, `supervisor`, `bidder1`, `national`, `seat3`…"""
        if name not in self.here:
            who = self._who(name)
            self.here[name] = self._person(who, self.people.sign_in(who))
        return self.here[name]

    def comes(self, name: str) -> Person:
        """A person who has still to sign in."""
        self.here[name] = self._person(self._who(name), self.people.stranger())
        return self.here[name]

    def anybody(self) -> Person:
        """Somebody who never signs in."""
        return self._person(self.cast.deputy, self.people.stranger())

    def _person(self, who: Signatory, visitor: Visitor) -> Person:
        return Person(who=who, visitor=visitor, stream=lambda: self.stream)

    def _who(self, name: str) -> Signatory:
        if name.startswith("seat"):
            return self._member(int(name.removeprefix("seat")))
        parties: dict[str, Signatory] = {
            "centre": self.cast.staff,
            "tenderer": self.cast.tenderer,
            "agency": self.cast.agency,
            "supervisor": self.cast.supervisor,
            "bidder1": self.cast.bidders[0],
            "bidder2": self.cast.bidders[1],
            "national": self.national,
        }
        return parties[name]

    def _member(self, seat: int) -> Individual:
        return self.cast.member(self.trade.members.get(seat=seat).person.mark)

    @property
    def bidders(self) -> list[Person]:
        """The three of them."""
        return [self[name] for name in PRICES]

    @property
    def drawers(self) -> list[Person]:
        """The parties of every draw, in the order in which they reveal."""
        return [self[name] for name in ("centre", "tenderer", "supervisor")]

    @property
    def seats(self) -> list[Person]:
        """The members of the committee; the first one chairs it."""
        return [self[f"seat{number}"] for number in range(1, 6)]

    @property
    def trade(self) -> Trade:
        """The trade as it stands in the database."""
        return Trade.objects.get(stream=self.stream)

    def now(self, day: str, clock: str = "09:00") -> None:
        """It is this moment of the year 2026 by the clock of Beijing."""
        self.house.set_clock(beijing(day, clock))
        self.house.beat(beijing(day, clock))

    def pass_deadline(self) -> None:
        """The deadline passes and the system's clock beats."""
        assert self.trade.bid_deadline is not None
        after = self.trade.bid_deadline + timedelta(seconds=3)
        self.house.set_clock(after)
        self.house.beat(after)
