"""The access log: one line of JSON for each request, no secret in it, a query as its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import httpx
import pytest

from api.access_log import without_secrets
from tests.service import SMALL, Service, serving

TOKEN = "correct-horse-battery-staple"
QUERY = "SELECT * { ?s ?p ?o } # a very private remark"


def test_a_request_is_one_line(dataset_service: Service) -> None:
    answer = dataset_service.get("/health/live?a=b", headers={"x-request-id": "one-line"})
    line = dataset_service.line("one-line")
    assert line["method"] == "GET"
    assert line["path"] == "/health/live"
    assert line["parameters"] == "a=b"
    assert line["status"] == 200
    assert line["bytes"] == len(answer.content)
    assert line["outcome"] == "whole"
    assert 0 <= line["seconds"] < 5
    assert line["client"] == "127.0.0.1"


def test_a_line_break_in_a_path_makes_no_second_line(dataset_service: Service) -> None:
    dataset_service.get('/a%0A%7B"logger":"edugraph.access"', headers={"x-request-id": "forged"})
    assert dataset_service.line("forged")["path"] == '/a\n{"logger":"edugraph.access"'


def test_a_query_is_logged_as_its_hash(dataset_service: Service) -> None:
    dataset_service.get("/sparql", params={"query": QUERY}, headers={"x-request-id": "hashed"})
    line = dataset_service.line("hashed")
    assert line["query_sha256"] == hashlib.sha256(QUERY.encode()).hexdigest()
    assert line["rows"] == 3
    assert "private" not in dataset_service.log.read_text("utf-8")


def test_an_answer_that_is_cut_is_one_line() -> None:
    product = " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(9))
    with serving(str(SMALL), max_rows=10_000) as service:
        with pytest.raises(httpx.RemoteProtocolError):
            service.get("/sparql", params={"query": f"SELECT * {{ {product} }}"}, headers={"x-request-id": "cut"})
        assert service.line("cut")["outcome"] == "query-too-large"
        assert "without completing" not in service.log.read_text("utf-8")


@pytest.fixture(scope="module")
def telling() -> Iterator[Service]:
    with serving(str(SMALL), log_queries="yes", write_token=TOKEN) as service:
        yield service


def test_the_text_of_a_query_is_logged_on_request(telling: Service) -> None:
    telling.get("/sparql", params={"query": QUERY}, headers={"x-request-id": "told"})
    assert telling.line("told")["query"] == QUERY


def test_no_token_reaches_the_log_or_an_answer(telling: Service) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    with telling.client() as client:
        answers = [
            client.put(f"/store?default&token={TOKEN}", content=b"<", headers=bearer),
            client.delete("/store?default", headers={"authorization": f"Bearer {TOKEN}!"}),
            client.get("/health/ready", params={"token": TOKEN}),
            client.get("/operations", headers=bearer | {"x-request-id": "last"}),
        ]
    assert [answer.status_code for answer in answers] == [400, 403, 200, 200]
    assert telling.line("last")
    assert all(TOKEN not in answer.text for answer in answers)
    assert TOKEN not in telling.log.read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "logged"),
    [
        (b"token=abc&a=b", "token=%2A%2A%2A&a=b"),
        (b"Access_Token=abc", "Access_Token=%2A%2A%2A"),
        (b"apikey=abc&%61uth=abc", "apikey=%2A%2A%2A&auth=%2A%2A%2A"),
        (b"query=SELECT&format=csv", "format=csv"),
        (b"a=" + b"x" * 1000, "a=" + "x" * 498),
        (b"a=%00%ff", "a=%00%EF%BF%BD"),
    ],
)
def test_what_is_kept_of_a_query_string(given: bytes, logged: str) -> None:
    assert without_secrets(given) == logged
