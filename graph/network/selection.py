"""Chooses the nodes of a network: those around one thing, or the best connected of all."""

from __future__ import annotations

from dataclasses import dataclass

from graph.index.bits import bits
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
    seen: dict[int, int] = {}
    for distance in range(1, extent.depth + 1):
        near = ties.layer(layer)
        seen[distance] = near.seen
        following: list[int] = []
        for node in layer:
            network.neighbours[node] = near.degrees.get(node, 0)
            room = extent.limit - len(network.distance)
            most = min(room, extent.fan) if extent.depth > 1 else room
            taken = near.strongest(node, most, network.distance)
            network.distance.update(dict.fromkeys(taken, distance))
            following += taken
        layer = following
    nearer = bits(network.distance)
    for distance, others in seen.items():
        left = (others & ~nearer).bit_count()
        network.left_out |= {distance: left} if left else {}
        nearer |= others
    network.edges = list(ties.edges(network.distance))
    return network


def whole(ties: Ties, limit: int) -> Network:
    """The best connected nodes of all, and what ties them to each other."""
    best, total = ties.best(limit)
    rule = (
        "those with the most ties first, among equals those with more links in the whole graph, then by IRI;"
        f" at most {limit} nodes in all"
    )
    network = Network(dict.fromkeys(best), rule, directed=ties.directed)
    network.left_out = {0: total - len(best)} if total > limit else {}
    network.edges = list(ties.edges(network.distance))
    return network
