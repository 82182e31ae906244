"""The act: lock → access → stage → rules → change → record, with exactly one witness entry.

The body of an act does the last three steps. It gets the locked subject, asks the rules (`refuse_if`), changes the
state and ends with `record(…)` or `record_sealed(…)`. Whatever it raises undoes everything.
"""

import functools
import secrets
from collections.abc import Callable, Collection, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from yangguang.rules.refusal import Refusal, Refused, refuse_if
from yangguang.witness.actor import Actor
from yangguang.witness.inputs import check_inputs
from yangguang.witness.models import Entry, SealedEntry, SecurityEvent, Witnessed
from yangguang.witness.prepared import Given, Prepared

S = TypeVar("S", bound=Witnessed)
P = ParamSpec("P")
R = TypeVar("R")

PLATFORM = "平台规则"


class WitnessError(RuntimeError):
    """The program broke the rule of the act: not one entry, a nested act, a naive time."""


@dataclass(slots=True, kw_only=True)
class Performance:
    """An act while it runs."""

    name: str
    subject: Witnessed
    actor: Actor
    at: datetime
    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    written: list[Entry | SealedEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the product knows about an act: its name, who may do it, and its docstring."""

    name: str
    by: frozenset[str]
    about: str


DENIED = Refusal(
    code="access.denied",
    reason="您在本项目中没有办理该事项的权限",
    article=PLATFORM + "：未授权即拒绝",
    remedy="请由有权限的单位或人员办理，或核对当前登录的单位身份。",
)
NOT_SAVED = Refusal(
    code="platform.not_saved",
    reason="系统暂时无法保存（数据库忙或存储空间不足），本次办理没有生效",
    article="电子招标投标办法第四十九条",
    remedy="请稍后重试；未收到回执即视为未办理。因平台原因影响投标或者解密的，由主持人按平台故障处理。",
)

ACTS: dict[str, Declared] = {}

_performing: ContextVar[Performance | None] = ContextVar("performing", default=None)


def performing() -> Performance:
    """The act that runs now; outside of one there is nothing to record."""
    performance = _performing.get()
    if performance is None:
        raise WitnessError("only an act can record")
    return performance


def lock(subject: S) -> S:
    """The subject, fresh and locked until the transaction ends (SQLite locks the whole database instead)."""
    locked: S = _locking(type(subject)).get(subject.pk)
    return locked


@functools.cache
def _locking(kind: type[S]) -> Prepared[S]:
    return Prepared(lambda: _with_lock(kind).filter(pk=Given(0)))


def _with_lock(kind: type[S]) -> QuerySet[S]:
    rows = kind._default_manager.select_for_update(no_key=True, of=("self",))  # noqa: SLF001
    return rows.select_related(*kind.read_along) if kind.read_along else rows


def act(
    name: str, *, by: Collection[str]
) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Make a function an act on a witnessed subject, which is its first argument.

    `by` are the roles that may perform it. The function takes at least the keywords `actor` and `at` (aware). Raises
    `Refused` with nothing changed, and writes the attempt to the security log; a database that is full, gone or busy
    for too long is a refusal too, because what was not saved was not done.
    """

    def declare(body: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        ACTS[name] = Declared(name=name, by=frozenset(by), about=(body.__doc__ or "").strip())

        @functools.wraps(body)
        def perform(subject: S, /, *args: P.args, **inputs: P.kwargs) -> R:
            performance = _begin(name, subject, inputs)
            token = _performing.set(performance)
            try:
                with transaction.atomic(durable=True):
                    locked = lock(subject)
                    performance.subject = locked
                    check_access(ACTS[name], subject=locked, actor=performance.actor)
                    check_stage(name, subject=locked)
                    refuse_if(check_inputs(body, inputs))
                    result = body(locked, *args, **inputs)
                    _must_have_one_entry(performance)
            except Refused as refused:
                _note_refusal(performance, refused.codes)
                raise
            except OperationalError as fault:
                raise Refused(NOT_SAVED) from fault
            finally:
                _performing.reset(token)
            return result

        return perform

    return declare


def _begin(name: str, subject: Witnessed, inputs: dict[str, object]) -> Performance:
    if _performing.get() is not None:
        raise WitnessError(f"{name} may not run inside another act")
    actor, at = inputs.get("actor"), inputs.get("at")
    if not isinstance(actor, Actor) or not isinstance(at, datetime) or at.tzinfo is None:
        raise WitnessError(f"{name} needs actor= and an aware at=")
    return Performance(name=name, subject=subject, actor=actor, at=at)


def check_access(declared: Declared, *, subject: Witnessed, actor: Actor) -> None:
    """Refuse whoever holds none of the roles that the act asks for."""
    if any(subject.has_role(actor, role) for role in sorted(declared.by)):
        return
    raise Refused(DENIED)


def check_stage(name: str, *, subject: Witnessed) -> None:
    """Refuse an act that the stage table does not know at this stage."""
    if (subject.stage, name) in subject.transitions():
        return
    possible = sorted({subject.stage_name(stage) for stage, possible in subject.transitions() if possible == name})
    when = "、".join(possible) or "（本流程中没有）"
    raise Refused(
        Refusal(
            code="stage.wrong",
            reason=f"项目处于“{subject.stage_name(subject.stage)}”阶段，不能办理该事项",
            article=PLATFORM + "：法定程序阶段表",
            remedy=f"该事项在以下阶段办理：{when}。",
        )
    )


def _must_have_one_entry(performance: Performance) -> None:
    if len(performance.written) != 1:
        raise WitnessError(f"{performance.name} wrote {len(performance.written)} entries instead of one")


def _note_refusal(performance: Performance, codes: Sequence[str]) -> None:
    note_security(
        stream=performance.subject.stream,
        act_name=performance.name,
        actor=performance.actor,
        at=performance.at,
        codes=codes,
    )


def note_security(*, stream: str, act_name: str, actor: Actor, at: datetime, codes: Sequence[str]) -> None:
    """Write one line of the security log (安全日志), in a transaction of its own."""
    SecurityEvent.objects.create(
        at=at,
        stream=stream,
        act=act_name,
        person=actor.person,
        organisation=actor.organisation,
        codes=list(codes),
    )
