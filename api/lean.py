"""Brings the requests that are asked most to their endpoints before the many routes of the data are tried.

FastAPI's own route stays behind: it describes the operation and answers every method but GET.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope


class LeanRoute(Route):
    """A GET without FastAPI's dependencies: the endpoint reads its own parameters."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        fits: Callable[[Scope], bool] = lambda scope: True,
    ) -> None:
        """Only requests that ``fits`` accepts come here."""
        super().__init__(path, endpoint, methods=["GET"], include_in_schema=False)
        self._fits = fits

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match or none, naming the route for the measurements."""
        match, child = super().matches(scope)
        return (match, {**child, "route": self}) if match is Match.FULL and self._fits(scope) else (Match.NONE, {})
