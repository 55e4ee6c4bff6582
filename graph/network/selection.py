"""Chooses the nodes of a network: those around one thing, or the best connected of all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import nsmallest

from graph.network.model import Network
from graph.network.ties import Ties

DEEPEST = 3


@dataclass(frozen=True)
class Extent:
    """How far a network goes."""

    depth: int = 1
    """Steps from the centre, 1 to DEEPEST."""
    limit: int = 100
    """Nodes in all."""
    fan: int = 25
    """Neighbours that are taken from one node, where the network goes deeper than one step."""

    @property
    def rule(self) -> str:
        """In words, how nodes are chosen."""
        many = f"from each node at most {self.fan} that are not in yet, " if self.depth > 1 else ""
        return (
            f"nearest first; {many}those with the strongest tie first, among equals those with more links in the whole"
            f" graph, then by IRI; at most {self.limit} nodes in all"
        )


def around(ties: Ties, centre: int, extent: Extent) -> Network:
    """The network around one node."""
    network = Network({centre: 0}, extent.rule, directed=ties.directed)
    layer = [centre]
    seen: dict[int, set[int]] = {}
    for distance in range(1, extent.depth + 1):
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for node, other, strength in ties.neighbours(layer):
            found[node].append((-strength, other))
        seen[distance] = {other for pairs in found.values() for _, other in pairs}
        following: list[int] = []
        for node in layer:
            network.neighbours[node] = len(found[node])
            room = extent.limit - len(network.distance)
            new = (pair for pair in found[node] if pair[1] not in network.distance)
            taken = [other for _, other in nsmallest(min(room, extent.fan) if extent.depth > 1 else room, new)]
            network.distance.update(dict.fromkeys(taken, distance))
            following += taken
        layer = following
    nearer = set(network.distance)
    for distance, others in seen.items():
        network.left_out |= {distance: len(others - nearer)} if others - nearer else {}
        nearer |= others
    network.edges = list(ties.edges(network.distance))
    return network


def whole(ties: Ties, limit: int) -> Network:
    """The best connected nodes of all, and what ties them to each other."""
    strengths = list(ties.strengths())
    rule = (
        "those with the most ties first, among equals those with more links in the whole graph, then by IRI;"
        f" at most {limit} nodes in all"
    )
    network = Network({node: None for node, _ in strengths[:limit]}, rule, directed=ties.directed)
    network.left_out = {0: len(strengths) - len(network.distance)} if len(strengths) > limit else {}
    network.edges = list(ties.edges(network.distance))
    return network
