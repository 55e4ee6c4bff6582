"""Neighbours and edges, read from the index: by what links two things, or by what two actors took part in together."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

import orjson

from graph.index.bits import flags
from graph.network.filters import Conditions, NetworkFilter
from graph.network.layers import CountedLayer, KeptLayer, Layer, pairs_among
from graph.network.model import Edge, Fact
from graph.network.parts import Parts
from graph.network.tables import LINKS, SHARING
from graph.query.index import Index

_HALF = 32
"""Two nodes are told to SQLite as one number: the first shifted by so many bits, and the second."""


class Ties(ABC):
    """How things are tied, under a filter."""

    directed: bool
    projection: str

    def __init__(self, index: Index, wanted: NetworkFilter) -> None:
        self.connection = index.connection
        self.conditions = Conditions(index, wanted)
        self.kept = self.conditions.every_tie and not wanted.invited
        """Whether the index keeps the answer, since every tie counts."""

    @property
    @abstractmethod
    def fitting(self) -> int:
        """The nodes, as bits, that may be a neighbour."""

    @abstractmethod
    def counted(self, nodes: Collection[int]) -> dict[int, Counter[int]]:
        """By node each of its neighbours, and by how many links or shared activities."""

    @abstractmethod
    def strengths(self) -> Iterator[tuple[int, int]]:
        """Every node that is tied to anything, and by how many links or shared activities; strongest first."""

    @abstractmethod
    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """All edges between two of the nodes, in one stable order."""

    def layer(self, nodes: Collection[int]) -> Layer:
        """What ``counted`` says, without counting where the index keeps it."""
        if not self.kept:
            return CountedLayer(self.counted(nodes))
        return KeptLayer(self.connection, self.projection, nodes, self.fitting)

    def best(self, most: int) -> tuple[list[int], int]:
        """The first nodes of ``strengths``, and how many there are."""
        if not (self.kept and self.conditions.every_node):
            every = [node for node, _ in self.strengths()]
            return every[:most], len(every)
        given = {"projection": self.projection, "most": most}
        read = self.connection.execute
        rows = read(
            "SELECT node FROM standing WHERE projection = :projection ORDER BY strength DESC, node LIMIT :most", given
        )
        (total,) = read("SELECT count(*) FROM standing WHERE projection = :projection", given).fetchone()
        return [row[0] for row in rows], total

    def _rows(self, sql: str, **more: Iterable[int]) -> list[Any]:
        return self.conditions.read(sql, **{name: json.dumps(sorted(numbers)) for name, numbers in more.items()})

    def _lists(self, select: str, group: str, fitting: int, **more: Iterable[int]) -> dict[int, list[int]]:
        """By the first number those of the second, a list in JSON, that are ``fitting``: sooner told than in rows."""
        fits = flags(fitting, self.conditions.size)
        rows = self._rows(f"{select} GROUP BY {group}", **more)
        return {first: [one for one in orjson.loads(others) if fits[one]] for first, others in rows}


class Links(Ties):
    """Things are tied by the claims that link them."""

    directed = True
    projection = LINKS

    @property
    def fitting(self) -> int:
        """See Ties."""
        return self.conditions.fitting(self.conditions.nodes)

    def counted(self, nodes: Collection[int]) -> dict[int, Counter[int]]:
        """See Ties."""
        found = self._lists(
            "SELECT t.node, json_group_array(t.other) FROM tie AS t"
            f" WHERE t.node IN (SELECT value FROM json_each(:nodes)) AND {self.conditions.tie}",
            "t.node",
            self.fitting,
            nodes=nodes,
        )
        return {node: Counter(others) for node, others in found.items() if others}

    def strengths(self) -> Iterator[tuple[int, int]]:
        """See Ties."""
        found = self._rows(
            "SELECT t.node, count(*) AS strength FROM node AS n JOIN tie AS t ON t.node = n.id"
            f" JOIN node AS o ON o.id = t.other WHERE {self.conditions.of('n')} AND {self.conditions.nodes}"
            f" AND {self.conditions.tie} GROUP BY t.node ORDER BY strength DESC, t.node"
        )
        yield from ((node, strength) for node, strength in found)

    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """See Ties. Only the ties of two nodes that both are among these are read, and each from one of its ends."""
        tied = pairs_among(self.connection, nodes)
        pairs = {one << _HALF | other for one, other in tied}
        told = self._rows(
            "SELECT t.claim, t.role, iif(t.forward, t.node, t.other), iif(t.forward, t.other, t.node),"
            " t.modality IS NOT (SELECT id FROM term WHERE iri = :reported)"
            f" FROM json_each(:pairs) AS p CROSS JOIN tie AS t ON t.node = p.value >> {_HALF}"
            f" AND t.other = p.value & {(1 << _HALF) - 1} WHERE {self.conditions.tie}",
            pairs=pairs,
        )
        facts: dict[tuple[int, int], list[Fact]] = defaultdict(list)
        for fact in map(Fact._make, told):
            facts[fact.subject, fact.object].append(fact)
        for pair in sorted(facts):
            yield Edge(*pair, facts=tuple(sorted(facts[pair])))


class CoParticipation(Ties):
    """Actors are tied by the events and programmes in which both took part."""

    directed = False
    projection = SHARING

    @property
    def fitting(self) -> int:
        """See Ties."""
        return self.conditions.fitting(self.conditions.actors)

    def counted(self, nodes: Collection[int]) -> dict[int, Counter[int]]:
        """See Ties."""
        through = self._lists(
            "SELECT p.node, json_group_array(DISTINCT p.other) FROM tie AS p"
            " WHERE p.node IN (SELECT value FROM json_each(:nodes)) AND p.forward = 0"
            f" AND {self.conditions.participation('p')}",
            "p.node",
            self.conditions.fitting(self.conditions.shared),
            nodes=nodes,
        )
        others = self._lists(
            "SELECT q.node, json_group_array(DISTINCT q.other) FROM tie AS q"
            " WHERE q.node IN (SELECT value FROM json_each(:activities)) AND q.forward = 1"
            f" AND {self.conditions.participation('q')}",
            "q.node",
            self.fitting,
            activities=set().union(*through.values()),
        )
        found: dict[int, Counter[int]] = {}
        for node, activities in through.items():
            shared = Counter(chain.from_iterable(others.get(activity, ()) for activity in activities))
            del shared[node]
            found |= {node: shared} if shared else {}
        return found

    def strengths(self) -> Iterator[tuple[int, int]]:
        """See Ties; an actor is as strong as the number of activities that it shares with anybody."""
        found = self._rows(
            "WITH part AS (SELECT DISTINCT p.other AS activity, p.node AS actor FROM tie AS p"
            " JOIN node AS o ON o.id = p.node JOIN node AS a ON a.id = p.other"
            f" WHERE p.forward = 0 AND {self.conditions.shared.replace('o.', 'a.')}"
            f" AND {self.conditions.participation('p')} AND {self.conditions.actors})"
            " SELECT actor, count(*) AS strength FROM part"
            " WHERE activity IN (SELECT activity FROM part GROUP BY activity HAVING count(*) > 1)"
            " GROUP BY actor ORDER BY strength DESC, actor"
        )
        yield from ((node, strength) for node, strength in found)

    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """See Ties."""
        for together in Parts(self.conditions, nodes).shared():
            yield Edge(*together.ends, shared=together)


PROJECTIONS: dict[str, type[Ties]] = {LINKS: Links, SHARING: CoParticipation}
"""The ways of tying things together, by the name that a person asks for."""
