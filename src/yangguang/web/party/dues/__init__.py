"""党费: each member their own months, the keeper the table of a month, everybody the totals."""
