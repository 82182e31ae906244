"""Party life (支部生活): what its registers derive and refuse, and the views that pages and reports show.

Nothing is stored here: every list, gap and reminder is computed from the ledger's records and the dated rules.
"""
