"""The queries under way can be seen and stopped by whoever holds the token, and by nobody else."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.service import SMALL, Service, serving

pytestmark = pytest.mark.alone

TOKEN = "correct-horse-battery-staple"
BEARER = {"authorization": f"Bearer {TOKEN}"}
MANY = " ".join(f"VALUES ?v{column} {{ {' '.join(map(str, range(300)))} }}" for column in range(8))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {MANY} }}"


@pytest.fixture(scope="module")
def operated() -> Iterator[Service]:
    with serving(str(SMALL), write_token=TOKEN, query_timeout=20) as service:
        yield service


def under_way(service: Service, number: int) -> list[dict[str, Any]]:
    """The list, as soon as it holds this many."""
    give_up = time.monotonic() + 5
    while True:
        answer = service.get("/operations", headers=BEARER)
        assert answer.status_code == 200
        listed: list[dict[str, Any]] = answer.json()
        if len(listed) == number:
            return listed
        assert time.monotonic() < give_up, listed
        time.sleep(0.05)


def test_a_running_query_is_listed_and_stopped(operated: Service) -> None:
    answers: list[httpx.Response] = []
    asking = threading.Thread(target=lambda: answers.append(operated.get("/sparql", params={"query": RUNAWAY})))
    asking.start()
    (query,) = under_way(operated, 1)
    assert query["client"] == "127.0.0.1"
    assert query["query_sha256"] == hashlib.sha256(RUNAWAY.encode()).hexdigest()
    assert query["query"] is None
    with operated.client(headers=BEARER) as client:
        assert client.delete(f"/operations/{query['id']}").status_code == 204
        asking.join(2)
        assert not asking.is_alive()
        assert client.delete(f"/operations/{query['id']}").status_code == 404
    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith("/query-cancelled")
    assert under_way(operated, 0) == []


def test_a_query_ends_when_its_client_hangs_up(operated: Service) -> None:
    with pytest.raises(httpx.ReadTimeout):
        operated.get("/sparql", params={"query": RUNAWAY}, timeout=0.5)
    begin = time.monotonic()
    assert under_way(operated, 0) == []
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize(("headers", "status"), [({}, 401), ({"authorization": "Bearer wrong"}, 403)])
def test_it_takes_the_token(operated: Service, headers: dict[str, str], status: int) -> None:
    assert operated.get("/operations", headers=headers).status_code == status
    with operated.client(headers=headers) as client:
        assert client.delete("/operations/1").status_code == status


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "9" * 30])
def test_a_number_that_is_none(operated: Service, number: str) -> None:
    with operated.client(headers=BEARER) as client:
        assert client.delete(f"/operations/{number}").status_code in (400, 404)


def test_without_a_token_it_is_closed(dataset_service: Service) -> None:
    assert dataset_service.get("/operations", headers=BEARER).status_code == 403
