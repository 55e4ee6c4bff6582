"""Lets the pages of any site read the answers, without credentials."""

from __future__ import annotations

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.errors import METHODS
from api.fields import Fields, values

_RULES = CORSMiddleware(
    Response(),  # the rules alone are used, with no app behind them
    allow_origins=["*"],
    allow_methods=METHODS,
    allow_headers=["*"],
    expose_headers=["Content-Range", "ETag", "Link", "Location", "Retry-After", "X-Request-ID"],
    max_age=86400,
)
_OPEN = [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in _RULES.simple_headers.items()]


def preflight(scope: Scope) -> Response | None:
    """The answer to a browser that asks whether it may ask; None where it is not that."""
    if scope["method"] != "OPTIONS":
        return None
    headers = Request(scope).headers
    if "origin" not in headers or "access-control-request-method" not in headers:
        return None
    return _RULES.preflight_response(headers)


def share(fields: Fields, scope: Scope) -> None:
    """Say that any page may read the answer, where a page asks; once, for browsers refuse a field given twice."""
    if values(scope["headers"], b"origin") and not values(fields, b"access-control-allow-origin"):
        fields += _OPEN
