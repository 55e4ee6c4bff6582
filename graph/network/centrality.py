"""How central each node of a network is, as networkx computes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph.network.model import Network
from graph.network.records import Reader

MEASURES = ("degree", "betweenness", "closeness")
EXACT = 300
"""Nodes up to which betweenness is computed over all pairs; above, paths from PIVOTS nodes stand for all."""
PIVOTS = 100
SEED = 1
"""Of the choice of pivots, so that the same network gives the same answer."""


def centrality(network: Network, measure: str) -> dict[int, float]:
    """The measure of every node, from 0 to 1; ties count as undirected and unweighted."""
    if measure == "degree":
        return _degrees(network)
    import networkx  # it takes a while, and only exports and these measures need it

    drawn: networkx.Graph[int] = networkx.Graph()
    drawn.add_nodes_from(network.distance)
    drawn.add_edges_from((edge.source, edge.target) for edge in network.edges)
    found: Mapping[int, float]
    if measure == "closeness":
        found = networkx.closeness_centrality(drawn)
    else:
        found = networkx.betweenness_centrality(drawn, k=PIVOTS if len(drawn) > EXACT else None, seed=SEED)
    return dict(found)


def _degrees(network: Network) -> dict[int, float]:
    """The share of all others that a node is tied to, as networkx has it, and without waiting for networkx."""
    pairs = {frozenset((edge.source, edge.target)) for edge in network.edges}
    ties = Counter(node for pair in pairs for node in pair)
    others = max(1, len(network.distance) - 1)
    return {node: ties[node] / others for node in network.distance}


def centrality_record(reader: Reader, network: Network, measure: str, top: int) -> dict[str, Any]:
    """The most central nodes first, with what the measure was computed over."""
    found = centrality(network, measure)
    ranked = sorted(found, key=lambda node: (-found[node], node))
    reader.prepare(ranked[:top], ())
    pairs = {frozenset((edge.source, edge.target)) for edge in network.edges}
    degree = Counter(node for pair in pairs for node in pair)
    return {
        "measure": measure,
        "approximate": measure == "betweenness" and len(found) > EXACT,
        "rule": network.rule,
        "truncated": network.truncated,
        "left_out": {"nodes": sum(network.left_out.values())},
        "nodes": len(found),
        "edges": len(network.edges),
        "ranking": [
            {"rank": rank, **reader.node(node), "edges": degree[node], "value": round(found[node], 6)}
            for rank, node in enumerate(ranked[:top], start=1)
        ],
    }
