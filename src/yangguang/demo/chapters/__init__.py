"""The chapters of the demonstration, in the order of the law."""
