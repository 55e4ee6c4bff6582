"""How /store is described in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from graph.isolation.job import GRAPHS

FORMATS = {name: GRAPHS[name] for name in ("turtle", "nt", "rdfxml", "jsonld")}
"""Short name to media type of what a graph is read and written in, the preferred first."""

TARGET: list[dict[str, Any]] = [
    {
        "name": "default",
        "in": "query",
        "description": "Means the default graph; takes no value. Exactly one of default and graph is given.",
        "allowEmptyValue": True,
        "schema": {"type": "string", "enum": [""]},
    },
    {
        "name": "graph",
        "in": "query",
        "description": "The IRI of a named graph. Exactly one of default and graph is given.",
        "schema": {"type": "string", "format": "uri"},
        "example": "https://w3id.org/edugraph/registry",
    },
]

FORMAT: dict[str, Any] = {
    "name": "format",
    "in": "query",
    "description": "The form of the answer; overrides Accept.",
    "schema": {"type": "string", "enum": list(FORMATS)},
}

JSON_LD: dict[str, Any] = {"type": ["object", "array"], "items": {}}

BODY: dict[str, Any] = {
    "required": False,
    "description": "One graph of RDF in UTF-8; an empty one is one too.",
    "content": {
        media_type: {"schema": JSON_LD if media_type == GRAPHS["jsonld"] else {"type": "string"}}
        for media_type in FORMATS.values()
    },
}

READ: dict[str, Any] = {
    "parameters": [*TARGET, FORMAT],
    "responses": {
        "200": {"description": "The graph.", "content": {media_type: {} for media_type in FORMATS.values()}},
        "304": {"description": "The client holds this generation's answer."},
    },
}

WRITE: dict[str, Any] = {
    "parameters": TARGET,
    "requestBody": BODY,
    "responses": {
        "201": {"description": "The graph was made."},
        "204": {"description": "The graph was there, and was written to."},
    },
}

DELETE: dict[str, Any] = {
    "parameters": TARGET,
    "responses": {"204": {"description": "The graph is gone; the default graph is empty."}},
}
