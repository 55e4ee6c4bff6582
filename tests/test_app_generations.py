"""A new generation is taken up while requests run; an answer is from one generation; trouble is said and survived."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.publish.dataset import Dataset
from graph.publish.generation import Generation
from tests.service import SMALL, Service, serving

QUERY = "SELECT ?version ?other { ?s <urn:version> ?version . ?t <urn:also> ?other }"


def publish(folder: Path, version: int) -> Generation:
    """A generation in which two facts name the same version."""
    data = folder / "version.ttl"
    data.write_text(f"<urn:a> <urn:version> {version} . <urn:b> <urn:also> {version} .", "utf-8")
    return Dataset(folder / "build", memory=2**30, timeout=30).load([data])


@pytest.fixture
def published(tmp_path: Path) -> Iterator[tuple[Service, Path]]:
    publish(tmp_path, 0)
    with serving(build_dir=tmp_path / "build") as service:
        yield service, tmp_path


def served(service: Service) -> str | None:
    """The generation's id; None where the service is not ready."""
    generation: str | None = service.get("/health/ready").json().get("generation")
    return generation


def wait_for(service: Service, generation: Generation) -> None:
    give_up = time.monotonic() + 10
    while served(service) != generation.id:
        assert time.monotonic() < give_up, "the new generation was not taken up"
        time.sleep(0.05)


def test_answers_name_their_generation_and_are_revalidated(dataset_service: Service) -> None:
    first = dataset_service.get("/sparql", params={"query": "ASK {}"})
    tag = first.headers["etag"]
    assert tag == f'W/"{served(dataset_service)}"'
    for names in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        again = dataset_service.get("/sparql", params={"query": "ASK {}"}, headers={"if-none-match": names})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = dataset_service.get("/sparql", params={"query": "ASK {}"}, headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_a_new_generation_is_taken_up_without_a_dropped_or_mixed_answer(published: tuple[Service, Path]) -> None:
    service, folder = published
    stop = threading.Event()
    seen: list[tuple[str, str]] = []
    failed: list[str] = []

    def ask() -> None:
        with service.client() as client:
            while not stop.is_set():
                answer = client.get("/sparql", params={"query": QUERY}, headers={"accept": "text/csv"})
                if answer.status_code != 200:
                    failed.append(answer.text)
                else:
                    seen.append((answer.headers["etag"], answer.text.split()[1]))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    expected = {}
    for version in (1, 2):
        generation = publish(folder, version)
        wait_for(service, generation)
        expected[f'W/"{generation.id}"'] = f"{version},{version}"
        time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join()
    assert not failed
    assert set(expected) <= {tag for tag, _ in seen}
    for tag, row in seen:
        assert row == expected.get(tag, "0,0")


def test_a_deleted_generation_is_said_and_the_next_is_taken_up(published: tuple[Service, Path]) -> None:
    service, folder = published
    shutil.rmtree(folder / "build")
    time.sleep(1.5)
    assert service.get("/health/live").status_code == 200
    warnings = [line["message"] for line in service.lines("edugraph.generations") if line["level"] == "warning"]
    assert len(warnings) == 1
    assert "run 'edugraph build'" in warnings[0]
    assert "still serving" in warnings[0]
    wait_for(service, publish(folder, 5))
    assert service.get("/sparql", params={"query": QUERY}, headers={"accept": "text/csv"}).text.split()[1] == "5,5"


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path) -> None:
    jumping = "import itertools, time; real = time.time; days = itertools.cycle((0, 86400, -86400)); "
    jumping += "time.time = lambda: real() + next(days); "
    publish(tmp_path, 0)
    many = " ".join(f"VALUES ?v{column} {{ {' '.join(map(str, range(300)))} }}" for column in range(8))
    with serving(build_dir=tmp_path / "build", before=jumping, query_timeout=1) as service:
        begin = time.monotonic()
        stopped = service.get("/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ {many} }}"})
        assert stopped.status_code == 504
        assert 0.9 < time.monotonic() - begin < 3
        wait_for(service, publish(tmp_path, 1))
        assert service.get("/health/live").status_code == 200


def test_data_sets_of_several_files_are_one(tmp_path: Path) -> None:
    more = tmp_path / "more.nt"
    more.write_text("<http://example.org/x> <http://example.org/y> <http://example.org/z> .\n", "utf-8")
    with serving(str(SMALL), str(more)) as service:
        count = service.get(
            "/sparql",
            params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"},
            headers={"accept": "text/csv"},
        )
    assert count.text.split() == ["n", "4"]
