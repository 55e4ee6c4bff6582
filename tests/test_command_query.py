"""``edugraph query``: every form of answer, and errors that name the line and column of the query as it was written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from tests.command import edugraph, told

PEOPLE = "SELECT ?person ?post WHERE { ?person edg:holdsPost ?post } ORDER BY ?person"
GRAPH = "CONSTRUCT { ?person edg:holdsPost ?post } WHERE { ?person edg:holdsPost ?post }"
ARTHUR = "https://w3id.org/edugraph/person/arthur-van-diesen"


def answer(built: Path, query: str, *arguments: str, stdin: bytes | None = None) -> str:
    ended = edugraph("query", query, *arguments, build_dir=built, stdin=stdin)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode()


def test_a_table_has_short_names_and_a_count(built: Path) -> None:
    shown = answer(built, PEOPLE)
    assert "person:arthur-van-diesen" in shown
    assert "post:unicef-representative-kaz" in shown
    rows = json.loads(answer(built, PEOPLE, "--format", "json"))["results"]["bindings"]
    assert shown.rstrip().endswith(f"{len(rows)} rows")
    assert len(rows) > 5


def test_csv_tsv_and_xml_hold_the_rows_of_json(built: Path) -> None:
    people = [
        row["person"]["value"] for row in json.loads(answer(built, PEOPLE, "--format", "json"))["results"]["bindings"]
    ]
    assert ARTHUR in people
    rows = csv.DictReader(io.StringIO(answer(built, PEOPLE, "--format", "csv"), newline=""))
    assert [row["person"] for row in rows] == people
    lines = answer(built, PEOPLE, "--format", "tsv").splitlines()
    assert lines[0] == "?person\t?post"
    assert [line.split("\t")[0] for line in lines[1:]] == [f"<{iri}>" for iri in people]
    xml = answer(built, PEOPLE, "--format", "xml")
    assert xml.count("<result>") == len(people)
    assert all(f"<uri>{iri}</uri>" in xml for iri in people)


@pytest.mark.parametrize("form", ["turtle", "nt", "rdfxml", "jsonld", "nq", "trig"])
def test_a_graph_in_every_form_is_the_same(built: Path, form: str) -> None:
    formats = {
        "turtle": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "rdfxml": RdfFormat.RDF_XML,
        "jsonld": RdfFormat.JSON_LD,
        "nq": RdfFormat.N_QUADS,
        "trig": RdfFormat.TRIG,
    }
    found = {str(quad.triple) for quad in parse(answer(built, GRAPH, "--format", form), format=formats[form])}
    shown = {str(quad.triple) for quad in parse(answer(built, GRAPH), format=RdfFormat.TURTLE)}
    assert found == shown
    assert any(ARTHUR in triple for triple in found)


def test_yes_and_no(built: Path) -> None:
    assert answer(built, "ASK { org:unicef-kazakhstan edg:officeOf org:unicef }") == "yes\n"
    assert answer(built, "ASK { org:unicef edg:officeOf org:unicef-kazakhstan }") == "no\n"
    assert json.loads(answer(built, "ASK { ?s ?p ?o }", "--format", "json"))["boolean"] is True


def test_a_query_from_a_file_and_from_standard_input(built: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.rq"
    file.write_text(PEOPLE, "utf-8")
    shown = answer(built, PEOPLE)
    assert answer(built, str(file)) == shown
    file.write_text(PEOPLE, "utf-8-sig")  # as some editors begin a file
    assert answer(built, str(file)) == shown
    assert answer(built, "-", stdin=PEOPLE.encode()) == shown
    assert "none.rq cannot be read" in told(edugraph("query", str(tmp_path / "none.rq"), build_dir=built))
    file.write_bytes(b"ASK { \xff }")
    assert "cannot be read as a query" in told(edugraph("query", str(file), build_dir=built))


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT * { ?s ?p ]}", "line 1, column 18"),
        ("SELECT *\n{ ?s ?p ]}", "line 2, column 9"),
        ("# who\nSELECT *\nWHERE {\n  ?s ?p ?o .\n  ?s ?p }", "line 5, column 9"),
        ("PREFIX a: <http://a.example/>\nSELECT * { ?s a:b c: }", "line 2, column 19"),
        ("SELECT * {", "line 1, column 11"),
    ],
)
@pytest.mark.parametrize("bare", [[], ["--bare"]], ids=["prefixes", "bare"])
def test_a_syntax_error_names_its_place_in_the_query_as_written(
    built: Path, query: str, place: str, bare: list[str]
) -> None:
    assert told(edugraph("query", query, *bare, build_dir=built)).startswith(f"edugraph: {place}: ")


def test_bare_leaves_the_prefixes_out(built: Path) -> None:
    assert "edg:holdsPost" in told(edugraph("query", PEOPLE, "--bare", build_dir=built))
    own = "PREFIX edg: <https://w3id.org/edugraph/ontology#> "
    assert answer(built, own + PEOPLE, "--bare") == answer(built, PEOPLE)


def test_a_query_may_give_a_prefix_another_meaning(built: Path) -> None:
    query = "PREFIX org: <http://www.w3.org/ns/org#> ASK { edg:holdsPost rdfs:subPropertyOf org:holds }"
    assert answer(built, query) == "yes\n"


def test_a_query_that_takes_too_long_is_stopped(built: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    said = told(edugraph("query", endless, "--timeout", "0.5", build_dir=built))
    assert "0.5 seconds" in said


@pytest.mark.parametrize(
    "update", ["DELETE WHERE { ?s ?p ?o }", "INSERT DATA { org:a edg:partOf org:b }", "CLEAR ALL", "DROP ALL"]
)
def test_an_update_is_refused_and_changes_nothing(built: Path, update: str) -> None:
    before = answer(built, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv")
    assert "is an update" in told(edugraph("query", update, build_dir=built))
    assert answer(built, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv") == before


def test_a_form_that_cannot_hold_the_answer_is_told(built: Path) -> None:
    assert "Turtle" in told(edugraph("query", GRAPH, "--format", "csv", build_dir=built))
    assert "SPARQL JSON" in told(edugraph("query", PEOPLE, "--format", "turtle", build_dir=built))


def test_cells_show_brackets_and_languages(built: Path) -> None:
    shown = answer(built, 'SELECT ("[red]no colour[/red] :boat:"@en AS ?words) {}')
    assert "[red]no colour[/red] :boat: @en" in shown
