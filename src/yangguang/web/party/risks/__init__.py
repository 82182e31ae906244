"""风险图: risk points by grade with measures, and the signals that a person accepts or explains."""
