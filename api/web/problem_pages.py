"""A problem as a page: the same status and headers, for a client that prefers HTML.

What is the same for all problems of a type stands there in the reader's language, and so does the detail where its
form is in the catalogues; else it is in English.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import MEDIA_TYPE, detail_of, show_as_page
from api.problem_types import TYPES
from api.web import interface
from api.web.page import page_of, render
from api.web.routing import prefers_page
from graph.told import translated

_OWN = frozenset({"content-type", "content-length", "vary", "cache-control"})


class ProblemPages:
    """Replaces the problem document of a route by a page where a person asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        if not prefers_page(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def watch(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
                return
            if start is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")

        await self.app(scope, receive, watch)
        if start is not None:
            show_as_page(scope)
            told: dict[str, Any] = json.loads(body)
            kept = Headers(raw=start["headers"])
            words: dict[str, Any] = {"problem": told, "kind": TYPES.get(str(told.get("type", "")).rpartition("/")[2])}
            request = Request(scope)
            detail = detail_of(scope)
            asked = page_of(request)
            words |= {
                "told": translated(detail, interface.words(asked.language).gettext) if detail else None,
                "wait": int(kept.get("retry-after", "0")),
                "sought": _sought(request, str(told.get("detail", ""))),
            }
            answer = render(asked, "frame/problem.html", start["status"], **words)
            answer.headers["cache-control"] = "no-store"
            for name, value in kept.items():
                if name not in _OWN:
                    answer.headers[name] = value
            await answer(scope, receive, send)


def _is_problem(start: Message) -> bool:
    said = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] >= 400 and said.startswith(MEDIA_TYPE)


def _sought(request: Request, detail: str) -> str:
    """The name that nothing has: the part of the address that the detail quotes first; for a search it is a text."""
    named = (*request.query_params.values(), request.url.path.rpartition("/")[2])
    return min(
        (text for text in named if text and repr(text) in detail), key=lambda text: detail.find(repr(text)), default=""
    )
