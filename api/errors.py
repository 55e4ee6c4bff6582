"""From an error to an answer: one table maps the core's errors, and every error leaves as a problem."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problem_types as types
from api.access_log import note
from api.fields import Fields, values
from api.generations import Revalidated, not_modified
from api.machine_trouble import generation_gone, machine_trouble
from api.problem import MEDIA_TYPE, HttpProblem, phrase, problem, problem_response, shown_as_page
from api.problem_types import ProblemType
from api.wording import said
from graph import errors
from graph.told import message_of, told

logger = logging.getLogger("edugraph.errors")

_MEDIA_TYPE = MEDIA_TYPE.encode("ascii")

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "QUERY")


TABLE: dict[type[errors.EdugraphError], ProblemType] = {
    errors.EdugraphError: types.INTERNAL,
    errors.SettingsError: types.SETTINGS,
    errors.InputError: types.INPUT,
    errors.SourceSyntaxError: types.RDF_SYNTAX,
    errors.TextError: types.TEXT,
    errors.UnknownEntity: types.UNKNOWN_ENTITY,
    errors.UnknownGraph: types.NO_GRAPH,
    errors.GraphExists: types.CHANGED,
    errors.BrokenCursor: types.CURSOR,
    errors.StaleCursor: types.STALE_CURSOR,
    errors.CheckFailed: types.CHECK_FAILED,
    errors.NothingBuilt: types.NOTHING_BUILT,
    errors.BuildRunning: types.BUILD_RUNNING,
    errors.PublishFailed: types.PUBLISH_FAILED,
    errors.WriteTimeout: types.WRITE_TIMEOUT,
    errors.CheckStopped: types.CHECK_STOPPED,
    errors.CheckTimeout: types.CHECK_TIMEOUT,
    errors.CheckTooLarge: types.CHECK_TOO_LARGE,
    errors.CheckTooDeep: types.NESTED_TOO_DEEPLY,
    errors.CheckBusy: types.CHECK_BUSY,
    errors.CheckLost: types.CHECK_LOST,
    errors.QueryError: types.QUERY,
    errors.QuerySyntax: types.QUERY_SYNTAX,
    errors.QueryUnanswerable: types.QUERY_UNANSWERABLE,
    errors.QueryRefused: types.QUERY_REFUSED,
    errors.QueryTooDeep: types.QUERY_TOO_DEEP,
    errors.NotAcceptable: types.NOT_ACCEPTABLE,
    errors.QueryTimeout: types.QUERY_TIMEOUT,
    errors.QueryTooLarge: types.QUERY_TOO_LARGE,
    errors.QueryCancelled: types.QUERY_CANCELLED,
    errors.ServiceFailed: types.SERVICE_FAILED,
    errors.PoolBusy: types.BUSY,
    errors.WorkerLost: types.WORKER_LOST,
}

UNTOLD = {types.INTERNAL, types.SETTINGS, types.NOTHING_BUILT, types.PUBLISH_FAILED, types.QUERY}
"""The types whose errors speak of the service's own affairs: their messages stay in the log."""


_STOPPED = (errors.QueryError, errors.CheckStopped, errors.WriteTimeout)
"""What a request ran into by itself: its line of the access log tells it, and nothing of the service's has failed."""

FILES_NEEDED = {types.NOTHING_BUILT, types.WORKER_LOST}
"""The types whose cause may be that somebody deleted the generation's files, which is then what must be told."""


def type_of(error: errors.EdugraphError) -> ProblemType:
    """What type of problem an error is; one of a class that is not listed is of its nearest parent's."""
    return next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)


def as_problem(error: errors.EdugraphError) -> HttpProblem:
    """The problem for an error of the core."""
    kind = type_of(error)
    members: dict[str, Any] = {
        name: getattr(error, name) for name in ("line", "column") if getattr(error, name, None) is not None
    }
    headers: dict[str, str] = {}
    if isinstance(error, errors.PoolBusy | errors.CheckBusy):
        headers["retry-after"] = str(error.retry_after)
    return problem(kind, None if kind in UNTOLD else message_of(error), headers, **members)


def install(app: FastAPI) -> None:
    """Make every error on every route of ``app`` a problem."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def handled(request: Request, error: Exception) -> Response:
    """The answer to an error that a route raised. Raises the error itself if nobody foresaw it."""
    handler = next((HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS), None)
    if handler is None:
        raise error
    return await handler(request, error)


def allowed_methods(routes: list[BaseRoute], scope: Scope) -> list[str]:
    """The methods that the path of ``scope`` answers, over all its routes."""
    found = [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    if "GET" in found and "HEAD" not in found:
        found.insert(1, "HEAD")
    return [*found, "OPTIONS"]


async def _domain_error(request: Request, error: Exception) -> Response:
    error = cast(errors.EdugraphError, error)
    kind = type_of(error)
    gone = generation_gone(request.scope) if kind in FILES_NEEDED else None
    answer = gone or as_problem(error)
    note(request.scope, outcome=types.GENERATION_GONE.name if gone else kind.name)
    if answer.status_code >= 500 and not isinstance(error, _STOPPED):
        logger.error("%s", error, exc_info=error, extra={"request_id": request.scope["state"].get("request_id")})
    return problem_response(answer, request.scope)


async def _http_problem(request: Request, error: Exception) -> Response:
    return problem_response(cast(HttpProblem, error), request.scope)


async def _http_exception(request: Request, error: Exception) -> Response:
    error = cast(HTTPException, error)
    headers = dict(error.headers or {})
    detail = error.detail if error.detail != phrase(error.status_code) else None
    if error.status_code == 404 and request.method == "OPTIONS" and request.scope["path"] == "*":
        return Response(status_code=204, headers={"allow": ", ".join([*METHODS, "OPTIONS"])})  # of the whole service
    if error.status_code == 404:
        detail = told("nothing is served at %(path)s; /docs lists what is", path=request.url.path[:200])
    if error.status_code == 405:
        methods = ", ".join(allowed_methods(request.app.router.routes, request.scope))
        headers = {"allow": methods}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        detail = told("%(path)s answers %(methods)s", path=request.url.path[:200], methods=methods)
    return problem_response(HttpProblem(error.status_code, None, detail, headers), request.scope)


async def _invalid_request(request: Request, error: Exception) -> Response:
    findings = [
        {"where": "/".join(str(part) for part in finding["loc"]), "message": said(finding)}
        for finding in cast(RequestValidationError, error).errors()
    ]
    detail = "; ".join(f"{finding['where']}: {finding['message']}" for finding in findings)
    return problem_response(problem(types.INVALID_REQUEST, detail, errors=findings), request.scope)


HANDLERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    errors.EdugraphError: _domain_error,
    HttpProblem: _http_problem,
    HTTPException: _http_exception,
    RequestValidationError: _invalid_request,
    Revalidated: not_modified,
}
"""What a route may raise, and how it is answered."""

STOPPING = problem(types.STOPPING, told("send the request again"), {"retry-after": "5"})


class UnexpectedErrors:
    """The innermost layer: an error nobody foresaw is logged in full and told as a bare 500.

    Once an answer has begun, the error goes on up, so that the server cuts the connection and no client
    takes the part for the whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            # Only the server cancels a request: it stops, and the time to drain is over.
            note(scope, outcome="stopped")
            if not begun:
                await problem_response(STOPPING, scope)(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            if begun and isinstance(error, errors.QueryError):
                # Foreseen: left unfinished, the answer is cut by the server, and the log says why.
                note(scope, outcome=type_of(error).name)
                return
            if begun:
                raise
            if isinstance(error, ClientDisconnect):
                return
            told = error if isinstance(error, HttpProblem) else self._unforeseen(error, scope)
            await problem_response(told, scope)(scope, receive, send)

    def _unforeseen(self, error: Exception, scope: Scope) -> HttpProblem:
        trouble = machine_trouble(error, scope)
        if trouble is not None:
            logger.error("%s: %s", trouble.title, error, extra={"request_id": scope["state"].get("request_id")})
            return trouble
        logger.error("unforeseen error", exc_info=error, extra={"request_id": scope["state"].get("request_id")})
        return problem(types.INTERNAL, told("the error is in the service's log under this request_id"))


def is_foreign(fields: Fields, status: int, scope: Scope) -> bool:
    """Whether a library has answered an error in its own words (a refused preflight)."""
    if status < 400 or shown_as_page(scope):
        return False
    return not any(value.startswith(_MEDIA_TYPE) for value in values(fields, b"content-type"))
