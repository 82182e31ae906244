"""公式族: the price-score formulas met in practice, as builders of descriptions with their parameters as data."""

from yangguang.rules.scoring.families.composite import price_score_composite
from yangguang.rules.scoring.families.registry import Family, Parameter, build_family, family_names, load_family
from yangguang.rules.scoring.families.whole import ScorePart, weighted_total

__all__ = [
    "Family",
    "Parameter",
    "ScorePart",
    "build_family",
    "family_names",
    "load_family",
    "price_score_composite",
    "weighted_total",
]
