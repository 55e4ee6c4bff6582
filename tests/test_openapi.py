"""The service is what its OpenAPI document says: schemathesis asks every operation, rightly and wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from api.answer_examples import EXAMPLES
from api.app import create_app
from api.collections import MEMBERS
from graph.publish.dataset import Dataset
from graph.settings import Settings
from tests.service import SMALL, Service, serving

# Schemathesis gives all operations one name, and of tests that share a name several processes run but one.
pytestmark = pytest.mark.alone

# What OpenAPI 3.1 cannot say, so that the check would take the right answer for a wrong one; all else is checked.
# No schema can say a grammar, nor "exactly one of these parameters": fitting strings are still refused as SPARQL or
# RDF. And it has no word for the QUERY method.
UNSAYABLE: dict[str, list[Any]] = {
    "/sparql": [positive_data_acceptance, unsupported_method, allow_header_conformance],
    "/store": [positive_data_acceptance],
    # Any text is a file to check: what is no RDF gets a report that says so.
    "/validate": [negative_data_rejection],
    "/export": [positive_data_acceptance],
    # Nor "a cursor that an answer gave", nor JSON within a parameter.
    "/search": [positive_data_acceptance],
    "/reconcile": [positive_data_acceptance],
    # Nor "from lies before to", nor "facets of this list, parted by commas".
    **{f"/{name}": [positive_data_acceptance] for name in (*MEMBERS, "claims")},
    "/{collection}/{identifier}/links": [positive_data_acceptance],
    **{f"/{name}": [positive_data_acceptance] for name in ("network", "paths", "centrality", "timeline", "targets")},
}

RDF = (
    *(RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS, RdfFormat.TRIG, RdfFormat.RDF_XML),
    RdfFormat.JSON_LD,
)
TOKEN = "correct-horse-battery-staple"
PATIENCE = 30


@pytest.fixture(scope="module")
def guarded() -> Iterator[Service]:
    # Long enough for a machine that has much else to do: a query or check that is stopped there is a 5xx.
    with serving(str(SMALL), write_token=TOKEN, query_timeout=PATIENCE) as service:
        yield service


@schemathesis.serializer(
    "application/sparql-query", "text/turtle", "application/trig", "application/n-triples", "application/rdf+xml"
)
def as_it_is(_: object, value: object) -> bytes:
    """The body of a type that schemathesis does not know, in UTF-8."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


of_a_data_set = schemathesis.openapi.from_dict(
    create_app(Settings(), Dataset(Path("unused"), memory=1, timeout=1)).openapi()
)
# The other operations are the same, and are asked with a token above.
of_the_graph = schemathesis.openapi.from_dict(create_app(Settings()).openapi()).exclude(
    path_regex="^/(sparql|store|operations|health)"
)
# The same cases each time: what fails here fails for whoever looks into it.
bounded = settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@of_a_data_set.parametrize()
@bounded
def test_a_data_set_with_its_token(case: schemathesis.Case[Any], guarded: Service) -> None:
    case.call_and_validate(
        base_url=guarded.url,
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=PATIENCE * 2,
        excluded_checks=UNSAYABLE.get(case.operation.path, []),
    )


@of_the_graph.parametrize()
@bounded
def test_the_curated_graph(case: schemathesis.Case[Any], curated_service: Service) -> None:
    case.call_and_validate(
        base_url=curated_service.url, timeout=PATIENCE * 2, excluded_checks=UNSAYABLE.get(case.operation.path, [])
    )


@pytest.mark.parametrize("of_a_dataset", [False, True])
def test_every_parameter_and_answer_is_described_with_an_example(of_a_dataset: bool) -> None:
    dataset = Dataset(Path("unused"), memory=1, timeout=1) if of_a_dataset else None
    missing = []
    for path, operations in create_app(Settings(), dataset).openapi()["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            missing += [] if operation.get("description") else [f"{where}: what it does"]
            missing += [f"{where}: {lack}" for known in operation.get("parameters", []) for lack in _lacks(known)]
            for status, answer in operation["responses"].items():
                missing += [] if answer["description"] else [f"{where} {status}: what it means"]
                if status.startswith("2"):
                    shown = answer.get("content", {}).items()
                    missing += [f"{where} {form}: an example" for form, said in shown if "example" not in said]
    assert missing == []


def _lacks(parameter: dict[str, Any]) -> Iterator[str]:
    name, schema = parameter["name"], parameter["schema"]
    if not parameter.get("description"):
        yield f"{name} says nothing"
    # A cursor is taken from an answer: one that is written down fits no generation.
    shown = {"example", "examples", "enum", "default"} & {*parameter, *schema} or "enum" in str(schema)
    if not shown and name != "cursor":
        yield f"{name} has no example"


def test_the_examples_of_answers_are_what_their_media_types_say() -> None:
    triples = set()
    for form in RDF:
        triples |= {quad.triple for quad in parse(_text(EXAMPLES[form.media_type]), format=form)}
    assert len(triples) == 1
    rows = [
        [str(row["name"]) for row in parse_query_results(_text(EXAMPLES[media_type]), format=form)]  # type: ignore[union-attr]
        for form in (QueryResultsFormat.JSON, QueryResultsFormat.XML, QueryResultsFormat.TSV)
        if (media_type := form.media_type.partition(";")[0])
    ]
    assert rows == [['"UNESCO"@en']] * 3


def _text(example: object) -> str:
    return example if isinstance(example, str) else json.dumps(example)
