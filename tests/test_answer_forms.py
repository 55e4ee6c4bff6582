"""What a form cannot hold is told, and what it can comes through it unchanged, whatever the engine makes of it."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest

from tests.service import Service

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_XML, RESULTS_XML = "application/rdf+xml", "application/sparql-results+xml"


def asked(service: Service, query: str, form: str) -> httpx.Response:
    return service.get("/sparql", params={"query": query}, headers={"accept": form})


@pytest.mark.parametrize(
    ("statement", "form", "said"),
    [
        ("<urn:s> <urn:p> <<( <urn:a> <urn:b> 1 )>>", "application/ld+json", "triple terms"),
        ("<urn:s> <http://a.example/1> 1", RDF_XML, "does not end in a name"),
        ("<urn:s> <http://a.example/> <urn:o>", RDF_XML, "does not end in a name"),
        ("<urn:s> a <http://a.example/1>", RDF_XML, "does not end in a name"),
        ("<urn:s> x: [ x: 1 ]", RDF_XML, "does not end in a name"),
        (f"<urn:s> <{RDF}Description> 1", RDF_XML, "own syntax"),
        ('<urn:s> <urn:p> "a\\u0001b"', RDF_XML, "U+0001"),
        ('<urn:s> <urn:p> "\\uFFFE"', RDF_XML, "U+FFFE"),
    ],
)
def test_a_graph_that_a_form_cannot_hold_is_told(
    dataset_service: Service, statement: str, form: str, said: str
) -> None:
    query = f"PREFIX x: <http://a.example/1> CONSTRUCT {{ {statement} }} {{}}"
    answer = asked(dataset_service, query, form)
    assert answer.status_code == 406
    assert said in answer.json()["detail"]
    assert asked(dataset_service, query, "application/n-triples").status_code == 200


def test_a_character_that_xml_does_not_know_is_told_in_results(dataset_service: Service) -> None:
    query = 'SELECT ("\\u0000" AS ?x) ("\\u001F" AS ?y) {}'
    answer = asked(dataset_service, query, RESULTS_XML)
    assert answer.status_code == 406
    assert "XML cannot" in answer.json()["detail"]
    for form in ("application/sparql-results+json", "text/csv", "text/tab-separated-values"):
        assert asked(dataset_service, query, form).status_code == 200


def test_such_a_character_behind_the_first_bytes_cuts_the_answer(dataset_service: Service) -> None:
    rows = " ".join(f'"{number:02000}"' for number in range(40))
    many = f"VALUES ?x {{ {rows} }} VALUES ?y {{ {'1 ' * 20} }}"
    query = f"SELECT * {{ {{ {many} }} UNION {{ BIND('\\u0001' AS ?x) }} }} ORDER BY DESC(STRLEN(?x))"
    with dataset_service.client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.post("/sparql", data={"query": query}, headers={"accept": RESULTS_XML})


@pytest.mark.parametrize("text", ["a\\r\\nb\\rc", "<x: y>", ": :> <", "\\t \\n", "\\uFFFD\\u0085\\u2028"])
def test_what_xml_can_hold_comes_through_it(dataset_service: Service, text: str) -> None:
    plain = asked(dataset_service, f'CONSTRUCT {{ <urn:s> <urn:p> "{text}" }} {{}}', "application/n-triples")
    marked = asked(dataset_service, f'CONSTRUCT {{ <urn:s> <urn:p> "{text}" }} {{}}', RDF_XML)
    [expected] = ox.parse(plain.content, ox.RdfFormat.N_TRIPLES)
    [value] = [element.text for element in ElementTree.fromstring(marked.content).iter("{urn:}p")]
    assert value == expected.object.value
    results = asked(dataset_service, f'SELECT ("{text}" AS ?x) {{}}', RESULTS_XML)
    namespace = "{http://www.w3.org/2005/sparql-results#}"
    assert [element.text for element in ElementTree.fromstring(results.content).iter(f"{namespace}literal")] == [value]
