"""专项整治与自查: whether every section handed in its sheet, without which nobody may say 未发现."""

from dataclasses import dataclass

from yangguang.ledger.models import Record, State, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignState:
    """Which sheets are in, which sections owe one, and how many problems were found so far."""

    sheets: tuple[Record, ...]
    owing: tuple[Unit, ...]
    found: int

    @property
    def is_complete(self) -> bool:
        """Whether every section handed in its sheet; without any section nothing was checked."""
        return bool(self.sheets) and not self.owing

    @property
    def finding(self) -> str:
        """未发现问题 only with all sheets in; before that, who is missing."""
        if not self.is_complete:
            return "【待补：" + ("、".join(one.name for one in self.owing) or "科室") + "自查表】"
        return f"发现问题{self.found}个" if self.found else "未发现问题"


def campaign_state(campaign: Record) -> CampaignState:
    """How the self-check of a campaign stands: its sections are those below its unit that existed when it began."""
    below = Unit.objects.filter(path__startswith=campaign.unit.path, kind=Unit.Kind.SECTION)
    sections = [
        one for one in below.order_by("pk")
        if one.opened_on <= campaign.day and (one.closed_on is None or campaign.day <= one.closed_on)
    ]  # fmt: skip
    sheets = list(campaign.children.filter(register="self_check").exclude(state=State.CANCELLED).order_by("pk"))
    handed = {one.unit_id for one in sheets}
    return CampaignState(
        sheets=tuple(sheets),
        owing=tuple(one for one in sections if one.pk not in handed),
        found=int(sum(one.quantity or 0 for one in sheets)),
    )
