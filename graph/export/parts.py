"""The parts of the graph that can be exported by themselves: what one article says, what concerns one thing, a country
with all that lies in it.
"""

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
    within: tuple[str, ...] = ()
    """What belongs to it beside the thing itself: of a country all that the filter ``country`` finds."""


def part_named(index: Index, given: Mapping[str, str | None]) -> Part | None:
    """The part that is asked for by one name of PARTS; None for everything. Raises InputError and UnknownEntity."""
    named = {kind: name for kind, name in given.items() if name is not None}
    if len(named) > 1:
        raise InputError(f"{' and '.join(named)} exclude each other; give one of them")
    for kind, name in named.items():
        iri = resolve(index, name, PARTS[kind])
        return Part(iri, said_by=kind == "article", within=_lying_in(index, iri) if kind == "country" else ())
    return None


def _lying_in(index: Index, country: str) -> tuple[str, ...]:
    rows = index.connection.execute(
        "SELECT iri FROM lies_in JOIN node ON node.id = lies_in.node"
        " WHERE country = (SELECT id FROM node WHERE iri = :country) AND iri <> :country ORDER BY iri",
        {"country": country},
    )
    return tuple(iri for (iri,) in rows)
