"""Measurements that need Django; each module has `measure(…)` and returns what can be printed as JSON."""
