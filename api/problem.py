"""RFC 9457 problem bodies: the one form in which the service says that something went wrong."""

from __future__ import annotations

import http
import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api.answers.schema import ref
from api.problem_types import ProblemType
from graph.told import Told

MEDIA_TYPE = "application/problem+json"
PROBLEM: dict[str, Any] = {
    "description": "A problem (RFC 9457)",
    "content": {
        MEDIA_TYPE: {
            "schema": ref("Problem"),
        },
        # Where a person asks, the same as a page (api.web.problem_pages).
        "text/html": {"schema": {"type": "string"}},
    },
}
"""How a route's OpenAPI description says that a status answers with a problem."""


def shown_as_page(scope: Scope) -> bool:
    """Whether the problem of this request was already written as a page, so that no layer replaces it again."""
    return bool(scope.get("state", {}).get("problem_is_page", False))


def detail_of(scope: Scope) -> Told | None:
    """The detail of the problem with which a request was answered, where it can be said in other languages too."""
    found: Told | None = scope.get("state", {}).get("problem_detail")
    return found


def show_as_page(scope: Scope) -> None:
    """Say so; see ``shown_as_page``."""
    scope["state"]["problem_is_page"] = True


class HttpProblem(HTTPException):
    """An error that only HTTP knows; raised in a route or a layer, answered as a problem.

    ``kind`` is the problem's type IRI, by default what RFC 9457 gives a status that says all; ``members`` are
    extension members of its document.

    It is an HTTPException because FastAPI hides every other error that reading a body raises.
    """

    def __init__(
        self,
        status: int,
        title: str | None = None,
        detail: str | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        kind: str = "about:blank",
        **members: Any,
    ) -> None:
        self.title = title or phrase(status)
        super().__init__(status, detail or "", dict(headers or {}))
        self.kind = kind
        self.members = members


def problem(
    kind: ProblemType, detail: str | None = None, headers: Mapping[str, str] | None = None, **members: Any
) -> HttpProblem:
    """A problem of one of the types that are described at their IRIs."""
    return HttpProblem(kind.status, kind.title, detail, headers, kind=kind.iri, **members)


def phrase(status: int) -> str:
    """The standard phrase of a status, or its class in words."""
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Client Error" if status < 500 else "Server Error"


def problem_body(problem: HttpProblem, request_id: str | None) -> bytes:
    """The JSON document of a problem, in UTF-8."""
    document: dict[str, Any] = {"type": problem.kind, "title": problem.title, "status": problem.status_code}
    if problem.detail:
        document["detail"] = problem.detail
    document |= {name: value for name, value in problem.members.items() if value is not None}
    if request_id is not None:
        document["request_id"] = request_id
    try:
        return json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        # A stranger's text may hold half of a surrogate pair, which UTF-8 cannot: ASCII escapes can.
        return json.dumps(document, ensure_ascii=True).encode("ascii")


def problem_response(problem: HttpProblem, scope: Scope) -> Response:
    """The answer for a problem, with the request's id; it is never stored by a cache."""
    request_id = scope.get("state", {}).get("request_id")
    if isinstance(problem.detail, Told):
        scope.setdefault("state", {})["problem_detail"] = problem.detail
    headers = {"cache-control": "no-store"} | dict(problem.headers or {})
    if problem.status_code == 406:
        headers.setdefault("vary", "Accept")
    return Response(problem_body(problem, request_id), problem.status_code, headers, MEDIA_TYPE)
