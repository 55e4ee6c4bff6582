"""Answers that are made at once and whole: their routes, which inject nothing, and the answer with its head written."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from api.fields import Fields
from api.generations import held


class Written(Response):
    """An answer whose body and fields are bytes already, so that there is nothing left to encode."""

    def __init__(self, status: int, fields: Fields, body: bytes = b"") -> None:
        self.status_code, self.raw_headers, self.body, self.background = status, fields, body, None


class LeanRoute(Route):
    """A GET that follows from URL, generation and these header fields, and whose function reads its own parameters.

    FastAPI's own route stays behind: it describes the operation and answers every method but GET.
    """

    def __init__(
        self,
        path: str,
        make: Callable[[Request], Response],
        varies: tuple[str, ...],
        fits: Callable[[Scope], bool] = lambda scope: True,
    ) -> None:
        """Only requests that ``fits`` accepts come here."""
        super().__init__(path, self.answer, methods=["GET"], include_in_schema=False)
        self._make, self._varies, self._fits = make, varies, fits

    async def answer(self, request: Request) -> Response:
        """The answer; for a client that holds it, the 304 that needs neither body nor question."""
        return Written(304, []) if held(request.scope, self._varies) else self._make(request)

    def takes(self, scope: Scope) -> bool:
        """Whether a GET is for this route; then the scope says what its path holds."""
        match = self.path_regex.match(scope["path"])
        if match is None or not self._fits(scope):
            return False
        scope["path_params"] = match.groupdict()
        return True

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """A full match or none, naming the route for the measurements."""
        match, child = super().matches(scope)
        return (match, {**child, "route": self}) if match is Match.FULL and self._fits(scope) else (Match.NONE, {})
