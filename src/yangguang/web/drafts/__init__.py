"""Drafts (草稿): what a half-done act remembers, for every page that does acts."""
