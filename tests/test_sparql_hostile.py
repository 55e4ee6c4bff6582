"""Hostile queries and clients against a running service; after each, it is quiet and answers a cheap query at once."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
import pytest

from tests.generations import chain, graphs, make_generation
from tests.service import Service, outliving, read_all, serving

pytestmark = pytest.mark.alone

CHEAP = "ASK { ?s ?p ?o }"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
TOKEN = "a-token-for-this-test"

TIMEOUT = 1.0
MEMORY = 256 * 1024**2


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over 6,000 triples with small limits."""
    folder = tmp_path_factory.mktemp("hostile")
    data = folder / "data.nt"
    data.write_text("\n".join(chain(2000)), "utf-8")
    with serving(
        str(data),
        query_timeout=TIMEOUT,
        query_memory=MEMORY,
        query_transfer=2,
        query_queue=12,
        write_token=TOKEN,
        max_body=300_000,
        max_query=250_000,
    ) as service:
        yield service


def workers(service: Service) -> list[psutil.Process]:
    return psutil.Process(service.process.pid).children()


def usage(service: Service) -> dict[int, tuple[float, int]]:
    """Processor seconds and resident bytes of each worker that is still there."""
    used = {}
    for child in psutil.Process(service.process.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            used[child.pid] = (sum(child.cpu_times()[:2]), child.memory_info().rss)
    return used


def assert_quiet(service: Service, within: float = 1.0) -> None:
    """Within a second of the end the processor is idle, memory is back, and a cheap query is answered at once."""
    begin = time.monotonic()
    while True:
        before = usage(service)
        time.sleep(0.15)
        now = usage(service)
        seconds = sum(now[pid][0] - before[pid][0] for pid in now if pid in before)
        held = max((resident for _, resident in now.values()), default=0)
        if seconds < 0.05 and held < 200 * 1024**2:
            break
        assert time.monotonic() - begin < within, f"{seconds} s of processor time, {held} bytes"
    begin = time.monotonic()
    assert service.get("/sparql", params={"query": CHEAP}).json()["boolean"] is True
    assert time.monotonic() - begin < 0.5


def ask(service: Service, query: str, **parameters: str) -> httpx.Response:
    with service.client() as client:
        return client.post("/sparql", data={"query": query, **parameters})


TIME_BOMBS = {
    "count of a product": ENDLESS,
    "distinct of a product": f"SELECT (COUNT(DISTINCT ?a) AS ?n) {{ {PRODUCT} }}",
    "average of a product": f"SELECT (AVG(STRLEN(STR(?l))) AS ?n) {{ {PRODUCT} }}",
    "ask for what is not there": f"ASK {{ {PRODUCT} FILTER(?a = ?never) }}",
    "path": "SELECT (COUNT(*) AS ?n) { ?a (<http://e/next>*/<http://e/next>*)* ?b . ?b (!<http://e/x>)* ?c }",
    "negated path": "SELECT (COUNT(*) AS ?n) { ?a (!<http://e/x>|^!<http://e/x>)+ ?b . ?b (!<http://e/x>)+ ?a }",
    "regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
    'FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i)), "(n+)+(o|b)*$")) }',
    "optionals": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} OPTIONAL {{ ?x ?y ?z OPTIONAL {{ ?u ?v ?w }} }} }}",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} MINUS {{ ?a ?b ?z . ?x ?y ?c }} }}",
    "describe of all": f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT * {{ {PRODUCT} }} }} {{ SELECT * {{ {PRODUCT} }} }} }}",
}


@pytest.mark.parametrize("kind", TIME_BOMBS)
def test_a_query_without_end_is_stopped(service: Service, kind: str) -> None:
    begin = time.monotonic()
    answer = ask(service, TIME_BOMBS[kind])
    assert answer.status_code in (503, 504), answer.text
    assert answer.json()["type"].endswith(("query-timeout", "query-too-large"))
    assert time.monotonic() - begin < TIMEOUT + 1.0
    assert_quiet(service)


MEMORY_BOMBS = {
    "order": f"SELECT * {{ {PRODUCT} }} ORDER BY ?l ?a",
    "group": f"SELECT ?a ?c ?d ?f ?g (COUNT(*) AS ?n) {{ {PRODUCT} }} GROUP BY ?a ?c ?d ?f ?g",
    "group_concat": f'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?l)); SEPARATOR="{"x" * 1000}") AS ?n) {{ {PRODUCT} }}',
    "doubling": "SELECT ?z { "
    + f'BIND("{"x" * 1000}" AS ?x0) '
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
    + " BIND(STRLEN(?x30) AS ?z) }",
}


@pytest.mark.parametrize("kind", MEMORY_BOMBS)
def test_a_query_without_bounds_is_stopped(service: Service, kind: str) -> None:
    answer = ask(service, MEMORY_BOMBS[kind])
    assert answer.status_code in (503, 504), answer.text
    assert answer.json()["type"].endswith(("query-timeout", "query-too-large"))
    assert_quiet(service)


@pytest.mark.parametrize(
    "query",
    [
        f"ASK {{ FILTER({'(' * 10_000}1{')' * 10_000}) }}",
        f"ASK {{ {'?s ?p ?o OPTIONAL { ' * 10_000}{'}' * 10_000} }}",
        f"ASK {{ ?s {'/'.join(['<e:e>'] * 10_000)} ?o }}",
        f"ASK {{ FILTER({'!' * 200_000}1) }}",
        f"ASK {{ {'{' * 100_000}",
        "SELECT" + " " * 200_000,
        "ASK { ?s ?p '" + "x" * 200_000,
        "ASK { " + "?s ?p ?o . " * 20_000 + "}",
        "\ufeff" * 1000 + "\U0010ffff" * 1000,
    ],
    ids=["parentheses", "optionals", "path", "negations", "unclosed", "blanks", "string", "patterns", "no-query"],
)
def test_a_deep_or_long_query_is_one_clients_error(service: Service, query: str) -> None:
    with service.client() as client:
        answer = client.post("/sparql", content=query, headers={"content-type": "application/sparql-query"})
    assert answer.status_code in (400, 403, 504), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert_quiet(service)


def test_a_query_longer_than_the_setting_is_refused_unread(service: Service) -> None:
    assert ask(service, "ASK {} #" + "x" * 250_000).status_code == 413


def hang_up_after(service: Service, query: str, seconds: float, read: int = 0) -> None:
    with service.connect() as connection:
        target = "/sparql?" + urlencode({"query": query})
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n".encode())
        while read > 0:
            read -= len(connection.recv(65536))
        time.sleep(seconds)


def test_a_hang_up_before_the_answer_stops_the_query(service: Service) -> None:
    hang_up_after(service, ENDLESS, 0.3)
    assert_quiet(service)


def test_a_hang_up_within_the_answer_stops_the_query(service: Service) -> None:
    hang_up_after(service, LARGE, 0.0, read=200_000)
    assert_quiet(service)


def test_a_hang_up_while_waiting_leaves_the_queue(service: Service) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(12):
            connection = stack.enter_context(service.connect())
            target = "/sparql?" + urlencode({"query": ENDLESS})
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.4)
    assert_quiet(service)


def test_an_answer_cut_at_the_time_limit_is_seen_as_broken(service: Service) -> None:
    with (
        service.client() as client,
        client.stream("GET", "/sparql", params={"query": f"SELECT * {{ {PRODUCT} }}"}) as answer,
    ):
        assert answer.status_code == 200
        pieces = answer.iter_bytes()
        assert next(pieces)
        with pytest.raises(httpx.RemoteProtocolError):
            list(pieces)
    assert_quiet(service)


def test_a_slow_reader_holds_no_worker(service: Service) -> None:
    with contextlib.ExitStack() as stack:
        slow = []
        for _ in range(6):
            connection = stack.enter_context(service.connect())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            target = "/sparql?" + urlencode({"query": LARGE})
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            slow.append(connection)
        time.sleep(0.5)
        begin = time.monotonic()
        assert ask(service, CHEAP).json()["boolean"] is True
        assert time.monotonic() - begin < 3.0
        time.sleep(4.0)
        assert_quiet(service)
        assert not slow[0].recv(1 << 20).endswith(b"\r\n0\r\n\r\n")
    assert_quiet(service)


def test_runaways_beside_cheap_queries(service: Service) -> None:
    runaways = [threading.Thread(target=ask, args=(service, ENDLESS)) for _ in range(4)]
    for thread in runaways:
        thread.start()
    time.sleep(0.9)
    with service.client() as client:
        times = []
        for _ in range(30):
            begin = time.monotonic()
            assert client.get("/sparql", params={"query": CHEAP}).status_code == 200
            times.append(time.monotonic() - begin)
    for thread in runaways:
        thread.join()
    assert sorted(times)[20] < 0.3, times
    assert_quiet(service)


def test_many_at_once_are_answered_or_told_to_come_back(service: Service) -> None:
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(service, ENDLESS))) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    busy = [answer for answer in answers if answer.json()["type"].endswith("/busy")]
    assert {answer.status_code for answer in answers} <= {503, 504}
    assert len(answers) == 24
    assert busy
    assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)
    assert_quiet(service)


def test_a_killed_worker_is_replaced(service: Service) -> None:
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(ask(service, ENDLESS)))
    thread.start()
    time.sleep(0.4)
    for worker in workers(service):
        worker.send_signal(signal.SIGKILL)
    thread.join()
    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith("worker-lost")
    assert_quiet(service)


def test_a_stopped_worker_is_killed_at_the_limit(service: Service) -> None:
    answers: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: answers.append(ask(service, ENDLESS)))
    thread.start()
    time.sleep(0.4)
    for worker in workers(service):
        worker.send_signal(signal.SIGSTOP)
    thread.join()
    assert answers[0].status_code in (503, 504)
    with contextlib.suppress(psutil.NoSuchProcess):
        for worker in workers(service):
            worker.send_signal(signal.SIGCONT)
    assert_quiet(service)


@pytest.mark.parametrize(
    "form",
    [
        "ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
        "ASK {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}",
        "ASK {{ VALUES ?g {{ <{iri}> }} SERVICE SILENT ?g {{ ?s ?p ?o }} }}",
        "PREFIX s: <{iri}> ASK {{ ?s ?p trueSERVICE s: {{ ?s ?p ?o }} }}",
        "ASK {{ FILTER(1<2)SERVICE#>\n<{iri}> {{ ?s ?p ?o }} }}",
        "ASK FROM <{iri}> {{ ?s ?p ?o }}",
        "ASK FROM <{iri}a> FROM <{iri}b> {{ ?s ?p ?o }}",
        "ASK FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "LOAD <{iri}>",
        "LOAD SILENT <{iri}> INTO GRAPH <e:e>",
        "DESCRIBE <{iri}>",
    ],
)
def test_no_query_reaches_the_network(service: Service, form: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        answer = ask(service, form.format(iri=f"http://127.0.0.1:{listener.getsockname()[1]}/"))
        assert answer.status_code in (200, 400, 403)
        if answer.status_code == 200:
            assert "true" not in answer.text
        with pytest.raises(TimeoutError):
            listener.accept()


def test_no_query_reads_a_file(service: Service, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<e:s> <e:p> <e:secret> .")
    iri = (tmp_path / "x.ttl").as_uri()
    for query in (
        f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}",
        f"ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
        f"LOAD <{iri}>",
    ):
        answer = ask(service, query)
        assert "secret" not in answer.text
    answer = ask(service, "SELECT * { ?s ?p ?o }", **{"default-graph-uri": iri})
    assert answer.json()["results"]["bindings"] == []


def test_a_new_generation_is_taken_up_without_a_dropped_or_mixed_answer(tmp_path: Path) -> None:
    make_generation(tmp_path, "g0", chain(300))
    sizes = {"g0": len(set(chain(300)))}
    with serving(build_dir=tmp_path) as service:
        wrong: list[str] = []
        done = threading.Event()

        def keep_asking() -> None:
            with service.client() as client:
                while not done.is_set():
                    answer = client.get(
                        "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "format": "csv"}
                    )
                    generation = answer.headers.get("etag", "").removeprefix('W/"').removesuffix('"')
                    if answer.status_code != 200 or int(answer.text.split()[1]) != sizes[generation]:
                        wrong.append(f"{answer.status_code} {generation} {answer.text[:200]}")

        threads = [threading.Thread(target=keep_asking) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for number in (1, 2):
                lines = chain(300 + 100 * number)
                sizes[f"g{number}"] = len(set(lines))
                make_generation(tmp_path, f"g{number}", lines)
                give_up = time.monotonic() + 15
                while service.get("/health/ready").json()["generation"] != f"g{number}":
                    assert time.monotonic() < give_up
                    time.sleep(0.1)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert wrong == []
        assert service.get("/health/ready").json()["generation"] == "g2"
        assert not [child for child in workers(service) if str(tmp_path / "g0") in " ".join(child.cmdline())]


def test_caps_are_never_silent(tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    data.write_text("\n".join(chain(1500)), "utf-8")
    with serving(str(data), max_rows=2000) as service:
        assert ask(service, "SELECT * { ?s ?p ?o } LIMIT 2000", format="csv").text.count("\n") == 2001
        with service.client() as client:
            # The cap lies beyond what the worker holds back, so the answer has begun: it must break off.
            with (
                pytest.raises(httpx.RemoteProtocolError),
                client.stream("GET", "/sparql", params={"query": "SELECT * { ?s ?p ?o }"}) as begun,
            ):
                begun.read()
            early = client.get("/sparql", params={"query": "SELECT ?x { ?s ?p ?o BIND(1 AS ?x) }", "format": "csv"})
        assert early.status_code == 503
        assert "more than 2000 rows" in early.json()["detail"]


def test_workers_end_with_the_service(tmp_path: Path) -> None:
    make_generation(tmp_path, "only", graphs())
    with serving(build_dir=tmp_path) as service:
        left = workers(service)
        assert left
        os.kill(service.process.pid, signal.SIGKILL)
        service.process.wait()
        assert outliving(left) == []


def test_a_request_over_one_connection_ends_at_the_cut(service: Service) -> None:
    with service.connect() as connection:
        target = "/sparql?" + urlencode({"query": f"SELECT * {{ {PRODUCT} }}", "format": "csv"})
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert not read_all(connection).endswith(b"\r\n0\r\n\r\n")
