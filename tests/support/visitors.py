"""Everyone who may look at a trade, as clients that are signed in, and every address of the web tier."""

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from support.browser import account_of
from support.scenes import Scene
from yangguang.parties.models import Appointment, Office, Organisation, Person
from yangguang.web.accounts.models import Account
from yangguang.web.drafts.models import Draft
from yangguang.witness import evidence
from yangguang.witness.entries import payload_of
from yangguang.witness.models import Entry

BACKEND = "yangguang.web.accounts.backends.AccountBackend"
KINDS = (
    "stranger", "bidder", "supplier", "tenderer", "agency", "centre", "supervisor", "inspector", "foreign supervisor",
    "expert", "member",
)  # fmt: skip


def walked(resolver, namespace=""):
    """Every named address below a resolver; one without a name has none to be declared by."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from walked(one, f"{namespace}{one.namespace}:" if one.namespace else namespace)
        else:
            assert isinstance(one, URLPattern)
            yield f"{namespace}{one.name}", one


ADDRESSES = dict(walked(get_resolver()))


def client_of(scene: Scene, kind: str) -> Client:
    """A client signed in as somebody of this kind; `inspector` is of the body that was named at the registration."""
    client = Client(raise_request_exception=True)
    if kind == "foreign supervisor":
        client.force_login(foreign_overseer(scene), backend=BACKEND)
    elif kind != "stranger":
        who = "discipline" if kind == "inspector" else kind
        client.force_login(account_of(scene.who(who)), backend=BACKEND)
    return client


def foreign_overseer(scene: Scene) -> Account:
    """Supervision and discipline of a body that was not named for this trade."""
    person, _ = Person.objects.get_or_create(name="示例外地监督人员")
    body, _ = Organisation.objects.get_or_create(code="11990100MA00009991", defaults={"name": "示例外地监督部门"})
    day = scene.at.date().replace(year=2025)
    for office in (Office.SUPERVISION, Office.DISCIPLINE):
        Appointment.objects.get_or_create(person=person, organisation=body, office=office, valid_from=day)
    found = Account.objects.filter(person=person).first()
    return found or Account.objects.create_user("foreign-supervisor", person=person)


def values_for(scene: Scene) -> dict[str, object]:
    """Something real for every parameter that an address has."""
    entry = next(one for one in Entry.objects.filter(stream=scene.stream) if payload_of(one)["files"])
    kept = evidence.keep("草稿文件".encode(), media_type="text/plain")
    draft = Draft.objects.create(
        account=account_of(scene.who("centre")), organisation=scene.actor("centre").organisation,
        stream=scene.stream, act="suspend", files={"order": {"name": "x", "sha256": kept.sha256}}, made_at=scene.at,
    )  # fmt: skip
    sha256 = payload_of(entry)["files"][0]["sha256"]
    opened = scene.trade.bids.values_list("evidence_id", flat=True).first() or "0" * 64
    return {
        "stream": scene.stream, "sequence": entry.sequence, "sha256": sha256, "name": "suspend", "token": draft.token,
        "leaf": "00" * 32, "path": "tile/0/000.p/1", "pk": 1, "index": 1, "key": "k", "uidb36": "1",
        "code": scene.actor("tenderer").organisation,
        "register": "meeting", "metric": "lectures",
        "step": "reveal_for_draw", "sheet": "give_opinion", "number": 0, "about": opened, "mark": opened,
    }  # fmt: skip


def path_of(name: str, values: dict[str, object]) -> str:
    space, _, plain = name.rpartition(":")
    resolver = get_resolver().namespace_dict[space][1] if space else get_resolver()
    wanted = resolver.reverse_dict.getlist(plain)[0][0][0][1]
    missing = set(wanted) - set(values)
    assert not missing, f"{name}: give this test a value for {missing}"
    return reverse(name, kwargs={one: values[one] for one in wanted})
