"""Rewrites claims for Turtle 1.2: rdf:subject, predicate and object become one rdf:reifies with a triple term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import NamedNode, Triple

from graph.namespaces import EDG, RDF

_TYPE, _CLAIM = NamedNode(RDF + "type"), NamedNode(EDG + "Claim")
_REIFIES = NamedNode(RDF + "reifies")
_PARTS = tuple(NamedNode(RDF + part) for part in ("subject", "predicate", "object"))


def as_reifiers(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Rewrite triples that come grouped by subject; those of other subjects pass unchanged."""
    for subject, group in groupby(triples, key=lambda triple: triple.subject):
        described = list(group)
        if not any(triple.predicate == _TYPE and triple.object == _CLAIM for triple in described):
            yield from described
            continue
        parts = {triple.predicate: triple.object for triple in described if triple.predicate in _PARTS}
        yield from (triple for triple in described if triple.predicate not in _PARTS)
        said, role, value = (parts[part] for part in _PARTS)
        if isinstance(said, NamedNode) and isinstance(role, NamedNode):
            yield Triple(subject, _REIFIES, Triple(said, role, value))
