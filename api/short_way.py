"""Leads the busiest routes straight to their functions, for the router would try all others with each request."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.errors import handled
from api.lean import LeanRoute
from api.web.routing import prefers_page


class ShortWay:
    """Routes whose functions take the request as it is and inject nothing: those of a fixed path, and lean ones.

    They stand in the router too, which describes them, and answers for their path every method that is not theirs.
    """

    def __init__(self, fixed: Iterable[APIRoute], lean: Iterable[LeanRoute] = ()) -> None:
        self._fixed = {(route.path, method): route for route in fixed for method in route.methods or ()}
        self._lean = tuple(lean)

    def serves(self, scope: Scope) -> bool:
        """Whether a request is for one of them, and not for a page in its place; then the scope names the route."""
        route = self._fixed.get((scope["path"], scope["method"])) or self._lean_one(scope)
        if route is None or prefers_page(scope):
            return False
        scope["route"] = route
        return True

    def _lean_one(self, scope: Scope) -> LeanRoute | None:
        if scope["method"] == "GET":
            for route in self._lean:
                if route.takes(scope):
                    return route
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; errors are told as those of any other route."""
        request = Request(scope, receive, send)
        try:
            answer = await scope["route"].endpoint(request)
        except Exception as error:
            answer = await handled(request, error)
        await answer(scope, receive, send)
