"""What all lookups share: the path of a collection, the languages of an answer, its headers, its OpenAPI answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from api.fields import listed
from api.generations import pure_in_generation
from api.languages import preferred_languages
from api.lean import Written
from api.parameters import Parameter
from api.problem import PROBLEM
from api.public_base import public_path
from graph.errors import UnknownEntity
from graph.namespaces import BASE
from graph.query.collections import COLLECTIONS
from graph.query.index import Index, language_chain
from graph.query.names import did_you_mean
from graph.search.find import LONGEST, suggest
from graph.told import joined, told


class _Collection(Convertor[str]):
    """Matches the name of a collection and nothing else."""

    regex = "|".join(COLLECTIONS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("collection", _Collection())


def chain_of(request: Request, lang: str | None) -> tuple[str, ...]:
    """The languages in which labels are wanted, from ``lang`` or else Accept-Language."""
    if lang:
        return language_chain(lang.split(","))
    return preferred_languages(listed(request.scope, b"accept-language"))


def next_page(request: Request, cursor: str | None) -> str | None:
    """The path and query of the page behind this one."""
    if cursor is None:
        return None
    kept = [(name, text) for name, text in request.query_params.multi_items() if name != "cursor"]
    return f"{public_path(request, request.url.path)}?{urlencode([*kept, ('cursor', cursor)])}"


def unknown_thing(index: Index, segment: str, identifier: str) -> UnknownEntity:
    """The error for an id that nothing of its sort has, with the ids that may have been meant."""
    start, text = f"{BASE}{segment}/", identifier[:LONGEST]
    near = [match.label.thing for match in suggest(index, text, 20)]
    ids = list(dict.fromkeys(iri.removeprefix(start) for iri in near if iri.startswith(start)))[:3]
    meant = did_you_mean(ids) if ids else told("; /search?q= finds one by its name")
    return UnknownEntity(
        joined("", (told("there is no %(sort)s %(name)s", sort=segment, name=repr(identifier[:100])), meant))
    )


VARIES = ("Accept", "Accept-Language")
"""The header fields that the answer of a lookup follows from."""

begin = pure_in_generation(*VARIES)
"""Stamps the answer with its generation, or raises Revalidated where the client holds it."""


def json_answer(body: dict[str, Any], languages: Sequence[str]) -> Response:
    """The JSON document, with the languages that its labels are in."""
    content = orjson.dumps(body)
    fields = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(content)),
        (b"content-language", (", ".join(languages) or "und").encode("latin-1")),
    ]
    return Written(200, fields, content)


def described(parameters: Sequence[Parameter], answer: dict[str, Any], csv: str | None = None) -> dict[str, Any]:
    """The OpenAPI part of an operation: its parameters, its answer with an example, and its problems."""
    content: dict[str, Any] = {"application/json": answer}
    if csv is not None:
        content["text/csv"] = {"schema": {"type": "string"}, "example": csv}
    problems = {
        "400": "A parameter is unknown, given twice or malformed, or the cursor is none of these filters.",
        "404": "No such thing, or a filter's value means nothing that there is.",
        "406": "No form that is accepted can be given.",
        "410": "The cursor is of another generation: begin again at the first page.",
        "503": "No generation is published.",
    }
    return {
        "parameters": [parameter.described for parameter in parameters],
        "responses": {
            "200": {"description": "The answer; every label names the language that it is in.", "content": content},
            "304": {"description": "The client holds the answer from this generation."},
            **{status: {**PROBLEM, "description": text} for status, text in problems.items()},
        },
    }
