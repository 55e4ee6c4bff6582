"""/sparql by the SPARQL 1.1 Protocol, through real HTTP; the W3C protocol suite's cases by their names."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace, URIRef

from tests.service import Service

EX = "http://example.org/"
SELECT = "SELECT * { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
DIRECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")


@pytest.fixture
def client(dataset_service: Service) -> Iterator[httpx.Client]:
    """A client for the service on the small data set."""
    with dataset_service.client() as client:
        yield client


def problem(response: httpx.Response, status: int) -> str:
    """The detail of a problem with this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document = response.json()
    assert document["status"] == status
    assert document["request_id"] == response.headers["x-request-id"]
    return str(document.get("detail", ""))


def number(response: httpx.Response) -> int:
    """The single number that a SPARQL JSON answer holds."""
    assert response.status_code == 200, response.text
    (binding,) = response.json()["results"]["bindings"]
    return int(binding["n"]["value"])


def test_query_get(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": SELECT})
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert "Accept" in answer.headers["vary"]
    assert len(answer.json()["results"]["bindings"]) == 3


def test_a_short_answer_tells_its_length_and_a_long_one_comes_in_chunks(client: httpx.Client) -> None:
    client.headers["accept-encoding"] = "identity"
    short = client.get("/sparql", params={"query": SELECT})
    assert int(short.headers["content-length"]) == len(short.content)
    product = "SELECT * { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(7)) + " }"
    with client.stream("GET", "/sparql", params={"query": product, "format": "csv"}) as long:
        assert long.headers["transfer-encoding"] == "chunked"
        assert long.read().count(b"\n") == 3**7 + 1


def test_query_post_form(client: httpx.Client) -> None:
    assert client.post("/sparql", data={"query": SELECT}).json()["head"]["vars"] == ["o", "p", "s"]


def test_query_post_direct(client: httpx.Client) -> None:
    answer = client.post("/sparql", content=SELECT, headers={"content-type": f"{DIRECT}; charset=UTF-8"})
    assert len(answer.json()["results"]["bindings"]) == 3


def test_the_mark_that_editors_begin_a_file_with_is_no_part_of_a_query(client: httpx.Client) -> None:
    marked = "\ufeff" + COUNT
    assert number(client.post("/sparql", content=marked, headers={"content-type": DIRECT})) == 3
    assert number(client.post("/sparql", data={"query": marked})) == 3
    assert number(client.get("/sparql", params={"query": marked})) == 3


def test_query_by_the_query_method(client: httpx.Client) -> None:
    for body, media_type in ((COUNT.encode(), DIRECT), (urlencode({"query": COUNT}).encode(), FORM)):
        assert number(client.request("QUERY", "/sparql", content=body, headers={"content-type": media_type})) == 3


DATASETS = [
    # default-graph-uri, named-graph-uri, rows of the default graph, rows of GRAPH ?g
    (["first"], [], 3, 0),
    (["first", "second"], [], 6, 0),
    ([], ["first"], 0, 3),
    ([], ["first", "second"], 0, 6),
    (["first"], ["second"], 3, 3),
    (["none"], ["none"], 0, 0),
]


@pytest.mark.parametrize(("default", "named", "rows", "named_rows"), DATASETS)
def test_query_dataset(client: httpx.Client, default: list[str], named: list[str], rows: int, named_rows: int) -> None:
    graphs = [("default-graph-uri", EX + name) for name in default] + [("named-graph-uri", EX + name) for name in named]
    in_graph = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    # The query's own data set is overridden by the protocol's.
    own = f"SELECT (COUNT(*) AS ?n) FROM <{EX}second> FROM NAMED <{EX}first> {{ ?s ?p ?o }}"
    for query, expected in ((COUNT, rows), (in_graph, named_rows), (own, rows)):
        parameters = urlencode([("query", query), *graphs])
        assert number(client.get("/sparql", params=parameters)) == expected
        assert number(client.post("/sparql", content=parameters, headers={"content-type": FORM})) == expected
        direct = client.post("/sparql", params=urlencode(graphs), content=query, headers={"content-type": DIRECT})
        assert number(direct) == expected


@pytest.mark.parametrize("host", ["data.example:8080", ""])
def test_a_relative_iri_follows_from_the_address_of_the_endpoint(client: httpx.Client, host: str) -> None:
    def iris(query: str) -> list[str]:
        answer = client.post("/sparql", data={"query": query}, headers={"host": host})
        assert answer.status_code == 200, answer.text
        return [term["value"] for row in answer.json()["results"]["bindings"] for term in row.values()]

    own = "BASE <http://example.org/x/> SELECT ?iri { VALUES ?iri { <a> } }"
    assert iris(own) == ["http://example.org/x/a"]
    relative = "SELECT ?iri (IRI('c') AS ?made) { VALUES ?iri { <a?b#c> } }"
    base = f"http://{host}" if host else str(client.base_url).rstrip("/")
    assert iris(relative) == [f"{base}/a?b#c", f"{base}/c"]
    # In FROM too, also where the service merges several graphs by itself.
    assert iris("SELECT ?s FROM <a> FROM <b> { ?s ?p ?o }") == []


def test_query_names_its_own_dataset(client: httpx.Client) -> None:
    both = f"SELECT (COUNT(*) AS ?n) FROM <{EX}first> FROM <{EX}second> {{ ?s ?p ?o }}"
    assert number(client.get("/sparql", params={"query": both})) == 6


SOLUTION_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
GRAPH_TYPES = {
    "turtle": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "trig": "application/trig",
}


@pytest.mark.parametrize("by", ["accept", "name", "type"])
@pytest.mark.parametrize("name", SOLUTION_TYPES)
def test_query_content_type_select_and_ask(client: httpx.Client, name: str, by: str) -> None:
    media_type = SOLUTION_TYPES[name].partition(";")[0]
    for query in (SELECT, "ASK { ?s ?p ?o }"):
        parameters = {"query": query} | ({"format": name if by == "name" else media_type} if by != "accept" else {})
        accept = media_type if by == "accept" else "application/json"
        answer = client.get("/sparql", params=parameters, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, SOLUTION_TYPES[name])
        if query == SELECT:
            assert "Ministry" in answer.text
            if name in ("json", "xml", "tsv"):
                form = ox.QueryResultsFormat.from_media_type(media_type)
                assert isinstance(ox.parse_query_results(answer.content, format=form), ox.QuerySolutions)
        else:
            assert "true" in answer.text


@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{EX}ministry>"])
@pytest.mark.parametrize("name", GRAPH_TYPES)
def test_query_content_type_construct_and_describe(client: httpx.Client, name: str, query: str) -> None:
    media_type = GRAPH_TYPES[name].partition(";")[0]
    for parameters, accept in (({}, f"text/csv;q=0.5, {media_type};q=0.4, text/*;q=0"), ({"format": name}, "text/csv")):
        if media_type == "text/turtle" and not parameters:
            accept = media_type
        answer = client.get("/sparql", params={"query": query, **parameters}, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (200, GRAPH_TYPES[name])
        assert len(list(ox.parse(answer.content, format=ox.RdfFormat.from_media_type(media_type)))) == 3


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "text/turtle, */*;q=0.1", "application/sparql-results+json"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
        (CONSTRUCT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/plain; charset=utf-8"),
        (CONSTRUCT, "application/sparql-results+json, application/rdf+xml;q=0.2", "application/rdf+xml"),
    ],
)
def test_accept(client: httpx.Client, query: str, accept: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("query", "accept"),
    [(SELECT, "image/png"), (SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (SELECT, "*/*;q=0"), ("ASK {}", "x/y")],
)
def test_nothing_fits(client: httpx.Client, query: str, accept: str) -> None:
    assert problem(client.get("/sparql", params={"query": query}, headers={"accept": accept}), 406)


def test_a_format_that_is_not_known_names_those_that_are(client: httpx.Client) -> None:
    detail = problem(client.get("/sparql", params={"query": SELECT, "format": "pdf"}), 406)
    assert "json, xml, csv, tsv" in detail
    assert problem(client.get("/sparql", params={"query": SELECT, "format": "turtle"}), 406)


def test_bad_query_method(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = client.request(method, "/sparql", params={"query": SELECT})
        problem(answer, 405)
        assert {"GET", "HEAD", "POST", "QUERY", "OPTIONS"} <= set(answer.headers["allow"].replace(",", " ").split())


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ([("query", SELECT), ("query", SELECT)], "given 2 times"),  # bad_multiple_queries
        ([("query", "")], "is empty"),
        ([("query", " \n")], "is empty"),
        ([("default-graph-uri", EX)], "no query"),
        ([("query", SELECT), ("default-graph-uri", "not an iri")], "default-graph-uri is 'not an iri'"),
        ([("query", SELECT), ("named-graph-uri", "")], "named-graph-uri is ''"),
        ([("query", SELECT), ("format", "json"), ("format", "xml")], "json, xml"),
        ([("query", "SELECT nothing")], "line 1, column 8: nothing cannot stand here"),  # bad_query_syntax
        ([("query", "ASK {\n ?s ?p }")], "line 2, column 8: } cannot stand here"),
        ([("query", "SELECT (<http://e/f>(1) AS ?x) {}")], "<http://e/f>"),
    ],
)
def test_bad_request(client: httpx.Client, parameters: list[tuple[str, str]], words: str) -> None:
    assert words in problem(client.get("/sparql", params=urlencode(parameters)), 400)
    form = urlencode(parameters)
    assert words in problem(client.post("/sparql", content=form, headers={"content-type": FORM}), 400)


def test_a_syntax_error_names_its_place_in_members(client: httpx.Client) -> None:
    document = client.get("/sparql", params={"query": "ASK {\n ?s ?p }"}).json()
    assert (document["line"], document["column"]) == (2, 8)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        (r"SELECT (1 AS ?n) { BIND(2 AS ?\u0076ar) FILTER(?var = 2) }", "1"),
        (r"PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT (x\u003Aint\U00000065ger('7') AS ?n) {}", "7"),
        (r"\u0053ELECT ('\u0061\u0022' AS ?n) {} # \u000A }", 'a"'),
        (r"SELECT (STR(<http://a/\u00E9#\u0062>) AS ?n) {}", "http://a/\u00e9#b"),
        (r"PREFIX e: <urn:> SELECT (STR(e:it\'s\u0061) AS ?n) {}", "urn:it'sa"),
        (r'SELECT ("""\u0022\" \u0061""" AS \u003fn) {}', '"" a'),
    ],
)
def test_codepoint_escapes_are_read_anywhere(client: httpx.Client, query: str, value: str) -> None:
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 200, answer.text
    (binding,) = answer.json()["results"]["bindings"]
    assert binding["n"]["value"] == value


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT ?v\\u0061r {\n?v\\u0061r ?p ?\\u006F %% }", 2, 22),
        ("SELECT ?x\\u0020y { ?s ?p ?o }", 1, 16),  # a blank, which no variable's name holds
        ("SELECT * { ?s ?p ?\\uD800 }", 1, 18),
        ("SELECT * { ?s ?p ?\\U00110000 }", 1, 18),
        ("\\u0049NSERT DATA { <urn:a> <urn:b> 1 }", 1, 1),
    ],
)
def test_an_error_beside_escapes_stands_where_it_was_written(
    client: httpx.Client, query: str, line: int, column: int
) -> None:
    document = client.get("/sparql", params={"query": query}).json()
    assert (document["line"], document["column"]) == (line, column), document["detail"]


def test_a_call_written_by_escapes_is_seen(client: httpx.Client) -> None:
    query = r"SELECT * { S\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    assert "SERVICE <http://127.0.0.1:9/>" in problem(client.get("/sparql", params={"query": query}), 403)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("<http://e/soundex>('a')", "the function <http://e/soundex> is not known here"),
        ("xsd:weekday('2024')", "the function <http://www.w3.org/2001/XMLSchema#weekday> is not known here"),
        ("xsd:integer('1', '2')", "is given 2 arguments and takes 1"),
    ],
)
def test_a_function_that_is_not_known_is_named(client: httpx.Client, call: str, words: str) -> None:
    query = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ({call} AS ?x) {{}}"
    answer = client.get("/sparql", params={"query": query})
    assert words in problem(answer, 400)
    assert answer.json()["type"].endswith("/query-unanswerable")


def test_post_without_a_query(client: httpx.Client) -> None:
    for body, media_type in ((b"", FORM), (b"", DIRECT), (b"format=json", FORM)):
        assert problem(client.post("/sparql", content=body, headers={"content-type": media_type}), 400)
    both = client.post("/sparql", params={"query": SELECT}, content=SELECT, headers={"content-type": DIRECT})
    assert "send it once" in problem(both, 400)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (SELECT.encode(), "text/plain"),  # bad_query_wrong_media_type
        (b"query=ASK%20%7B%7D", None),  # bad_query_missing_form_type
        (SELECT.encode(), None),  # bad_query_missing_direct_type
        (SELECT.encode("utf-16"), f"{DIRECT}; charset=UTF-16"),  # bad_query_non_utf8
        (SELECT.encode(), "multipart/form-data; boundary=x"),
        (SELECT.encode(), "nonsense"),
    ],
)
def test_bad_media_type(client: httpx.Client, body: bytes, media_type: str | None) -> None:
    headers = {"content-type": media_type} if media_type else {}
    answer = client.post("/sparql", content=body, headers=headers)
    assert "send " in problem(answer, 415)
    assert DIRECT in answer.headers["accept-post"]
    queried = client.request("QUERY", "/sparql", content=body, headers=headers)
    assert problem(queried, 415)
    assert DIRECT in queried.headers["accept-query"]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"ASK { ?s ?p '\xff' }", DIRECT),
        (b"query=ASK%20%7B%20%3Fs%20%3Fp%20%22%FF%22%20%7D", FORM),
        (b"ASK { ?s ?p '\0' }", DIRECT),
        (b"query=ASK%00%7B%7D", FORM),
    ],
)
def test_a_query_that_is_not_text(client: httpx.Client, body: bytes, media_type: str) -> None:
    assert problem(client.post("/sparql", content=body, headers={"content-type": media_type}), 400)


def test_updates_are_refused_in_every_way(client: httpx.Client) -> None:
    update = "INSERT DATA { <a:a> <a:a> <a:a> }"
    for answer, status in (
        (client.get("/sparql", params={"update": update}), 403),  # bad_update_get
        (client.get("/sparql", params={"query": update}), 400),
        (client.get("/sparql", params={"query": f"PREFIX e: <e:> # SELECT\n{update}"}), 400),
        (client.post("/sparql", data={"update": update}), 403),
        (client.post("/sparql", data={"query": "LOAD <http://127.0.0.1:9/>"}), 400),
        (client.post("/sparql", content=update, headers={"content-type": "application/sparql-update"}), 403),
    ):
        assert "queries only" in problem(answer, status)
    assert number(client.get("/sparql", params={"query": COUNT})) == 3


def test_service_is_refused(client: httpx.Client) -> None:
    detail = problem(client.get("/sparql", params={"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }"}), 403)
    assert "SERVICE <http://127.0.0.1:9/> is closed here" in detail


def test_head_and_options(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": SELECT})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == "application/sparql-results+json"
    assert client.head("/sparql", params={"query": "SELEC"}).status_code == 400
    options = client.options("/sparql")
    assert options.status_code == 204
    assert "QUERY" in options.headers["allow"]


def test_cors_is_open_and_without_credentials(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": SELECT}, headers={"origin": "http://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_an_answer_is_revalidated_by_its_generation(client: httpx.Client) -> None:
    answer = client.get("/sparql", params={"query": SELECT})
    again = client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/sparql", params={"query": SELECT}, headers={"if-none-match": "*"}).status_code == 304
    for query in ("SELECT (RAND() AS ?x) {}", r"SELECT (R\u0041ND() AS ?x) {}"):
        volatile = client.get("/sparql", params={"query": query}, headers={"if-none-match": answer.headers["etag"]})
        assert volatile.status_code == 200
        assert "etag" not in volatile.headers


def test_other_parameters_of_clients_are_passed_over(client: httpx.Client) -> None:
    parameters = {"query": COUNT, "output": "json", "results": "json", "timeout": "0", "debug": "on"}
    assert number(client.get("/sparql", params=parameters)) == 3


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "image/png"])
def test_the_description_of_the_service_is_rdf_or_nothing(client: httpx.Client, accept: str) -> None:
    assert problem(client.get("/sparql", headers={"accept": accept}), 406)
    assert problem(client.get("/sparql", params={"format": "csv"}), 406)


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_the_service_describes_itself(client: httpx.Client, accept: str | None) -> None:
    answer = client.get("/sparql", headers={"accept": accept} if accept else {})
    assert answer.status_code == 200
    media_type = answer.headers["content-type"].partition(";")[0]
    form = ox.RdfFormat.from_media_type("text/turtle" if media_type == "text/plain" else media_type)
    triples = ox.serialize(
        (quad.triple for quad in ox.parse(answer.content, format=form)), format=ox.RdfFormat.N_TRIPLES
    )
    graph = Graph().parse(data=triples, format="nt")
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert list(graph.objects(service, SD.endpoint)) == [URIRef(str(client.base_url.join("/sparql")))]
    assert list(graph.objects(service, SD.supportedLanguage)) == [SD.SPARQL11Query]
    assert len(list(graph.objects(service, SD.resultFormat))) == 10
    assert list(graph.objects(service, SD.feature)) == []
    assert answer.headers["etag"]
