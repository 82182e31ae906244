"""Doing an act of a unit from a short form, once for each form that was shown."""

from collections.abc import Callable

from yangguang.ledger.models import Unit
from yangguang.web.accounts.requests import Request
from yangguang.web.drafts.once import once
from yangguang.witness.models import Entry


def do_once(request: Request, unit: Unit, *, act: str, perform: Callable[[], object]) -> Entry:
    """The act and the entry that it wrote; a second click is refused. Raises `Refused`."""

    def entry() -> Entry:
        perform()
        return Entry.objects.filter(stream=unit.stream, at=request.at).latest("sequence")

    done = once(request, stream=unit.stream, act=act, perform=entry)
    assert isinstance(done, Entry)  # noqa: S101 - the acts of a unit seal nothing
    return done
