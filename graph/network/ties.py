"""Neighbours and edges, read from the index: by what links two things, or by what two actors took part in together."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations

from graph.network.filters import Conditions, NetworkFilter
from graph.network.model import Edge, Fact, Shared
from graph.query.index import Index

HUB = 200
"""Links from which on a node's ties are looked up one by one instead of read in full."""


class Ties(ABC):
    """How things are tied, under a filter."""

    directed: bool

    def __init__(self, index: Index, wanted: NetworkFilter) -> None:
        self.connection = index.connection
        self.conditions = Conditions(index, wanted)

    @abstractmethod
    def neighbours(self, nodes: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """Each neighbour of each node, and by how many links or shared activities."""

    @abstractmethod
    def strengths(self) -> Iterator[tuple[int, int]]:
        """Every node that is tied to anything, and by how many links or shared activities; strongest first."""

    @abstractmethod
    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """All edges between two of the nodes, in one stable order."""

    def _rows(self, sql: str, **more: Iterable[int]) -> list[tuple[int, ...]]:
        given = {name: json.dumps(sorted(numbers)) for name, numbers in more.items()}
        return self.connection.execute(sql, self.conditions.parameters | given).fetchall()

    @property
    def _reported(self) -> int:
        row = self.connection.execute(
            "SELECT id FROM term WHERE iri = :reported", self.conditions.parameters
        ).fetchone()
        return -1 if row is None else int(row[0])


class Links(Ties):
    """Things are tied by the claims that link them."""

    directed = True

    def neighbours(self, nodes: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """See Ties."""
        found = self._rows(
            "SELECT g.node, g.other, g.strength FROM (SELECT t.node, t.other, count(*) AS strength FROM tie AS t"
            f" WHERE t.node IN (SELECT value FROM json_each(:nodes)) AND {self.conditions.tie}"
            f" GROUP BY t.node, t.other) AS g JOIN node AS o ON o.id = g.other WHERE {self.conditions.nodes}",
            nodes=nodes,
        )
        yield from ((node, other, strength) for node, other, strength in found)

    def strengths(self) -> Iterator[tuple[int, int]]:
        """See Ties."""
        found = self._rows(
            "SELECT t.node, count(*) AS strength FROM node AS n JOIN tie AS t ON t.node = n.id"
            f" JOIN node AS o ON o.id = t.other WHERE {self.conditions.of('n')} AND {self.conditions.nodes}"
            f" AND {self.conditions.tie} GROUP BY t.node ORDER BY strength DESC, t.node"
        )
        yield from ((node, strength) for node, strength in found)

    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """See Ties. A hub's ties are looked up at their other ends, or the answer would wait for all of them."""
        rows = self._rows(
            f"SELECT id FROM node WHERE id IN (SELECT value FROM json_each(:nodes)) AND links > {HUB}", nodes=nodes
        )
        hubs = {row[0] for row in rows}
        select = (
            "SELECT t.node, t.other, t.claim, t.role, t.forward, t.modality FROM tie AS t"
            " WHERE t.node IN (SELECT value FROM json_each(:ends))"
            " AND t.other IN (SELECT value FROM json_each(:others))"
            f" AND {self.conditions.tie}"
        )
        told = self._rows(select.replace("t.other IN", "+t.other IN"), ends=set(nodes) - hubs, others=nodes)
        told += self._rows(select, ends=hubs, others=hubs)
        facts: dict[tuple[int, int], set[Fact]] = defaultdict(set)
        reported = self._reported
        for node, other, claim, role, forward, modality in told:
            pair = (node, other) if forward else (other, node)
            facts[pair].add(Fact(claim, role, *pair, planned=modality != reported))
        for pair in sorted(facts):
            yield Edge(*pair, facts=tuple(sorted(facts[pair])))


class CoParticipation(Ties):
    """Actors are tied by the events and programmes in which both took part."""

    directed = False
    _through = "IN ('Event', 'Programme')"

    def neighbours(self, nodes: Collection[int]) -> Iterator[tuple[int, int, int]]:
        """See Ties."""
        found = self._rows(
            f"SELECT p.node, q.other, count(DISTINCT p.other) {self._pairs()}"
            " AND p.node IN (SELECT value FROM json_each(:nodes)) GROUP BY p.node, q.other",
            nodes=nodes,
        )
        yield from ((node, other, strength) for node, other, strength in found)

    def strengths(self) -> Iterator[tuple[int, int]]:
        """See Ties; an actor is as strong as the number of activities that it shares with anybody."""
        found = self._rows(
            f"SELECT p.node, count(DISTINCT p.other) AS strength {self._pairs()} AND"
            f" {self.conditions.actors.replace('o.', 'n.')} GROUP BY p.node ORDER BY strength DESC, p.node"
        )
        yield from ((node, strength) for node, strength in found)

    def edges(self, nodes: Collection[int]) -> Iterator[Edge]:
        """See Ties."""
        rows = self._rows(
            "SELECT p.other, p.node, p.claim, p.role, p.modality FROM tie AS p JOIN node AS a ON a.id = p.other"
            f" WHERE p.node IN (SELECT value FROM json_each(:nodes)) AND p.forward = 0 AND a.class {self._through}"
            f" AND {self.conditions.participation('p')}",
            nodes=nodes,
        )
        reported = self._reported
        parts: dict[int, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for activity, actor, claim, role, modality in rows:
            parts[activity][actor].append(Fact(claim, role, activity, actor, planned=modality != reported))
        shared: dict[tuple[int, int], list[Shared]] = defaultdict(list)
        for activity in sorted(parts):
            for pair in combinations(sorted(parts[activity]), 2):
                facts = sorted(fact for actor in pair for fact in parts[activity][actor])
                shared[pair].append(Shared(activity, tuple(facts)))
        for pair in sorted(shared):
            yield Edge(*pair, shared=tuple(shared[pair]))

    def _pairs(self) -> str:
        """From an actor (p.node) through an activity (p.other) to another actor (q.other)."""
        return (
            "FROM tie AS p JOIN node AS n ON n.id = p.node JOIN node AS a ON a.id = p.other"
            " JOIN tie AS q ON q.node = p.other JOIN node AS o ON o.id = q.other"
            f" WHERE p.forward = 0 AND q.forward = 1 AND q.other != p.node AND a.class {self._through}"
            f" AND {self.conditions.participation('p')} AND {self.conditions.participation('q')}"
            f" AND {self.conditions.actors}"
        )


PROJECTIONS: dict[str, type[Ties]] = {"links": Links, "co-participation": CoParticipation}
"""The ways of tying things together, by the name that a person asks for."""
