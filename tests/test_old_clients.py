"""Clients of HTTP/1.0: they know no chunks, so an answer of unknown length ends with the connection, whole or reset."""

from __future__ import annotations

import os
import signal
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.service import Service, serving

ROWS = 30_000
ALL = "SELECT ?o { ?s ?p ?o }"
ENDLESS = "SELECT ?o { ?s ?p ?o . ?x ?y ?z FILTER (?z != ?o) }"

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file whose rows are more than one piece of an answer."""
    file = tmp_path_factory.mktemp("old") / "data.nt"
    file.write_text("".join(f'<urn:{n}> <urn:p> "{n:040}" .\n' for n in range(ROWS)), "utf-8")
    return str(file)


@pytest.fixture(scope="module")
def service(data: str) -> Iterator[Service]:
    with serving(data, query_timeout=3, send_timeout=1) as service:
        yield service


def asked(service: Service, query: str, field: str = "") -> socket.socket:
    """A connection on which an old client has asked for CSV."""
    connection = service.connect()
    target = urlencode({"query": query, "format": "csv"})
    connection.sendall(f"GET /sparql?{target} HTTP/1.0\r\nHost: a\r\n{field}\r\n".encode())
    return connection


def taken(connection: socket.socket) -> tuple[str, bytes]:
    """Head and body of an answer that ended in order. Raises ConnectionResetError for one that did not."""
    with connection:
        data = b""
        while piece := connection.recv(65536):
            data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode("latin-1").lower(), body


def test_a_long_answer_ends_with_its_connection(service: Service) -> None:
    head, body = taken(asked(service, ALL))
    assert "transfer-encoding" not in head
    assert "content-length" not in head
    assert "connection: close" in head
    assert body.startswith(b"o\r\n")
    assert len(body.splitlines()) == ROWS + 1


def test_a_compressed_answer_too(service: Service) -> None:
    head, body = taken(asked(service, ALL, "Accept-Encoding: gzip\r\n"))
    assert "transfer-encoding" not in head
    assert len(zlib.decompress(body, zlib.MAX_WBITS | 16).splitlines()) == ROWS + 1


def test_a_short_answer_has_its_length(service: Service) -> None:
    head, body = taken(asked(service, "SELECT (1 AS ?o) {}"))
    assert f"content-length: {len(body)}" in head


def test_an_answer_cut_at_the_time_limit_is_reset(service: Service) -> None:
    with pytest.raises(ConnectionResetError):
        taken(asked(service, ENDLESS))


def test_an_answer_left_unread_is_reset(service: Service) -> None:
    connection = asked(service, ENDLESS)
    time.sleep(3)
    with pytest.raises(ConnectionResetError):
        taken(connection)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_an_answer_under_way_when_the_service_ends_is_reset(data: str, number: int) -> None:
    with serving(data, drain_timeout=1) as service, asked(service, ENDLESS) as connection:
        assert connection.recv(1000)
        os.kill(service.process.pid, number)
        with pytest.raises(ConnectionResetError):
            taken(connection)


def test_a_file_of_an_export_has_its_length(curated_service: Service, built: Path) -> None:
    whole = (built / "current" / "edugraph.nq").read_bytes()
    with curated_service.connect() as connection:
        connection.sendall(b"GET /export?format=nquads HTTP/1.0\r\nHost: a\r\n\r\n")
        head, body = taken(connection)
    assert f"content-length: {len(whole)}" in head
    assert body == whole
