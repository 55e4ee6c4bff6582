"""How /sparql stands in the OpenAPI description: parameters, bodies and answers, which FastAPI cannot see."""

from __future__ import annotations

from typing import Any

from api.problem import PROBLEM
from api.sparql_formats import GRAPH_NAMES, SOLUTION_NAMES
from graph.isolation.job import GRAPHS, SOLUTIONS

_TEXT: dict[str, Any] = {"type": "string"}
_IRIS: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}

_EXAMPLES: dict[str, Any] = {
    "query": "SELECT ?name { <https://w3id.org/edugraph/organisation/unesco> ?p ?name } LIMIT 10",
    "default-graph-uri": ["https://w3id.org/edugraph/registry"],
    "named-graph-uri": ["https://w3id.org/edugraph/registry"],
    "format": "json",
}
_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "query": ("A SPARQL 1.1 query.", _TEXT),
    "default-graph-uri": ("A graph of the default graph; several are merged. Overrides FROM.", _IRIS),
    "named-graph-uri": ("A named graph of the data set. Overrides FROM NAMED.", _IRIS),
    "format": (
        "The form of the answer; overrides Accept.",
        {"type": "string", "enum": sorted({*SOLUTION_NAMES, *GRAPH_NAMES})},
    ),
}

_PROBLEMS = {
    "400": "The request or the query is malformed.",
    "403": "The query asks for what is closed here: an update or SERVICE; or it nests too deeply.",
    "406": "No form that is accepted can hold the answer.",
    "413": "The query is too long.",
    "415": "The body's media type is not read here.",
    "502": "An endpoint that the query calls by SERVICE failed.",
    "503": "Too many queries wait, or the query needed too much memory.",
    "504": "The query was stopped at the time limit.",
}


def _responses() -> dict[str, Any]:
    types = [*SOLUTIONS.values(), *GRAPHS.values(), "application/json", "application/xml", "text/xml", "text/plain"]
    answers: dict[str, Any] = {
        "200": {"description": "The whole answer.", "content": {media_type: {} for media_type in types}},
        "304": {"description": "The client holds the answer from this generation."},
    }
    for status, description in _PROBLEMS.items():
        answers[status] = {**PROBLEM, "description": description}
    return answers


def _parameters(*names: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": _PARTS[name][0],
            "schema": _PARTS[name][1],
            "example": _EXAMPLES[name],
        }
        for name in names
    ]


GET: dict[str, Any] = {"parameters": _parameters(*_PARTS), "responses": _responses()}

POST: dict[str, Any] = {
    "parameters": _parameters("default-graph-uri", "named-graph-uri", "format"),
    "requestBody": {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": _TEXT},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {name: {**schema, "description": text} for name, (text, schema) in _PARTS.items()},
                }
            },
        },
    },
    "responses": _responses(),
}
