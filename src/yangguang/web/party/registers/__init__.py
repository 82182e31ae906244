"""Lists of registers and of their records (台账), with filters, totals and a calendar."""
