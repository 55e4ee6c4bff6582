"""Brings a request to a page where its client prefers HTML, and leaves every other request to the data's routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound, Route
from starlette.types import Receive, Scope, Send

from api.negotiation import negotiate
from api.problem import problem
from api.problem_types import NOT_ACCEPTABLE

HTML = "text/html"
OTHER_FORMS = (
    "application/json",
    "application/ld+json",
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/sparql-results+json",
    "text/csv",
)
"""What the data's routes answer; a client that likes one of them as well as HTML, by a wildcard, gets data."""

Handler = Callable[[Request], Awaitable[Response]]


def prefers_page(scope: Scope) -> bool:
    """Whether the client asks for HTML: by ``?format=html``, else by an Accept that puts it before all data."""
    if scope["type"] != "http":
        return False
    query: bytes = scope["query_string"]
    if b"query=" in query and scope["path"] == "/sparql":
        return False  # a query is answered with data, whoever asks it
    if b"format=" in query:
        forms = [value for name, value in parse_qsl(query.decode("latin-1")) if name == "format"]
        if forms:
            return forms == ["html"]
    fields = [value for name, value in scope["headers"] if name == b"accept"]
    if not any(b"text/html" in field for field in fields):
        return False
    return negotiate(b",".join(fields).decode("latin-1"), (*OTHER_FORMS, HTML)) == HTML


class Pages(BaseRoute):
    """All pages as one route, which does not match where data is preferred.

    It stands before the data's routes; for a client of data it costs one look at the Accept field.
    """

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def page(self, path: str, *methods: str) -> Callable[[Handler], Handler]:
        """Registers the handler of one page; GET unless told otherwise."""

        def register(handler: Handler) -> Handler:
            self.routes.append(Route(path, handler, methods=list(methods) or ["GET"]))
            return handler

        return register

    def include(self, other: Pages) -> None:
        """Take over the pages of another room."""
        self.routes.extend(other.routes)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The full match of a page's path and method, if a page is preferred; otherwise none."""
        if prefers_page(scope):
            for route in self.routes:
                match, child = route.matches(scope)
                if match is Match.FULL:
                    return match, {**child, "route": route}
        return Match.NONE, {}

    def url_path_for(self, name: str, /, **path_params: object) -> object:  # type: ignore[override]
        """Pages are not addressed by name."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the page that matched."""
        route: Route = scope["route"]
        await route.handle(scope, receive, send)

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)


class PagesAlone(Pages):
    """The same pages behind the data's routes: what has no other form is shown to who takes it, or says what it is.

    So an address that only a page answers is there for every client: with 200 for one that takes HTML too, 406 for one
    that does not, and 405 for a method that it does not answer.
    """

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self.include(pages)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The match of a page's path, whatever is preferred; partial where only the method does not fit.

        HEAD never fits by itself: it is asked again as GET, which the data's routes may answer.
        """
        partial: tuple[Match, Scope] = (Match.NONE, {})
        for route in self.routes if scope["type"] == "http" else ():
            match, child = route.matches(scope)
            if match is Match.FULL and scope["method"] != "HEAD":
                return match, {**child, "route": route}
            if match is not Match.NONE and partial[0] is Match.NONE:
                partial = Match.PARTIAL, {**child, "route": route}
        return partial

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the page that matched. Raises HttpProblem 406 where the client does not take it."""
        if scope["method"] in (scope["route"].methods or ()) and not _takes_page(scope):
            raise problem(NOT_ACCEPTABLE, f"what is at {scope['path'][:200]} comes as {HTML} alone")
        await super().handle(scope, receive, send)


def _takes_page(scope: Scope) -> bool:
    """Whether the client takes HTML, however much less than other forms."""
    forms = [value for name, value in parse_qsl(scope["query_string"].decode("latin-1")) if name == "format"]
    accepted = [value for name, value in scope["headers"] if name == b"accept"]
    return forms == ["html"] if forms else negotiate(b",".join(accepted).decode("latin-1"), (HTML,)) == HTML
