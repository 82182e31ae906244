"""Forms of the acts around the tender document."""

from yangguang.trading.acts.documents import record_fair_competition_review
from yangguang.web.acts.forms import ActForm
from yangguang.web.acts.pages import form_of


@form_of(record_fair_competition_review)
class FairCompetitionForm(ActForm):
    """公平竞争审查."""

    labels = {"review": "公平竞争审查表", "passed": "审查是否通过"}  # noqa: RUF012 - read only
    hints = {"review": "PDF，由审查人员签字的审查结论。"}  # noqa: RUF012 - read only
    names = {"review": "公平竞争审查表"}  # noqa: RUF012 - read only
