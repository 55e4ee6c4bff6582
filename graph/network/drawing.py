"""What a page of the network shows: every node and tie by its place, and one page of each as rows with evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from graph.network.model import Edge, Network, read_ahead
from graph.network.questions import Asked, central_of, network_of
from graph.network.records import Reader, edge_record
from graph.network.selection import Extent
from graph.query.names import resolve_first


def drawing_answer(
    reader: Reader, asked: Asked, actor: str | None, projection: str, extent: Extent, measure: str, rows: slice
) -> dict[str, Any]:
    """The network of ``network_answer`` in few words: evidence is read for the rows alone.

    Nodes are ranked by the measure; ``drawn`` has them in the order of choice. Raises UnknownEntity and InputError.
    """
    iri = resolve_first(reader.index, actor, "Organisation") if actor else None
    network = network_of(reader.index, asked, iri, projection, extent)
    central = central_of(reader.index, asked, iri, projection, extent, measure)
    reader.prepare(network.distance, ())
    ties = Counter(end for edge in network.edges for end in (edge.source, edge.target))
    ranked = sorted(network.distance, key=lambda node: (-central[node], -ties[node], node))
    return {
        "actor": reader.named(iri) if iri else None,
        "rule": network.rule,
        "left_out": sum(network.left_out.values()),
        "nodes": len(network.distance),
        "edges": len(network.edges),
        "drawn": _drawn(reader, network, central),
        "listed": [
            {**reader.node(node), "ties": ties[node], "centrality": round(central[node], 6)} for node in ranked[rows]
        ],
        "tied": _tied(reader, network.edges[rows]),
    }


def _drawn(reader: Reader, network: Network, central: dict[int, float]) -> dict[str, Any]:
    places = {node: place for place, node in enumerate(network.distance)}
    nodes = ((reader.node(node), central[node]) for node in network.distance)
    return {
        "directed": network.directed,
        "nodes": [(node["id"], node["label"], node["class"], round(how, 4)) for node, how in nodes],
        "edges": [(places[edge.source], places[edge.target], int(edge.planned)) for edge in network.edges],
    }


def _tied(reader: Reader, edges: Sequence[Edge]) -> list[dict[str, Any]]:
    """The ties of the rows, each with both ends by name, and the first thing that says so."""
    read_ahead(edges, 1)
    shared = [edge.shared[0].activity for edge in edges if edge.shared]
    facts = [next(edge.told) for edge in edges]
    reader.prepare(shared, {fact.claim for fact in facts})
    return [
        {**edge_record(reader, edge, 1), "ends": (reader.node(edge.source), reader.node(edge.target))} for edge in edges
    ]
