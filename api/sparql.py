"""/sparql: the SPARQL 1.1 Protocol for queries, over GET, POST and QUERY."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api.access_log import note_query
from api.fields import listed
from api.generations import generation_of, pure_in_generation
from api.pool_answer import client_of, pool_answer, pool_of
from api.public_base import public_base
from api.sparql_formats import choose
from api.sparql_openapi import GET, POST
from api.sparql_request import SparqlRequest, read
from graph.isolation.job import Job
from graph.settings import Settings

# A query that holds one of these may answer differently each time, also from one generation.
_VOLATILE = re.compile(r"now|rand|uuid|bnode|service|\\u", re.IGNORECASE)

_PURE = pure_in_generation("Accept")


class _Direct(APIRoute):
    """A route in the OpenAPI description whose function takes the request as it is, with nothing to inject."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        function: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return function


router = APIRouter(tags=["sparql"], route_class=_Direct)


@router.get("/sparql", openapi_extra=GET, response_class=Response)
async def sparql_get(request: Request) -> Response:
    """Answer the query in the URL; without one, describe the service in RDF."""
    asked = await read(request, _settings(request).max_query)
    if asked.query is None:
        await _PURE(request)
        # Imported here: rdflib is a tenth of the time in which the service starts, and nothing else needs it.
        from api.service_description import describe

        return describe(request, asked.formats)
    return await _answer(request, asked, asked.query)


@router.post("/sparql", openapi_extra=POST, response_class=Response)
async def sparql_post(request: Request) -> Response:
    """Answer the query in the body, as a form or as it is."""
    asked = await read(request, _settings(request).max_query)
    return await _answer(request, asked, asked.query or "")


@router.api_route("/sparql", methods=["QUERY"], include_in_schema=False, response_class=Response)
async def sparql_query(request: Request) -> Response:
    """Answer the query in the body, by the method that says that it changes nothing."""
    return await sparql_post(request)


async def _answer(request: Request, asked: SparqlRequest, query: str) -> Response:
    settings = _settings(request)
    note_query(request.scope, query, with_text=settings.log_queries)
    forms = choose(_accept(request), asked.formats)
    pool_of(request)
    generation_of(request)
    if request.method == "GET" and not _VOLATILE.search(query):
        await _PURE(request)
    job = Job(
        query=query,
        client=client_of(request),
        solutions=forms.solutions,
        graphs=forms.graphs,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        base=public_base(request) + "sparql",
    )
    return await pool_answer(request, job, forms.labels)


def _accept(request: Request) -> str | None:
    return listed(request.scope, b"accept")


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
