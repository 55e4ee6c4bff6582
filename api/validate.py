"""POST /validate: what ``edugraph check`` would find in a file, were it in the sources; nothing is stored."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.body_type import body_type
from api.forms import form_of, form_parameter
from api.generations import generation_of, varies_by
from api.languages import preferred_languages
from api.parameters import Parameter, read_parameters
from api.pool_answer import client_of, unless_gone
from api.problem import PROBLEM
from graph.check.findings import FORMS, LANGUAGES
from graph.isolation.checking import Order
from graph.isolation.validation import Checker

TYPES = ("text/turtle", "application/trig")
MEANT = {"charset": ("utf-8",), "version": ("1.1", "1.2", "1.2-basic")}

_PARAMETERS = (
    form_parameter(FORMS),
    Parameter(
        "lang",
        "The language of a report as text, by default from Accept-Language; the other forms hold every language.",
        {"type": "string", "enum": list(LANGUAGES)},
        "lv",
    ),
)
_EXAMPLE = "@prefix org: <https://w3id.org/edugraph/organisation/> .\norg:unesco a <urn:x> .\n"
_PROBLEMS = {
    "400": "A parameter is unknown, given twice or malformed.",
    "406": "No form that is accepted can be given.",
    "413": "The file is longer than the service reads.",
    "415": "The body is neither Turtle nor TriG in UTF-8.",
    "422": "The file is nested too deeply to be read.",
    "503": "Too many files wait (Retry-After says for how long), or the check met its memory limit.",
    "504": "The check was stopped at its time limit.",
}
_OPENAPI: dict[str, Any] = {
    "parameters": [parameter.described for parameter in _PARAMETERS],
    "requestBody": {
        "required": True,
        "description": "The file, in Turtle or TriG, 1.1 or 1.2; an article's mapping, or a file of the registry.",
        "content": {media_type: {"schema": {"type": "string"}, "example": _EXAMPLE} for media_type in TYPES},
    },
    "responses": {
        "200": {
            "description": "The report, also where the file cannot be parsed: that is a finding.",
            "content": {
                "application/json": answer("Report"),
                "text/plain": {"schema": {"type": "string"}, "example": "nothing found\n"},
                "text/turtle": {"schema": {"type": "string"}, "example": "[] a sh:ValidationReport ."},
                "application/ld+json": {"schema": {"type": "array", "items": {"type": "object"}}, "example": []},
            },
        },
        **{status: {**PROBLEM, "description": text} for status, text in _PROBLEMS.items()},
    },
}

router = APIRouter(tags=["checks"])


@router.post("/validate", openapi_extra=_OPENAPI, response_class=Response)
async def validate(request: Request) -> Response:
    """Check a Turtle or TriG file beside the published graph, as if it stood in the sources; nothing is stored."""
    given = read_parameters(request, _PARAMETERS)
    form = FORMS[form_of(request, given["format"], FORMS)]
    wanted = (*preferred_languages(request.headers.get("accept-language")), LANGUAGES[0])
    lang = given["lang"] or next(name for name in wanted if name in LANGUAGES)
    order = Order(body_type(request, TYPES, MEANT), form, lang)
    report = await report_on(request, await request.body(), order)
    varies_by(request, "Accept", "Accept-Language")
    headers = {"cache-control": "no-store"} | ({"content-language": lang} if form == FORMS["text"] else {})
    return Response(report, media_type=form, headers=headers)


async def report_on(request: Request, data: bytes, order: Order) -> bytes:
    """The report on a file that a request brought; given up where its client has gone."""
    checker: Checker = request.app.state.checker
    async with unless_gone(request.receive):
        return await checker.check(data, order, generation_of(request), client_of(request))
