"""The parent's side of one worker: starts it, speaks frames, kills it, and says why it died."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from typing import Any, cast

from graph.children import kill
from graph.errors import (
    NotAcceptable,
    QueryError,
    QueryRefused,
    QuerySyntax,
    QueryTimeout,
    QueryTooDeep,
    QueryTooLarge,
    QueryUnanswerable,
    ServiceFailed,
    WorkerLost,
)
from graph.isolation import frames, priority
from graph.isolation.channel import Channel
from graph.isolation.forks import Forked, ForkServer
from graph.isolation.job import Limits
from graph.isolation.starting import ENVIRONMENT, SECONDS_TO_START, command, did_not_start
from graph.publish.generation import Generation

logger = logging.getLogger("edugraph.workers")

TOO_DEEP = "the query is nested too deeply, or too long, for the engine's stack; nest less, or send it in parts"


class Worker:
    """One child process, open on one generation, answering one query at a time."""

    def __init__(
        self, process: asyncio.subprocess.Process | Forked, channel: Channel, generation: Generation, limits: Limits
    ) -> None:
        self._process, self._channel = process, channel
        self.generation, self.limits = generation, limits
        self.in_memory = isinstance(process, Forked)
        """Whether it was forked from a process that holds the generation, and reads nothing from disk."""
        self.guards: dict[str, bool] = {}
        self._words = b""
        self._threads: list[int] = []
        self._aside = self._low = False

    @classmethod
    async def start(cls, generation: Generation, limits: Limits, server: ForkServer | None = None) -> Worker:
        """A worker that is open and ready, forked where a server holds the generation. Raises WorkerLost."""
        channel: Channel | None = None
        try:
            channel = Channel()
            process = await (_spawn(channel, generation, limits) if server is None else server.fork(channel))
        except BaseException as error:
            if channel is not None:
                channel.close()
            if isinstance(error, OSError):
                raise WorkerLost(f"a worker did not start: {error.strerror}; try again later") from error
            raise
        channel.release_worker_ends()
        priority.take_turns(process.pid, priority.LONG)  # nobody waits for a spare as much as for an answer
        worker = cls(process, channel, generation, limits)
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                kind, payload = await worker.receive()
        except BaseException as error:
            worker.kill()
            words = await worker._last_words()
            channel.close()
            if isinstance(error, TimeoutError | QueryError):
                raise did_not_start(words) from error
            raise
        if kind != frames.READY:
            worker.kill()
            raise WorkerLost(f"a worker began with {kind!r} instead of saying that it is ready")
        told = json.loads(payload)
        worker.guards, worker._threads = told["guards"], told["threads"]
        for thread in worker._threads:
            priority.take_turns(thread, priority.USUAL)
        return worker

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it has not been seen to end."""
        return self._process.returncode is None and not self._channel.ended

    async def ask(self, kind: bytes, payload: bytes) -> tuple[bytes, bytes]:
        """Give the worker a frame and wait for its next. Raises the error that its death means."""
        try:
            self._channel.send(kind, payload)
            return await self._channel.receive()
        except ConnectionError as error:
            raise await self.why_lost() from error

    async def receive(self) -> tuple[bytes, bytes]:
        """The worker's next frame. Raises the error that its death means."""
        try:
            return await self._channel.receive()
        except ConnectionError as error:
            raise await self.why_lost() from error

    def kill(self) -> None:
        """End it at once; safe to call again."""
        kill(self._process)

    def step_aside(self) -> None:
        """Let a younger query have the processor whenever it asks for it, as long as both have their fair share."""
        self._aside = True
        priority.take_turns(self._threads[0], priority.LONG)

    def step_back(self) -> None:
        """Leave the processor to younger queries, but for a tenth."""
        priority.take_turns(self._threads[0], priority.USUAL)
        self._aside, self._low = False, True
        priority.go_behind(self._threads[0])

    def go_last(self) -> None:
        """Let every other query go first on the processor."""
        self._low = True
        priority.go_last(self._threads[0])

    def recover(self) -> bool:
        """Be as young as before for the next query; False if that cannot be."""
        if self._low:  # for good: what answers the next query is another thread, as long as there are any
            del self._threads[0]
        elif self._aside:
            priority.take_turns(self._threads[0], priority.USUAL)
        self._aside = self._low = False
        return bool(self._threads)

    async def gone(self) -> None:
        """Wait until it has ended, after ``kill``, and the system has taken its memory back."""
        await self._process.wait()
        self._channel.close()

    async def why_lost(self) -> QueryError:
        """Wait for its end, and say what it means for the query."""
        # A worker whose pipe has closed is ending by itself; this makes sure that it does.
        asyncio.get_running_loop().call_later(2.0, self.kill)
        words = await self._last_words()
        code = self._process.returncode
        if "memory allocation of" in words or "MemoryError" in words:
            return QueryTooLarge(too_large(self.limits))
        if code == -signal.SIGSEGV or "overflowed its stack" in words:
            return QueryTooDeep(TOO_DEEP)
        if code == -signal.SIGXCPU:
            return QueryTimeout(timed_out(self.limits))
        return WorkerLost(f"the query's worker ended before its answer (status {code}); try again")

    async def _last_words(self) -> str:
        stderr = cast(asyncio.StreamReader, self._process.stderr)
        while piece := await stderr.read(4096):
            self._words = (self._words + piece)[-8192:]
        await self._process.wait()
        return self._words.decode("utf-8", "replace")


async def _spawn(channel: Channel, generation: Generation, limits: Limits) -> asyncio.subprocess.Process:
    stdin, stdout = channel.worker_ends
    return await asyncio.create_subprocess_exec(
        *command("worker", generation.store, *limits.bounds),
        stdin=stdin,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
        env=ENVIRONMENT,
        cwd="/",
    )


def timed_out(limits: Limits) -> str:
    """What a client is told at the wall-clock limit."""
    return f"the query was stopped after {limits.seconds:g} seconds; ask for less, or add a LIMIT"


def too_large(limits: Limits) -> str:
    """What a client is told at the memory limit."""
    return f"the query needed more than {limits.memory // 1024**2} MiB of memory and was stopped; ask for less"


def refusal(told: dict[str, Any], limits: Limits) -> QueryError:
    """The error that a worker's ERROR frame means."""
    message = str(told["message"])
    match told["kind"]:
        case "syntax" | "update":  # an update is no query by the grammar, which is what the protocol's 400 is for
            return QuerySyntax(message, line=told["line"], column=told["column"])
        case "evaluation":
            return QueryUnanswerable(message)
        case "not_acceptable":
            return NotAcceptable(message)
        case "size":
            return QueryTooLarge(message)
        case "memory":
            return QueryTooLarge(too_large(limits))
        case "deep":
            return QueryTooDeep(message)
        case "call":
            return ServiceFailed(message)
        case "failed":
            logger.error("a worker cannot go on: %s", message)  # it names folders of this machine
            return WorkerLost("the engine cannot read the files of the generation; try again later")
        case _:
            return QueryRefused(message)
