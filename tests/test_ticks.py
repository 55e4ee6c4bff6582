"""While a long query runs, a process wakes up on each core, and only then; the service does without it as well."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Iterator
from urllib.parse import urlencode

import psutil
import pytest

from graph.isolation.ticking import NAME
from graph.isolation.ticks import MOST_CORES
from tests.service import SMALL, Service, eventually, outliving, serving

CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
LONG = f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?s{n} ?p{n} ?o{n}' for n in range(30))} }}"
"""A product of thirty times all that there is."""

pytestmark = pytest.mark.skipif(
    not 0 < len(CORES) <= MOST_CORES, reason="ticks are of use on Linux with few cores alone"
)


@contextlib.contextmanager
def asked(service: Service) -> Iterator[None]:
    """A client that waits for the answer to a long query, and leaves with the block."""
    target = f"/sparql?{urlencode({'query': LONG})}"
    with socket.create_connection(("127.0.0.1", service.port)) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nhost: a\r\n\r\n".encode("ascii"))
        yield


def cores(service: Service) -> set[int]:
    """The cores on which it ticks now."""
    ticking = [child for process in service.called(NAME) for child in process.children()]
    return {core for one in ticking if one.status() != psutil.STATUS_STOPPED for core in one.cpu_affinity()}


def test_a_long_query_is_ticked_through_and_nothing_else() -> None:
    with serving(str(SMALL), query_timeout=30) as service:
        assert service.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200
        assert service.called(NAME) == []
        for _ in range(2):
            with asked(service):
                assert eventually(lambda: cores(service) == CORES)
            assert eventually(lambda: cores(service) == set())
        assert len(service.called(NAME)) == 1


def test_its_process_is_started_again_where_it_has_ended() -> None:
    with serving(str(SMALL), query_timeout=30) as service:
        for _ in range(2):
            with asked(service):
                assert eventually(lambda: cores(service) == CORES)
            assert eventually(lambda: cores(service) == set())
            service.called(NAME)[0].kill()
            assert eventually(lambda: service.called(NAME) == [])
            assert service.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}).status_code == 200


def test_it_ends_with_a_service_that_is_killed() -> None:
    with serving(str(SMALL), query_timeout=30) as service, asked(service):
        assert eventually(lambda: cores(service) == CORES)
        family = psutil.Process(service.process.pid).children(recursive=True)
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
        assert outliving(family) == []
