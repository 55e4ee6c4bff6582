"""All shortest paths between two things, over what links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from graph.network.model import Edge
from graph.network.records import Reader
from graph.network.ties import Links

LONGEST = 6
MOST_SEEN = 50_000
"""Nodes that a search may look at; beyond it gives up and says so."""


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    paths: list[tuple[int, ...]]
    more: bool
    """Whether there are more paths of this length than were asked for."""
    complete: bool
    """Whether the search saw all that it had to; if not, there may be a path that it did not find."""


class _Side:
    """What is reached from one of the two ends, step by step, and through what."""

    def __init__(self, start: int) -> None:
        self.steps = {start: 0}
        self.before: dict[int, set[int]] = defaultdict(set)
        self.edge = [start]
        self.depth = 0

    def grow(self, ties: Links) -> None:
        """Take one more step from everything that was reached last."""
        self.depth += 1
        new: set[int] = set()
        for node, others in ties.counted(self.edge).items():
            for other in others:
                if self.steps.setdefault(other, self.depth) == self.depth:
                    self.before[other].add(node)
                    new.add(other)
        self.edge = sorted(new)

    def back(self, node: int) -> Iterator[tuple[int, ...]]:
        """Every way from the start to the node, the better known nodes first."""
        if self.steps[node] == 0:
            yield (node,)
        for previous in sorted(self.before[node]):
            yield from ((*way, node) for way in self.back(previous))


def shortest(ties: Links, start: int, goal: int, longest: int, limit: int) -> Found:
    """Up to ``limit`` of the shortest paths of at most ``longest`` steps, in one stable order."""
    if start == goal:
        return Found([(start,)], more=False, complete=True)
    one, other = _Side(start), _Side(goal)
    while not (meeting := one.steps.keys() & other.steps.keys()):
        if one.depth + other.depth == longest or not (one.edge and other.edge):
            return Found([], more=False, complete=True)
        if len(one.steps) + len(other.steps) > MOST_SEEN:
            return Found([], more=False, complete=False)
        (one if len(one.edge) <= len(other.edge) else other).grow(ties)
    length = min(one.steps[node] + other.steps[node] for node in meeting)
    ways = islice(_joined(one, other, meeting, length), limit + 1)
    paths = list(ways)
    return Found(paths[:limit], more=len(paths) > limit, complete=True)


def _joined(one: _Side, other: _Side, meeting: set[int], length: int) -> Iterator[tuple[int, ...]]:
    for node in sorted(meeting):
        if one.steps[node] + other.steps[node] == length:
            for way in one.back(node):
                yield from ((*way, *reversed(rest[:-1])) for rest in other.back(node))


def paths_record(reader: Reader, ties: Links, found: Found) -> dict[str, Any]:
    """The paths with names, and for each step every fact that makes it."""
    nodes = {node for path in found.paths for node in path}
    between: dict[tuple[int, int], list[Edge]] = defaultdict(list)
    for edge in ties.edges(nodes):
        between[min(edge.source, edge.target), max(edge.source, edge.target)].append(edge)
    reader.prepare(nodes, {fact.claim for edges in between.values() for edge in edges for fact in edge.facts})
    records = []
    for path in found.paths:
        steps = [_step(reader, one, other, between[min(one, other), max(one, other)]) for one, other in pairwise(path)]
        planned = any(step["planned"] for step in steps)
        records.append({"nodes": [reader.node(node) for node in path], "planned": planned, "steps": steps})
    return {
        "length": len(found.paths[0]) - 1 if found.paths else None,
        "count": len(records),
        "truncated": found.more or not found.complete,
        "complete": found.complete,
        "paths": records,
    }


def _step(reader: Reader, one: int, other: int, edges: list[Edge]) -> dict[str, Any]:
    facts = [fact for edge in edges for fact in edge.facts]
    return {
        "from": reader.node(one)["id"],
        "to": reader.node(other)["id"],
        "planned": all(fact.planned for fact in facts),
        "facts": [reader.fact(fact) for fact in facts],
    }
