"""Asks for the pages whose first answer takes long, once for each generation, so that no reader waits for it.

It begins a while after the service is ready, asks one page after the other, and goes past the front: no request is
measured or logged for it. What one of them has read or computed is kept where its own module keeps it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI
from starlette.types import ASGIApp, Message

from api.indexes import index_if_open
from graph.publish.generation import Generation

logger = logging.getLogger("edugraph.warming")

PAGES = ("/", "/targets", "/timeline", "/network", "/centrality", "/docs")
"""They go through the whole of the data, or of the code, when they are asked for the first time."""
SECONDS_BEFORE = 2.0
"""How long a generation has been served before its pages are asked for."""


async def keep_warm(app: FastAPI, routes: ASGIApp) -> None:
    """Ask for the pages of each generation that is served."""
    done: Generation | None = None
    while True:
        await asyncio.sleep(SECONDS_BEFORE)
        generation: Generation | None = app.state.generations.current
        if generation is not None and generation != done:
            for path, query in _asked(generation):
                await _visit(app, routes, generation, path, query)
            if (index := index_if_open(generation)) is not None:
                index.unmap()
            done = generation


def _asked(generation: Generation) -> Iterator[tuple[str, str]]:
    """Paths and their queries, last the network of the best known thing: what it reads, all networks read."""
    yield from ((path, "") for path in PAGES)
    if (index := index_if_open(generation)) is not None:  # the pages have opened it
        for (iri,) in index.connection.execute("SELECT iri FROM node ORDER BY id LIMIT 1"):
            yield "/network", urlencode({"actor": iri, "depth": 2, "format": "json"})


def _leave_if_cancelled() -> None:
    """Be cancelled for good: what answers requests says that the service stops, and ends in order."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _visit(app: FastAPI, routes: ASGIApp, generation: Generation, path: str, query: str) -> None:
    """One page; what goes wrong with it is told, and left to whoever asks for it next."""
    public = urlsplit(app.state.settings.public_base or "http://localhost/")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": public.scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [(b"host", public.netloc.encode()), (b"accept", b"text/html")],
        "client": None,
        "server": ("localhost", 80),
        "state": {"generation": generation},
        "app": app,
    }

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        _leave_if_cancelled()
        if message.get("status", 200) >= 400:
            logger.warning("%s answered %s when it was asked for ahead", path, message["status"])

    try:
        await routes(scope, receive, send)
    except Exception:  # whatever it is, the service goes on; the next request for the page says it to its reader
        logger.exception("%s failed when it was asked for ahead", path)
    _leave_if_cancelled()
