"""澄清和修改: what a change does to the deadline, the objections and the guarantees, before anybody confirms it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from yangguang.rules.calendar import LEGAL_ZONE, legal_date
from yangguang.rules.checks.periods import check_clarification, earliest_deadline_after_clarification
from yangguang.rules.clocks import latest_on
from yangguang.rules.refusal import Refusal
from yangguang.trading.models import Trade
from yangguang.trading.readings import deadline_of, document_of
from yangguang.web.acts.fields import MomentField, text_area, yes_or_no

RULE, OBJECTION = "works.tender.clarification", "works.tender.objection"


class ChangeForm(forms.Form):
    """What is said, whether it may affect bids, and the new deadline."""

    text = text_area(
        label="澄清或者修改的内容", most=10_000, help_text="写进澄清文件，所有人都能看到；不要写提问人是谁。"
    )
    affects_bids = yes_or_no(
        label="是否可能影响投标文件编制", help_text="改变工期、范围、资格、评标办法、技术要求的，都可能影响。"
    )
    deadline = MomentField(label="新的投标截止时间", required=False, help_text="不改变的留空。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """变动的影响: each clock as it is and as it would be. Whether anybody holds a guarantee is not said."""

    deadline: datetime
    moved: datetime
    proposed: datetime
    latest_without: date
    article: str
    rows: list[tuple[str, str, str]]

    @property
    def is_late(self) -> bool:
        """Whether a change that may affect bids has to move the deadline today."""
        return self.proposed != self.deadline


def effects_of(trade: Trade, *, at: datetime, moved: datetime | None, validity_after: int) -> Effects:
    """What the change would do; `moved` is the deadline that was asked for, None for the one proposed."""
    law, before = trade.kept_law(), deadline_of(trade)
    validity = int(document_of(trade).terms["bid_validity_days"])
    proposed = proposed_deadline(trade, at=at)
    after = moved or proposed
    old, new = legal_date(before), legal_date(after)
    ends, ends_after = str(old + timedelta(days=validity)), str(new + timedelta(days=validity_after))

    def last_day(rule_id: str, before: date) -> str:
        return str(latest_on(law=law, rule_id=rule_id, end=before))

    rows = [
        ("投标截止和开标", _moment(before), _moment(after)),
        ("对招标文件提出异议，最迟", last_day(OBJECTION, old), last_day(OBJECTION, new)),
        ("再次发布可能影响投标的澄清而不顺延，最迟", last_day(RULE, old), last_day(RULE, new)),
        ("投标有效期届满日", ends, ends_after),
        ("投标保证金（保函）有效期至少到", ends, ends_after),
    ]
    latest = latest_on(law=law, rule_id=RULE, end=old)
    article = law.rule(RULE).citation
    return Effects(deadline=before, moved=after, proposed=proposed, latest_without=latest, article=article, rows=rows)


def proposed_deadline(trade: Trade, *, at: datetime) -> datetime:
    """顺延后的截止时间: the first working day that the law allows, at the hour of the opening; else as it stands."""
    before = deadline_of(trade)
    law = trade.kept_law()
    earliest = earliest_deadline_after_clarification(law=law, issued_on=legal_date(at))
    if earliest <= legal_date(before):
        return before
    here = before.astimezone(LEGAL_ZONE)
    return datetime.combine(law.calendar.next_working_day(earliest), here.time(), tzinfo=LEGAL_ZONE)


def refusals_of(trade: Trade, given: Mapping[str, Any], *, at: datetime) -> list[Refusal]:
    """The rule of fifteen days, asked before the paper is written."""
    moved = given.get("deadline")
    return check_clarification(
        law=trade.kept_law(),
        issued_on=legal_date(at),
        deadline_on=legal_date(max(deadline_of(trade), at)),
        affects_bids=given["affects_bids"],
        postponed_to=legal_date(moved) if moved else None,
    )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LEGAL_ZONE):%Y-%m-%d %H:%M}"
