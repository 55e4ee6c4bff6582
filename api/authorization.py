"""Who may write and operate: whoever sends the configured token."""

from __future__ import annotations

import hmac

from fastapi import Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from api import problem_types
from api.problem import problem

# What the OpenAPI document says of the token; the check itself is below, for it must tell 401 from 403.
DOCUMENTED_TOKEN = Security(HTTPBearer(auto_error=False, description="The configured write token."))

CHALLENGE = {"www-authenticate": 'Bearer realm="edugraph"'}


async def token_holder(request: Request) -> None:
    """Dependency of routes behind the token: 403 where none is configured, 401 without one, 403 for a wrong one."""
    configured: str | None = request.app.state.settings.write_token
    if configured is None:
        detail = "the service runs without a token; set EDUGRAPH_WRITE_TOKEN to open it"
        raise problem(problem_types.CLOSED, detail)
    given = request.headers.getlist("authorization")
    if not given:
        raise problem(problem_types.TOKEN_MISSING, "send it as 'Authorization: Bearer ...'", CHALLENGE)
    scheme, _, token = given[0].partition(" ")
    # Compared as bytes and in constant time: neither the place of the first difference nor an accent may show.
    right = hmac.compare_digest(token.strip().encode("latin-1"), configured.encode("utf-8"))
    if len(given) > 1 or scheme.lower() != "bearer" or not right:
        raise problem(problem_types.TOKEN_WRONG)
