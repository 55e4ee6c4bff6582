"""An answer from the pool as an HTTP response: streamed, given up when the client goes, never cut in silence."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.access_log import note
from api.generations import entity_tag
from graph.errors import NothingBuilt, QueryError
from graph.isolation.answer import Answer
from graph.isolation.job import Job
from graph.isolation.pool import Pool

UNWATCHED = 0.05
"""Seconds after which the client is watched; most answers are there before, and watching costs a task."""


def pool_of(request: Request) -> Pool:
    """The running pool. Raises NothingBuilt."""
    pool: Pool | None = request.app.state.pool
    if pool is None:
        raise NothingBuilt("no generation is published; run 'edugraph build'")
    return pool


def client_of(request: Request) -> str:
    """The name under which this client gets its fair share: its address."""
    return request.client.host if request.client is not None else "unknown"


@contextlib.asynccontextmanager
async def unless_gone(receive: Receive) -> AsyncIterator[None]:
    """Cancel the block when the client hangs up. Raises ClientDisconnect."""
    watches: list[asyncio.Task[None]] = []
    block = asyncio.timeout(None)

    def begin() -> None:
        watches.append(asyncio.create_task(_watch(receive, block), name="hang-up"))

    timer = asyncio.get_running_loop().call_later(UNWATCHED, begin)
    try:
        async with block:
            try:
                yield
            finally:
                timer.cancel()
                for watch in watches:
                    watch.cancel()
    except TimeoutError:
        if block.expired():
            raise ClientDisconnect from None
        raise


async def _watch(receive: Receive, block: asyncio.Timeout) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    block.reschedule(asyncio.get_running_loop().time())


async def is_true(request: Request, job: Job) -> tuple[bool, str]:
    """The answer to an ASK, and the id of the generation that gave it. Raises QueryError, ClientDisconnect."""
    async with unless_gone(request.receive), pool_of(request).answer(job) as answer:
        body = b"".join([piece async for piece in answer])
        return b"true" in body, answer.generation.id


async def pool_answer(request: Request, job: Job, labels: Mapping[str, str]) -> PoolAnswer:
    """Run a query up to the first bytes of its answer. Raises QueryError, ClientDisconnect.

    ``labels`` gives the media types that the client shall be told instead of the one that was written.
    """
    async with contextlib.AsyncExitStack() as held:
        async with unless_gone(request.receive):
            answer = await held.enter_async_context(pool_of(request).answer(job))
            # Awaited before the head is sent, so that an early failure is still a problem.
            piece = await answer.read()
        state = request.scope["state"]
        if "etag" in state:  # the pool may have moved on since the request came in
            state["etag"] = entity_tag(answer.generation)
        return PoolAnswer(answer, piece or b"", held.pop_all(), labels.get(answer.media_type, answer.media_type))


class PoolAnswer(Response):
    """One answer, whole or as its pieces come; the query ends with it, however it ends."""

    def __init__(self, answer: Answer, piece: bytes, held: contextlib.AsyncExitStack, media_type: str) -> None:
        self._answer, self._piece, self._held = answer, piece, held
        self.status_code, self.media_type, self.background = 200, media_type, None
        if answer.whole:
            self.body = piece  # whose length the head tells
        self.init_headers({"vary": "Accept"})

    @property
    def generation_id(self) -> str:
        """The generation that the answer is from."""
        return self._answer.generation.id

    async def give_up(self) -> None:
        """End the query without sending anything."""
        await self._held.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or for HEAD only its head.

        Once it has begun, raising breaks the transfer off, which every client sees: the last chunk is missing.
        """
        try:
            async with self._held:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                if scope["state"].get("head_only"):
                    self._piece = b""
                elif not self._answer.whole:
                    async with unless_gone(receive):
                        await self._send_pieces(send)
            note(scope, rows=self._answer.rows, form=self._answer.kind)
        except ClientDisconnect:
            note(scope, outcome="abandoned")
            return
        except QueryError as error:
            note(scope, outcome=type(error).__name__)
            raise
        await send({"type": "http.response.body", "body": self._piece, "more_body": False})

    async def _send_pieces(self, send: Send) -> None:
        piece: bytes | None = self._piece
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await self._answer.read()
        self._piece = b""
