"""Writes a generation, an article or an entity in every format, canonical and stable."""
