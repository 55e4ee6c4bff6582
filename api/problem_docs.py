"""/problem: what each type of problem means and what to do about it, where its IRI leads to; a browser gets a page."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.generations import varies_by
from api.problem import PROBLEM
from api.problem_types import TYPES, ProblemType
from api.representations import JSON, Form, choose_form, format_parameter, only_known_parameters, respond
from graph.errors import UnknownEntity

FORMS = (Form("json", JSON),)

router = APIRouter(tags=["problems"], dependencies=[Depends(only_known_parameters)])

Format = Annotated[str | None, format_parameter(FORMS)]
Name = Annotated[str, Path(max_length=200, description="The type's name.", examples=["query-timeout"])]


def _record(kind: ProblemType) -> dict[str, Any]:
    return {
        "type": kind.iri, "status": kind.status, "title": kind.title, "meaning": kind.meaning, "remedy": kind.remedy
    }  # fmt: skip


def _answers(description: str, record: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {JSON: answer(record)}}, 406: PROBLEM}


@router.get("/problem", response_class=Response, responses=_answers("All types", "ProblemTypes"))
async def problem_types(request: Request, format: Format = None) -> Response:  # noqa: A002
    """Every type of problem that the service answers with."""
    form = choose_form(request, format, FORMS)
    return _answer(request, form, {"problems": [_record(kind) for kind in TYPES.values()]})


@router.get(
    "/problem/{name}",
    response_class=Response,
    responses=_answers("The type", "ProblemType") | {404: PROBLEM},
)
async def problem_type(request: Request, name: Name, format: Format = None) -> Response:  # noqa: A002
    """One type of problem: what happened, and what to do."""
    if name not in TYPES:
        raise UnknownEntity(f"no type of problem is called {name[:100]!r}; /problem lists them")
    form = choose_form(request, format, FORMS)
    return _answer(request, form, _record(TYPES[name]))


def _answer(request: Request, form: Form, record: dict[str, Any]) -> Response:
    varies_by(request, "Accept")
    return respond(json.dumps(record).encode(), form, {"cache-control": "max-age=3600"})
