"""The W3C's draft cases for the Graph Store Protocol, in the order in which they build on each other.

The draft names graphs by their own addresses; here a graph is named by ``?graph=``, the protocol's other way. Where it
asks for 200, an answer without a body is 204.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.fetch_w3c import suites
from tests.service import serving

CONFORMANCE = Path(__file__).parent.parent / "docs" / "conformance.md"
ABSENT = "the W3C suites are not there: python -m tests.fetch_w3c"
TOKEN = "correct-horse-battery-staple"
HOST = "http://example.org"
FIRST, SECOND = (f"/store?graph={quote(f'{HOST}/person/{number}.ttl', safe='')}" for number in (1, 2))
DEFAULT, STORE, NEW = "/store?default", "/store", "the address of the new graph"
PREFIXES = "@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix v: <http://www.w3.org/2006/vcard/ns#> . "
JOHN, JANE = (
    f'{PREFIXES} <{HOST}/person/1> a foaf:Person ; foaf:businessCard [ a v:VCard ; v:fn "{name} Doe" ] .'
    for name in ("John", "Jane")
)
ALICE = f'{PREFIXES} [] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .'
NAMED = f'{PREFIXES} <{HOST}/person/1> foaf:name "Jane Doe" .'
TURTLE = "text/turtle"


@dataclass(frozen=True)
class Case:
    """One request, and its answer: the status, and for GET the whole content."""

    name: str
    method: str
    target: str
    status: int
    body: str = ""
    media_type: str = TURTLE
    holds: str | None = None


CASES = [
    Case("PUT - Initial state", "PUT", FIRST, 201, JOHN),
    Case("GET of PUT - Initial state", "GET", FIRST, 200, holds=JOHN),
    Case("PUT - graph already in store", "PUT", FIRST, 204, JANE),
    Case("GET of PUT - graph already in store", "GET", FIRST, 200, holds=JANE),
    Case("PUT - default graph", "PUT", DEFAULT, 204, ALICE),  # it is always there, so it is never made
    Case("GET of PUT - default graph", "GET", DEFAULT, 200, holds=ALICE),
    Case("PUT - mismatched payload", "PUT", FIRST, 400, JANE, "application/rdf+xml"),
    Case("PUT - empty graph", "PUT", SECOND, 201),
    Case("GET of PUT - empty graph", "GET", SECOND, 200, holds=""),
    Case("DELETE - existing graph", "DELETE", SECOND, 204),
    Case("GET of DELETE - existing graph", "GET", SECOND, 404),
    Case("DELETE - non-existent graph", "DELETE", SECOND, 404),
    Case("POST - existing graph", "POST", FIRST, 204, NAMED),
    Case("GET of POST - existing graph", "GET", FIRST, 200, holds=JANE + NAMED),
    Case("POST - multipart/form-data", "POST", FIRST, 415, "--x--", "multipart/form-data; boundary=x"),
    Case("GET of POST - multipart/form-data", "GET", FIRST, 200, holds=JANE + NAMED),
    Case("POST - create new graph", "POST", STORE, 201, ALICE),
    Case("GET of POST - create new graph", "GET", NEW, 200, holds=ALICE),
    Case("POST - empty graph to existing graph", "POST", NEW, 204),
    Case("GET of POST - after noop", "GET", NEW, 200, holds=ALICE),
    Case("HEAD on an existing graph", "HEAD", FIRST, 200),
    Case("HEAD on a non-existing graph", "HEAD", SECOND, 404),
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("store") / "empty.ttl"
    path.write_text("", "utf-8")
    headers = {"authorization": f"Bearer {TOKEN}", "accept": TURTLE}
    with serving(str(path), write_token=TOKEN) as service, service.client(headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
def answers(client: httpx.Client) -> dict[str, httpx.Response]:
    """Every case asked in turn: each builds on those before it."""
    found: dict[str, httpx.Response] = {}
    for case in CASES:
        target = found["POST - create new graph"].headers["location"] if case.target == NEW else case.target
        headers = {"content-type": case.media_type} if case.method in ("PUT", "POST") else {}
        body = case.body if headers else None
        found[case.name] = client.request(case.method, target, content=body, headers=headers)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_of_the_draft(answers: dict[str, httpx.Response], case: Case) -> None:
    answer = answers[case.name]
    assert answer.status_code == case.status, answer.text
    if case.status == 200:
        assert answer.headers["content-type"].startswith(TURTLE)
    if case.status == 415:
        assert "send each of its documents by a POST of its own" in answer.json()["detail"]
    if case.holds is not None:
        assert isomorphic(
            Graph().parse(data=answer.text, format="turtle"), Graph().parse(data=case.holds, format="turtle")
        )


@pytest.mark.skipif(not suites().is_dir(), reason=ABSENT)
def test_every_case_of_the_draft_is_here() -> None:
    text = (suites() / "sparql11" / "http-rdf-update" / "tests.txt").read_text("utf-8")
    names = [" ".join(name.split()) for name in re.findall(r"^-+ Request \((.*?)\s*\) -+$", text, re.MULTILINE)]
    assert names == [case.name for case in CASES]


def test_the_documentation_names_those_that_are_answered_otherwise() -> None:
    text = CONFORMANCE.read_text("utf-8")
    otherwise = ["PUT - default graph", "POST - multipart/form-data", "GET of POST - multipart/form-data"]
    assert f"{len(CASES) - len(otherwise)} of {len(CASES)}" in text
    assert all(f"`{name}`" in text for name in otherwise)
