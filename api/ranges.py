"""The Range field (RFC 9110, 14): the one part of a file that a client wants."""

from __future__ import annotations

import re

from starlette.requests import Request

from api import problem_types
from api.problem import problem

_ONE = re.compile(r"\s*bytes\s*=\s*(?P<first>\d{0,18})\s*-\s*(?P<last>\d{0,18})\s*", re.IGNORECASE)


def wanted_part(request: Request, size: int, etag: str) -> range | None:
    """The bytes wanted of a file of ``size`` bytes; None for all of them. Raises HttpProblem 416.

    Several parts at once, other units and what is malformed are answered with the whole, as the RFC lets us; so is a
    part of another version (If-Range), for which only a strong entity tag is proof enough.
    """
    asked = _ONE.fullmatch(request.headers.get("range", ""))
    if asked is None or request.scope["state"].get("head_only"):
        return None
    if "if-range" in request.headers and (request.headers["if-range"] != etag or etag.startswith("W/")):
        return None
    first, last = asked["first"], asked["last"]
    if (not first and not last) or (first and last and int(last) < int(first)):
        return None
    begin = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if begin >= end:
        raise problem(problem_types.RANGE, f"the file has {size} bytes", {"content-range": f"bytes */{size}"})
    return range(begin, end)
