"""One query under way, as its reader and as an operator see it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Literal

from graph.errors import PoolBusy, QueryError, QueryTimeout, WorkerLost
from graph.isolation import frames
from graph.isolation.fairness import RETRY_AFTER
from graph.isolation.job import Job, encode
from graph.isolation.process import Worker, refusal, timed_out
from graph.publish.generation import Generation

Kind = Literal["solutions", "boolean", "graph"]
_KINDS: dict[bytes, Kind] = {b"s": "solutions", b"b": "boolean", b"g": "graph"}


class Running:
    """A query that waits or runs, and the worker that it holds."""

    def __init__(self, number: int, job: Job) -> None:
        self.id = number
        """The number by which an operator stops it."""
        self.client = job.client
        self._started, self._begin = time.time(), time.monotonic()
        self.state: Literal["queued", "running", "long", "sending"] = "queued"
        self.job = job
        self.worker: Worker | None = None
        self.reusable = False
        self.stopped: QueryError | None = None
        """Why it was stopped, once it was."""
        self._begun = False
        self._on_release: list[Callable[[], None]] = []

    @property
    def sha256(self) -> str:
        """The hash of the query."""
        return self.job.sha256

    @property
    def started(self) -> datetime:
        """When it came in."""
        return datetime.fromtimestamp(self._started, UTC)

    @property
    def seconds(self) -> float:
        """For how long it has been here, whatever the clock on the wall has done since."""
        return time.monotonic() - self._begin

    @property
    def begun(self) -> bool:
        """Whether its client has a part of the answer already."""
        return self._begun

    def begin_answer(self) -> None:
        """Say that the answer has begun."""
        self._begun = True
        if self.state == "running":
            self.state = "sending"

    def lend(self, worker: Worker) -> None:
        """Take a worker."""
        self.worker = worker
        self.state = "running"

    def stop(self, why: QueryError) -> None:
        """End it now; its reader gets ``why``."""
        if self.stopped is None:
            self.stopped = why
        self.reusable = False
        if self.worker is not None:
            self.worker.kill()
        self.release()

    def step_aside(self) -> None:
        """Let others interrupt it."""
        if self.worker is not None:
            self.worker.step_aside()

    def step_back(self) -> None:
        """Run at a low priority from now on."""
        if self.worker is not None:
            self.worker.step_back()

    def go_last(self) -> None:
        """Run at the lowest priority from now on."""
        self.state = "long"
        if self.worker is not None:
            self.worker.go_last()

    def give_way(self) -> None:
        """Stop, because others wait and this one has had its share."""
        self.stop(PoolBusy("stopped to let others in: too many long queries run at once", retry_after=RETRY_AFTER))

    def on_release(self, what: Callable[[], None]) -> None:
        """Do this when the worker is no longer needed."""
        self._on_release.append(what)

    def release(self) -> None:
        """Give back what it holds; safe to call again."""
        todo, self._on_release = self._on_release, []
        for what in reversed(todo):
            what()


class Answer:
    """The answer of one query: what it is, then its bytes."""

    def __init__(self, running: Running, worker: Worker, transfer: float) -> None:
        self._running, self._worker, self._transfer = running, worker, transfer
        self._left = worker.limits.seconds
        self.kind: Kind = "solutions"
        self.media_type = ""
        self.generation: Generation = worker.generation
        self.rows = 0
        """Rows of solutions; known at the end."""
        self.whole = False
        """Whether the answer has been read to its end."""
        self._ended = False
        self._read_ahead = b""

    async def begin(self) -> None:
        """Ask, and wait for the answer's head. Raises QueryError."""
        job = self._running.job
        query = encode(job, self._worker.limits, self._running.id)
        kind, payload = await self._within_limit(self._worker.ask(frames.QUERY, query))
        if kind not in (frames.WHOLE, frames.HEAD):
            raise self._out_of_turn(kind)
        letter, again, rows = frames.STATE.unpack_from(payload)
        self.kind = _KINDS[letter]
        self.media_type = (job.graphs if self.kind == "graph" else job.solutions) or ""
        self._running.begin_answer()
        if kind == frames.WHOLE:
            self._read_ahead = payload[frames.STATE.size :]
            self._end(again, rows)
        else:
            loop = asyncio.get_running_loop()
            self._running.on_release(loop.call_later(self._transfer + self._left, self._too_slow).cancel)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The bytes; an answer that breaks off raises QueryError instead of ending."""
        while (piece := await self.read()) is not None:
            yield piece

    async def read(self) -> bytes | None:
        """The next bytes, or None at the end of a whole answer. Raises QueryError.

        With the last bytes of a short answer ``whole`` is true already.
        """
        while not self._ended:
            kind, piece = await self._within_limit(self._worker.receive())
            if kind == frames.END:
                _, again, rows = frames.STATE.unpack(piece)
                self._end(again, rows)
            elif kind != frames.DATA:
                raise self._out_of_turn(kind)
            elif piece:
                return piece
        self.whole = True
        piece, self._read_ahead = self._read_ahead, b""
        return piece or None

    async def _within_limit(self, frame: Awaitable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
        """A frame of an answer under way; the time that the worker takes for it counts against its limit."""
        loop = asyncio.get_running_loop()
        begin = time.monotonic()
        timer = loop.call_later(self._left, self._timed_out)
        try:
            kind, payload = await frame
        except QueryError as error:
            raise (self._running.stopped or error) from error
        finally:
            timer.cancel()
            self._left = max(0.0, self._left - (time.monotonic() - begin))
        if self._running.stopped is not None:
            raise self._running.stopped
        if kind == frames.ERROR:
            told = json.loads(payload)
            self._running.reusable = bool(told["again"])
            raise refusal(told, self._worker.limits)
        return kind, payload

    def _end(self, again: bool, rows: int) -> None:
        """The worker has sent all; it is free for the next query."""
        self.rows, self._ended = rows, True
        self._running.reusable = again
        self._running.release()

    def _out_of_turn(self, kind: bytes) -> WorkerLost:
        self._running.reusable = False
        return WorkerLost(f"the query's worker sent {kind!r} out of turn; try again")

    def _timed_out(self) -> None:
        self._running.stop(QueryTimeout(timed_out(self._worker.limits)))

    def _too_slow(self) -> None:
        limit = f"{self._transfer:g} seconds"
        self._running.stop(QueryTimeout(f"the answer was not taken within {limit}; the transfer was cut"))
