"""A small generation is answered from memory, by forks of the process that holds it: as from disk, and as safely."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graph.isolation.worker import NAME
from tests.service import SMALL, Service, eventually, outliving, serving
from tests.test_questions import QUESTIONS

BEHIND = "import graph.isolation.held as held; held.WAITED_FOR = 0\n"
"""What has the smallest generation loaded while workers read the disk, as a larger one is."""

LATE = """
import asyncio
from graph.isolation.forks import ForkServer

start = ForkServer.start

async def start_late(*arguments):
    await asyncio.sleep(5)
    return await start(*arguments)

ForkServer.start = start_late
"""
"""What lets five seconds pass before a generation is loaded."""

TOKEN = "a token for writing to memory"

QUERIES = [
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT DISTINCT ?g { GRAPH ?g { } }",
    "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) (MIN(?o) AS ?least) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?s ?label { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER (LANG(?label) = 'lv') }",
    "SELECT ?a ?c { ?a <http://www.w3.org/2004/02/skos/core#broader>+ ?c }",
    "SELECT ?s { ?s a ?type FILTER NOT EXISTS { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } }",
]


def zombies(service: Service) -> int:
    """The children that have ended and that the service has not noticed."""
    children = psutil.Process(service.process.pid).children()
    return sum(child.is_running() and child.status() == psutil.STATUS_ZOMBIE for child in children)


def holder(service: Service) -> psutil.Process:
    """The process that holds the data: the oldest of its name, which a fork has for a moment."""
    return min(service.called("edugraph-memory"), key=psutil.Process.create_time)


def from_memory(service: Service) -> bool:
    """Whether all workers are forks, which a fresh process is not: its program is named on its command line."""
    workers = service.called(NAME)
    return bool(workers) and not any("graph.isolation.worker" in " ".join(worker.cmdline()) for worker in workers)


def rows(service: Service, query: str) -> list[str]:
    """The rows of an answer in an order of their own."""
    answer = service.get("/sparql", params={"query": query, "format": "tsv"})
    assert answer.status_code == 200, answer.text
    return sorted(answer.text.splitlines())


@pytest.fixture(scope="module")
def from_disk(built: Path) -> Iterator[Service]:
    """The curated graph, left on disk."""
    with serving(build_dir=built, quads_in_memory=0) as service:
        yield service


@pytest.mark.parametrize("query", [*QUERIES, *(question.query for question in QUESTIONS)])
def test_an_answer_from_memory_has_the_rows_of_one_from_disk(
    curated_service: Service, from_disk: Service, query: str
) -> None:
    assert rows(curated_service, query) == rows(from_disk, query)


def test_which_generations_are_held_is_a_setting(curated_service: Service, from_disk: Service) -> None:
    assert len(curated_service.called("edugraph-memory")) == 1
    assert curated_service.called(NAME)
    assert from_disk.called("edugraph-memory") == []
    assert from_disk.called(NAME)
    with serving(str(SMALL), quads_in_memory=3) as service:
        assert service.called("edugraph-memory") == []


def test_workers_draw_random_numbers_of_their_own() -> None:
    query = {"query": "SELECT (STR(UUID()) AS ?id) (RAND() AS ?number) { }", "format": "csv"}
    with serving(str(SMALL)) as service:
        seen = set()
        for _ in range(4):
            seen.add(service.get("/sparql", params=query).text)
            for worker in service.called(NAME):
                worker.kill()
        assert len(seen) == 4


@pytest.mark.parametrize("before", ["", BEHIND], ids=["waited for", "behind"])
def test_the_process_that_holds_the_data_may_end(before: str) -> None:
    def asks_without_workers() -> bool:
        for worker in service.called(NAME):
            worker.kill()
        time.sleep(0.2)
        asked = service.get("/sparql", params={"query": "ASK { ?s ?p ?o }"})
        return asked.json()["boolean"] is True

    with serving(str(SMALL), before=before, kept_answers=0) as service:
        for both in (False, True, True):
            assert eventually(lambda: from_memory(service))  # one that ends while it loads is not started again
            holder(service).kill()
            if both:
                for worker in service.called(NAME):
                    worker.kill()
                time.sleep(0.2)  # a query that meets one as it ends is told so
            for _ in range(5):
                assert service.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is True
            # It is started again when a worker is needed, and so at the latest when none is left.
            assert eventually(lambda: asks_without_workers() and len(service.called("edugraph-memory")) == 1)
        assert eventually(lambda: zombies(service) == 0)


@pytest.mark.parametrize("before", ["", BEHIND], ids=["waited for", "behind"])
def test_a_write_is_seen_and_leaves_one_process_that_holds_data(before: str) -> None:
    with serving(str(SMALL), before=before, write_token=TOKEN) as service, service.client() as client:
        written = {"authorization": f"Bearer {TOKEN}", "content-type": "text/turtle"}
        for number in range(3):
            put = client.put(f"/store?graph=urn:{number}", content=f"<urn:s> <urn:p> {number} .", headers=written)
            assert put.status_code == 201
            assert rows(service, f"SELECT ?o {{ GRAPH <urn:{number}> {{ ?s ?p ?o }} }}") == [str(number), "?o"]
        assert eventually(lambda: len(service.called("edugraph-memory")) == 1)


def test_a_graph_without_triples_is_there_in_memory_too() -> None:
    with serving(str(SMALL), write_token=TOKEN) as service, service.client() as client:
        written = {"authorization": f"Bearer {TOKEN}", "content-type": "text/turtle"}
        assert client.put("/store?graph=urn:empty", content="", headers=written).status_code == 201
        assert "<urn:empty>" in rows(service, "SELECT ?g { GRAPH ?g { } }")
        assert client.get("/store?graph=urn:empty").status_code == 200
        assert client.put("/store?graph=urn:other", content="<urn:a> <urn:b> 1 .", headers=written).status_code == 201
        assert "<urn:empty>" in rows(service, "SELECT ?g { GRAPH ?g { } }")
        assert service.called("edugraph-memory")


def test_a_large_generation_is_answered_from_disk_until_it_is_loaded() -> None:
    ask = "SELECT ?p (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p"
    with serving(str(SMALL), before=BEHIND + LATE, kept_answers=0) as service:
        assert not from_memory(service)
        assert service.called("edugraph-memory") == []
        first = rows(service, ask)
        for _ in range(2):
            assert eventually(lambda: from_memory(service), seconds=30)
            assert rows(service, ask) == first
            assert eventually(lambda: len(service.called(NAME)) == 2)  # the spare one is there, and no fork under way
            holder(service).kill()
            for worker in service.called(NAME):
                worker.kill()
            time.sleep(0.2)  # a query that meets one as it ends is told so
            assert rows(service, ask) == first
            assert not from_memory(service)


def test_a_large_generation_that_cannot_be_loaded_stays_on_disk() -> None:
    fails = BEHIND + "import graph.isolation.forks as forks; forks.SECONDS_TO_START = 0\n"
    with serving(str(SMALL), before=fails, kept_answers=0) as service:
        assert eventually(lambda: "stays on disk" in service.log.read_text("utf-8"))
        for _ in range(3):
            assert len(rows(service, "SELECT * { ?s ?p ?o }")) > 1
            for worker in service.called(NAME):
                worker.kill()
            time.sleep(0.2)
        assert service.called("edugraph-memory") == []
        assert service.log.read_text("utf-8").count("stays on disk") == 1


def test_nothing_outlives_a_service_that_is_killed() -> None:
    with serving(str(SMALL)) as service:
        family = [*service.called("edugraph-memory"), *service.called(NAME)]
        assert len(family) >= 2
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
        assert outliving(family) == []
