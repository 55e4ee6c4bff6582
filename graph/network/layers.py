"""The neighbours of some nodes: how many there are is counted by sets, and only the strongest are looked at one by one.

Where every tie counts, the neighbours of each node stand in the index in the order of their strength, and those of hubs
as bits besides. Under a filter the ties of the nodes are counted.
"""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import reduce
from heapq import nsmallest
from itertools import islice
from operator import or_

from graph.index.bits import as_blob, bits, from_blob, holds
from graph.network.tables import LINKS, SHARING

_OF_HUBS = (
    "SELECT node, bits FROM reach WHERE projection = :projection AND node IN (SELECT value FROM json_each(:nodes))"
)
_OF_OTHERS = {
    LINKS: "SELECT node, other FROM neighbour WHERE node IN (SELECT value FROM json_each(:nodes))",
    SHARING: "SELECT node, other FROM companion WHERE node IN (SELECT value FROM json_each(:nodes))",
}
_STRONGEST = {
    LINKS: "SELECT other FROM neighbour WHERE node = ? ORDER BY strength DESC, other",
    SHARING: "SELECT other FROM companion WHERE node = ? ORDER BY activities DESC, other",
}


class Layer(ABC):
    """The neighbours of some nodes, under a filter."""

    seen: int
    """All of them, as bits."""
    degrees: dict[int, int]
    """By node how many it has; nothing where it has none."""

    @abstractmethod
    def strongest(self, node: int, most: int, apart: Collection[int]) -> list[int]:
        """The neighbours of one of the nodes that are not among ``apart``: first those with the strongest tie."""


class KeptLayer(Layer):
    """Neighbours as the index keeps them, for a filter that no tie fails for itself."""

    def __init__(self, connection: sqlite3.Connection, projection: str, nodes: Collection[int], fitting: int) -> None:
        """``fitting`` are the nodes, as bits, that may be a neighbour."""
        self._connection, self._projection = connection, projection
        self._fitting = as_blob(fitting)
        found = {node: others & fitting for node, others in _reached(connection, projection, nodes).items()}
        self.seen = reduce(or_, found.values(), 0)
        self.degrees = {node: others.bit_count() for node, others in found.items()}

    def strongest(self, node: int, most: int, apart: Collection[int]) -> list[int]:
        """See Layer."""
        rows = self._connection.execute(_STRONGEST[self._projection], (node,))
        return list(islice((other for (other,) in rows if holds(self._fitting, other) and other not in apart), most))


class CountedLayer(Layer):
    """Neighbours of which all ties were counted: by node each of them, and by how many ties."""

    def __init__(self, found: Mapping[int, Mapping[int, int]]) -> None:
        self._found = found
        self.seen = bits(set().union(*found.values()))
        self.degrees = {node: len(others) for node, others in found.items()}

    def strongest(self, node: int, most: int, apart: Collection[int]) -> list[int]:
        """See Layer."""
        others = self._found.get(node, {})
        pairs = nsmallest(most, ((-strength, other) for other, strength in others.items() if other not in apart))
        return [other for _, other in pairs]


def pairs_among(connection: sqlite3.Connection, nodes: Collection[int]) -> set[tuple[int, int]]:
    """Each two of the nodes that links tie, the smaller number first."""
    chosen = sorted(set(nodes))
    given = {"projection": LINKS, "nodes": json.dumps(chosen)}
    hubs = dict(connection.execute(_OF_HUBS, given))
    found = {(hub, other) for hub, blob in hubs.items() for other in chosen if holds(blob, other)}
    given["others"] = json.dumps([node for node in chosen if node not in hubs])
    # The plus keeps SQLite from looking each pair up: to go through a few neighbours is quicker.
    sql = f"{_OF_OTHERS[LINKS].replace(':nodes', ':others')} AND +other IN (SELECT value FROM json_each(:nodes))"
    found |= set(connection.execute(sql, given))
    return {(min(pair), max(pair)) for pair in found}


def _reached(connection: sqlite3.Connection, projection: str, nodes: Collection[int]) -> dict[int, int]:
    """By node all of its neighbours, of whatever class, as bits."""
    given = {"projection": projection, "nodes": json.dumps(sorted(nodes))}
    found = {node: from_blob(blob) for node, blob in connection.execute(_OF_HUBS, given)}
    given["nodes"] = json.dumps(sorted(set(nodes) - found.keys()))
    others: dict[int, list[int]] = defaultdict(list)
    for node, other in connection.execute(_OF_OTHERS[projection], given):
        others[node].append(other)
    return found | {node: bits(numbers) for node, numbers in others.items()}
