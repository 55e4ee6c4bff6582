"""How central each node of a network is, as networkx computes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph.network.model import Fact, Network, read_ahead
from graph.network.records import Reader

MEASURES = ("degree", "betweenness", "closeness")
EXACT = 300
"""Nodes up to which betweenness is computed over all pairs; above, paths from PIVOTS nodes stand for all."""
PIVOTS = 100
MOST_EXPLAINED = 50
"""Claims that explain one node; how many more there are is said."""
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


def centrality_record(
    reader: Reader, network: Network, measured: tuple[str, Mapping[int, float]], top: int, *, explain: bool = False
) -> dict[str, Any]:
    """The most central nodes first by a measure and its values; ``explain`` adds the claims that tie."""
    measure, found = measured
    ranked = sorted(found, key=lambda node: (-found[node], node))
    why = {node: _facts(network, node) for node in ranked[:top]} if explain else {}
    told = [fact for facts in why.values() for fact in facts[:MOST_EXPLAINED]]
    ends = {end for fact in told for end in (fact.subject, fact.object)}
    reader.prepare({*ranked[:top], *ends}, {fact.claim for fact in told})
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
            | (_explained(reader, why[node]) if explain else {})
            for rank, node in enumerate(ranked[:top], start=1)
        ],
    }


def _facts(network: Network, node: int) -> list[Fact]:
    """Every fact in an edge of the node, each once."""
    edges = [edge for edge in network.edges if node in (edge.source, edge.target)]
    read_ahead(edges)
    return sorted({fact for edge in edges for fact in edge.told})


def _explained(reader: Reader, facts: list[Fact]) -> dict[str, Any]:
    told = [reader.fact(fact) for fact in facts[:MOST_EXPLAINED]]
    return {"because": told, "because_left_out": len(facts) - len(told)}
