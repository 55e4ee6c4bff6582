"""Checks the sources: syntax, shapes, queries, coverage, totals and texts; every finding in one run."""
