"""Reads a request by the SPARQL 1.1 Protocol: which query, over which data set, in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message

from pyoxigraph import NamedNode
from starlette.requests import Request

from api import problem_types
from api.problem import HttpProblem, problem
from api.urlencoded import pairs

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"

MOST_PARAMETERS = 1000

MARK = "\ufeff"
"""What some editors begin a file with; it is no part of the text."""


@dataclass(frozen=True)
class SparqlRequest:
    """What was asked; ``query`` is None where the service description is meant."""

    query: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    formats: tuple[str, ...]
    """The values of ``format``; more than one only where they mean the same."""


async def read(request: Request, max_query: int) -> SparqlRequest:
    """Read a request. Raises HttpProblem for what the protocol does not know."""
    parameters = _parameters(request.scope["query_string"].decode("latin-1"), "query string")
    direct: str | None = None
    if request.method in ("POST", "QUERY"):
        media_type = _media_type(request)
        body = _text(await request.body())
        if media_type == UPDATE:
            raise _no_updates()
        if media_type == QUERY:
            if "query" in parameters:
                raise _bad("the query stands in the body and in the URL; send it once")
            direct = body
        else:
            for name, values in _parameters(body, "body").items():
                parameters.setdefault(name, []).extend(values)
    if "update" in parameters:
        raise _no_updates()
    query = direct if direct is not None else _one(parameters, "query")
    if query is None and (request.method in ("POST", "QUERY") or parameters.keys() - {"format"}):
        raise _bad("there is no query; send it as the parameter 'query' or as a body of " + QUERY)
    if query is not None:
        query = query.removeprefix(MARK)
        _check(query, max_query)
    return SparqlRequest(
        query=query,
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
        formats=tuple(parameters.get("format", ())),
    )


def _parameters(text: str, where: str) -> dict[str, list[str]]:
    try:
        found = pairs(text, MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise _bad(f"the {where} is not UTF-8 at byte {error.start + 1} of a value") from None
    except ValueError:
        raise _bad(f"the {where} has more than {MOST_PARAMETERS} parameters") from None
    parameters: dict[str, list[str]] = {}
    for name, value in found:
        parameters.setdefault(name, []).append(value)
    return parameters


def _one(parameters: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = parameters.get(name, ())
    if len(values) > 1:
        raise _bad(f"the parameter {name!r} is given {len(values)} times; give it once")
    return values[0] if values else None


def _graphs(parameters: Mapping[str, Sequence[str]], name: str) -> tuple[str, ...] | None:
    for iri in parameters.get(name, ()):
        try:
            NamedNode(iri)  # the engine's own check, which does not recurse
        except ValueError as error:
            raise _bad(f"{name} is {iri[:200]!r}, and that is no absolute IRI: {error}") from None
    return tuple(parameters[name]) if name in parameters else None


def _check(query: str, longest: int) -> None:
    if not query.strip():
        raise _bad("the query is empty")
    if "\0" in query:
        raise _bad(f"the query holds a NUL character at position {query.index(chr(0)) + 1}")
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > longest:
        raise problem(problem_types.QUERY_TOO_LONG, f"{size} bytes; at most {longest}")


def _media_type(request: Request) -> str:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media_type = header.get_content_type() if request.headers.get("content-type") else "none"
    if media_type not in (FORM, QUERY, UPDATE):
        raise _unsupported(request, f"the body's media type is {media_type}; send {QUERY} or {FORM}")
    charset = header.get_param("charset")
    if charset is not None and str(charset).lower().replace("_", "-") not in ("utf-8", "utf8", "us-ascii"):
        raise _unsupported(request, f"the body's charset is {str(charset)[:40]}; send UTF-8")
    return media_type


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad(f"the body is not UTF-8 at byte {error.start + 1}") from None


def _bad(detail: str) -> HttpProblem:
    return problem(problem_types.SPARQL_REQUEST, detail)


def _unsupported(request: Request, detail: str) -> HttpProblem:
    return problem(problem_types.MEDIA_TYPE, detail, {f"accept-{request.method.lower()}": f"{QUERY}, {FORM}"})


def _no_updates() -> HttpProblem:
    detail = "this endpoint answers queries only; a data set that may be written to is written at /store"
    return problem(problem_types.QUERY_REFUSED, detail)
