"""Entering and correcting a record (登记、更正): inputs, check, done; the form comes from the catalogue."""
