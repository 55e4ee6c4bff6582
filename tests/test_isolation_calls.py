"""SERVICE goes to the endpoints that the settings list and nowhere else, each call with limits of its own."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import re
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

import httpx
import psutil
import pytest

from graph.isolation.worker import NAME
from tests.generations import graphs, make_generation
from tests.service import Service, outliving, serving

pytestmark = pytest.mark.alone

ROW = b'{"x":{"type":"literal","value":"from afar"}}'
BEGIN, END = b'{"head":{"vars":["x"]},"results":{"bindings":[', b"]}}"
SECONDS, SIZE = 1.0, 100_000
TOKEN = "a-token-for-this-test"

PATHS = (
    *("whole", "large", "slow-head", "slow-body", "trickle", "endless", "told-endless", "redirect", "redirect-home"),
    *("error", "malformed", "cut-short", "cut-chunk", "gzip", "page", "refused"),
)


@dataclass
class Endpoint:
    """Another SPARQL endpoint, which answers as its path says, and remembers what it was asked."""

    port: int = 0
    elsewhere: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)

    def iri(self, path: str) -> str:
        """The address of a way to answer."""
        return f"http://127.0.0.1:{self.port if path != 'refused' else 1}/{path}"


def rows_of(size: int) -> int:
    """As many rows as have about so many bytes, and not more."""
    return size // (len(ROW) + 1) - 2


def rows(number: int) -> bytes:
    return BEGIN + b",".join([ROW] * number) + END


class Handler(http.server.BaseHTTPRequestHandler):
    """The ways to answer, each a method; ``endpoint`` is set where the server is started."""

    endpoint: ClassVar[Endpoint]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.endpoint.asked.append((self.path, body))
        with contextlib.suppress(OSError):
            getattr(self, self.path.strip("/").replace("-", "_"))()
        self.close_connection = True

    def head(self, status: int = 200, **fields: Any) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/sparql-results+json")
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def answer(self, body: bytes, **fields: Any) -> None:
        self.head(content_length=len(body), **fields)
        self.wfile.write(body)

    def whole(self) -> None:
        self.answer(rows(1))

    def large(self) -> None:
        self.answer(rows(rows_of(SIZE)))

    def slow_head(self) -> None:
        time.sleep(4 * SECONDS)

    def slow_body(self) -> None:
        self.head(content_length=len(rows(1)))
        self.wfile.write(BEGIN)
        time.sleep(4 * SECONDS)

    def trickle(self) -> None:
        self.head(content_length=len(rows(1000)))
        for byte in rows(1000):
            self.wfile.write(bytes([byte]))
            time.sleep(0.05)

    def endless(self) -> None:
        self.head()
        self.wfile.write(BEGIN + ROW)
        while True:
            self.wfile.write((b"," + ROW) * 100)

    def told_endless(self) -> None:
        self.head(content_length=10**12)
        self.wfile.write(BEGIN + ROW)
        while True:
            self.wfile.write((b"," + ROW) * 100)

    def redirect(self) -> None:
        self.head(307, location=f"http://127.0.0.1:{self.endpoint.elsewhere}/", content_length=0)

    def redirect_home(self) -> None:
        self.head(301, location="/whole", content_length=0)

    def error(self) -> None:
        self.head(500, content_length=0)

    def malformed(self) -> None:
        self.answer(rows(1)[:-2] + b",{{{")

    def cut_short(self) -> None:
        self.head(content_length=10_000)
        self.wfile.write(BEGIN + ROW)

    def cut_chunk(self) -> None:
        self.head(transfer_encoding="chunked")
        self.wfile.write(f"{len(BEGIN + ROW):x}\r\n".encode() + BEGIN + ROW + b"\r\n")

    def gzip(self) -> None:
        self.answer(gzip.compress(rows(1)), content_encoding="gzip")

    def page(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", "6")
        self.end_headers()
        self.wfile.write(b"<html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    found = Endpoint()
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"endpoint": found})) as server,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        other.settimeout(0.2)
        found.port, found.elsewhere = server.server_port, other.getsockname()[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()
        with pytest.raises(TimeoutError):  # nobody has ever come to where the redirect leads
            other.accept()


@pytest.fixture(scope="module")
def service(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("calls")
    make_generation(folder, "calls", graphs())
    with serving(build_dir=folder, **limits(endpoint), query_timeout=8, write_token=TOKEN) as service:
        yield service


def limits(endpoint: Endpoint) -> dict[str, Any]:
    listed = " ".join(endpoint.iri(path) for path in PATHS)
    return {"service_endpoints": listed, "service_timeout": SECONDS, "max_service_result": SIZE}


def ask(service: Service, clause: str) -> httpx.Response:
    with service.client() as client:
        return client.post("/sparql", data={"query": f"SELECT ?x {{ {clause} }}", "format": "csv"})


def call(service: Service, endpoint: Endpoint, path: str, silent: str = "") -> httpx.Response:
    return ask(service, f"SERVICE {silent} <{endpoint.iri(path)}> {{ ?s ?p ?x }}")


def told(answer: httpx.Response, status: int, slug: str) -> str:
    assert answer.status_code == status, answer.text
    document: dict[str, Any] = answer.json()
    assert document["type"].endswith(f"/{slug}"), document
    # What is between the worker and the endpoint is nobody's business.
    assert str(document["detail"]).count("http://") == 1, document
    return str(document["detail"])


def test_a_listed_endpoint_answers(service: Service, endpoint: Endpoint) -> None:
    assert call(service, endpoint, "whole").text == "x\r\nfrom afar\r\n"
    assert call(service, endpoint, "large").text.count("from afar") == rows_of(SIZE)
    path, body = endpoint.asked[-1]
    assert path == "/large"
    assert "?s ?p ?x" in body


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("path", ["slow-head", "slow-body", "trickle"])
def test_a_call_that_takes_too_long_ends_its_query(
    service: Service, endpoint: Endpoint, path: str, silent: str
) -> None:
    begin = time.monotonic()
    detail = told(call(service, endpoint, path, silent), 504, "query-timeout")
    assert detail == f"SERVICE <{endpoint.iri(path)}> kept the query waiting for more than 1 seconds"
    assert SECONDS * 0.9 < time.monotonic() - begin < SECONDS + 1.0


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("path", ["endless", "told-endless"])
def test_a_call_that_brings_too_much_ends_its_query(
    service: Service, endpoint: Endpoint, path: str, silent: str
) -> None:
    detail = told(call(service, endpoint, path, silent), 503, "query-too-large")
    assert detail == f"SERVICE <{endpoint.iri(path)}> answered more than {SIZE} bytes"
    # Not even a LIMIT that would have had enough makes of a part a whole.
    assert ask(service, f"SERVICE {silent} <{endpoint.iri(path)}> {{ ?s ?p ?x }} }} ORDER BY ?x LIMIT 1 #").is_error


FAILURES = {
    "redirect": "answered with a redirect (status 307), which is not followed",
    "redirect-home": "answered with a redirect (status 301), which is not followed",
    "error": "answered with status 500",
    "gzip": "answered in a content encoding that was not asked for",
    "refused": "cannot be reached: ",
}


@pytest.mark.parametrize("path", FAILURES)
def test_an_endpoint_that_fails_fails_the_query(service: Service, endpoint: Endpoint, path: str) -> None:
    detail = told(call(service, endpoint, path), 502, "service-failed")
    assert detail.startswith(f"SERVICE <{endpoint.iri(path)}> {FAILURES[path]}")


@pytest.mark.parametrize("path", FAILURES)
def test_silent_makes_of_a_failure_one_empty_solution(service: Service, endpoint: Endpoint, path: str) -> None:
    answer = call(service, endpoint, path, "SILENT")
    assert (answer.status_code, answer.text) == (200, "x\r\n\r\n")


def test_an_answer_that_is_no_result_is_told_as_what_it_is(service: Service, endpoint: Endpoint) -> None:
    detail = told(call(service, endpoint, "page"), 502, "service-failed")
    assert endpoint.iri("page") in detail
    assert "text/html" in detail


@pytest.mark.parametrize("path", ["malformed", "cut-short", "cut-chunk"])
def test_a_broken_answer_never_looks_whole(service: Service, endpoint: Endpoint, path: str) -> None:
    answer = call(service, endpoint, path)
    assert answer.status_code == 502, answer.text
    assert answer.json()["type"].endswith("/service-failed")
    assert f"SERVICE <{endpoint.iri(path)}> answered" in answer.json()["detail"]
    silenced = call(service, endpoint, path, "SILENT")
    # Whether the engine has begun to read decides: then it fails in spite of SILENT, else the call has failed.
    assert silenced.status_code == 502 or silenced.text == "x\r\n\r\n"


@pytest.mark.parametrize(
    "clause", ["SERVICE <{base}/other> {{}}", "SERVICE ?g {{}}", "SERVICE SILENT <http://127.0.0.1:{elsewhere}/> {{}}"]
)
def test_no_other_endpoint_is_called(service: Service, endpoint: Endpoint, clause: str) -> None:
    before = len(endpoint.asked)
    base = endpoint.iri("whole").removesuffix("/whole")
    answer = ask(service, clause.format(base=base, elsewhere=endpoint.elsewhere))
    assert answer.status_code == 403
    assert "is closed here" in answer.json()["detail"]
    assert len(endpoint.asked) == before


def test_a_call_within_a_call_goes_along_as_it_stands(service: Service, endpoint: Endpoint) -> None:
    inner = f"SERVICE <{endpoint.iri('large')}> {{ ?s ?p ?x }}"
    assert ask(service, f"SERVICE <{endpoint.iri('whole')}> {{ {inner} }}").status_code == 200
    path, body = endpoint.asked[-1]
    assert path == "/whole"
    assert f"<{endpoint.iri('large')}>" in body


def test_several_calls_of_one_query_have_limits_each(service: Service, endpoint: Endpoint) -> None:
    three = " UNION ".join([f"{{ SERVICE <{endpoint.iri('large')}> {{ ?s ?p ?x }} }}"] * 3)
    answer = ask(service, three)
    assert answer.text.count("from afar") == 3 * rows_of(SIZE)


def test_a_syntax_error_stands_where_the_client_wrote_it(service: Service, endpoint: Endpoint) -> None:
    query = f"SELECT * {{ SERVICE <{endpoint.iri('whole')}> {{ ?s ?p ?x }} %% }}"
    with service.client() as client:
        answer = client.post("/sparql", data={"query": query})
    assert answer.status_code == 400
    assert answer.json()["column"] == query.index("%") + 1


def relay_port(service: Service) -> int:
    listening: list[Any] = [
        each for each in psutil.Process(service.process.pid).net_connections("tcp") if each.status == "LISTEN"
    ]
    (port,) = {each.laddr.port for each in listening} - {service.port}
    return int(port)


def test_a_relay_that_ends_is_replaced(service: Service, endpoint: Endpoint) -> None:
    (relay,) = service.called("isolation.relay")
    relay.kill()
    relay.wait()
    assert call(service, endpoint, "whole").text == "x\r\nfrom afar\r\n"  # it waits for the next one
    give_up = time.monotonic() + 5
    while service.called("isolation.relay") in ([], [relay]):  # the new one is there; the old one may not be reaped yet
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_a_query_that_ends_ends_its_calls(service: Service, endpoint: Endpoint) -> None:
    ports = (relay_port(service), endpoint.port)

    def connections() -> int:
        found: list[Any] = psutil.net_connections("tcp")
        return sum(each.status == "ESTABLISHED" and each.laddr.port in ports for each in found)

    with service.connect() as connection:
        query = f"SELECT * {{ SERVICE <{endpoint.iri('slow-head')}> {{ ?s ?p ?x }} }}"
        connection.sendall(f"GET /sparql?{urlencode({'query': query})} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        give_up = time.monotonic() + 3
        while connections() < 2:
            assert time.monotonic() < give_up
            time.sleep(0.02)
    time.sleep(0.4)
    assert connections() == 0


def test_nobody_else_calls_by_the_relay(service: Service, endpoint: Endpoint) -> None:
    port = relay_port(service)
    before = len(endpoint.asked)
    for path in ("/", "/x/1/0", "/../1/0", f"/{urlsplit(endpoint.iri('whole')).netloc}"):
        answer = httpx.post(f"http://127.0.0.1:{port}{path}", content="ASK {}", trust_env=False)
        assert (answer.status_code, answer.text) == (502, "no such call")
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"\0\xff nonsense\r\n\r\n")
        assert connection.recv(1000) == b""
    assert len(endpoint.asked) == before
    for process in service.called("isolation.relay") + service.called(NAME):
        secrets = [argument for argument in process.cmdline() if re.fullmatch(r"[\w-]{32}", argument)]
        assert secrets == []  # others read it


def test_without_endpoints_there_is_no_relay(dataset_service: Service) -> None:
    assert dataset_service.called("isolation.relay") == []
    assert dataset_service.called(NAME)


def test_relay_and_workers_end_with_the_service(endpoint: Endpoint, tmp_path: Path) -> None:
    make_generation(tmp_path, "calls", graphs())
    with serving(build_dir=tmp_path, **limits(endpoint)) as service:
        left = service.called("isolation.relay") + service.called(NAME)
        service.process.kill()
        service.process.wait()
        assert left
        assert outliving(left) == []
