"""A typed client that openapi-python-client makes from the OpenAPI document gets right answers from the service."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.service import Service

PACKAGE = "generated_edugraph"
# With enumerations as classes the generator takes rdfxml and rdf+xml for one name.
CONFIGURATION = "literal_enums: true\npost_hooks: []\n"
# Bodies that the generator knows no way to send; the operations themselves it makes, for their other bodies.
NO_BODY_OF_ITS = {
    "application/sparql-query",
    "text/turtle",
    "application/trig",
    "application/n-triples",
    "application/rdf+xml",
}
NOT_MADE = {"validate"}
"""It takes no other body than these."""
METHODS = {"get", "put", "post", "delete", "patch"}


@dataclass(frozen=True)
class Generated:
    """What the generator made, and what it said."""

    folder: Path
    document: dict[str, Any]
    said: str


@pytest.fixture(scope="module")
def generated(curated_service: Service, tmp_path_factory: pytest.TempPathFactory) -> Generated:
    folder = tmp_path_factory.mktemp("client")
    document = curated_service.get("/openapi.json").json()
    (folder / "openapi.json").write_text(json.dumps(document), "utf-8")
    (folder / "configuration.yml").write_text(CONFIGURATION, "utf-8")
    command = [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--meta", "none"]
    options = ["--path", "openapi.json", "--output-path", PACKAGE, "--config", "configuration.yml"]
    ended = subprocess.run(
        [*command, *options], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return Generated(folder, document, ended.stdout + ended.stderr)


@pytest.fixture
def call(
    generated: Generated, curated_service: Service, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Any]]:
    """One operation of the generated client: its tag and name, and the arguments."""
    monkeypatch.syspath_prepend(str(generated.folder))
    client = importlib.import_module(PACKAGE).Client(
        base_url=curated_service.url,
        headers={"accept-language": "en"},
        raise_on_unexpected_status=True,
        httpx_args={"trust_env": False},
    )

    def ask(operation: str, *arguments: object, **named: object) -> Any:
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        return module.sync_detailed(*arguments, client=client, **named)

    with client:
        yield ask


def test_the_generator_complains_of_nothing_but_bodies_that_it_cannot_send(generated: Generated) -> None:
    complaints = re.findall(r"^(?:WARNING|ERROR|Unsupported|Invalid|Unable|Missing|Skipping)\b.*", generated.said, re.M)
    refused = {line.removeprefix("Unsupported content type ") for line in complaints if not line.startswith("WARNING")}
    assert refused == NO_BODY_OF_ITS
    assert generated.said.count("will not be generated") == len(NOT_MADE)


def test_every_operation_is_made(generated: Generated) -> None:
    operations = {
        operation["operationId"]
        for path in generated.document["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }
    made = {path.stem for path in (generated.folder / PACKAGE / "api").glob("*/*.py")} - {"__init__"}
    assert made == operations - NOT_MADE


def test_the_links_of_an_organisation(call: Callable[..., Any]) -> None:
    answer = call("lookups.links", "organisations", "almatygenplan", planned=False, limit=5)
    found = answer.parsed
    assert type(found).__name__ == "Links"
    assert found.thing.label == "Almatygenplan"
    assert (found.total, len(found.links), found.next_) == (1, 1, None)
    (link,) = found.links
    assert (link.role.label, link.counterpart.kind.id, link.modality.id) == (
        "supported by",
        "kind:Seminar",
        "modality:Reported",
    )
    assert link.evidence[0].end > link.evidence[0].start > 0


def test_search(call: Callable[..., Any]) -> None:
    found = call("search.search_names", q="Бейсембаев", class_="Person").parsed
    best = found.results[0]
    assert (found.total, best.label, best.matched.preferred) == (1, "Gani Beisembayev", True)
    assert best.iri == "https://w3id.org/edugraph/person/gani-beisembayev"


def test_a_collection(call: Callable[..., Any]) -> None:
    found = call("lookups.organisations", limit=2).parsed
    assert (len(found.items), found.total > 2) == (2, True)


def test_sparql(call: Callable[..., Any]) -> None:
    query = (
        "SELECT ?name { <https://w3id.org/edugraph/organisation/almatygenplan> ?p ?name FILTER (lang(?name) = 'en') }"
    )
    answer = call("sparql.sparql_get", query=query, format_="json")
    names = [row["name"]["value"] for row in json.loads(answer.content)["results"]["bindings"]]
    assert "Almatygenplan" in names


def test_an_error_is_a_typed_problem(call: Callable[..., Any]) -> None:
    answer = call("lookups.links", "organisations", "nobody-of-this-name")
    assert answer.status_code == 404
    assert type(answer.parsed).__name__ == "Problem"
    assert answer.parsed.status == 404
