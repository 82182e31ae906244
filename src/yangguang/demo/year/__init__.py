"""A fictitious centre's year 2023 (演示年度): its people, its party and integrity records and its trading results.

Everything is entered through the ledger's own acts at moments of that year; the tables under `data/` say what.
"""
