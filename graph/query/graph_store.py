"""The queries behind the Graph Store Protocol and the sign of life."""

from __future__ import annotations

import pyoxigraph as ox

NOTHING = "ASK {}"
"""Answered by any engine on any data."""

WHOLE_GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
"""Every triple of the query's default graph; which graph that is, the protocol's data set says."""


def graph_exists(iri: str) -> str:
    """An ASK that says whether a named graph is there, also an empty one. Raises ValueError for what is no IRI."""
    return f"ASK {{ GRAPH {ox.NamedNode(iri)} {{}} }}"
