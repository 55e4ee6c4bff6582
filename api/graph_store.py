"""The Graph Store Protocol at /store: each graph of the data set by its IRI, read by all, written behind the token."""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

import pyoxigraph as ox
from fastapi import APIRouter, Depends, Request
from starlette.datastructures import Headers
from starlette.responses import Response

from api import problem_types
from api.authorization import DOCUMENTED_TOKEN, token_holder
from api.body_type import body_type
from api.generations import entity_tag, generation_of, names, pure_in_generation
from api.graph_store_openapi import DELETE, FORMATS, READ, WRITE
from api.negotiation import negotiate
from api.parameters import invalid
from api.pool_answer import client_of, is_true, pool_answer
from api.problem import HttpProblem, problem
from graph.errors import NotAcceptable, PublishFailed, SourceSyntaxError, UnknownGraph
from graph.isolation.job import Job
from graph.publish.dataset import Change, Dataset
from graph.publish.writing import Load
from graph.query.graph_store import WHOLE_GRAPH, graph_exists

router = APIRouter(prefix="/store", tags=["graph store"])

BEHIND_THE_TOKEN: dict[str, Any] = {
    "status_code": 204,
    "response_class": Response,
    "dependencies": [DOCUMENTED_TOKEN],
}


async def writable(request: Request) -> Dataset:
    """Dependency of the writing routes: a private data set and its token, or a problem that says where to go."""
    dataset: Dataset | None = request.app.state.dataset
    if dataset is None:
        raise problem(
            problem_types.CURATED,
            "facts enter through data/articles, are checked by 'edugraph check' and published by 'edugraph build'; "
            "CONTRIBUTING shows how to add an article",
        )
    await token_holder(request)
    return dataset


Writable = Annotated[Dataset, Depends(writable)]


def graph_named(request: Request, *, optional: bool = False) -> str | None:
    """The graph that the URL names: an IRI, or None for the default graph. Raises HttpProblem.

    Where it is ``optional``, a URL that names none gets a fresh IRI. Only what is read comes in a form of one's choice.
    """
    pairs = request.query_params.multi_items()
    reads = request.method in ("GET", "HEAD")
    known = {"default", "graph", "format"} if reads else {"default", "graph"}
    if unknown := sorted({name for name, _ in pairs} - known):
        where = "" if reads else f" by {request.method}"
        raise invalid(f"query/{unknown[0][:50]}: is not a parameter of /store{where}")
    named = [(name, value) for name, value in pairs if name != "format"]
    if not named and optional:
        return f"urn:uuid:{uuid.uuid4()}"
    if len(named) != 1:
        raise _bad_target("name exactly one graph: ?default, or ?graph= with its IRI")
    name, value = named[0]
    if name == "default":
        if value:
            raise _bad_target("?default takes no value")
        return None
    try:
        # The engine's own check: nothing that passes can end an IRI early inside a query.
        return ox.NamedNode(value).value
    except ValueError as error:
        raise _bad_target(f"{value[:200]!r} is not an absolute IRI: {error}") from None


def _bad_target(detail: str) -> HttpProblem:
    return problem(problem_types.GRAPH_TARGET, detail)


@router.get("", openapi_extra=READ, response_class=Response, dependencies=[Depends(pure_in_generation("Accept"))])
async def read(request: Request) -> Response:
    """The triples of the graph, in the form that the client prefers."""
    graph, form = graph_named(request), _form(request)
    if graph is None:
        return await pool_answer(request, _job(request, WHOLE_GRAPH, graphs=form), {})
    while True:
        there, asked_of = await is_true(request, _job(request, graph_exists(graph)))
        if not there:
            raise problem(problem_types.NO_GRAPH, f"there is no graph {graph[:200]}")
        answer = await pool_answer(request, _job(request, WHOLE_GRAPH, graphs=form, default_graphs=(graph,)), {})
        if answer.generation_id == asked_of:
            return answer
        # Between the two questions a new generation came in, which may not have the graph.
        await answer.give_up()


def _form(request: Request) -> str:
    asked = request.query_params.getlist("format")
    if len(asked) > 1 or (asked and asked[0] not in FORMATS):
        raise problem(problem_types.FORMAT, f"?format= takes one of {', '.join(FORMATS)}")
    if asked:
        return FORMATS[asked[0]]
    form = negotiate(",".join(request.headers.getlist("accept")), tuple(FORMATS.values()))
    if form is None:
        raise NotAcceptable(f"a graph is answered as {', '.join(FORMATS.values())}")
    return form


def _job(request: Request, query: str, **parts: Any) -> Job:
    return Job(query=query, client=client_of(request), **parts)


@router.put("", openapi_extra=WRITE, **BEHIND_THE_TOKEN)
async def replace(request: Request, dataset: Writable) -> Response:
    """Make the body the whole content of the graph."""
    graph = graph_named(request)
    if "content-range" in request.headers:
        raise invalid("header/content-range: a part would become the whole graph; send all of it, or add to it by POST")
    async with _received(request, dataset, graph) as load:
        existed = await _write(request, dataset, graph, Change(clear=[graph], create=_named(graph), loads=[load]))
    return _written(request, created=graph is not None and graph not in existed)


@router.post("", openapi_extra=WRITE, **BEHIND_THE_TOKEN)
async def merge(request: Request, dataset: Writable) -> Response:
    """Add the body to the graph; without a graph in the URL, a new one is made."""
    graph = graph_named(request, optional=True)
    async with _received(request, dataset, graph) as load:
        existed = await _write(request, dataset, graph, Change(create=_named(graph), loads=[load]))
    location = f"/store?graph={quote(graph, safe='')}" if graph is not None else None
    return _written(request, created=graph is not None and graph not in existed, location=location)


@router.delete("", openapi_extra=DELETE, **BEHIND_THE_TOKEN)
async def delete(request: Request, dataset: Writable) -> Response:
    """Remove the graph; the default graph cannot go and is emptied."""
    graph = graph_named(request)
    await _write(request, dataset, graph, Change(clear=[graph], required=_named(graph)))
    return _written(request, created=False)


async def _write(request: Request, dataset: Dataset, graph: str | None, change: Change) -> list[str]:
    generations = request.app.state.generations
    async with dataset.writing:
        base = generations.current
        held = _conditional(request.headers, graph, entity_tag(base), change)
        try:
            existed = await dataset.write(held, base)
        except UnknownGraph as error:
            if "if-match" not in request.headers:
                raise
            raise problem(problem_types.CHANGED, f"{error}, and If-Match asks for one") from error
        await generations.look()
    request.scope["state"]["generation"] = generations.current
    return existed


def _conditional(headers: Headers, graph: str | None, tag: str, change: Change) -> Change:
    """The change under the request's conditions; those on whether the graph is there go along. Raises HttpProblem."""
    wanted, unwanted = (",".join(headers.getlist(name)).strip() for name in ("if-match", "if-none-match"))
    if wanted == "*":
        return dataclasses.replace(change, required=_named(graph))
    if wanted and not names(wanted, tag):
        raise problem(problem_types.CHANGED, f"the data set is at {tag} now; read it again and repeat the change")
    if unwanted == "*" and graph is not None:
        return dataclasses.replace(change, absent=[graph])
    if unwanted and names(unwanted, tag):
        raise problem(problem_types.CHANGED, f"the data set is at {tag}, which If-None-Match excludes")
    return change


def _named(graph: str | None) -> list[str]:
    return [graph] if graph is not None else []


def _written(request: Request, *, created: bool, location: str | None = None) -> Response:
    headers = {"etag": entity_tag(generation_of(request))}
    if created and location is not None:
        headers["location"] = location
    return Response(status_code=201 if created else 204, headers=headers)


@contextlib.asynccontextmanager
async def _received(request: Request, dataset: Dataset, graph: str | None) -> AsyncIterator[Load]:
    """The body as a file that a child process will parse; this process does not look into it."""
    known = ", ".join(FORMATS.values())
    if request.headers.get("content-type", "").strip().lower().startswith("multipart/"):
        detail = f"a multipart body is not taken apart; send each of its documents by a POST of its own, as {known}"
        raise problem(problem_types.MEDIA_TYPE, detail, {"accept": known})
    media_type = body_type(request, tuple(FORMATS.values()), {"charset": ("utf-8",)})
    path = dataset.folder / f"upload-{secrets.token_hex(8)}"
    try:
        try:
            with path.open("wb") as body:
                async for piece in request.stream():
                    body.write(piece)
        except OSError as error:
            raise PublishFailed(f"the upload could not be kept: {error.strerror}") from error
        base = graph if graph is not None else str(request.url.replace(query=""))
        most = request.app.state.settings.max_upload
        yield Load(path=str(path), media_type=media_type, graph=graph, base=base, most=most)
    except SourceSyntaxError as error:
        # The file's name is ours and tells the sender nothing.
        raise SourceSyntaxError(error.reason, file="the body", line=error.line, column=error.column) from None
    finally:
        path.unlink(missing_ok=True)
