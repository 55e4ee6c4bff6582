"""The Graph Store Protocol at /store: reading for all, writing behind the token, curation behind its own door."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse
from rdflib import Graph
from rdflib.compare import isomorphic

from graph.publish.dataset import Dataset
from tests.service import SMALL, Service, serving

TOKEN = "correct-horse-battery-staple"
FIRST = "http://example.org/first"
TURTLE = {"content-type": "text/turtle"}


@pytest.fixture(scope="module")
def writable() -> Iterator[Service]:
    with serving(str(SMALL), write_token=TOKEN, max_upload=100_000) as service:
        yield service


@pytest.fixture
def writer(writable: Service) -> Iterator[httpx.Client]:
    with writable.client(headers={"authorization": f"Bearer {TOKEN}"}) as client:
        yield client


def of_file(graph: str | None) -> Graph:
    """One graph of the served file, read without the service."""
    name = NamedNode(graph) if graph else DefaultGraph()
    found = Graph()
    quads = [quad for quad in parse(path=SMALL, format=RdfFormat.TRIG) if quad.graph_name == name]
    found.parse(data="\n".join(f"{quad.triple} ." for quad in quads), format="nt")
    return found


def read(service: Service, graph: str | None, **headers: str) -> Graph:
    answer = service.get("/store", params={"graph": graph} if graph else {"default": ""}, headers=headers)
    assert answer.status_code == 200, answer.text
    return Graph().parse(data=answer.text, format=answer.headers["content-type"].partition(";")[0])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # in rdflib's own reader
@pytest.mark.parametrize("graph", [None, FIRST, "http://example.org/second"])
@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "*/*", "text/*"]
)
def test_a_graph_is_read_in_each_form(dataset_service: Service, graph: str | None, accept: str) -> None:
    assert isomorphic(read(dataset_service, graph, accept=accept), of_file(graph))


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("?graph=http://example.org/absent", 404),
        ("", 400),
        ("?default&graph=http://example.org/first", 400),
        ("?graph=urn:a&graph=urn:b", 400),
        ("?default&default", 400),
        ("?default=yes", 400),
        ("?graph=", 400),
        ("?graph=relative", 400),
        ("?graph=http://a/%3E%7D%20DROP", 400),
        ("?graph=http://a/%5Cu003E", 400),
        ("?graph=http://a%20b", 400),
        ("?default&depth=3", 400),
    ],
)
def test_targets_that_name_no_graph(dataset_service: Service, target: str, status: int) -> None:
    answer = dataset_service.get("/store" + target)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("name", ["format", "depth"])
def test_a_write_takes_no_parameter_that_it_would_ignore(
    writable: Service, writer: httpx.Client, method: str, name: str
) -> None:
    before = read(writable, None)
    answer = writer.request(method, f"/store?default&{name}=nt", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/invalid-request")
    assert f"{name}: is not a parameter of /store by {method}" in answer.json()["detail"]
    assert isomorphic(read(writable, None), before)


def test_a_form_that_is_not_there(dataset_service: Service) -> None:
    assert dataset_service.get("/store?default", headers={"accept": "image/png"}).status_code == 406


def test_format_wins_over_accept(dataset_service: Service) -> None:
    answer = dataset_service.get("/store?default&format=nt", headers={"accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("application/n-triples")


def test_head_and_revalidation(dataset_service: Service) -> None:
    get = dataset_service.get("/store?default")
    with dataset_service.client() as client:
        head = client.head("/store?default")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-type"] == get.headers["content-type"]
    again = dataset_service.get("/store?default", headers={"if-none-match": get.headers["etag"]})
    assert again.status_code == 304


def test_writing_is_closed_without_a_configured_token(dataset_service: Service) -> None:
    with dataset_service.client() as client:
        for method in ("PUT", "POST", "DELETE"):
            answer = client.request(method, "/store?default", headers={"authorization": "Bearer anything-at-all"})
            assert answer.status_code == 403
            assert "EDUGRAPH_WRITE_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 403),
        ({"authorization": f"Basic {TOKEN}"}, 403),
        ({"authorization": f"Bearer {TOKEN}x"}, 403),
        ({"authorization": "Bearer"}, 403),
        ({"authorization": b"Bearer \xff\xfe"}, 403),
    ],
)
def test_writing_needs_the_token(writable: Service, headers: dict[str, Any], status: int) -> None:
    with writable.client() as client:
        answer = client.put("/store?default", content="<urn:a> <urn:b> <urn:c> .", headers=headers | TURTLE)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert isomorphic(read(writable, None), of_file(None))


def test_the_curated_graph_is_not_written_to_and_says_where_to_go(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:a> <urn:b> <urn:c> .\n", "utf-8")
    Dataset(tmp_path / "build", memory=2**30, timeout=30).load([tmp_path / "a.nt"])
    with serving(build_dir=tmp_path / "build", write_token=TOKEN) as service, service.client() as client:
        answer = client.put("/store?default", content="", headers={"authorization": f"Bearer {TOKEN}"} | TURTLE)
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/curated")
        assert "data/articles" in answer.json()["detail"]
        assert "edugraph build" in answer.json()["detail"]
        assert len(read(service, None)) == 1


def test_a_graph_is_made_replaced_and_removed(writable: Service, writer: httpx.Client) -> None:
    target = "/store?graph=urn:new"
    assert writer.get(target).status_code == 404
    made = writer.put(target, content="<urn:a> <urn:b> 1, 2 .", headers=TURTLE)
    assert made.status_code == 201
    assert writer.get(target).headers["etag"] == made.headers["etag"]
    assert len(read(writable, "urn:new")) == 2
    assert writer.put(target, content="<urn:a> <urn:b> 3 .", headers=TURTLE).status_code == 204
    assert len(read(writable, "urn:new")) == 1
    assert writer.delete(target).status_code == 204
    assert writer.get(target).status_code == 404
    assert writer.delete(target).status_code == 404
    assert isomorphic(read(writable, FIRST), of_file(FIRST))


def test_a_body_is_added(writable: Service, writer: httpx.Client) -> None:
    target = "/store?graph=urn:merged"
    assert writer.post(target, content="_:x <urn:b> 1 .", headers=TURTLE).status_code == 201
    assert writer.post(target, content="_:x <urn:b> 1 .", headers=TURTLE).status_code == 204
    assert len(read(writable, "urn:merged")) == 2, "two blank nodes of two documents are two"


def test_a_new_graph_gets_its_own_address(writable: Service, writer: httpx.Client) -> None:
    made = writer.post("/store", content="<> <urn:b> 1 .", headers=TURTLE)
    assert made.status_code == 201
    found = writer.get(made.headers["location"], headers={"accept": "application/n-triples"})
    assert found.status_code == 200
    assert found.text.startswith("<urn:uuid:")


def test_an_empty_graph_is_there(writer: httpx.Client) -> None:
    assert writer.put("/store?graph=urn:empty", content="", headers=TURTLE).status_code == 201
    assert writer.get("/store?graph=urn:empty").status_code == 200


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle; charset=UTF-8", "<> <urn:p> <urn:o> ."),
        ("application/n-triples", "<urn:x:base> <urn:p> <urn:o> ."),
        ("application/ld+json", '{"@id": "", "urn:p": {"@id": "urn:o"}}'),
        (
            "application/rdf+xml",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:">'
            '<rdf:Description rdf:about=""><u:p rdf:resource="urn:o"/></rdf:Description></rdf:RDF>',
        ),
    ],
)
def test_each_form_is_written(writable: Service, writer: httpx.Client, media_type: str, body: str) -> None:
    answer = writer.put("/store?graph=urn:x:base", content=body, headers={"content-type": media_type})
    assert answer.status_code in (201, 204), answer.text
    assert "<urn:x:base> <urn:p> <urn:o>" in read(writable, "urn:x:base").serialize(format="nt")


def test_json_ld_cannot_reach_another_graph(writable: Service, writer: httpx.Client) -> None:
    body = '{"@id": "urn:other", "@graph": [{"@id": "urn:s", "urn:p": "smuggled"}]}'
    writer.put("/store?graph=urn:target", content=body, headers={"content-type": "application/ld+json"})
    assert writer.get("/store?graph=urn:other").status_code == 404


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("text/turtle", "<urn:a> <urn:b>\n <urn:c", 400),
        ("text/turtle", b"<urn:a> <urn:b> '\xff' .", 400),
        ("application/ld+json", '"a lone string"', 400),
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/context", "@id": "urn:a"}', 400),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', 400),
        ("text/turtle; charset=latin-1", "<urn:a> <urn:b> <urn:c> .", 415),
        ("text/csv", "a,b", 415),
        ("application/trig", "<urn:g> {<urn:a> <urn:b> <urn:c>}", 415),
        ("", "<urn:a> <urn:b> <urn:c> .", 415),
        ("text/turtle", "#" * 100_001, 413),
    ],
)
def test_a_body_that_cannot_be_used_changes_nothing(
    writable: Service, writer: httpx.Client, media_type: str, body: str | bytes, status: int
) -> None:
    before = writer.get("/store?default").headers["etag"]
    headers = {"content-type": media_type} if media_type else {}
    answer = writer.put("/store?default", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert writer.get("/store?default").headers["etag"] == before
    assert isomorphic(read(writable, None), of_file(None))


def test_a_syntax_error_says_where(writer: httpx.Client) -> None:
    problem = writer.put("/store?default", content="<urn:a> <urn:b>\n <urn:c", headers=TURTLE).json()
    assert problem["line"] == 2
    assert problem["detail"].startswith("the body:2:")


def test_a_compressed_body_is_written(writable: Service, writer: httpx.Client) -> None:
    body = gzip.compress(b"<urn:a> <urn:b> 7 .")
    writer.put("/store?graph=urn:zip", content=body, headers=TURTLE | {"content-encoding": "gzip"})
    assert len(read(writable, "urn:zip")) == 1


def test_a_body_that_unfolds_beyond_the_limit_is_refused(writer: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 10_000_000)
    assert len(bomb) < 100_000
    answer = writer.put("/store?default", content=bomb, headers=TURTLE | {"content-encoding": "gzip"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("media_type", "body", "told"),
    [
        ("application/ld+json", '{"@context": "http://127.0.0.1:9/context", "@id": "urn:a"}', "write it into"),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "not fetched"),
    ],
)
def test_what_is_not_fetched_is_said_with_what_to_do(
    writer: httpx.Client, media_type: str, body: str, told: str
) -> None:
    answer = writer.put("/store?default", content=body, headers={"content-type": media_type})
    assert told in answer.json()["detail"]


def of_entities(levels: int) -> str:
    """A document whose one literal doubles with each level."""
    declared = "".join(f'<!ENTITY e{level} "&e{level - 1};&e{level - 1};">' for level in range(1, levels))
    return (
        f'<!DOCTYPE r [<!ENTITY u "urn:"><!ENTITY e0 "0123456789">{declared}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="&u;">'
        f'<rdf:Description rdf:about="&u;a"><u:p>&e{levels - 1};</u:p></rdf:Description></rdf:RDF>'
    )


def test_entities_unfold_within_the_limit_of_a_body(writable: Service, writer: httpx.Client) -> None:
    xml = {"content-type": "application/rdf+xml"}
    assert writer.put("/store?graph=urn:few", content=of_entities(4), headers=xml).status_code == 201
    assert "0123456789" * 8 in read(writable, "urn:few").serialize(format="nt")
    answer = writer.put("/store?graph=urn:many", content=of_entities(15), headers=xml)
    assert answer.status_code == 400, answer.text
    assert "unfold to more than 100000 bytes" in answer.json()["detail"]
    assert writer.get("/store?graph=urn:many").status_code == 404


def test_a_change_to_what_is_no_longer_there_is_refused(writer: httpx.Client) -> None:
    stale = writer.get("/store?default").headers["etag"]
    writer.put("/store?graph=urn:raced", content="", headers=TURTLE)
    answer = writer.put("/store?graph=urn:raced", content="", headers=TURTLE | {"if-match": stale})
    assert answer.status_code == 412
    fresh = writer.get("/store?default").headers["etag"]
    assert writer.put("/store?graph=urn:raced", content="", headers=TURTLE | {"if-match": fresh}).status_code == 204


def test_a_graph_is_made_only_where_there_is_none(writable: Service, writer: httpx.Client) -> None:
    target, only_new = "/store?graph=urn:once", TURTLE | {"if-none-match": "*"}
    assert writer.put(target, content="<urn:a> <urn:b> 1 .", headers=only_new).status_code == 201
    for again in (
        writer.put(target, content="<urn:a> <urn:b> 2 .", headers=only_new),
        writer.post(target, content="<urn:a> <urn:b> 2 .", headers=only_new),
        writer.put(target, content="", headers=TURTLE | {"if-none-match": writer.get(target).headers["etag"]}),
        writer.put("/store?default", content="", headers=only_new),
    ):
        assert again.status_code == 412, again.text
        assert again.json()["type"].endswith("/changed")
    assert "<urn:a> <urn:b> 1" in writer.get(target).text
    other = TURTLE | {"if-none-match": 'W/"another"'}
    assert writer.put(target, content="<urn:a> <urn:b> 3 .", headers=other).status_code == 204
    assert isomorphic(read(writable, None), of_file(None))


def test_a_graph_is_changed_only_where_there_is_one(writer: httpx.Client) -> None:
    any_state = {"if-match": "*"}
    absent = "/store?graph=urn:not-there"
    for answer in (
        writer.put(absent, content="", headers=TURTLE | any_state),
        writer.post(absent, content="", headers=TURTLE | any_state),
        writer.delete(absent, headers=any_state),
    ):
        assert answer.status_code == 412, answer.text
    assert writer.get(absent).status_code == 404
    assert writer.post(f"/store?graph={FIRST}", content="", headers=TURTLE | any_state).status_code == 204


def test_a_graph_that_is_not_there_is_one_type_of_problem(writer: httpx.Client) -> None:
    for answer in (writer.get("/store?graph=urn:nowhere"), writer.delete("/store?graph=urn:nowhere")):
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("/no-graph")


def test_a_write_at_its_time_limit_is_told_as_what_it_is() -> None:
    with serving(str(SMALL), write_token=TOKEN, write_timeout=0.01) as service:
        headers = TURTLE | {"authorization": f"Bearer {TOKEN}"}
        with service.client(headers=headers) as client:
            answer = client.put("/store?default", content="<urn:a> <urn:b> 1 .")
        assert answer.status_code == 504
        assert answer.json()["type"].endswith("/write-timeout")
        assert "the write was stopped after 0.01 s" in answer.json()["detail"]
        assert isomorphic(read(service, None), of_file(None))
        assert service.line(answer.headers["x-request-id"])["outcome"] == "write-timeout"
        assert not service.lines("edugraph.errors")


def test_a_part_does_not_become_the_whole_graph(writer: httpx.Client) -> None:
    headers = TURTLE | {"content-range": "bytes 0-18/4000"}
    answer = writer.put("/store?graph=urn:part", content="<urn:a> <urn:b> 1 .", headers=headers)
    assert answer.status_code == 400
    assert "POST" in answer.json()["detail"]
    assert writer.get("/store?graph=urn:part").status_code == 404


def test_a_full_disk_is_said_and_changes_nothing() -> None:
    # A limit on the size of a file stands in for the disk: to the writer both are an OSError in the middle.
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); "
    with serving(str(SMALL), write_token=TOKEN, before=limited) as service, service.client() as client:
        headers = {"authorization": f"Bearer {TOKEN}"} | TURTLE
        body = "\n".join(f"<urn:a> <urn:b> {number} ." for number in range(20_000))
        answer = client.put("/store?graph=urn:large", content=body, headers=headers)
        assert answer.status_code == 507
        assert answer.json()["type"].endswith("/publish-failed")
        assert client.get("/store?graph=urn:large").status_code == 404
        assert client.put("/store?graph=urn:small", content="<urn:a> <urn:b> 1 .", headers=headers).status_code == 201


def test_writes_at_the_same_time_all_count(writable: Service) -> None:
    def add(number: int) -> int:
        with writable.client(headers={"authorization": f"Bearer {TOKEN}"} | TURTLE) as client:
            return client.post("/store?graph=urn:busy", content=f"<urn:a> <urn:b> {number} .").status_code

    with ThreadPoolExecutor(4) as threads:
        statuses = list(threads.map(add, range(8)))
    assert sorted(statuses) == [201] + [204] * 7
    assert len(read(writable, "urn:busy")) == 8


def test_a_document_that_overflows_its_parser_ends_no_one_else() -> None:
    depth = 20_000
    body = '{"@id": "urn:a", "urn:p": ' * depth + "1" + "}" * depth
    with serving(str(SMALL), write_token=TOKEN, max_upload=2_000_000) as service, service.client() as client:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/ld+json"}
        answer = client.put("/store?default", content=body, headers=headers)
        assert answer.status_code == 400
        assert "nested too deeply" in answer.json()["detail"]
        assert isomorphic(read(service, None), of_file(None))
