"""Answers kept at hand: the same bytes as those made anew, told apart by all that decides, bounded, and never stale."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service import SMALL, Service, serving

ROLES = "SELECT ?s ?o { ?s <https://w3id.org/edugraph/ontology#organisedBy> ?o } ORDER BY ?s ?o"
ADDRESSES = (
    "/",
    "/organisations?kind=ministry",
    "/organisations/unesco",
    "/organisations/unesco/links?limit=3",
    "/organisations/unesco/links?limit=3&lang=lv",
    "/events?sort=date",
    "/articles",
    "/claims?modality=planned&limit=5",
    "/network?actor=UNESCO&depth=1",
    "/timeline",
    "/targets",
    "/centrality?limit=5",
    "/search?q=юнеско",
    "/suggest?q=une",
    "/changes",
    "/quality",
    "/ontology",
    "/query",
    "/organisation/unesco",
    "/organisations/nobody",
    "/export?format=turtle&entity=UNESCO",
    "/.well-known/void",
    f"/sparql?query={ROLES.replace('#', '%23')}",
    "/sparql",
    "/health/live",
)
VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"accept": "text/html", "accept-language": "ru"},
    {"accept": "text/html", "accept-language": "ru", "cookie": "language=lv; theme=dark"},
    {"accept": "text/turtle", "accept-encoding": "identity"},
    {"accept": "text/csv", "origin": "https://elsewhere.example"},
    {"host": "graph.example"},
    {"range": "bytes=0-9"},
)


@pytest.fixture(scope="module")
def anew(built: Path) -> Iterator[Service]:
    with serving(build_dir=built, kept_answers=0) as service:
        yield service


@pytest.fixture(scope="module")
def keeping(built: Path) -> Iterator[Service]:
    with serving(build_dir=built) as service:
        yield service.settled()


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    return answer.status_code, {name: text for name, text in answer.headers.items() if name != "date"}, answer.content


def measured(service: Service, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", service.get("/metrics").text, re.MULTILINE)
    assert found is not None
    return float(found.group(1))


def hits(service: Service) -> float:
    return measured(service, 'edugraph_cache_hits_total{cache="answers"}')


def test_an_answer_that_was_kept_is_the_one_that_would_be_made(anew: Service, keeping: Service) -> None:
    before = hits(keeping)
    with anew.client() as maker, keeping.client() as keeper:
        # All once, so that each is at hand before the next round asks; a second and third round find them.
        for _, address, fields in itertools.product(range(3), ADDRESSES, VARIANTS):
            # What problems and links repeat of a request is the same for both.
            asked = {"host": "same.example", "x-request-id": "same"} | fields
            kept, made = (client.get(address, headers=asked) for client in (keeper, maker))
            assert told(kept) == told(made), (address, fields)
    assert hits(keeping) - before > len(ADDRESSES)
    assert hits(anew) == 0


def test_what_is_kept_is_revalidated_and_named_in_the_log(keeping: Service) -> None:
    path = "/sparql?query=ASK%20{?a%20?b%20?c}"
    first, second = keeping.get(path), keeping.get(path)
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    made, kept = (keeping.line(answer.headers["x-request-id"]) for answer in (first, second))
    assert "kept" not in made
    assert kept.pop("kept") is True
    assert {name: kept[name] for name in ("query_sha256", "rows", "form", "outcome", "bytes", "status")} == {
        name: made[name] for name in ("query_sha256", "rows", "form", "outcome", "bytes", "status")
    }
    again = keeping.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_may_differ_each_time_is_made_each_time(keeping: Service) -> None:
    before = hits(keeping)
    now = {"query": "SELECT (NOW() AS ?now) (RAND() AS ?one) {}"}
    assert keeping.get("/sparql", params=now).text != keeping.get("/sparql", params=now).text
    for _ in range(2):
        with keeping.client() as client:
            assert client.post("/sparql", data={"query": "ASK {}"}).status_code == 200
            assert client.get("/search?q=une", headers={"authorization": "Bearer of-nothing-at-all"}).is_success
            switched = client.get("/?lang=ru", headers={"accept": "text/html"})
            assert "set-cookie" in switched.headers
    assert hits(keeping) == before


def test_another_origin_gets_its_permission_from_a_kept_answer_and_others_none(keeping: Service) -> None:
    path = "/suggest?q=mini"
    plain = keeping.get(path)
    crossing = keeping.get(path, headers={"origin": "https://elsewhere.example"})
    assert crossing.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in plain.headers
    assert "access-control-allow-origin" not in keeping.get(path).headers
    assert crossing.content == plain.content


def test_memory_for_kept_answers_is_bounded_and_the_one_asked_for_longest_ago_goes() -> None:
    with serving(str(SMALL), kept_answers=20_000) as service:
        service.settled()
        for number in range(40):
            assert service.get("/sparql", params={"query": f"ASK {{ ?s ?p {number} }}"}).status_code == 200
            assert measured(service, "edugraph_kept_answers_bytes") <= 20_000
        before = hits(service)
        service.get("/sparql", params={"query": "ASK { ?s ?p 39 }"})
        assert hits(service) == before + 1
        service.get("/sparql", params={"query": "ASK { ?s ?p 0 }"})
        assert hits(service) == before + 1
