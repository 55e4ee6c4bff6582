"""The questions that define what a link, a name, a qualifier and a role are, one SPARQL file each."""

from __future__ import annotations

from importlib.resources import files


def query_text(name: str) -> str:
    """The SPARQL text of ``name``.rq."""
    return (files(__name__) / f"{name}.rq").read_text("utf-8")
