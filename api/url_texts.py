"""Says in the OpenAPI document what ``api.limits`` holds every text in a URL to: none may have a NUL character."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NO_NUL = r"^[^\x00]*$"
_SAID = frozenset({"pattern", "enum", "const", "format"})
"""Words of a schema that leave no room for a NUL."""


def with_url_texts(document: dict[str, Any]) -> dict[str, Any]:
    """The same OpenAPI document, where every parameter of path or query that is a text says so."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] in ("path", "query"):
                    for schema in _texts(parameter.get("schema", {})):
                        schema["pattern"] = NO_NUL
    return document


def _texts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a schema that any text fits."""
    if "string" in schema.get("type", ()) and not _SAID & schema.keys():
        yield schema
    for part in (*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())):
        yield from _texts(part)
