"""The network as the index keeps and counts it is the network as it is defined: tie by tie, under whatever filter."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generator import make_world, publish
from graph.index.dates import days
from graph.namespaces import EDG, REPORTED
from graph.network import tables
from graph.network.model import Network
from graph.network.questions import Asked, network_of
from graph.network.selection import Extent
from graph.network.tables import ACTIVITIES, ACTORS
from graph.publish.generation import current
from graph.query.index import Index

ROOT = Path(__file__).parent.parent
ARTICLES, FEW_NEIGHBOURS = 60, 6
"""A small world in which the neighbours of many nodes are kept as bits, as only those of hubs are in a large one."""
Row = tuple[Any, ...]


@dataclass
class Slow:
    """The tables of one index in plain lists, and what a network is by them."""

    index: Index

    def __post_init__(self) -> None:
        read = self.index.connection.execute
        self.ties = read("SELECT node, other, claim, role, forward, modality, activity FROM tie").fetchall()
        self.nodes = {row[0]: row[1:] for row in read("SELECT id, iri, class, kind FROM node")}
        self.number = {iri: at for at, (iri, _, _) in self.nodes.items()}
        self.terms = dict(read("SELECT id, iri FROM term"))
        self.broader = read("SELECT iri, broader FROM role").fetchall()
        self.sources = dict(read("SELECT number, source FROM claim"))
        self.countries = set(read("SELECT node, country FROM lies_in"))
        self.periods = {row[:2]: row[2:] for row in read("SELECT thing, planned, first, last FROM period")}

    def narrower(self, role: str) -> set[str]:
        found = {role}
        while more := {iri for iri, above in self.broader if above in found} - found:
            found |= more
        return found

    def counts(self, row: Row, asked: Asked) -> bool:
        """Whether a tie counts."""
        node, other, claim, role, _, modality, activity = row
        first, last = ((days(text) or ("", ""))[end] if text else None for text, end in _ends(asked))
        within = [activity] if activity not in (None, node) else [end for end in (node, other) if self.is_activity(end)]
        periods = [self.periods.get((self.nodes[one][0], int(asked.planned))) for one in within]
        return (
            (not asked.role or self.terms[role] in self.narrower(asked.role))
            and (asked.planned or self.terms[modality] == REPORTED)
            and (not asked.modality or self.terms[modality] == asked.modality)
            and (not asked.article or self.sources[claim] == asked.article)
            and (not asked.country or any((end, self.number[asked.country]) in self.countries for end in (node, other)))
            and (
                not (first or last)
                or any(period and period[0] <= (last or "9") and period[1] >= (first or "") for period in periods)
            )
        )

    def is_activity(self, node: int) -> bool:
        return self.nodes[node][1] in ACTIVITIES

    def fitting(self, asked: Asked, classes: tuple[str, ...]) -> set[int]:
        """The nodes that may be a neighbour."""
        with_kinds = {cls for _, cls, kind in self.nodes.values() if kind in asked.kinds}
        fits = {node for node, (_, cls, kind) in self.nodes.items() if kind in asked.kinds or cls not in with_kinds}
        return {node for node in fits if self.nodes[node][1] in classes}

    def network(self, asked: Asked, centre: int | None, projection: str, extent: Extent) -> dict[str, Any]:
        rows = [row for row in self.ties if self.counts(row, asked)]
        ties = self.links(rows, asked) if projection == "links" else self.sharing(rows, asked)
        if centre is None:
            return self.whole(ties, asked, projection, extent.limit)
        distance, layer, neighbours, seen = {centre: 0}, [centre], {}, []
        for step in range(1, extent.depth + 1):
            following = []
            seen.append((step, {other for node in layer for other in ties[node]}))
            for node in layer:
                neighbours[node] = len(ties[node])
                new = sorted((-strength, other) for other, strength in ties[node].items() if other not in distance)
                room = extent.limit - len(distance)
                taken = [other for _, other in new[: min(room, extent.fan) if extent.depth > 1 else room]]
                distance |= dict.fromkeys(taken, step)
                following += taken
            layer = following
        left: dict[int, int] = {}
        nearer = set(distance)
        for step, others in seen:
            left |= {step: len(others - nearer)} if others - nearer else {}
            nearer |= others
        return {"distance": [*distance.items()], "neighbours": neighbours, "left_out": left} | self.edges(
            rows, asked, projection, distance
        )

    def whole(self, ties: dict[int, Counter[int]], asked: Asked, projection: str, limit: int) -> dict[str, Any]:
        rows = [row for row in self.ties if self.counts(row, asked)]
        possible = self.classes(asked, projection)
        fitting = self.fitting(asked, possible)
        own = {node: others for node, others in ties.items() if others and node in fitting}
        strength = {node: sum(others.values()) for node, others in own.items()}
        if projection != "links":
            took = self.parts(rows, asked)
            actors = {activity: [one for one in found if one in fitting] for activity, found in took.items()}
            strength = Counter(one for found in actors.values() if len(found) > 1 for one in found)
        best = sorted(strength, key=lambda node: (-strength[node], node))
        left = {0: len(best) - limit} if len(best) > limit else {}
        distance = dict.fromkeys(best[:limit])
        return {"distance": [*distance.items()], "neighbours": {}, "left_out": left} | self.edges(
            rows, asked, projection, distance
        )

    def classes(self, asked: Asked, projection: str) -> tuple[str, ...]:
        if projection == "links":
            return asked.classes or (*ACTORS, *ACTIVITIES)
        return tuple(cls for cls in ACTORS if not asked.classes or cls in asked.classes)

    def links(self, rows: list[Row], asked: Asked) -> dict[int, Counter[int]]:
        ties: dict[int, Counter[int]] = defaultdict(Counter)
        fitting = self.fitting(asked, self.classes(asked, "links"))
        for node, other, *_ in rows:
            if other in fitting:
                ties[node][other] += 1
        return ties

    def parts(self, rows: list[Row], asked: Asked) -> dict[int, dict[int, list[Row]]]:
        """By activity and actor the facts that say that it took part."""
        apart = {EDG + "beneficiary"} | (set() if asked.invited else {EDG + "invited"})
        roles = self.narrower(EDG + "involves") - apart
        found: dict[int, dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for node, other, claim, role, forward, modality, _ in rows:
            if not forward and self.terms[role] in roles and self.nodes[other][1] in ("Event", "Programme"):
                found[other][node].append((claim, role, other, node, self.terms[modality] != REPORTED))
        return found

    def sharing(self, rows: list[Row], asked: Asked) -> dict[int, Counter[int]]:
        ties: dict[int, Counter[int]] = defaultdict(Counter)
        fitting = self.fitting(asked, self.classes(asked, "co-participation"))
        for actors in self.parts(rows, asked).values():
            for node in actors:
                ties[node].update(other for other in actors if other != node and other in fitting)
        return ties

    def edges(self, rows: list[Row], asked: Asked, projection: str, nodes: dict[int, Any]) -> dict[str, Any]:
        found: dict[tuple[int, int], Any] = {}
        if projection == "links":
            facts: dict[tuple[int, int], set[Row]] = defaultdict(set)
            for node, other, claim, role, forward, modality, _ in rows:
                if node in nodes and other in nodes:
                    ends = (node, other) if forward else (other, node)
                    facts[ends].add((claim, role, *ends, self.terms[modality] != REPORTED))
            for ends, told in facts.items():
                found[ends] = (sorted(told), len({claim for claim, *_ in told}), all(row[-1] for row in told))
            return {"edges": sorted(found.items())}
        shared: dict[tuple[int, int], list[Row]] = defaultdict(list)
        for activity, actors in sorted(self.parts(rows, asked).items()):
            for one, other in combinations(sorted(actor for actor in actors if actor in nodes), 2):
                planned = any(all(row[-1] for row in actors[end]) for end in (one, other))
                shared[one, other].append((activity, sorted(actors[one] + actors[other]), planned))
        return {"edges": sorted((e, (s, len(s), all(row[-1] for row in s))) for e, s in shared.items())}


def _ends(asked: Asked) -> tuple[tuple[str | None, int], tuple[str | None, int]]:
    return (asked.earliest, 0), (asked.latest, 1)


def plainly(network: Network) -> dict[str, Any]:
    """What the product gives, in the words of the slow way."""
    edges = []
    for edge in network.edges:
        told: list[Row] = [(one.activity, [*map(tuple, one.facts)], one.planned) for one in edge.shared or ()]
        told = told or [tuple(fact) for fact in edge.facts]
        edges.append(((edge.source, edge.target), (told, edge.weight, edge.planned)))
    return {
        "distance": [*network.distance.items()],
        "neighbours": network.neighbours,
        "left_out": network.left_out,
        "edges": edges,
    }


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slow]:
    """A synthetic world whose index takes nodes with few neighbours for hubs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "HUB", FEW_NEIGHBOURS)
        index = Index(publish(make_world(ARTICLES), ROOT, tmp_path_factory.mktemp("made-up")))
    yield Slow(index)
    index.close()


@pytest.fixture(scope="module")
def curated(built: Path) -> Iterator[Slow]:
    """The curated graph, in which nothing is a hub."""
    index = Index(current(built))
    yield Slow(index)
    index.close()


def some_filter(slow: Slow, chance: random.Random) -> Asked:
    """No filter, or a few at random, of values that there are."""
    often = chance.choice([0, 0.2, 0.4])
    kinds = sorted({kind for _, _, kind in slow.nodes.values() if kind})
    classes = sorted({cls for _, cls, _ in slow.nodes.values()})
    since, until = sorted(chance.choice(["2015", "2018-03", "2020", "2022-06-14", "2023", "2024"]) for _ in range(2))

    def maybe(values: list[Any]) -> Any:
        return chance.choice(values) if values and chance.random() < often else None

    return Asked(
        role=maybe(sorted({slow.terms[row[3]] for row in slow.ties} | {above for _, above in slow.broader})),
        classes=tuple(sorted(set(chance.sample(classes, 3)))) if chance.random() < often else (),
        kinds=tuple(sorted(set(chance.sample(kinds, 2)))) if chance.random() < often else (),
        earliest=maybe([since]),
        latest=maybe([until]),
        modality=maybe(modalities(slow)),
        article=maybe(sorted(iri for iri, cls, _ in slow.nodes.values() if cls == "Article")[:20])
        if chance.random() < 0.3
        else None,
        country=maybe(sorted(iri for iri, cls, _ in slow.nodes.values() if cls == "Country")[:6]),
        planned=chance.random() >= often,
        invited=chance.random() < often,
    )


def modalities(slow: Slow) -> list[str]:
    return sorted(row[0] for row in slow.index.connection.execute("SELECT DISTINCT modality FROM claim"))


@pytest.mark.parametrize("world", ["made_up", "curated"])
@pytest.mark.parametrize("projection", ["links", "co-participation"])
@pytest.mark.parametrize("seed", range(3))
def test_a_network_is_what_its_ties_say(request: pytest.FixtureRequest, world: str, projection: str, seed: int) -> None:
    slow: Slow = request.getfixturevalue(world)
    chance = random.Random(seed)
    actors = [at for at, (_, cls, _) in slow.nodes.items() if projection == "links" or cls in ACTORS]
    edges = 0
    for _ in range(12):
        asked = some_filter(slow, chance)
        centre = chance.choice([*actors[:12] * 3, *actors, None])
        limit, fan = chance.choice([1, 4, 20, 100, 300]), chance.choice([1, 3, 25])
        extent = Extent(chance.choice([1, 2, 3]), limit, fan) if centre is not None else Extent(limit=limit)
        iri = None if centre is None else slow.nodes[centre][0]
        got = plainly(network_of(slow.index, asked, iri, projection, extent))
        assert got == slow.network(asked, centre, projection, extent), (asked, iri, extent)
        edges += len(got["edges"])
    assert edges


def test_some_neighbours_were_read_as_bits(made_up: Slow) -> None:
    read = made_up.index.connection.execute
    assert dict(read("SELECT projection, count(*) FROM reach GROUP BY 1")).keys() == {"links", "co-participation"}
    many = "SELECT count(*) FROM (SELECT node FROM neighbour GROUP BY node HAVING count(*) <= ?)"
    assert read(many, (FEW_NEIGHBOURS,)).fetchone()[0] > 20
