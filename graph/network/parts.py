"""Which of some actors took part in which events and programmes; what says so is read only where it is shown."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations

import orjson

from graph.index.bits import flags
from graph.network.filters import Conditions
from graph.network.model import Fact, Together

_REPORTED = "(p.modality IS (SELECT id FROM term WHERE iri = :reported))"


class Parts:
    """The parts that some actors took, under a filter."""

    def __init__(self, conditions: Conditions, actors: Collection[int]) -> None:
        self._conditions = conditions
        self._facts: dict[tuple[int, int], list[Fact]] = {}
        self._told: dict[int, set[int]] = {}
        self._actors: dict[int, list[int]] = defaultdict(list)
        can_be_shared = flags(conditions.fitting(conditions.shared), conditions.size)
        rows = conditions.read(
            f"SELECT p.node, json_group_array(p.other * 2 + {_REPORTED}) FROM tie AS p"
            " WHERE p.node IN (SELECT value FROM json_each(:nodes)) AND p.forward = 0"
            f" AND {conditions.participation('p')} GROUP BY p.node ORDER BY p.node",
            nodes=json.dumps(sorted(actors)),
        )
        for actor, told in rows:
            numbers = set(orjson.loads(told))
            self._told[actor] = {number >> 1 for number in numbers if number & 1}
            for activity in {number >> 1 for number in numbers}:
                if can_be_shared[activity]:
                    self._actors[activity].append(actor)

    def shared(self) -> Iterator[Together]:
        """For each two actors that took part in the same what they shared; in one stable order."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for activity, actors in sorted(self._actors.items()):
            for pair in combinations(actors, 2):
                found[pair].append(activity)
        for pair, activities in sorted(found.items()):
            yield Together(self, pair, activities)

    def is_told(self, activity: int, actor: int) -> bool:
        """Whether the part that an actor took is reported as so."""
        return activity in self._told[actor]

    def facts(self, activity: int, actor: int) -> Sequence[Fact]:
        """What says that an actor took part in an activity."""
        if (activity, actor) not in self._facts:
            self.read([(activity, actor)])
        return self._facts[activity, actor]

    def read(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Read at once the facts of many, each an activity and an actor."""
        pairs = sorted(set(wanted) - self._facts.keys())
        self._facts |= {pair: [] for pair in pairs}
        rows = self._conditions.read(
            f"SELECT p.claim, p.role, p.other, p.node, NOT {_REPORTED}"
            " FROM json_each(:pairs) AS pair CROSS JOIN tie AS p"
            " ON p.node = pair.value ->> 1 AND p.other = pair.value ->> 0"
            f" WHERE p.forward = 0 AND {self._conditions.participation('p')}",
            pairs=json.dumps(pairs),
        )
        for fact in map(Fact._make, rows):
            self._facts[fact.subject, fact.object].append(fact)
