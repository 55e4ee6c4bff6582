"""Alive is not the same as ready: ready means that a generation is open and a worker answers."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from graph.publish.dataset import Dataset
from tests.service import SMALL, Service, serving


def test_live(dataset_service: Service) -> None:
    answer = dataset_service.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
    assert answer.headers["cache-control"] == "no-store"


def test_ready_names_the_generation(dataset_service: Service) -> None:
    answer = dataset_service.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert answer.json()["generation"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_not_ready_where_no_worker_can_open_the_store(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    generation = Dataset(tmp_path / "build", memory=2**30, timeout=30).load([tmp_path / "a.nt"])
    with serving(build_dir=tmp_path / "build", workers=1) as service:
        generation.store.rename(generation.path / "elsewhere")
        answer = _until(service, 503)
        assert answer.headers["content-type"] == "application/problem+json"
        assert service.get("/health/live").status_code == 200
        (generation.path / "elsewhere").rename(generation.store)
        _until(service, 200)


def _until(service: Service, status: int) -> httpx.Response:
    """Kill its workers again and again, so that they must open the store anew, until /health/ready changes."""
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        answer = service.get("/health/ready")
        if answer.status_code == status:
            return answer
        service.kill_workers()
        time.sleep(0.2)
    raise AssertionError(f"/health/ready stays {answer.status_code}")


def test_a_lost_worker_is_replaced() -> None:
    with serving(str(SMALL)) as service:
        for _ in range(3):
            service.kill_workers()
            _until_ready(service)


def _until_ready(service: Service) -> None:
    give_up = time.monotonic() + 5
    while service.get("/health/ready").status_code != 200:
        assert time.monotonic() < give_up
        time.sleep(0.05)
