"""How the answers of /search and /suggest are described in the OpenAPI document."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}

_TYPE_IS = "What it is, in words: its kind, or its class where it has no kind."


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_RESULT = _object(
    {
        "iri": _TEXT,
        "id": _TEXT,
        "label": _TEXT,
        "lang": _MAYBE,
        "classes": {"type": "array", "items": _TEXT},
        "type": {**_object({"iri": _TEXT, "label": _TEXT, "lang": _MAYBE}), "description": _TYPE_IS},
        "score": {"type": "number"},
        "matched": _object({"name": _TEXT, "lang": _MAYBE, "preferred": {"type": "boolean"}}),
        "why": {"type": "array", "items": _object({"word": _TEXT, "matched": _TEXT, "how": _TEXT})},
    }
)
_RESULT_EXAMPLE = {
    "iri": "https://w3id.org/edugraph/person/gani-beisembayev",
    "id": "person:gani-beisembayev",
    "label": "Gani Beisembayev",
    "lang": "en",
    "classes": ["Person"],
    "type": {"iri": "https://w3id.org/edugraph/ontology#Person", "label": "person", "lang": "en"},
    "score": 92.3,
    "matched": {"name": "Gani Beisembayev", "lang": "en", "preferred": True},
    "why": [{"word": "Beisembaev", "matched": "Beisembayev", "how": "sound"}],
}
_BOTH = {"query": _TEXT, "results": {"type": "array", "items": _RESULT}, "generation": _TEXT}
_BOTH_EXAMPLE = {"results": [_RESULT_EXAMPLE], "generation": "20260101T000000Z-0123456789ab"}


def _answer(properties: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": _object(properties), "example": example}}
    return {"description": "What answers, the best first", "content": content}


FOUND = _answer(
    _BOTH | {"total": {"type": "integer"}, "complete": {"type": "boolean"}, "next": _MAYBE},
    _BOTH_EXAMPLE | {"query": "Beisembaev", "total": 1, "complete": True, "next": None},
)
SUGGESTED = _answer(_BOTH, _BOTH_EXAMPLE | {"query": "beis"})
