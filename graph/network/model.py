"""What a network is made of, before it has names: numbers of nodes and claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, overload


class Fact(NamedTuple):
    """One claim that ties two nodes; numbers of the index."""

    claim: int
    role: int
    subject: int
    object: int
    planned: bool
    """No source reports it as so: planned, expected, asked for, or merely said."""


class Shared(NamedTuple):
    """An activity in which two actors both took part, with what says so."""

    activity: int
    facts: tuple[Fact, ...]
    planned: bool
    """Whether it takes a plan to bring the two together here: one of them has no reported part."""


class PartsTaken(Protocol):
    """Which parts actors took in activities."""

    def is_told(self, activity: int, actor: int) -> bool:
        """Whether the part that an actor took is reported as so."""

    def facts(self, activity: int, actor: int) -> Sequence[Fact]:
        """What says that an actor took part in an activity."""

    def read(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Read at once the facts of many, each an activity and an actor."""


class Together(Sequence[Shared]):
    """The activities that two actors share; each is put together when it is looked at, for most are only counted."""

    def __init__(self, parts: PartsTaken, ends: tuple[int, int], activities: Sequence[int]) -> None:
        self.parts, self.ends = parts, ends
        self._activities = activities

    def __len__(self) -> int:
        return len(self._activities)

    @overload
    def __getitem__(self, place: int) -> Shared: ...

    @overload
    def __getitem__(self, place: slice) -> list[Shared]: ...

    def __getitem__(self, place: int | slice) -> Shared | list[Shared]:
        if isinstance(place, slice):
            return [self._made(activity) for activity in self._activities[place]]
        return self._made(self._activities[place])

    @property
    def planned(self) -> bool:
        """Whether each of them takes a plan."""
        return all(self._is_planned(activity) for activity in self._activities)

    def wanted(self, most: int | None) -> Iterator[tuple[int, int]]:
        """The parts that the first so many are made of, or that all are."""
        return ((activity, actor) for activity in self._activities[:most] for actor in self.ends)

    def _is_planned(self, activity: int) -> bool:
        return not all(self.parts.is_told(activity, actor) for actor in self.ends)

    def _made(self, activity: int) -> Shared:
        facts = (fact for actor in self.ends for fact in self.parts.facts(activity, actor))
        return Shared(activity, tuple(sorted(facts)), self._is_planned(activity))


class Edge(NamedTuple):
    """All that ties two nodes: the facts from source to target, or the activities that they share."""

    source: int
    target: int
    facts: tuple[Fact, ...] = ()
    shared: Together | None = None

    @property
    def weight(self) -> int:
        """How many claims, or how many shared activities."""
        return len(self.shared) if self.shared else len({fact.claim for fact in self.facts})

    @property
    def planned(self) -> bool:
        """Whether nothing in it is reported as so."""
        return self.shared.planned if self.shared else all(fact.planned for fact in self.facts)

    @property
    def told(self) -> Iterator[Fact]:
        """Every fact in it."""
        yield from self.facts
        for part in self.shared or ():
            yield from part.facts


def read_ahead(edges: Iterable[Edge], most: int | None = None) -> list[Fact]:
    """The facts that the first so many shared activities of each edge are made of, or all are; read at once."""
    shared = [edge.shared for edge in edges if edge.shared]
    if not shared:
        return []
    parts = shared[0].parts
    wanted = {pair for together in shared for pair in together.wanted(most)}
    parts.read(wanted)
    return [fact for pair in wanted for fact in parts.facts(*pair)]


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
