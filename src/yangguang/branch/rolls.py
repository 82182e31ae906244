"""Who was due at a meeting and who came, before the roll is stored or after."""

from dataclasses import dataclass

from yangguang.ledger.keeping import due_of, voters_on
from yangguang.ledger.preparing import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """应到和实到, by the ids of persons; the `voters` among them are full members (正式党员)."""

    due: frozenset[int]
    present: frozenset[int]
    voters: frozenset[int]

    def counts(self, *, among_all: bool = False) -> dict[str, int]:
        """应到和实到 of those with a vote; on a committee everybody due has one, a visitor never."""
        voting = self.due if among_all else self.due & self.voters
        return {"due": len(voting), "present": len(voting & self.present)}


def roll_in(draft: Draft) -> Roll | None:
    """The roll that a draft brings or that its record has; None when none was taken."""
    if draft.cleaned.present is not None:
        due = frozenset(one.pk for one in due_of(draft.unit, draft.register, draft.cleaned))
        present = frozenset(one.pk for one in draft.cleaned.present)
        return Roll(due=due, present=present, voters=_voters(draft))
    if draft.record is None:
        return None
    rows = list(draft.record.attendances.values_list("person_id", "is_due", "is_present"))
    if not rows:
        return None
    return Roll(
        due=frozenset(pk for pk, due, _ in rows if due),
        present=frozenset(pk for pk, _, came in rows if came),
        voters=_voters(draft),
    )


def _voters(draft: Draft) -> frozenset[int]:
    assert draft.cleaned.day is not None  # noqa: S101 - refused before
    return frozenset(voters_on(draft.unit, day=draft.cleaned.day))
