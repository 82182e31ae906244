"""The register of act pages: what each act is called, what it rests on, its form, or the page that does it instead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from yangguang.trading import acts as trading_acts
from yangguang.trading.models import Trade
from yangguang.web.acts.forms import ActForm
from yangguang.web.acts.words import WORDS, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """办理页: `place` names the page that does the act where it is not the plain form (opening hall, …)."""

    name: str
    act: Callable[..., Any]
    words: Words
    form: type[ActForm]
    place: str = ""

    @property
    def title(self) -> str:
        """事项名称."""
        return self.words.title

    @property
    def is_exceptional(self) -> bool:
        """Whether it ends or stops a trade; such acts stand last."""
        return self.name in {"suspend", "terminate", "record_drop_out"}

    def url_for(self, trade: Trade) -> str:
        """Where the act is done on this trade."""
        if self.place:
            return reverse(self.place, kwargs={"stream": trade.stream})
        return reverse("act-inputs", kwargs={"stream": trade.stream, "name": self.name})


FORMS: dict[str, type[ActForm]] = {}
PLACES: dict[str, str] = {}


def form_of(act: Callable[..., Any]) -> Callable[[type[ActForm]], type[ActForm]]:
    """Register a form class as the form of an act; used as a decorator in `forms_*.py`."""

    def register(form: type[ActForm]) -> type[ActForm]:
        form.act = staticmethod(act)
        FORMS[act.__name__] = form
        return form

    return register


def act_named(name: str) -> Callable[..., Any]:
    """The act's function. Raises LookupError for a name that no stage's file has."""
    modules = (getattr(trading_acts, one) for one in trading_acts.__all__)
    found = next((getattr(one, name) for one in modules if hasattr(one, name)), None)
    if found is None:
        raise LookupError(name)
    return found  # type: ignore[no-any-return]


def all_pages() -> dict[str, ActPage]:
    """A page for every act that has words; its form is its own or made from the types of its inputs."""
    pages = {}
    for name, words in WORDS.items():
        act = act_named(name)
        form = FORMS.get(name) or type(f"{name}_form", (ActForm,), {"act": staticmethod(act)})
        pages[name] = ActPage(name=name, act=act, words=words, form=form, place=PLACES.get(name, ""))
    return pages


from yangguang.web.acts import forms_documents  # noqa: E402, F401 - they register themselves

PAGES = all_pages()
