"""What is too large, too slow or malformed is refused with the right status, and nobody else notices."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import time
import zlib
from collections.abc import Iterator

import pytest

from tests.service import SMALL, Service, read_all, serving

pytestmark = pytest.mark.alone

MEBIBYTE = 1024**2
QUERY = "application/sparql-query"
ASK = b"ASK {}"


@pytest.fixture(scope="module")
def narrow() -> Iterator[Service]:
    """A service with limits that a test can reach in a second."""
    with serving(
        str(SMALL),
        max_body=MEBIBYTE,
        max_url=2000,
        max_head=4000,
        max_headers=30,
        max_connections=50,
        head_timeout=1,
        body_timeout=1,
        send_timeout=1,
        keep_alive_timeout=1,
    ) as service:
        yield service


def assert_cheap_request_is_quick(service: Service) -> None:
    taken = []
    for _ in range(3):  # the best of three: the machine may have much else to do
        begin = time.monotonic()
        assert service.get("/health/ready").status_code == 200
        taken.append(time.monotonic() - begin)
    assert min(taken) < 1


def status_of(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer[:200]
    return int(answer[9:12])


def test_long_url(narrow: Service) -> None:
    assert narrow.get("/health/live?" + "x" * 1900).status_code == 200
    assert narrow.get("/health/live?" + "x" * 2100).status_code == 414


@pytest.mark.parametrize("length", [2100, 5000, 60_000, 70_000, 150_000, 1_000_000])
def test_a_url_of_any_length_is_told_that_it_is_too_long(narrow: Service, length: int) -> None:
    """Also where the parser gives up (64 KiB) and where the head as a whole is too large."""
    with narrow.connect() as connection:
        connection.settimeout(10)
        with contextlib.suppress(ConnectionError):
            connection.sendall(
                b"GET /health/live?" + b"x" * length + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
            )
        answer = b""
        with contextlib.suppress(ConnectionError):
            while received := connection.recv(65536):
                answer += received
    assert status_of(answer) == 414, answer[:500]
    assert b"problem/url-too-long" in answer


def test_large_and_many_header_fields(narrow: Service) -> None:
    assert narrow.get("/health/live", headers={"x-long": "x" * 3000}).status_code == 200
    assert narrow.get("/health/live", headers={"x-long": "x" * 4100}).status_code == 431
    assert narrow.get("/health/live", headers={f"x-{number}": "1" for number in range(30)}).status_code == 431


@pytest.mark.parametrize("piece", [b"x-a: " + b"y" * 8000, b"x-a: y\r\n" * 1000])
def test_a_head_without_end_is_stopped(narrow: Service, piece: bytes) -> None:
    with narrow.connect() as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\nhost: a\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):
                connection.sendall(piece)
                time.sleep(0.001)
            raise AssertionError("8 MB of header were taken")
    assert_cheap_request_is_quick(narrow)


def test_large_body_declared(narrow: Service) -> None:
    answer = narrow.say(
        b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 2000000\r\n\r\n"
    )
    assert status_of(answer) == 413


@pytest.mark.parametrize("path", ["/sparql", "/health/live", "/nothing"])
def test_a_client_that_sends_all_the_same_still_reads_the_answer(narrow: Service, path: str) -> None:
    statuses = set()
    for _ in range(10):
        with narrow.client() as client:
            statuses.add(client.post(path, content=b" " * 3_000_000, headers={"content-type": QUERY}).status_code)
    assert statuses == {413}


def test_large_body_in_chunks(narrow: Service) -> None:
    with narrow.connect() as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            for _ in range(1000):  # more than the kernel's buffers hold
                connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
            raise AssertionError("64 MB were taken")


@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_compressed_body_is_read(narrow: Service, encoding: str, compress: object) -> None:
    assert callable(compress)
    with narrow.client() as client:
        response = client.post(
            "/sparql", content=compress(ASK), headers={"content-type": QUERY, "content-encoding": encoding}
        )
    assert response.status_code == 200
    assert response.json()["boolean"] is True


def _bomb() -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(deflate.compress(b"#" * MEBIBYTE) for _ in range(200)) + deflate.flush()


def test_a_compression_bomb_does_not_unfold(narrow: Service) -> None:
    bomb = _bomb()  # 200 MiB in 200 KiB
    assert len(bomb) < MEBIBYTE
    before = _resident(narrow)
    with narrow.client() as client:
        response = client.post("/sparql", content=bomb, headers={"content-type": QUERY, "content-encoding": "gzip"})
    assert response.status_code == 413
    assert _resident(narrow) - before < 32 * MEBIBYTE


def _resident(service: Service) -> int:
    with open(f"/proc/{service.process.pid}/statm") as statm:
        return int(statm.read().split()[1]) * 4096


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"not gzip", "gzip", 400),
        (gzip.compress(ASK, mtime=0)[:-6], "gzip", 400),
        (gzip.compress(ASK, mtime=0) + b"more", "gzip", 400),
        (ASK, "br", 415),
        (ASK, "gzip, gzip", 415),
        (ASK, "identity", 200),
    ],
)
def test_other_encodings(narrow: Service, body: bytes, encoding: str, status: int) -> None:
    with narrow.client() as client:
        response = client.post("/sparql", content=body, headers={"content-type": QUERY, "content-encoding": encoding})
    assert response.status_code == status
    if status == 415:
        assert response.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    "target",
    [b"/a%00b", b"/%ff", b"/health/live?a=%00", b"/health/live?a=%c3%28", b"/health/live?a=%ed%a0%80", b"/\xff"],
)
def test_a_url_that_is_no_text(narrow: Service, target: bytes) -> None:
    answer = narrow.say(b"GET " + target + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    assert status_of(answer) == 400
    assert b"application/problem+json" in answer


@pytest.mark.parametrize(
    "target",
    [
        b"/../../../../etc/passwd",
        b"/docs/assets/../../../../../../etc/passwd",
        b"/docs/assets/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        b"/docs/assets/%2e%2e/%2e%2e/core.py",
        b"/docs/assets//etc/passwd",
        b"/docs/assets/..%5c..%5ccore.py",
    ],
)
def test_no_path_leads_out(narrow: Service, target: bytes) -> None:
    answer = narrow.say(b"GET " + target + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    assert status_of(answer) == 404


@pytest.mark.parametrize(
    "head",
    [
        b"GET /health/live HTTP/1.1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\nx-a\0: b\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\nx-a: b\rx-b: c\r\n\r\n",
        b"GET /health/live HTTP/9.9\r\nhost: a\r\n\r\n",
    ],
)
def test_heads_that_two_servers_would_read_differently(narrow: Service, head: bytes) -> None:
    assert status_of(narrow.say(head)) == 400


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"get / HTTP/1.1\r\nhost: a\r\n\r\n", 501, b"in capitals"),
        (b"FOO / HTTP/1.1\r\nhost: a\r\n\r\n", 501, b"GET, HEAD"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, b"not https"),
        (b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n", 400, b"Content-Length"),
        (b"GET /a b HTTP/1.1\r\nhost: a\r\n\r\n", 400, b"GET /path HTTP/1.1"),
    ],
)
def test_what_is_wrong_with_a_head_is_said(narrow: Service, data: bytes, status: int, said: bytes) -> None:
    answer = narrow.say(data)
    assert status_of(answer) == status
    assert said in answer


CHUNKED = (
    b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ntransfer-encoding: chunked\r\n"
)


@pytest.mark.parametrize("chunk", [b"zz\r\nASK{}\r\n", b"fffffffffffffffff\r\nASK{}\r\n", b"3\r\nASK{}\r\n0\r\n\r\n"])
def test_a_body_that_cannot_be_read_is_said_at_once(narrow: Service, chunk: bytes) -> None:
    answer = narrow.say(CHUNKED + b"\r\n" + chunk)
    assert status_of(answer) == 400  # and not 408 when its time is over
    assert b"This is not an HTTP request" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    head, _, body = answer.partition(b"\r\n\r\n")
    request_id = json.loads(body)["request_id"]
    assert f"x-request-id: {request_id}".encode() in head
    assert request_id in {line["request_id"] for line in narrow.lines("edugraph.connections")}
    assert narrow.get("/health/live").status_code == 200


def test_fields_behind_the_body_are_dropped(dataset_service: Service) -> None:
    trailers = b"host: b\r\nx-request-id: smuggled\r\naccept: text/csv\r\n" + b"x-more: 1\r\n" * 200
    answer = dataset_service.say(CHUNKED + b"connection: close\r\n\r\n5\r\nASK{}\r\n0\r\n" + trailers + b"\r\n")
    assert status_of(answer) == 200
    assert b"application/sparql-results+json" in answer
    assert b"smuggled" not in answer


def test_another_version_of_http_is_told_so(narrow: Service) -> None:
    assert status_of(narrow.say(b"GET /health/live HTTP/2.0\r\nhost: a\r\nconnection: close\r\n\r\n")) == 505


def test_a_transfer_coding_that_is_not_read(narrow: Service) -> None:
    head = CHUNKED.replace(b": chunked", b": gzip, chunked") + b"connection: close\r\n\r\n"
    assert status_of(narrow.say(head + b"5\r\nASK{}\r\n0\r\n\r\n")) == 501


def test_options_of_the_whole_service(narrow: Service) -> None:
    answer = narrow.say(b"OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
    assert status_of(answer) == 204
    assert b"QUERY" in answer


def test_a_request_id_is_taken_over_only_if_it_is_sane(narrow: Service) -> None:
    assert narrow.get("/health/live", headers={"x-request-id": "job-7.b"}).headers["x-request-id"] == "job-7.b"
    for odd in ("a b", "x" * 65, "a\tb", "<b>", '"'):
        assert narrow.get("/health/live", headers={"x-request-id": odd}).headers["x-request-id"] != odd


def test_a_slow_head_is_cut_off(narrow: Service) -> None:
    begin = time.monotonic()
    with narrow.connect() as connection:
        connection.sendall(b"GET /health/live HTTP/1.1\r\n")
        answer = read_all(connection)
    assert status_of(answer) == 408
    assert 0.8 < time.monotonic() - begin < 3


def test_a_connection_that_says_nothing_is_closed(narrow: Service) -> None:
    begin = time.monotonic()
    with narrow.connect() as connection:
        assert read_all(connection) == b""
    assert 0.8 < time.monotonic() - begin < 3


def test_a_slow_body_is_cut_off(narrow: Service) -> None:
    begin = time.monotonic()
    with narrow.connect() as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 500\r\n\r\n"
        )
        with contextlib.suppress(ConnectionError):
            for _ in range(12):
                connection.sendall(b" ")
                time.sleep(0.25)
        answer = read_all(connection)
    assert time.monotonic() - begin < 5
    if answer:  # a client that goes on sending may be reset before it reads
        assert status_of(answer) == 408


def test_an_answer_left_unread_is_cut(narrow: Service) -> None:
    request = b"GET /docs/assets/swagger-ui-bundle.js HTTP/1.1\r\nhost: a\r\n\r\n"
    wanted = 12  # more than the kernel's buffers hold
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", narrow.port))
        connection.sendall(request * wanted)
        time.sleep(2)
        received = len(read_all(connection))
    one = int(
        narrow.get("/docs/assets/swagger-ui-bundle.js", headers={"accept-encoding": "identity"}).headers[
            "content-length"
        ]
    )
    assert received < wanted * one
    assert_cheap_request_is_quick(narrow)
    _assert_open_requests(narrow, 1)


def _assert_open_requests(service: Service, expected: int) -> None:
    lines = service.get("/metrics").text.splitlines()
    (line,) = [line for line in lines if line.startswith("edugraph_http_requests_open ")]
    assert float(line.split()[1]) == expected


@pytest.mark.parametrize("said", [b"", b"GET /health/live HTTP/1.1\r\nhost: a\r\nx-slow:"])
def test_200_slow_clients_hinder_nobody(dataset_service: Service, said: bytes) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(200):
            held.enter_context(dataset_service.connect()).sendall(said)
        for _ in range(5):
            assert_cheap_request_is_quick(dataset_service)


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n",
        b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 500\r\n\r\nA",
        b"GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n",
    ],
    ids=["head", "body", "idle"],
)
def test_200_slow_clients_where_50_have_room(narrow: Service, said: bytes) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(200):
            held.enter_context(narrow.connect()).sendall(said)
        assert_cheap_request_is_quick(narrow)


def test_200_clients_with_slow_bodies(dataset_service: Service) -> None:
    head = b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 500\r\n\r\n"
    with contextlib.ExitStack() as held:
        for _ in range(200):
            held.enter_context(dataset_service.connect()).sendall(head + b"AS")
        for _ in range(5):
            assert_cheap_request_is_quick(dataset_service)


def test_pipelined_requests_are_answered_in_order(narrow: Service) -> None:
    first, last = (
        b"GET /health/live HTTP/1.1\r\nhost: a\r\n",
        b"GET /nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n",
    )
    answer = narrow.say(first + b"\r\n" + last + b"\r\n")
    assert answer.index(b"200 OK") < answer.index(b"404 Not Found")


def test_a_wish_to_change_the_protocol_is_passed_over(narrow: Service) -> None:
    asked = {"connection": "upgrade", "upgrade": "websocket", "sec-websocket-version": "13", "sec-websocket-key": "x"}
    assert narrow.get("/health/live", headers=asked).status_code == 200


def test_letters_that_no_url_may_hold_are_read_as_browsers_write_them(curated_service: Service) -> None:
    """Typed into a URL for curl as they are, on a connection that goes on, and with a body behind the head."""
    first = "GET /suggest?q=Қазақстан HTTP/1.1\r\nhost: a\r\n\r\n".encode()
    query = "SELECT (STR(?x) AS ?y) { VALUES ?x { 'Қазақстан' } }".encode()
    head = b"POST /sparql?format=csv HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\n"
    second = head + b"content-length: %d\r\nconnection: close\r\n\r\n" % len(query) + query
    answer = curated_service.say(first + second)
    assert status_of(answer) == 200
    assert answer.count(b"HTTP/1.1 200") == 2
    assert "country:KAZ" in answer.decode()
    assert "Қазақстан\r\n" in answer.decode()
    assert status_of(curated_service.say(b"GET /sugg\xff\xfe HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")) in (
        400,
        404,
    )
    assert status_of(curated_service.say("GÉT /suggest?q=a HTTP/1.1\r\nhost: a\r\n\r\n".encode())) == 400
