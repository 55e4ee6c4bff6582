"""Finds things by any spelling of any of their names: tables in the index, candidates, ranking, reconciliation."""
