"""Writes a generation and makes it the current one in one atomic step."""
