"""The roles an actor can have towards a trade: the one list that permissions are written in."""

from enum import StrEnum


class Role(StrEnum):
    """Towards one trade; an actor may hold several."""

    CENTRE = "centre"  # 中心工作人员
    TENDERER = "tenderer"  # 招标人
    AGENCY = "agency"  # 招标代理机构
    SUPERVISOR = "supervisor"  # 行政监督: of the body that was named at the registration, and of no other
    DISCIPLINE = "discipline"  # 纪检监察: of the body that was named at the registration
    SUPPLIER = "supplier"  # any other organisation: whoever may become a bidder 潜在投标人
    INTERESTED = "interested"  # 其他利害关系人: the same organisations, where the law asks for an interest and no bid
    BIDDER = "bidder"  # 投标人: has a bid that stands
    TRUSTEE = "trustee"  # 解密救援受托人: holds a share of every bid's keys, where the tender document says so
    MEMBER = "member"  # 评标委员会成员
    ADMINISTRATOR = "administrator"  # 单位管理员: at the centre, for the affairs of their own organisation
    APPLICANT = "applicant"  # 申请单位: at the centre, whoever asks to be registered
    CLOCK = "clock"  # the system's clock performing what is due


HOSTS = frozenset({Role.AGENCY, Role.TENDERER, Role.CENTRE})
TENDERERS = frozenset({Role.TENDERER, Role.AGENCY})
