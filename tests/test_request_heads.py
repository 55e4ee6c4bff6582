"""Request heads as HTTP allows them and few clients send them: a wish for another protocol, a target in full."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service import SMALL, Service, serving

TOKEN = "a-token-for-tests"
TRIPLE = b"<urn:a> <urn:b> <urn:c> ."
JAVA = b"connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQBAAAA\r\n"
WEBSOCKET = b"connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: x\r\n"
ASK = b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\n"
LAST = b"GET /health/live HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"
TRUE = b'"boolean":true'


@pytest.fixture(scope="module")
def writable() -> Iterator[Service]:
    with serving(str(SMALL), write_token=TOKEN) as service:
        yield service


@pytest.mark.parametrize("wish", [JAVA, WEBSOCKET])
@pytest.mark.parametrize(
    "body",
    [
        b"content-length: 6\r\n\r\nASK {}",
        b"transfer-encoding: chunked\r\n\r\n3\r\nASK\r\n3\r\n {}\r\n0\r\nhost: b\r\n\r\n",
    ],
)
def test_a_body_is_read_beside_a_wish_for_another_protocol(writable: Service, wish: bytes, body: bytes) -> None:
    """As are the requests behind it, whether or not they wish the same."""
    answer = writable.say(
        (ASK + wish + body) * 3 + b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nhost: a\r\n" + wish + b"\r\n" + LAST
    )
    assert answer.count(b"HTTP/1.1 200 OK") == 5
    assert answer.count(TRUE) == 4


def test_a_body_that_comes_byte_by_byte_beside_such_a_wish(writable: Service) -> None:
    with writable.connect() as connection:
        for byte in ASK + JAVA + b"content-length: 6\r\n\r\nASK {}" + LAST:
            connection.sendall(bytes([byte]))
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert TRUE in answer


def test_a_graph_written_with_such_a_wish_is_not_emptied(writable: Service) -> None:
    head = (
        b"PUT /store?graph=urn:g HTTP/1.1\r\nhost: a\r\ncontent-type: text/turtle\r\nconnection: close\r\n"
        b"authorization: Bearer %b\r\n%bcontent-length: %d\r\n\r\n" % (TOKEN.encode(), JAVA, len(TRIPLE))
    )
    assert writable.say(head + TRIPLE).startswith(b"HTTP/1.1 201 ")
    written = writable.get("/store", params={"graph": "urn:g"}, headers={"accept": "application/n-triples"})
    assert written.content.strip() == TRIPLE


def test_what_follows_such_a_wish_and_is_no_http_takes_no_answer_away(writable: Service) -> None:
    answer = writable.say(b"GET /health/live HTTP/1.1\r\nhost: a\r\n" + JAVA + b"\r\nno http at all\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("target", "status", "said"),
    [
        (b"http://b.example/sparql?query=ASK%7B%7D", 200, TRUE),
        (b"HTTP://user@b.example:81/sparql", 200, b"<http://b.example:81/sparql>"),
        (b"http://b.example", 303, b"location: docs"),
        (b"http://b.example?x=1", 303, b"location: docs"),
    ],
)
def test_a_target_in_full_names_its_host(writable: Service, target: bytes, status: int, said: bytes) -> None:
    answer = writable.say(b"GET %b HTTP/1.1\r\nhost: a.example\r\nconnection: close\r\n\r\n" % target)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer
    assert said in answer
    assert b"a.example" not in answer


@pytest.mark.parametrize("host", [b"a", b"a_b.example:80", b"[::1]:8000", b"xn--80ak6aa92e.com", b"a%41", b"a:", b""])
def test_a_host_is_one(writable: Service, host: bytes) -> None:
    answer = writable.say(b"GET /health/live HTTP/1.1\r\nhost: %b\r\nconnection: close\r\n\r\n" % host)
    assert answer.startswith(b"HTTP/1.1 200 "), answer


@pytest.mark.parametrize("host", [b"a b", b"a/b", b"a@b", b"a:b", b'a"><x', b"a,b c", b"[::1", b"\xd0\xb0", b"a%4"])
def test_what_is_no_host_is_refused(writable: Service, host: bytes) -> None:
    answer = writable.say(b"GET /health/live HTTP/1.1\r\nhost: %b\r\nconnection: close\r\n\r\n" % host)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"bad-host" in answer


def test_no_tunnel_is_opened(writable: Service) -> None:
    answer = writable.say(b"CONNECT a.example:443 HTTP/1.1\r\nhost: a.example\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 501 ")
    assert b"application/problem+json" in answer
