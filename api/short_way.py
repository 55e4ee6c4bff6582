"""Leads the busiest routes straight to their functions, for the router would try all others with each request."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.errors import handled
from api.web.routing import prefers_page


class ShortWay:
    """Routes of a fixed path whose functions take the request as it is and inject nothing.

    They stand in the router too, which describes them, and answers for their path every method that is not theirs.
    """

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._routes = {(route.path, method): route for route in routes for method in route.methods or ()}

    def serves(self, scope: Scope) -> bool:
        """Whether a request is for one of them, and not for a page in its place."""
        return (scope["path"], scope["method"]) in self._routes and not prefers_page(scope)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; errors are told as those of any other route."""
        route = scope["route"] = self._routes[scope["path"], scope["method"]]
        request = Request(scope, receive, send)
        try:
            answer = await route.endpoint(request)
        except Exception as error:
            answer = await handled(request, error)
        await answer(scope, receive, send)
