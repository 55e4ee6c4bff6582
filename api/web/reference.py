"""The reference of the API as pages: every address by its subject, and each with its parameters and answers.

All is read from the OpenAPI document, which says it once.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.parameters import LANG, Parameter, read_parameters
from api.public_base import public_base
from api.web.given import with_those_of_pages
from api.web.page import begin, render
from api.web.records import shown_answer
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.told import told

OPERATION = Parameter("operation", "The id of an operation in the OpenAPI document; all of them without it.")
_BOUNDS = {"minimum": "≥", "maximum": "≤", "maxLength": "≤"}

pages = Pages()
router = APIRouter(include_in_schema=False)


@router.get("/docs")
@pages.page("/docs")
async def reference(request: Request) -> Response:
    """All operations, or one with what it takes and gives; a page for whoever asks, as data it is /openapi.json."""
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages((OPERATION, LANG)))
    document = request.app.openapi()
    known = operations(document)
    if given["operation"] is None:
        groups = [(tag, list(group)) for tag, group in groupby(known, key=lambda one: one["tag"])]
        return render(asked, "reference/reference.html", groups=groups)
    for one in known:
        if one["id"] == given["operation"]:
            shown = shown_answer(one["said"], document["components"]["schemas"])
            base = public_base(request).rstrip("/")
            return render(asked, "reference/operation.html", one=one, shown=shown, base=base)
    raise UnknownEntity(told("there is no operation %(name)s; /docs lists them", name=repr(given["operation"][:100])))


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Every operation of an OpenAPI document as its page shows it, those of one subject together."""
    found = [
        _operation(method, path, said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]
    order = list(dict.fromkeys(one["tag"] for one in found))
    return sorted(found, key=lambda one: order.index(one["tag"]))


def _operation(method: str, path: str, said: dict[str, Any]) -> dict[str, Any]:
    parameters = [_parameter(one) for one in said.get("parameters", ())]
    return {
        "id": said["operationId"],
        "method": method.upper(),
        "path": path,
        "tag": (said.get("tags") or ["service"])[0],
        "summary": _summary(said),
        "paragraphs": said.get("description", "").split("\n\n"),
        "parameters": parameters,
        "body": said.get("requestBody"),
        "answers": [
            {"status": status, "description": one.get("description", ""), "forms": list(one.get("content", ()))}
            for status, one in said["responses"].items()
        ],
        "said": said,
        "open": method == "get" and not any(one["required"] for one in parameters),
    }


def _summary(said: dict[str, Any]) -> str:
    """The summary; where FastAPI made one of the function's name, the first sentence of the description."""
    summary, description = str(said.get("summary", "")), str(said.get("description", ""))
    return re.split(r"(?<=[.;:])\s", description)[0].rstrip(".;:") if summary.istitle() and description else summary


def _parameter(said: dict[str, Any]) -> dict[str, Any]:
    schema = said.get("schema", {})
    return {
        "name": said["name"],
        "where": said["in"],
        "required": said.get("required", False),
        "description": said.get("description", ""),
        "values": _values(schema),
        "default": _as_written(schema.get("default")),
        "example": _as_written(said.get("example", next(iter(schema.get("examples", ())), None))),
    }


def _as_written(value: object) -> str | None:
    """A value as it stands in an address: true and false, not Python's words for them."""
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(schema: dict[str, Any]) -> str:
    """What a parameter takes, in as few signs as may be."""
    parts = [part for part in schema.get("anyOf", [schema]) if part.get("type") != "null"]
    told = []
    for part in parts:
        if values := part.get("enum", schema.get("enum")):
            told.append(", ".join(str(value) for value in values))
        else:
            bounds = [f"{sign} {part[name]}" for name, sign in _BOUNDS.items() if name in part]
            told.append(" ".join([str(part.get("type", "string")), *bounds]))
    return " | ".join(dict.fromkeys(told))
