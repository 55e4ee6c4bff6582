"""The form of an answer that comes in several: by ``?format=``, else by Accept; and what OpenAPI says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api import problem_types
from api.answers.components import answer
from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.lookups import chain_of, described, json_answer
from api.negotiation import comes_as, negotiate
from api.parameters import Parameter
from api.problem import problem
from graph.network.records import Reader
from graph.query.filters import names_in


def form_parameter(forms: Mapping[str, str]) -> Parameter:
    """The parameter ``format`` of an operation whose answers have these names and media types."""
    first = next(iter(forms))
    return Parameter(
        "format",
        f"The form of the answer, instead of by Accept; {first} if neither says.",
        {"type": "string", "enum": list(forms)},
        first,
    )


def form_of(request: Request, given: str | None, forms: Mapping[str, str]) -> str:
    """The name of the form to answer in. Raises HttpProblem 406."""
    if given is not None:
        return given
    found = negotiate(request.headers.get("accept"), list(forms.values()))
    if found is None:
        raise problem(problem_types.NOT_ACCEPTABLE, comes_as(forms.values()))
    return next(name for name, media_type in forms.items() if media_type == found)


def reader_of(request: Request, lang: str | None) -> Reader:
    """Reads names in the languages of the request, and quotes where texts are given."""
    return Reader(index_of(request), quotes_of(request), chain_of(request, lang))


def json_record(request: Request, reader: Reader, body: dict[str, Any]) -> Response:
    """The record as JSON, with the generation that it was read from."""
    body["generation"] = generation_of(request).id
    return json_answer(body, reader.languages)


def bounds_in(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the parameters say of the fields of ``graph.query.scope.Bounds``."""
    said = {name: given[name] for name in ("country", "article", "modality", "planned", "limit")}
    return said | {"classes": names_in(given["class"])}


def file_answer(request: Request, content: bytes, media_type: str, extension: str) -> Response:
    """The content as a file to keep."""
    name = f"edugraph-{request.url.path.strip('/')}-{generation_of(request).id}.{extension}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def described_forms(
    parameters: Sequence[Parameter], record: str, others: Mapping[str, str] | None = None, needed: Sequence[str] = ()
) -> dict[str, Any]:
    """The OpenAPI part of an operation whose JSON answer is this record, and whose other forms are files.

    ``needed`` are the parameters that a request must have.
    """
    said = described(parameters, answer(record))
    for parameter in said["parameters"]:
        parameter["required"] = parameter["name"] in needed
    del said["responses"]["410"]  # these answers have no pages
    for media_type, begins in (others or {}).items():
        said["responses"]["200"]["content"][media_type] = {"schema": {"type": "string"}, "example": begins}
    return said
