"""Chooses the graphs that a query sees, in the worker, as the SPARQL recommendation has it.

Several default graphs are their merge, in which a triple that stands in two of them stands once. The engine would
count it twice, so the merge is made in memory, within the worker's limit, and the query runs over that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from graph.isolation.scan import Survey


class UnusableGraphName(ValueError):
    """The protocol named a graph by something that is no absolute IRI."""


def select(
    store: Store, seen: Survey, base: str | None, defaults: Sequence[str] | None, named: Sequence[str] | None
) -> tuple[Store, dict[str, Any]]:
    """The store to ask and the arguments of ``Store.query`` that give it the right data set.

    ``defaults`` and ``named`` come from the protocol and override the query's own FROM; None says none was given.
    """
    if defaults is not None or named is not None:
        default_graphs, named_graphs = _nodes(defaults or ()), _nodes(named or ())
    elif len(seen.defaults) > 1:
        default_graphs = _resolve(store, seen.prologue, base, seen.defaults)
        named_graphs = _resolve(store, seen.prologue, base, seen.named)
    else:
        return store, {}  # the engine's own reading of FROM is right for one graph
    if len(default_graphs) < 2:
        return store, {"default_graph": default_graphs, "named_graphs": named_graphs}
    merged = Store()
    merged.extend(_merge(store, default_graphs))
    for graph in named_graphs:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged, {"default_graph": [DefaultGraph()], "named_graphs": named_graphs}


def _merge(store: Store, graphs: Sequence[NamedNode]) -> Iterator[Quad]:
    for graph in graphs:
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield Quad(quad.subject, quad.predicate, quad.object)


def _nodes(iris: Sequence[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        raise UnusableGraphName(f"a graph of the data set is not named by an absolute IRI: {error}") from error


@lru_cache(maxsize=16)
def usable_base(base: str | None) -> str | None:
    """The IRI that relative ones follow from, if it is one: a client may call the service by any name."""
    try:
        return NamedNode(base).value if base is not None else None
    except ValueError:
        return None


def _resolve(store: Store, prologue: str, base: str | None, terms: Sequence[str]) -> list[NamedNode]:
    """The IRIs that terms stand for under a prologue, by the engine's own reading. Raises SyntaxError."""
    if not terms:
        return []
    answer = store.query(
        f"{prologue}\nSELECT DISTINCT ?graph {{ VALUES ?graph {{ {' '.join(terms)} }} }}", base_iri=base
    )
    if not isinstance(answer, QuerySolutions):
        return []
    found = (solution["graph"] for solution in answer)
    return list(dict.fromkeys(node for node in found if isinstance(node, NamedNode)))
