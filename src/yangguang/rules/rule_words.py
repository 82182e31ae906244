"""The words of the rule table (规则表): units, bounds, lines of business, levels and ranks of sources, certainty."""

from enum import StrEnum


class Unit(StrEnum):
    """What the number of a rule counts; `thirds` are thirds of a whole, `flag` is 1 where the rule applies, else 0."""

    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"
    YEARS = "years"
    PER_WEEK = "per_week"
    PER_MONTH = "per_month"
    PER_QUARTER = "per_quarter"
    PER_HALF_YEAR = "per_half_year"
    PER_YEAR = "per_year"
    STUDY_HOURS = "study_hours"
    PERCENT = "percent"
    THIRDS = "thirds"
    YUAN = "yuan"
    PERSONS = "persons"
    CHARACTERS = "characters"
    LINES = "lines"
    MILLIMETRES = "millimetres"
    POINTS = "points"
    COUNT = "count"
    FLAG = "flag"


class DayType(StrEnum):
    """Whether days are calendar days (日) or working days (工作日)."""

    CALENDAR = "calendar"
    WORKING = "working"
    NONE = "none"


class Bound(StrEnum):
    """Whether the number is a minimum (不少于), to be passed (超过), a maximum (不超过) or the number itself."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    EXACTLY = "exactly"


class Line(StrEnum):
    """业务类别: construction tenders (工程), government procurement (政府采购), party work (党建), the platform."""

    WORKS = "works"
    PROCUREMENT = "procurement"
    PARTY = "party"
    PLATFORM = "platform"


class Rank(StrEnum):
    """What a reader may be told a rule is (依据性质); only 条例 may be printed as 规定."""

    PROVISION = "条例"
    LOCAL = "地方"
    UNIT = "本单位"
    CUSTOM = "惯例"

    @property
    def lead(self) -> str:
        """The words with which a text refers to a rule of this rank (按规定, 按地方要求)."""
        return LEADS[self]


LEADS = {
    Rank.PROVISION: "按规定",
    Rank.LOCAL: "按地方要求",
    Rank.UNIT: "按本单位制度",
    Rank.CUSTOM: "按惯例",
}


class Level(StrEnum):
    """Rank of the source (效力层级); `party` are the party's own regulations (党内法规)."""

    LAW = "law"
    REGULATION = "regulation"
    MINISTRY = "ministry"
    PARTY = "party"
    LOCAL = "local"
    UNIT = "unit"
    PLATFORM = "platform"
    CUSTOM = "custom"


RANKS = {
    Level.LOCAL: Rank.LOCAL,
    Level.UNIT: Rank.UNIT,
    Level.PLATFORM: Rank.UNIT,
    Level.CUSTOM: Rank.CUSTOM,
}


class Mark(StrEnum):
    """How certain a row is: V read in the legal text, S in a secondary source, L one place's, U not yet checked."""

    VERIFIED = "V"
    SECONDARY = "S"
    LOCAL = "L"
    UNCHECKED = "U"


UNIT_TEXTS = {
    Unit.HOURS: "小时",
    Unit.MINUTES: "分钟",
    Unit.MONTHS: "个月",
    Unit.YEARS: "年",
    Unit.STUDY_HOURS: "学时",
    Unit.PERCENT: "%",
    Unit.THIRDS: "/3",
    Unit.YUAN: "元",
    Unit.PERSONS: "人",
    Unit.CHARACTERS: "字",
    Unit.LINES: "行",
    Unit.MILLIMETRES: "毫米",
    Unit.POINTS: "磅",
    Unit.COUNT: "个",
    Unit.FLAG: "",
}
CADENCE_TEXTS = {
    Unit.PER_WEEK: "每周",
    Unit.PER_MONTH: "每月",
    Unit.PER_QUARTER: "每季度",
    Unit.PER_HALF_YEAR: "每半年",
    Unit.PER_YEAR: "每年",
}
