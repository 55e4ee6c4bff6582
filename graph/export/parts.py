"""The parts of the graph that can be exported by themselves: what one article says, or what concerns one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.errors import InputError
from graph.query.index import Index
from graph.query.names import resolve

PARTS = {
    "article": "Article",
    "organisation": "Organisation",
    "country": "Country",
    "programme": "Programme",
    "entity": None,
}
"""How a part is asked for, on the command line and in a URL, and the class that the thing named must be of."""


@dataclass(frozen=True)
class Part:
    """One part, by the IRI of its article or thing."""

    iri: str
    said_by: bool = False
    """Whether it is what the article says, and not what is said of it."""


def part_named(index: Index, given: Mapping[str, str | None]) -> Part | None:
    """The part that is asked for by one name of PARTS; None for everything. Raises InputError and UnknownEntity."""
    named = {kind: name for kind, name in given.items() if name is not None}
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} exclude each other; give one of them")
    for kind, name in named.items():
        return Part(resolve(index, name, PARTS[kind]), said_by=kind == "article")
    return None
