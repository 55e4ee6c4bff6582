"""Every error on every route is an RFC 9457 problem with the request's id, and tells no more than it should."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.errors import TABLE, as_problem
from api.problem import HttpProblem
from graph import errors
from graph.settings import Settings
from tests.service import Service

SECRET = "/srv/secret/folder"


def _subclasses(root: type[errors.EdugraphError]) -> Iterator[type[errors.EdugraphError]]:
    yield root
    for child in root.__subclasses__():
        yield from _subclasses(child)


@pytest.mark.parametrize("kind", list(_subclasses(errors.EdugraphError)), ids=lambda kind: kind.__name__)
def test_each_error_of_the_core_has_its_row(kind: type[errors.EdugraphError]) -> None:
    assert kind in TABLE


def test_no_two_kinds_of_problem_share_a_type() -> None:
    assert len({kind.iri for kind in TABLE.values()}) == len(TABLE)


def test_each_type_of_problem_is_explained_at_its_iri(dataset_service: Service, curated_service: Service) -> None:
    """As data by every service; as a page by the one that has pages."""
    with dataset_service.client() as client, curated_service.client() as site:
        listed = client.get("/problem").json()["problems"]
        assert {one["type"] for one in listed} >= {kind.iri for kind in TABLE.values()}
        for told in listed:
            path = told["type"].removeprefix("https://w3id.org/edugraph")
            assert client.get(path).json() == told
            page = site.get(path, headers={"accept": "text/html"})
            assert page.headers["content-type"].startswith("text/html")
            assert all(told[name] in html.unescape(page.text) for name in ("title", "meaning", "remedy"))


def test_a_problem_that_came_up_leads_to_its_explanation(curated_service: Service) -> None:
    met = curated_service.get("/organisations/nobody-of-this-name").json()
    explained = curated_service.get(met["type"].removeprefix("https://w3id.org/edugraph")).json()
    assert (explained["title"], explained["status"]) == (met["title"], 404)
    assert "/search" in explained["remedy"]


@pytest.mark.parametrize("path", ["/problem/no-such-type", "/problem?format=turtle", "/problem/busy?lang=ru"])
def test_what_is_no_explanation_is_a_problem(dataset_service: Service, path: str) -> None:
    assert dataset_service.get(path).status_code in (400, 404, 406)


def test_a_syntax_error_says_where() -> None:
    problem = as_problem(errors.QuerySyntax("expected a brace", line=3, column=7))
    assert problem.status_code == 400
    assert problem.members == {"line": 3, "column": 7}
    assert problem.detail == "expected a brace"


def test_a_full_queue_says_when_to_come_back() -> None:
    problem = as_problem(errors.PoolBusy("8 queries are waiting", retry_after=3))
    assert problem.status_code == 503
    assert problem.headers is not None
    assert problem.headers["retry-after"] == "3"


def assert_problem(response: httpx.Response, status: int) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["type"]
    assert body["request_id"] == response.headers["x-request-id"]


def test_unknown_path(dataset_service: Service) -> None:
    assert_problem(dataset_service.get("/nothing/here"), 404)


def test_wrong_method_names_the_right_ones(dataset_service: Service) -> None:
    with dataset_service.client() as client:
        response = client.delete("/health/live")
    assert_problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def test_options_names_the_methods(dataset_service: Service) -> None:
    with dataset_service.client() as client:
        response = client.options("/health/live")
    assert (response.status_code, response.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_a_refused_preflight_is_a_problem_too(dataset_service: Service) -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "BREW"}
    with dataset_service.client() as client:
        assert_problem(client.options("/health/live", headers=asked), 400)


def test_bytes_that_are_no_http_get_a_problem(dataset_service: Service) -> None:
    answer = dataset_service.say(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("raised", [RuntimeError(SECRET), errors.PublishFailed(SECRET), errors.SettingsError(SECRET)])
def test_what_the_service_knows_of_itself_stays_inside(raised: Exception) -> None:
    response = _answer_of(raised)
    assert_problem(response, TABLE[type(raised)].status if isinstance(raised, errors.EdugraphError) else 500)
    assert SECRET not in response.text


def test_a_class_nobody_listed_answers_as_its_parent() -> None:
    class Unforeseen(errors.QueryTimeout):
        pass

    assert_problem(_answer_of(Unforeseen("stopped")), 504)


def test_a_problem_of_http_keeps_its_members_and_headers() -> None:
    response = _answer_of(HttpProblem(418, "A teapot", "no coffee here", {"x-pot": "tea"}, cups=2))
    assert_problem(response, 418)
    assert response.json()["cups"] == 2
    assert response.headers["x-pot"] == "tea"


def _answer_of(raised: Exception) -> httpx.Response:
    app = create_app(Settings())

    @app.get("/fails")
    async def fails() -> None:
        raise raised

    return asyncio.run(_get(app, "/fails"))


async def _get(app: FastAPI, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        return await client.get(path)
