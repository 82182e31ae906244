"""Organisations (主体): asking to be registered; people, powers of attorney and certificates of one that is."""
