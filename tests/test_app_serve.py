"""``edugraph serve``: what it needs, how it says what is missing, and how it leaves."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.service import COMMAND, ROOT, SMALL, Service, environment, serving


def zipped(content: bytes) -> bytes:
    """The same bytes each time: they are in the names of tests, which all processes must find alike."""
    return gzip.compress(content, mtime=0)


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**settings), capture_output=True, text=True, timeout=30, check=False
    )


def test_a_port_in_use_is_said_and_nothing_is_built(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", str(port), build_dir=tmp_path / "build")
    assert ended.returncode == 2
    assert f"127.0.0.1 port {port} is in use" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_another_edugraph_built_is_built_anew(built: Path, tmp_path: Path) -> None:
    old = shutil.copytree(built, tmp_path / "build", symlinks=True)
    manifest = old / "current" / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(told | {"index_format": told["index_format"] - 1}), "utf-8")
    with serving(build_dir=old) as service:
        assert f"{told['id']} was built by another edugraph: building" in service.log.read_text("utf-8")
        assert service.get("/organisations/unesco").status_code == 200


def test_code_that_is_installed_elsewhere_has_the_scripts_of_the_home_that_is_named(
    built: Path, tmp_path: Path
) -> None:
    """As from a wheel, which holds no folder but those of the code."""
    for package in ("api", "graph"):
        shutil.copytree(ROOT / package, tmp_path / package)
    before = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "
    with serving(before=before, home=ROOT, build_dir=built) as service, service.client() as client:
        page = client.get("/query", headers={"accept": "text/html"}).text
        [script, *_] = re.findall(r'<script[^>]* src="([^"]+)"', page)
        assert client.get(script).status_code == 200
        assert "javascript" in client.get(script).headers["content-type"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("broken.ttl", b"<urn:a> <urn:b>\n  <urn:c", "broken.ttl:2:"),
        ("latin.nt", '<urn:a> <urn:b> "ü" .'.encode("latin-1"), "latin.nt:1:"),
        ("data.csv", b"a,b", "the ending says no format"),
        ("absent.ttl", None, "there is no such file"),
        ("a" * 300 + ".ttl", None, "File name too long"),
        ("a/b.ttl", b"", "Not a directory"),
        ("long.nt", b'<urn:a> <urn:b> "' + b"x" * 17 * 1024**2 + b'" .', "long.nt: a term has more than 16 MiB"),
        ("data.gz", zipped(b"<urn:a> <urn:b> 1 ."), "the ending says no format"),
        ("unzipped.nt.gz", b"<urn:a> <urn:b> <urn:c> .", "unzipped.nt.gz cannot be unpacked"),
        ("short.nt.gz", zipped(b"<urn:a> <urn:b> <urn:c> .")[:-9], "short.nt.gz cannot be unpacked"),
        ("broken.ttl.gz", zipped(b"<urn:a> <urn:b>\n  <urn:c"), "broken.ttl.gz:2:"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_served(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name.partition("/")[0]).write_bytes(content)
    ended = run("serve", str(tmp_path / name), "--port", "0")
    assert ended.returncode == 2
    assert said in ended.stderr
    assert str(tmp_path / name) in ended.stderr, "of two files of one name it must be plain which"
    assert "Traceback" not in ended.stderr


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nt")
    ended = run("serve", str(tmp_path / "pipe.nt"), "--port", "0")
    assert ended.returncode == 2
    assert "write it to one" in ended.stderr


def test_a_folder_is_told_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").mkdir()
    ended = run("serve", str(tmp_path / "data.ttl"), "--port", "0")
    assert ended.returncode == 2
    assert "is a folder" in ended.stderr


def test_files_of_every_form_are_one_data_set(tmp_path: Path) -> None:
    files = {
        "a.ttl": b"\xef\xbb\xbf<> <urn:p> <#here>, <b.ttl> .",  # as some editors begin a file
        "b.TTL.gz": gzip.compress(b"<urn:zipped> <urn:p> 1 ."),
        "c.nt": b"<urn:s> <urn:p> <urn:o> .",
        "d.nq": b"<urn:s> <urn:p> <urn:o> <urn:g> .",
        "e.trig": b"<urn:g> { <urn:s> <urn:p> <urn:other> }",
        "f g.ttl": b"<> a <urn:blank> .",
        "empty.ttl": b"",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with serving(*(str(tmp_path / name) for name in files)) as service:
        query = "SELECT ?s ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        rows = service.get("/sparql", params={"query": query, "format": "csv"}).text.splitlines()
    assert sorted(rows[1:]) == [
        "file:///a.ttl,file:///a.ttl#here,",
        "file:///a.ttl,file:///b.ttl,",
        "file:///f%20g.ttl,urn:blank,",
        "urn:s,urn:o,",
        "urn:s,urn:o,urn:g",
        "urn:s,urn:other,urn:g",
        "urn:zipped,1,",
    ]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"port": "http"}, "EDUGRAPH_PORT='http' cannot be used; write a whole number"),
        ({"prot": "8000"}, "EDUGRAPH_PROT is not a setting"),
        ({"host": "256.1.1.1"}, "256.1.1.1 is not an address"),
        ({"host": "a..example"}, "a..example is not an address"),
        ({"host": "a" * 300}, "is no host's name"),
        ({"host": "192.0.2.7"}, "192.0.2.7 port 8000 cannot be listened on"),
    ],
)
def test_settings_that_cannot_work(settings: dict[str, str], said: str) -> None:
    ended = run("serve", str(SMALL), **settings)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_request_under_way_is_answered_before_it_leaves() -> None:
    with serving(str(SMALL), drain_timeout=5, body_timeout=5) as service, service.connect() as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 6\r\n\r\nAS"
        )
        time.sleep(0.2)
        leaving = threading.Thread(target=service.stop)
        leaving.start()
        time.sleep(0.3)
        connection.sendall(b"K {}")
        answer = connection.recv(65536)
        leaving.join()
    assert answer.startswith(b"HTTP/1.1 200")
    assert service.process.returncode == 0


def test_it_does_not_wait_for_ever_and_takes_its_files_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serving(str(SMALL), drain_timeout=1, body_timeout=60) as service, service.connect() as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 6\r\n\r\nAS"
        )
        time.sleep(0.2)
        assert list(tmp_path.glob("edugraph-*/*/store"))
        begin = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - begin < 5
    assert not list(tmp_path.glob("edugraph-*"))


def test_what_a_killed_service_left_is_swept_at_the_next_start_and_what_is_in_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "edugraph-notes").mkdir()
    (tmp_path / "edugraph-link").symlink_to(tmp_path / "edugraph-notes")

    def folders() -> set[Path]:
        return {path.parent for path in tmp_path.glob("edugraph-*/current")}

    with serving(str(SMALL)) as killed:
        left = folders()
        with serving(str(SMALL), write_token="a-token-for-this-test") as running:
            in_use = folders() - left
            killed.stop(signal.SIGKILL)
            assert folders() == left | in_use
            with serving(str(SMALL)):
                assert in_use < folders()
                assert not left & folders()
                written = {"authorization": "Bearer a-token-for-this-test", "content-type": "text/turtle"}
                with running.client(headers=written) as client:
                    assert client.post("/store?default", content="<urn:a> <urn:b> 1 .").status_code == 204
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edugraph-link", "edugraph-notes"]


def test_a_query_that_outlasts_the_drain_is_told_so() -> None:
    many = " ".join(f"VALUES ?v{column} {{ {' '.join(map(str, range(300)))} }}" for column in range(8))
    answers: list[httpx.Response] = []
    with serving(str(SMALL), drain_timeout=1) as service:
        query = {"query": f"SELECT (COUNT(*) AS ?n) {{ {many} }}"}
        asking = threading.Thread(target=lambda: answers.append(service.get("/sparql", params=query)))
        asking.start()
        time.sleep(0.5)
        workers = service.children()
        assert service.stop() == 0
        asking.join()
        assert workers
        assert not [worker for worker in workers if Path(f"/proc/{worker}").exists()]
    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith("/stopping")


def test_a_client_s_word_for_its_address_counts_only_from_a_trusted_proxy(dataset_service: Service) -> None:
    forwarded = {"x-forwarded-for": "203.0.113.9", "x-request-id": "forwarded"}
    dataset_service.get("/health/live", headers=forwarded)
    assert dataset_service.line("forwarded")["client"] == "127.0.0.1"
    with serving(str(SMALL), trusted_proxies="127.0.0.1") as service:
        service.get("/health/live", headers=forwarded)
        assert service.line("forwarded")["client"] == "203.0.113.9"
