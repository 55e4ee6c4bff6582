"""What the machine does to a running service: it goes on as far as it can, and says what is wrong."""

from __future__ import annotations

import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph.publish.generation import current
from tests.generations import make_generation
from tests.service import COMMAND, SMALL, Service, environment, serving

PATHS = [
    *("/organisations?limit=1", "/organisations/unesco", "/organisations/unesco?format=turtle", "/search?q=unesco"),
    *("/organisations/unesco/links", "/claims?limit=1", "/articles", "/network?of=unesco", "/timeline", "/targets"),
    *("/export?format=ntriples", "/export?format=turtle&entity=unesco", "/store?default", "/dataset", "/ontology"),
    *("/sparql?query=ASK%7B%7D", "/sparql", "/shapes", "/metrics", "/health/ready", "/suggest?prefix=un"),
]
HTML = {"accept": "text/html"}


def limited(name: str, soft: int, hard: int) -> str:
    return f"import resource; resource.setrlimit(resource.RLIMIT_{name}, ({soft}, {hard})); "


def is_said(service: Service, path: str, headers: dict[str, str]) -> bool:
    """Whether the answer is right, or a problem that says what is wrong; a page where one was asked for."""
    answer = service.get(path, headers=headers)
    assert answer.status_code in (200, 303, 400, 406, 503), f"{path} {answer.status_code} {answer.text[:300]}"
    assert answer.status_code != 503 or "html" in answer.headers["content-type"] or answer.json()["title"]
    return answer.status_code == 503


@pytest.mark.parametrize("headers", [{}, HTML], ids=["data", "pages"])
def test_a_deleted_generation_is_said_on_every_route(built: Path, tmp_path: Path, headers: dict[str, str]) -> None:
    folder = tmp_path / "build"
    shutil.copytree(built, folder, symlinks=True)
    with serving(build_dir=folder) as service:
        shutil.rmtree(current(folder).path)
        service.kill_workers()
        assert sum(is_said(service, path, headers) for path in PATHS) > 3
        for path in ("/sparql?query=ASK%7B%7D", "/organisations/unesco?format=turtle", "/quality"):
            if (answer := service.get(path)).status_code != 200:  # what was opened before may still be answered
                assert answer.json()["type"].endswith("/generation-gone"), answer.text
        assert "files are gone" in service.get("/health/ready").json()["detail"]
        assert service.get("/health/live").status_code == 200
        shutil.rmtree(folder)
        shutil.copytree(built, folder, symlinks=True)
        assert not any(is_said(service, path, headers) for path in PATHS)


def test_a_damaged_store_is_said_without_its_place(tmp_path: Path) -> None:
    generation = make_generation(tmp_path, "damaged", [])
    store = Store(str(generation.store))
    for part in range(6):  # so many tables that the engine opens some of them later
        quads = "".join(f"<urn:s{part}> <urn:p{n}> <urn:o{part}-{n}> <urn:g{part}> .\n" for n in range(2000))
        store.bulk_load(quads.encode(), format=RdfFormat.N_QUADS)
    del store
    with serving(build_dir=tmp_path) as service:
        for table in generation.store.glob("*.sst"):
            table.write_bytes(b"no table")
        told = [service.get("/sparql?query=SELECT*%7BGRAPH?g%7B?s?p?o%7D%7D") for _ in range(3)]
        assert {answer.status_code for answer in told} == {503}
        assert {answer.json()["type"].rpartition("/")[2] for answer in told} == {"worker-lost"}
        assert not [answer.text for answer in told if str(tmp_path) in answer.text or ".sst" in answer.text]
        assert ".sst" in service.log.read_text("utf-8")  # where the operator finds it
        assert service.get("/health/ready").status_code in (200, 503)


def test_a_full_disk_is_said_and_all_else_goes_on(built: Path) -> None:
    # A limit on the size of a file stands in for the disk.
    with serving(build_dir=built, before=limited("FSIZE", 100_000, 100_000)) as service:
        answer = service.get("/export?format=rdfxml")
        assert answer.status_code == 507
        assert answer.json()["type"].endswith("/disk-full")
        assert str(built) not in answer.text
        assert service.get("/organisations?limit=1").status_code == 200
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200


NO_TEMPORARY_FOLDER = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/nonexistent']; "


def test_an_export_that_finds_no_room_at_all_is_said(built: Path) -> None:
    """As in a container whose file system may only be read."""
    with serving(build_dir=built, before=NO_TEMPORARY_FOLDER) as service:
        assert service.get("/export?format=rdfxml").json()["type"].endswith("/disk-full")
        assert service.get("/export?format=turtle").status_code == 200


def test_a_data_set_that_finds_no_room_at_all_is_told() -> None:
    command = [*COMMAND[:-1], NO_TEMPORARY_FOLDER + COMMAND[-1], "serve", "--port", "0", str(SMALL)]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 2
    assert ended.stderr == "edugraph: no folder for temporary files can be written; name one in TMPDIR\n"


def test_as_many_files_may_be_open_as_connections_need() -> None:
    with (
        serving(str(SMALL), before=limited("NOFILE", 150, 4096), head_timeout=60) as service,
        ExitStack() as held,
    ):
        for _ in range(300):
            held.enter_context(socket.create_connection(("127.0.0.1", service.port))).sendall(b"GET / HTTP/1.1\r\n")
        assert service.get("/sparql?query=ASK%7B%7D").status_code == 200


def test_too_few_open_files_are_told_at_the_start() -> None:
    start = limited("NOFILE", 150, 150) + COMMAND[-1]
    ended = subprocess.run(
        [*COMMAND[:-1], start, "serve", str(SMALL), "--port", "0"],
        env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "max_connections is 512" in ended.stderr
    assert "the system allows 150" in ended.stderr
    assert "Traceback" not in ended.stderr
