"""An answer from the pool as an HTTP response: streamed, given up when the client goes, never cut in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.access_log import note
from api.generations import entity_tag
from graph.errors import NothingBuilt, QueryError
from graph.isolation.answer import Answer
from graph.isolation.job import Job
from graph.isolation.pool import Asked, Pool

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
    client: tuple[str, int] | None = request.scope.get("client")
    return client[0] if client is not None else "unknown"


class unless_gone:  # noqa: N801 - read as a phrase: async with unless_gone(receive)
    """Cancels the block when the client hangs up. Raises ClientDisconnect."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watch: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> None:
        """Watch the client from UNWATCHED seconds on."""
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(UNWATCHED, self._begin)

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Watch no longer."""
        self._timer.cancel()
        if self._watch is not None:
            self._watch.cancel()
        if self._gone and self._task is not None:
            left = self._task.uncancel()
            if left == 0 and isinstance(error, asyncio.CancelledError):
                raise ClientDisconnect from None

    def _begin(self) -> None:
        self._watch = asyncio.create_task(self._look(), name="hang-up")

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        if self._task is not None:
            self._gone = self._task.cancel()


async def is_true(request: Request, job: Job) -> tuple[bool, str]:
    """The answer to an ASK, and the id of the generation that gave it. Raises QueryError, ClientDisconnect."""
    async with unless_gone(request.receive), pool_of(request).answer(job) as answer:
        body = b"".join([piece async for piece in answer])
        return b"true" in body, answer.generation.id


async def pool_answer(request: Request, job: Job, labels: Mapping[str, str]) -> PoolAnswer:
    """Run a query up to the first bytes of its answer. Raises QueryError, ClientDisconnect.

    ``labels`` gives the media types that the client shall be told instead of the one that was written.
    """
    asked = pool_of(request).answer(job)
    async with unless_gone(request.receive):
        answer = await asked.begin()
        # Awaited before the head is sent, so that an early failure is still a problem.
        try:
            piece = await answer.read()
        except BaseException as error:
            asked.end(error)
            raise
    state = request.scope["state"]
    if "etag" in state and answer.generation is not state["generation"]:  # the pool has moved on meanwhile
        state.update(etag=entity_tag(answer.generation), follows=False)
    return PoolAnswer(answer, piece or b"", asked, labels.get(answer.media_type, answer.media_type))


@lru_cache(maxsize=64)
def _content_type(media_type: str) -> tuple[bytes, bytes]:
    said = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return b"content-type", said.encode("latin-1")


class PoolAnswer(Response):
    """One answer, whole or as its pieces come; the query ends with it, however it ends."""

    def __init__(self, answer: Answer, piece: bytes, held: Asked, media_type: str) -> None:
        self._answer, self._piece, self._held = answer, piece, held
        self.status_code, self.media_type, self.background = 200, media_type, None
        self.raw_headers = [_content_type(media_type), (b"vary", b"Accept, Accept-Encoding")]
        if answer.whole:
            self.raw_headers.append((b"content-length", b"%d" % len(piece)))

    @property
    def generation_id(self) -> str:
        """The generation that the answer is from."""
        return self._answer.generation.id

    async def give_up(self) -> None:
        """End the query without sending anything."""
        self._held.end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or for HEAD only its head.

        Once it has begun, raising breaks the transfer off, which every client sees: the last chunk is missing.
        """
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            if scope["state"].get("head_only"):
                self._piece = b""
            elif not self._answer.whole:
                async with unless_gone(receive):
                    await self._send_pieces(send)
        except BaseException as error:
            self._held.end(error)
            if isinstance(error, ClientDisconnect):
                note(scope, outcome="abandoned")
                return
            if isinstance(error, QueryError):
                note(scope, outcome=type(error).__name__)
            raise
        self._held.end()
        note(scope, rows=self._answer.rows, form=self._answer.kind)
        await send({"type": "http.response.body", "body": self._piece, "more_body": False})

    async def _send_pieces(self, send: Send) -> None:
        piece: bytes | None = self._piece
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await self._answer.read()
        self._piece = b""
