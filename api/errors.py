"""From an error to an answer: one table maps the core's errors, and every error leaves as a problem."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access_log import note
from api.machine_trouble import machine_trouble
from api.problem import MEDIA_TYPE, TYPE_BASE, HttpProblem, phrase, problem_response, shown_as_page
from graph import errors

logger = logging.getLogger("edugraph.errors")

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "QUERY")


@dataclass(frozen=True)
class Answer:
    """How one class of error is answered; ``told`` says whether its message is meant for a stranger."""

    status: int
    slug: str
    title: str
    told: bool = True

    @property
    def type(self) -> str:
        """The problem type's IRI."""
        return TYPE_BASE + self.slug


TABLE: dict[type[errors.EdugraphError], Answer] = {
    errors.EdugraphError: Answer(500, "internal", "The service failed", told=False),
    errors.SettingsError: Answer(500, "settings", "The service is set up wrongly", told=False),
    errors.InputError: Answer(400, "input", "The input cannot be used"),
    errors.SourceSyntaxError: Answer(400, "rdf-syntax", "The RDF cannot be parsed"),
    errors.TextError: Answer(422, "text", "The text does not fit its article"),
    errors.UnknownEntity: Answer(404, "unknown-entity", "No entity has that name or IRI"),
    errors.BrokenCursor: Answer(400, "cursor", "The cursor does not fit"),
    errors.StaleCursor: Answer(410, "stale-cursor", "The cursor is of another generation"),
    errors.CheckFailed: Answer(422, "check-failed", "The data has findings"),
    errors.NothingBuilt: Answer(503, "nothing-built", "No generation is published", told=False),
    errors.BuildRunning: Answer(409, "build-running", "Another build or write is under way"),
    errors.PublishFailed: Answer(507, "publish-failed", "The new generation could not be written", told=False),
    errors.CheckStopped: Answer(503, "check-stopped", "The check was stopped"),
    errors.CheckTimeout: Answer(504, "check-timeout", "The check was stopped at the time limit"),
    errors.CheckTooLarge: Answer(503, "check-too-large", "The check was stopped at a size limit"),
    errors.CheckBusy: Answer(503, "check-busy", "Too many checks are waiting"),
    errors.CheckLost: Answer(503, "check-lost", "The check ended its process"),
    errors.QueryError: Answer(500, "query", "The query was not answered", told=False),
    errors.QuerySyntax: Answer(400, "query-syntax", "The query cannot be parsed"),
    errors.QueryRefused: Answer(403, "query-refused", "The query asks for what is closed here"),
    errors.NotAcceptable: Answer(406, "not-acceptable", "No form that you accept can hold the answer"),
    errors.QueryTimeout: Answer(504, "query-timeout", "The query was stopped at the time limit"),
    errors.QueryTooLarge: Answer(503, "query-too-large", "The query was stopped at a size limit"),
    errors.QueryCancelled: Answer(503, "query-cancelled", "The query was stopped"),
    errors.ServiceFailed: Answer(502, "service-failed", "An endpoint that the query calls failed"),
    errors.PoolBusy: Answer(503, "busy", "Too many queries are waiting"),
    errors.WorkerLost: Answer(503, "worker-lost", "The query ended its worker"),
}


def as_problem(error: errors.EdugraphError) -> HttpProblem:
    """The problem for an error of the core; a class that is not listed answers as its nearest parent."""
    answer = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    members: dict[str, Any] = {
        name: getattr(error, name) for name in ("line", "column") if getattr(error, name, None) is not None
    }
    headers: dict[str, str] = {}
    if isinstance(error, errors.PoolBusy | errors.CheckBusy):
        headers["retry-after"] = str(error.retry_after)
    detail = str(error) if answer.told else None
    return HttpProblem(answer.status, answer.title, detail, headers, kind=answer.type, **members)


def install(app: FastAPI) -> None:
    """Make every error on every route of ``app`` a problem."""
    app.add_exception_handler(errors.EdugraphError, _domain_error)
    app.add_exception_handler(HttpProblem, _http_problem)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(RequestValidationError, _invalid_request)


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
    problem = as_problem(error)
    note(request.scope, outcome=problem.kind.removeprefix(TYPE_BASE))
    if problem.status_code >= 500 and not isinstance(error, errors.QueryError | errors.CheckStopped):
        logger.error("%s", error, exc_info=error, extra={"request_id": request.scope["state"].get("request_id")})
    return problem_response(problem, request.scope)


async def _http_problem(request: Request, error: Exception) -> Response:
    return problem_response(cast(HttpProblem, error), request.scope)


async def _http_exception(request: Request, error: Exception) -> Response:
    error = cast(HTTPException, error)
    headers = dict(error.headers or {})
    detail = error.detail if error.detail != phrase(error.status_code) else None
    if error.status_code == 404 and request.method == "OPTIONS" and request.scope["path"] == "*":
        return Response(status_code=204, headers={"allow": ", ".join([*METHODS, "OPTIONS"])})  # of the whole service
    if error.status_code == 404:
        detail = f"nothing is served at {request.url.path[:200]}; /docs lists what is"
    if error.status_code == 405:
        methods = ", ".join(allowed_methods(request.app.router.routes, request.scope))
        headers = {"allow": methods}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        detail = f"{request.url.path[:200]} answers {methods}"
    return problem_response(HttpProblem(error.status_code, None, detail, headers), request.scope)


async def _invalid_request(request: Request, error: Exception) -> Response:
    findings = [
        {"where": "/".join(str(part) for part in finding["loc"]), "message": finding["msg"]}
        for finding in cast(RequestValidationError, error).errors()
    ]
    detail = "; ".join(f"{finding['where']}: {finding['message']}" for finding in findings)
    problem = HttpProblem(400, "The request is not valid", detail, kind=TYPE_BASE + "invalid-request", errors=findings)
    return problem_response(problem, request.scope)


STOPPING = HttpProblem(
    503, "The service stops", "send the request again", {"retry-after": "5"}, kind=TYPE_BASE + "stopping"
)


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
                note(scope, outcome=as_problem(error).kind.removeprefix(TYPE_BASE))
                return
            if begun:
                raise
            if isinstance(error, ClientDisconnect):
                return
            problem = error if isinstance(error, HttpProblem) else self._unforeseen(error, scope)
            await problem_response(problem, scope)(scope, receive, send)

    def _unforeseen(self, error: Exception, scope: Scope) -> HttpProblem:
        trouble = machine_trouble(error, scope)
        if trouble is not None:
            logger.error("%s: %s", trouble.title, error, extra={"request_id": scope["state"].get("request_id")})
            return trouble
        answer = TABLE[errors.EdugraphError]
        logger.error("unforeseen error", exc_info=error, extra={"request_id": scope["state"].get("request_id")})
        detail = "the error is in the service's log under this request_id"
        return HttpProblem(answer.status, answer.title, detail, kind=answer.type)


class OnlyProblems:
    """Replaces an error that a library answered in its own words (a refused preflight) by a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        foreign: int | None = None

        async def replace(message: Message) -> None:
            nonlocal foreign
            if message["type"] == "http.response.start" and message["status"] >= 400:
                headers = Headers(raw=message["headers"])
                ours = shown_as_page(scope) or headers.get("content-type", "").startswith(MEDIA_TYPE)
                if not ours:
                    foreign = message["status"]
                    return
            if foreign is None:
                await send(message)

        await self.app(scope, receive, replace)
        if foreign is not None:
            await problem_response(HttpProblem(foreign), scope)(scope, receive, send)
