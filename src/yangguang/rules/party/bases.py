"""The base of dues (党费基数): which parts of pay count for which kind of employer, as dated rows. Decimal yuan.

Source: 党费收缴、使用和管理的规定（中组发〔2008〕3号）第一条: regular, relatively fixed pay after tax. The items were
read in a secondary source; a unit that counts more gives its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date as Date  # noqa: N812 - `date` is the parameter that callers name
from decimal import Decimal
from enum import StrEnum

from yangguang.rules.dated import shipped_rows
from yangguang.rules.refusal import Refusal, Refused


class Employer(StrEnum):
    """Whose pay it is: 机关工作人员, 机关工人, 事业单位, 企业."""

    ORGAN = "organ"
    ORGAN_WORKER = "organ_worker"
    INSTITUTION = "institution"
    ENTERPRISE = "enterprise"


EMPLOYER_LABELS = {
    Employer.ORGAN: "机关工作人员",
    Employer.ORGAN_WORKER: "机关工人",
    Employer.INSTITUTION: "事业单位人员",
    Employer.ENTERPRISE: "企业人员",
}
ARTICLE = "关于中国共产党党费收缴、使用和管理的规定（中组发〔2008〕3号）第一条（默认值，可更正）"


def items_of(*, employer: Employer, date: Date, further: Iterable[str] = ()) -> tuple[str, ...]:
    """The items of pay that count, in the order of the table; `further` are those the unit adds (本单位规定)."""
    rows = (row for row in shipped_rows("party", "dues_bases.csv") if row["employer"] == employer)
    shipped = (
        row["item"]
        for row in rows
        if row["effective_from"] <= date.isoformat() <= (row["effective_to"] or "9999-12-31")
    )
    return tuple(dict.fromkeys((*shipped, *further)))


def base_of(
    *, employer: Employer, pay: Mapping[str, Decimal], withheld: Decimal, date: Date, further: Iterable[str] = ()
) -> Decimal:
    """The base of a month: the items that count, less the income tax withheld on them (税后).

    Raises `Refused` for an item that does not count, for a negative amount, and where more was withheld than paid.
    """
    known = items_of(employer=employer, date=date, further=further)
    faults = [
        _fault("item", f"“{item}”不是{EMPLOYER_LABELS[employer]}的党费基数项目") for item in pay if item not in known
    ]
    faults += [_fault("negative", f"“{item}”为负数") for item, amount in pay.items() if amount < 0]
    base = sum(pay.values(), Decimal(0)) - withheld
    if withheld < 0 or base < 0:
        faults.append(_fault("withheld", f"扣税{withheld}元与收入不符"))
    if faults:
        raise Refused(*faults)
    return base


def _fault(kind: str, reason: str) -> Refusal:
    remedy = "请核对工资表；本单位另有项目的先登记"
    return Refusal(code=f"dues.base_{kind}", reason=reason, article=ARTICLE, remedy=remedy)
