"""The centre's own desk (中心值守): openings, rules in force, working days and recognised roots, to read."""
