"""Streams the answer of one query, and gives its worker back the moment the client hangs up."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.access_log import note
from api.generations import entity_tag
from api.sparql_formats import Forms
from graph.errors import QueryError
from graph.isolation.job import Job
from graph.isolation.pool import Pool


class SparqlAnswer(Response):
    """Runs a job and sends its answer piece by piece.

    Before the first byte an error is raised and becomes a problem; after it, raising breaks the transfer off, which
    every client sees, because the last chunk is missing.
    """

    def __init__(self, request: Request, pool: Pool, job: Job, forms: Forms) -> None:
        self._request, self._pool, self._job, self._forms = request, pool, job, forms
        self.background = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer. Raises QueryError."""
        work = asyncio.create_task(self._send(send), name="sparql answer")
        gone = asyncio.create_task(_hang_up(receive), name="sparql hang-up")
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
            else:
                note(self._request.scope, outcome="abandoned")
        finally:
            for task in (work, gone):
                task.cancel()
            for task in (work, gone):
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task

    async def _send(self, send: Send) -> None:
        try:
            async with self._pool.answer(self._job) as answer:
                state = self._request.scope["state"]
                if "etag" in state:  # the pool may have moved on since the request came in
                    state["etag"] = entity_tag(answer.generation)
                headers = [
                    (b"content-type", self._forms.content_type(answer.media_type).encode("ascii")),
                    (b"vary", b"Accept"),
                ]
                # The first piece is awaited before the head, so that an early failure is still a problem.
                piece = await answer.read()
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                if state.get("head_only"):
                    piece = None
                while piece is not None:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = await answer.read()
                note(self._request.scope, rows=answer.rows, form=answer.kind)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except QueryError as error:
            note(self._request.scope, outcome=type(error).__name__)
            raise


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
