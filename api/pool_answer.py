"""An answer from the pool as an HTTP response: streamed, given up when the client goes, never cut in silence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.access_log import note
from api.generations import entity_tag
from graph.errors import NothingBuilt
from graph.isolation.answer import Answer
from graph.isolation.job import Job
from graph.isolation.pool import Pool

Result = TypeVar("Result")


def pool_of(request: Request) -> Pool:
    """The running pool. Raises NothingBuilt."""
    pool: Pool | None = request.app.state.pool
    if pool is None:
        raise NothingBuilt("no generation is published; run 'edugraph build'")
    return pool


def client_of(request: Request) -> str:
    """The name under which this client gets its fair share: its address."""
    return request.client.host if request.client is not None else "unknown"


async def unless_gone(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """The work's result; if the client hangs up first, the work is cancelled. Raises ClientDisconnect."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        for one in (task, gone):
            one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def is_true(request: Request, job: Job) -> tuple[bool, str]:
    """The answer to an ASK, and the id of the generation that gave it. Raises QueryError."""

    async def ask() -> tuple[bool, str]:
        async with pool_of(request).answer(job) as answer:
            body = b"".join([piece async for piece in answer])
            return b"true" in body, answer.generation.id

    return await unless_gone(request, ask())


class PoolAnswer(StreamingResponse):
    """The stream of one answer; the query ends with it, however it ends."""

    def __init__(self, answer: Answer, held: contextlib.AsyncExitStack, headers: Mapping[str, str]) -> None:
        self._answer, self._held = answer, held
        stamped = {"etag": entity_tag(answer.generation), "cache-control": "no-cache", "vary": "Accept"} | dict(headers)
        super().__init__(self._pieces(), headers=stamped, media_type=answer.media_type)

    @property
    def generation_id(self) -> str:
        """The generation that the answer is from."""
        return self._answer.generation.id

    async def give_up(self) -> None:
        """End the query without sending anything."""
        await self._held.aclose()

    async def _pieces(self) -> AsyncIterator[bytes]:
        async for piece in self._answer:
            yield piece

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or for HEAD only its head."""
        try:
            if scope["state"].get("head_only"):
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            else:
                await super().__call__(scope, receive, send)
        finally:
            await self._held.aclose()
            note(scope, rows=self._answer.rows)


async def pool_answer(request: Request, job: Job, headers: Mapping[str, str]) -> PoolAnswer:
    """Run a query up to the head of its answer. Raises QueryError, ClientDisconnect."""
    held = contextlib.AsyncExitStack()
    try:
        answer = await unless_gone(request, held.enter_async_context(pool_of(request).answer(job)))
    except BaseException:
        await held.aclose()
        raise
    return PoolAnswer(answer, held, headers)
