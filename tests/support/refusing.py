"""Playing refusals through the pages: who does what where, which refusal answers, and that nothing else happened.

A `Play` names the refusal's code, where the trade stands, who comes, and `how`: the way through the pages, which ends
with the answer that refuses. What stood before that last request must stand after it.
"""

import ast
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from support.act_pages import Desk, draft_pass, errors, hidden
from support.scenes import Scene
from support.stages import trade_at
from yangguang.proof.broken import GROUNDS
from yangguang.proof.signatures import sign
from yangguang.web.drafts.models import Draft
from yangguang.witness.models import Entry, SealedEntry, SecurityEvent

SOURCE = Path(__file__).resolve().parents[2] / "src/yangguang"
PARTY = ("ledger/", "branch/", "oversight/", "reports/", "exchange/", "rules/party/", "web/party/")
# A law with its article, a norm that is cited as a whole, or a rule of our own that says what it is about.
GROUND = re.compile(
    r"(平台规则：.+|.*(法|条例|办法|规定|规则|通知|令|民法典)(（[^）]+）)?(第.+[条项款])?(（默认值，可更正）)?([；、].+)?)"
)
BEFORE_THE_ACT = ("draft.", "signature.missing", "contract.not_countersigned")  # the act was not asked


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as a page shows it."""

    code: str
    reason: str
    article: str
    remedy: str


def told(answer: Any) -> dict[str, Told]:
    """Every refusal on a page, or in the JSON of an upload, by its code."""
    text = answer.content.decode()
    if answer.headers["Content-Type"].startswith("application/json"):
        return {one["code"]: Told(**one) for one in json.loads(text).get("refusals", ())}
    shown = r'data-code="([^"]+)"><strong>(?:提示：)?(.*?)</strong><br>依据：(.*?)<br>怎么办：(.*?)</(?:li|div)>'
    return {found[0]: Told(*map(html.unescape, found)) for found in re.findall(shown, text, re.DOTALL)}


class Player(Desk):
    """Somebody who is going to be refused. `before` is how things stood at the last request."""

    before: tuple[Any, ...] = ()
    noted = 0

    def ask(self, address: str, data: Any = None, **how: Any) -> Any:
        """One request, GET without data."""
        self.before, self.noted = standing(self.scene), SecurityEvent.objects.count()
        with self.now():
            return self.client.get(address) if data is None else self.client.post(address, data, **how)

    def get(self, address: str) -> Any:
        """Look at a page."""
        return self.ask(address)

    def open(self, act: str) -> Any:
        """The first page of an act."""
        return self.ask(self.address(act))


def standing(scene: Scene) -> tuple[Any, ...]:
    """The stage and the clocks of the trade, and how many entries both logs have."""
    trade = scene.trade
    clocks = (trade.bid_deadline, trade.decryption_until, trade.publicity_until)
    return (trade.stage, *clocks, Entry.objects.count(), SealedEntry.objects.count())


Way = Callable[[Player], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One refusal, played. `when` is the moment, if it is not the one at which the trade came to `point`."""

    code: str
    point: str
    by: str
    how: Way
    when: datetime | None = None
    before: Callable[[Scene], Any] = field(default=lambda _: None)

    def __str__(self) -> str:
        """How the test is called."""
        return f"{self.code}-{self.by}-{self.point}"

    def ready(self) -> Player:
        """The player in front of the pages."""
        scene = trade_at(self.point)
        self.before(scene)
        scene.at = self.when or scene.at
        return Player(scene, self.by)


def act(
    name: str,
    data: Callable[[Scene], dict[str, Any]] = lambda _: {},
    *,
    meanwhile: Callable[[Scene], Any] | None = None,
    signs: Callable[[Player, Any], str] | None = None,
) -> Way:
    """The three steps of an act page until one of them refuses; what was filled in must be kept.

    `meanwhile` happens between the second and the third step, `signs` makes other signatures than the right ones.
    """

    def play(player: Player) -> Any:
        page = player.open(name)
        if page.status_code != 200:
            return page
        given = data(player.scene)
        filled = player.ask(player.address(name), {"draft_pass": draft_pass(page), **given})
        if filled.status_code != 302:
            return filled
        check = player.get(filled["Location"])
        if meanwhile is not None:
            meanwhile(player.scene)
        signatures = signs(player, check) if signs else json.dumps(player.signatures(check))
        refused = player.ask(filled["Location"], {"version": hidden(check, "version"), "signatures": signatures})
        assert refused.status_code != 302, "the act was done"
        keeps(given)
        codes = told(refused)
        if not any(code.startswith(BEFORE_THE_ACT) for code in codes):
            noted(player, set(codes))
        return refused

    return play


def keeps(given: dict[str, Any]) -> None:
    """Assert that the newest draft has what was typed and the files."""
    draft = Draft.objects.latest("pk")
    for name, value in given.items():
        if isinstance(value, UploadedFile):
            assert name in draft.files
        else:
            assert draft.answers[name] == value


def noted(player: Player, codes: set[str]) -> None:
    """Assert that the attempt is one more line of the security log."""
    assert SecurityEvent.objects.count() == player.noted + 1
    assert set(SecurityEvent.objects.latest("pk").codes) <= codes


def hall(name: str, data: Callable[[Scene], dict[str, Any]] = lambda _: {}, *, token: str = "") -> Way:
    """One button of the opening hall; a refusal stands on the same page with what was typed."""

    def play(player: Player) -> Any:
        page = player.get(f"/trades/{player.scene.stream}/opening/")
        found = re.search(rf'do/{name}/".*?name="token" value="([^"]+)"', page.content.decode(), re.DOTALL)
        given = {"token": token or (found[1] if found else f"{name}-token"), **data(player.scene)}
        answer = player.ask(f"/trades/{player.scene.stream}/opening/do/{name}/", given)
        assert answer.status_code != 302, "the act was done"
        return answer

    return play


def draw(step: str, data: Callable[[Scene], dict[str, Any]]) -> Way:
    """One step on the page of the experts' draw."""
    return lambda player: player.ask(f"/trades/{player.scene.stream}/draw/{step}/", data(player.scene))


def room(sheet: str, about: Callable[[Scene], str], data: Callable[[Scene], dict[str, Any]]) -> Way:
    """A sheet of the evaluation room, handed in."""
    return lambda player: player.ask(
        f"/trades/{player.scene.stream}/room/{sheet}/{about(player.scene)}/do/", data(player.scene)
    )


def upload(content: Callable[[Scene], bytes], purpose: str = "submit_bid") -> Way:
    """A whole file sent by the upload protocol; ends with the page that says what became of it."""

    def play(player: Player) -> Any:
        body = content(player.scene)
        url = created(player, len(body), purpose)
        if not isinstance(url, str):
            return url
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
        with player.now():
            sent = player.client.patch(url, body, content_type="application/offset+octet-stream", headers=headers)
        if sent.status_code != 204:
            return sent
        return player.get(f"{url}/result/")

    return play


def created(player: Player, size: int, purpose: str = "submit_bid") -> Any:
    """The address of a new upload, or the answer that refused it."""
    encoded = {"submit_bid": "c3VibWl0X2JpZA==", "replace_bid": "cmVwbGFjZV9iaWQ=",
               "record_guarantee": "cmVjb3JkX2d1YXJhbnRlZQ=="}[purpose]  # fmt: skip
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": f"act {encoded}"}
    made = player.ask(f"/trades/{player.scene.stream}/bid/uploads/", {}, headers=headers)
    return made["Location"] if made.status_code == 201 else made


def signed_by(who: Callable[[Scene], Any]) -> Callable[[Player, Any], str]:
    """The signatures that another pair of key and certificate makes over what waits."""

    def make(player: Player, check: Any) -> str:
        pair = who(player.scene)
        player.sign = lambda data: sign(data=data, key=pair.key, certificate=pair.certificate).to_json()
        return json.dumps(player.signatures(check))

    return make


def json_file(value: object, name: str = "terms.json") -> UploadedFile:
    """A JSON file as somebody's editor writes it, or the bytes themselves."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return SimpleUploadedFile(name, body, content_type="application/json")


def is_refused(player: Player, answer: Any, code: str) -> None:
    """Assert that the page shows this refusal with ground and remedy, and that nothing else happened."""
    shown = told(answer)
    assert answer.status_code in {200, 403, 409, 410, 413, 422, 503, 507}, errors(answer)
    assert code in shown, (code, list(shown), errors(answer))
    for one in shown.values():
        assert one.reason.strip()
        assert GROUND.fullmatch(one.article), one
        assert len(one.remedy) > 3, one
    assert standing(player.scene) == player.before


def known_codes(*, party: bool = False) -> set[str]:
    """Every code of a refusal of trading or of party work; what is put together in the source has `{}` in it."""
    paths = (path for path in SOURCE.rglob("*.py") if path.relative_to(SOURCE).as_posix().startswith(PARTY) == party)
    read = (ast.parse(path.read_text(encoding="utf-8")) for path in paths)
    return {code for tree in read for code in _codes_in(tree)} | (set() if party else set(GROUNDS))


def _codes_in(tree: ast.Module) -> set[str]:
    named = {one.targets[0].id: one.value for one in tree.body if _is_named(one)}
    found: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = [one.value for one in call.keywords if one.arg == "code"]
        given += call.args[:1] if name in {"_refusal", "broken"} else []
        given = [named.get(one.id, one) if isinstance(one, ast.Name) else one for one in given]
        found |= {code for one in given for code in _texts(one) if "." in code}
    return found


def _is_named(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)


def _texts(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return _texts(one) + _texts(other)
        case ast.JoinedStr(values=parts):
            return ["".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in parts)]
    return []
