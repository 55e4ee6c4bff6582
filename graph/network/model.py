"""What a network is made of, before it has names: numbers of nodes and claims."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Fact:
    """One claim that ties two nodes; numbers of the index."""

    claim: int
    role: int
    subject: int
    object: int
    planned: bool
    """No source reports it as so: planned, expected, asked for, or merely said."""


@dataclass(frozen=True)
class Shared:
    """An activity in which two actors both took part, with what says so."""

    activity: int
    facts: tuple[Fact, ...]

    @property
    def planned(self) -> bool:
        """Whether it takes a plan to bring the two together here: one of them has no reported part."""
        return any(all(fact.planned for fact in self.facts if fact.object == end) for end in self._ends)

    @property
    def _ends(self) -> set[int]:
        return {fact.object for fact in self.facts}


@dataclass(frozen=True)
class Edge:
    """All that ties two nodes: the facts from source to target, or the activities that they share."""

    source: int
    target: int
    facts: tuple[Fact, ...] = ()
    shared: tuple[Shared, ...] = ()

    @property
    def weight(self) -> int:
        """How many claims, or how many shared activities."""
        return len(self.shared) or len({fact.claim for fact in self.facts})

    @property
    def planned(self) -> bool:
        """Whether nothing in it is reported as so."""
        return all(part.planned for part in self.shared or self.facts)


@dataclass
class Network:
    """The nodes that were chosen, with their distance from the centre, and every edge between two of them."""

    distance: dict[int, int | None]
    """By node, in the order in which they were chosen; None where there is no centre."""
    rule: str
    """In words, how nodes were chosen."""
    edges: list[Edge] = field(default_factory=list)
    neighbours: dict[int, int] = field(default_factory=dict)
    """How many neighbours a node has under the filter, where they were looked at."""
    left_out: dict[int, int] = field(default_factory=dict)
    """Nodes that were seen and left out, by distance; 0 where there is no centre."""
    directed: bool = True

    @property
    def truncated(self) -> bool:
        """Whether anything was seen and left out."""
        return any(self.left_out.values())
