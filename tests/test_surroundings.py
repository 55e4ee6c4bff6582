"""What the page of a thing shows around it is what network, timeline and targets answer when they are asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.network.filters import NetworkFilter
from graph.network.records import Reader, node_number
from graph.network.tables import ACTORS
from graph.network.ties import CoParticipation
from graph.publish.generation import current
from graph.query.index import Index
from graph.query.quotes import Quotes
from graph.query.surroundings import agenda, companions, due
from graph.query.targets import TargetsAsked, targets_answer
from graph.query.timeline import TimelineAsked, timeline_answer

ALL = 10_000


@pytest.fixture(scope="module")
def reader(built: Path) -> Iterator[Reader]:
    """Reads the curated graph in English."""
    index = Index(current(built))
    yield Reader(index, Quotes(index, None), ("en",))
    index.close()


@pytest.fixture(scope="module")
def actors(reader: Reader) -> list[str]:
    """Every actor of the curated graph, the best known first."""
    marks = ", ".join("?" * len(ACTORS))
    rows = reader.index.connection.execute(f"SELECT iri FROM node WHERE class IN ({marks}) ORDER BY id", ACTORS)
    return [str(row[0]) for row in rows]


def test_companions_are_the_network_of_shared_activities(reader: Reader, actors: list[str]) -> None:
    ties = CoParticipation(reader.index, NetworkFilter())
    reported = CoParticipation(reader.index, NetworkFilter(planned=False))
    seen = 0
    for iri in actors:
        number = node_number(reader.index, iri)
        assert number is not None
        found = companions(reader, iri, ALL)
        wanted = ties.counted([number]).get(number, Counter())
        so = reported.counted([number]).get(number, Counter()).keys()
        got = {node_number(reader.index, item["iri"]): item for item in found["items"]}
        assert {other: item["activities"] for other, item in got.items()} == wanted, iri
        assert {other for other, item in got.items() if not item["planned"]} == so, iri
        assert found["total"] == len(wanted)
        seen += len(wanted)
    assert seen > 100


def test_the_agenda_is_the_timeline_of_the_actor(reader: Reader, actors: list[str]) -> None:
    seen = 0
    for iri in actors:
        asked = timeline_answer(reader, TimelineAsked(actor=iri, limit=ALL))["entries"]
        found = agenda(reader, iri, ALL)
        assert found["items"] == asked, iri
        assert found["total"] == len({entry["iri"] for entry in asked})
        seen += len(asked)
    assert seen > 20


def test_a_short_agenda_has_the_latest(reader: Reader) -> None:
    ministry = "https://w3id.org/edugraph/organisation/kaz-ministry-of-education"
    whole, short = agenda(reader, ministry, ALL), agenda(reader, ministry, 2)
    assert short["total"] == whole["total"] > 2
    latest = sorted(whole["items"], key=lambda entry: (entry["latest"], entry["earliest"]))[-2:]
    assert {entry["iri"] for entry in short["items"]} == {entry["iri"] for entry in latest}


def test_what_is_due_is_what_the_actor_is_responsible_for(reader: Reader, actors: list[str]) -> None:
    seen = 0
    for iri in actors:
        asked = targets_answer(reader, TargetsAsked(responsible=iri, limit=ALL))["targets"]
        found = due(reader, iri, "Organisation", ALL)
        assert [{**item, "claims": None} for item in found["items"]] == [{**item, "claims": None} for item in asked]
        assert all(item["claims"] for item in found["items"])
        assert found["total"] == len(asked)
        seen += len(asked)
    assert seen > 5
