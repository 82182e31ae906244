"""Accounts (账户): how a person proves who they are, and for which organisation they act."""
