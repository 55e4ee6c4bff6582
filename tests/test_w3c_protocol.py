"""The W3C's cases for the SPARQL protocol and the service description, each by its name in the manifest.

The manifests stand in rdflib's source archive, but they only name the cases: what each sends is written here, from
the SPARQL 1.1 Protocol and the case's title. An update case is right if the update is refused, for /sparql answers
queries only, which the recommendation allows; what a case then asks for beyond that is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from tests.fetch_w3c import suites
from tests.service import Service, serving
from tests.w3c_cases import named

CONFORMANCE = Path(__file__).parent.parent / "docs" / "conformance.md"
ABSENT = "the W3C suites are not there: python -m tests.fetch_w3c"
FORM, QUERY, UPDATE = (f"application/{name}" for name in ("x-www-form-urlencoded", "sparql-query", "sparql-update"))
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"  # as the W3C's own harness names them
ONE, TWO, THREE = (DATA.format(number) for number in (1, 2, 3))
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ALL_OF = "ASK {{ {} }}"
ROWS = {"application/sparql-results+xml", "application/sparql-results+json", "text/csv", "text/tab-separated-values"}
TRUTH = {"application/sparql-results+xml", "application/sparql-results+json"}
GRAPH = {"application/rdf+xml", "text/turtle", "application/n-triples"}
CLOSED = {403}


@dataclass
class Sent:
    """One request, and what makes its answer right: a status, a media type, or the truth of an ASK."""

    statuses: set[int] = field(default_factory=lambda: {200})
    types: set[str] | None = None
    truth: bool | None = None
    method: str = "GET"
    url: list[tuple[str, str]] = field(default_factory=list)
    form: list[tuple[str, str]] | None = None
    body: bytes | None = None
    media_type: str | None = None

    def by(self, client: httpx.Client) -> httpx.Response:
        """Send it."""
        content = urlencode(self.form).encode() if self.form is not None else self.body
        media_type = FORM if self.form is not None else self.media_type
        headers = {"content-type": media_type} if media_type else {}
        return client.request(self.method, "/sparql?" + urlencode(self.url), content=content, headers=headers)


def get(*pairs: tuple[str, str], **right: Any) -> list[Sent]:
    return [Sent(url=list(pairs), **right)]


def post(*pairs: tuple[str, str], **right: Any) -> list[Sent]:
    return [Sent(method="POST", form=list(pairs), **right)]


def direct(body: bytes, media_type: str | None, *pairs: tuple[str, str], **right: Any) -> list[Sent]:
    return [Sent(method="POST", body=body, media_type=media_type, url=list(pairs), **right)]


def holds(*files: str) -> str:
    """A pattern that needs the triple that each of these files holds."""
    return " ".join(f"?s{number} <urn:in> <{name}> ." for number, name in enumerate(files))


def default(*files: str) -> list[tuple[str, str]]:
    return [("default-graph-uri", name) for name in files]


def named_graphs(*files: str) -> list[tuple[str, str]]:
    return [("named-graph-uri", name) for name in files]


BOTH = ("query", ALL_OF.format(holds(ONE, TWO)))
IN_NAMED = ("query", ALL_OF.format(f"GRAPH <{ONE}> {{ {holds(ONE)} }} GRAPH <{TWO}> {{ {holds(TWO)} }}"))
NO_OTHER = ("query", ALL_OF.format(f"GRAPH <{THREE}> {{ ?s ?p ?o }}"))
FULL = ("query", ALL_OF.format(f"{holds(THREE)} GRAPH <{ONE}> {{ {holds(ONE)} }} GRAPH <{TWO}> {{ {holds(TWO)} }}"))
OWN = ("query", f"ASK FROM <{TWO}> {{ {holds(ONE)} }}")
OWN_ONLY = ("query", f"ASK FROM <{TWO}> {{ {holds(TWO)} }}")
INSERT = ("update", "INSERT { ?s a <urn:new> } WHERE { ?s ?p ?o }")
UNREADABLE = {400, 403, 405, 415}

CASES: dict[str, list[Sent]] = {
    "query_get": get(("query", "ASK {}"), truth=True),
    "query_post_form": post(("query", "ASK {}"), truth=True),
    "query_post_direct": direct(b"ASK {}", QUERY, truth=True),
    "query_dataset_default_graphs_get": get(BOTH, *default(ONE, TWO), truth=True) + get(BOTH, truth=False),
    "query_dataset_default_graphs_post": (
        post(BOTH, *default(ONE, TWO), truth=True) + direct(BOTH[1].encode(), QUERY, *default(ONE, TWO), truth=True)
    ),
    "query_dataset_named_graphs_get": (
        get(IN_NAMED, *named_graphs(ONE, TWO), truth=True) + get(NO_OTHER, *named_graphs(ONE, TWO), truth=False)
    ),
    "query_dataset_named_graphs_post": (
        post(IN_NAMED, *named_graphs(ONE, TWO), truth=True) + post(NO_OTHER, *named_graphs(ONE, TWO), truth=False)
    ),
    "query_dataset_full": (
        get(FULL, *default(THREE), *named_graphs(ONE, TWO), truth=True)
        + post(FULL, *default(THREE), *named_graphs(ONE, TWO), truth=True)
    ),
    "query_multiple_dataset": get(OWN, *default(ONE), truth=True) + get(OWN_ONLY, *default(ONE), truth=False),
    "query_content_type_select": get(("query", "SELECT (1 AS ?value) {}"), types=ROWS),
    "query_content_type_ask": get(("query", "ASK {}"), types=TRUTH),
    "query_content_type_describe": get(("query", "DESCRIBE <urn:x>"), types=GRAPH),
    "query_content_type_construct": get(("query", "CONSTRUCT { <urn:s> <urn:p> 1 } {}"), types=GRAPH),
    "bad_query_method": [Sent({405}, method="PUT", url=[("query", "ASK {}")])],
    "bad_multiple_queries": (
        get(("query", "ASK {}"), ("query", "SELECT * {}"), statuses={400})
        + post(("query", "ASK {}"), ("query", "SELECT * {}"), statuses={400})
    ),
    "bad_query_wrong_media_type": direct(b"ASK {}", "text/plain", statuses={415}),
    "bad_query_missing_form_type": direct(b"query=ASK%20%7B%7D", None, statuses={415}),
    "bad_query_missing_direct_type": direct(b"ASK {}", None, statuses={415}),
    "bad_query_non_utf8": (
        direct("ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", statuses={415})
        + direct("ASK {}".encode("utf-16"), QUERY, statuses={400})
    ),
    "bad_query_syntax": get(("query", "ASK {"), statuses={400}),
    "update_post_form": post(("update", "CLEAR ALL"), statuses=CLOSED),
    "update_post_direct": direct(b"CLEAR ALL", UPDATE, statuses=CLOSED),
    "update_dataset_default_graph": post(INSERT, ("using-graph-uri", ONE), statuses=CLOSED),
    "update_dataset_default_graphs": post(INSERT, ("using-graph-uri", ONE), ("using-graph-uri", TWO), statuses=CLOSED),
    "update_dataset_named_graphs": post(INSERT, ("using-named-graph-uri", ONE), statuses=CLOSED),
    "update_dataset_full": post(INSERT, ("using-graph-uri", THREE), ("using-named-graph-uri", ONE), statuses=CLOSED),
    "update_base_uri": post(("update", "INSERT DATA { <relative> a <urn:new> }"), statuses=CLOSED),
    "bad_update_get": get(("update", "CLEAR ALL"), statuses=CLOSED),
    "bad_multiple_updates": post(("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT"), statuses=CLOSED),
    "bad_update_wrong_media_type": direct(b"CLEAR NAMED", "text/plain", statuses={415}),
    "bad_update_missing_form_type": direct(b"update=CLEAR%20NAMED", None, statuses={415}),
    "bad_update_non_utf8": direct("CLEAR ALL".encode("utf-16"), f"{UPDATE}; charset=UTF-16", statuses={415}),
    "bad_update_syntax": post(("update", "CLEAR XYZ"), statuses=CLOSED),
    "bad_update_dataset_conflict": post(
        ("update", f"INSERT {{ ?s a <urn:new> }} USING <{ONE}> WHERE {{ ?s ?p ?o }}"),
        ("using-named-graph-uri", ONE),
        statuses=CLOSED,
    ),
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    path = tmp_path_factory.mktemp("protocol") / "data.nq"
    path.write_text("".join(f"<urn:s> <urn:in> <{name}> <{name}> .\n" for name in (ONE, TWO, THREE)), "utf-8")
    with serving(str(path)) as service:
        yield service


@pytest.mark.parametrize("name", CASES)
def test_a_protocol_case_is_right(service: Service, name: str) -> None:
    with service.client() as client:
        before = client.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
        for sent in CASES[name]:
            answer = sent.by(client)
            assert answer.status_code in sent.statuses, answer.text
            media_type = answer.headers["content-type"].partition(";")[0]
            if answer.is_error:
                assert media_type == "application/problem+json"
            assert sent.types is None or media_type in sent.types
            assert sent.truth is None or answer.json()["boolean"] is sent.truth
        assert client.get("/sparql", params={"query": "ASK {}"}).headers["etag"] == before


def description(service: Service) -> Graph:
    answer = service.get("/sparql", headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=answer.text, format="turtle")


def returns_rdf(service: Service) -> None:
    assert len(description(service)) > 0


def has_endpoint_triple(service: Service) -> None:
    graph = description(service)
    (subject,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(subject, SD.endpoint)) == [URIRef(f"{service.url}/sparql")]


def conforms_to_schema(service: Service) -> None:
    """By the schema in the recommendation: terms that there are, each with a subject and an object of its class."""
    graph = description(service)
    schema = {
        SD.endpoint: (SD.Service, None),
        SD.supportedLanguage: (SD.Service, None),
        SD.resultFormat: (SD.Service, None),
        SD.feature: (SD.Service, None),
        SD.defaultDataset: (SD.Service, SD.Dataset),
        SD.defaultGraph: (SD.Dataset, SD.Graph),
    }
    for subject, predicate, value in graph:
        if str(predicate).startswith(str(SD)):
            domain, reach = schema[URIRef(str(predicate))]
            assert (subject, RDF.type, domain) in graph
            assert reach is None or (value, RDF.type, reach) in graph
            assert not hasattr(value, "language"), f"{predicate} has a literal"
    languages = set(graph.objects(None, SD.supportedLanguage))
    assert languages <= {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update}
    assert (None, RDFS.subClassOf, None) not in graph


DESCRIPTION = {
    "returns-rdf": returns_rdf,
    "has-endpoint-triple": has_endpoint_triple,
    "conforms-to-schema": conforms_to_schema,
}


@pytest.mark.parametrize("name", DESCRIPTION)
def test_a_service_description_case_is_right(service: Service, name: str) -> None:
    DESCRIPTION[name](service)


@pytest.mark.skipif(not suites().is_dir(), reason=ABSENT)
def test_every_case_of_the_manifests_is_here() -> None:
    assert named(suites(), "protocol") == set(CASES)
    assert named(suites(), "service-description") == set(DESCRIPTION)


def test_the_documentation_lists_every_case_with_its_outcome() -> None:
    text = CONFORMANCE.read_text("utf-8")
    closed = {name for name, sent in CASES.items() if all(one.statuses == CLOSED for one in sent)}
    for name in [*CASES, *DESCRIPTION]:
        assert f"`{name}`" in text, name
    told = next(line for line in text.splitlines() if line.startswith("| refused with 403"))
    assert {name for name in CASES if f"`{name}`" in told} == closed
