"""The pool: keeps warm workers on the current generation, lends one to each query, and replaces what is spent."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from itertools import count
from typing import Any

from graph.errors import EdugraphError, PoolBusy, QueryCancelled, QueryError, WorkerLost
from graph.isolation.answer import Answer, Running
from graph.isolation.calls import Calls
from graph.isolation.fairness import RETRY_AFTER, Gate, Place
from graph.isolation.job import Job, Limits
from graph.isolation.process import Worker
from graph.publish.generation import Generation
from graph.settings import Settings

SPARE = 1
"""Idle workers kept ready beside those that run queries."""


class Pool:
    """Runs free queries of one service; all its methods belong to one event loop."""

    def __init__(self, settings: Settings, generation: Generation, spare: int = SPARE) -> None:
        self._limits = Limits.of(settings)
        self._transfer = settings.query_transfer
        self._calls = Calls(settings, self._end) if settings.service_endpoints else None
        self._workers, self._spare = settings.workers, spare
        self._gate = Gate(settings.workers, settings.workers, settings.query_queue)
        self._generation = generation
        self._idle: list[Worker] = []
        self._running: dict[int, Running] = {}
        self._numbers = count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting = 0
        self._closed = False
        self.guards: dict[str, bool] = {}
        """The guards in force in the workers of this system, by name."""
        self.ended: Counter[str] = Counter()
        """Queries by outcome: ``whole``, ``abandoned`` by the client, or the name of the error."""
        self.starts = 0
        """Workers started so far."""
        self.restarts = 0
        """Workers started in place of one that was killed, lost or spent."""

    async def start(self) -> None:
        """Start the first workers. Raises WorkerLost if the store cannot be opened."""
        if self._calls is not None:
            await self._calls.start()
            self._limits = replace(self._limits, relay=self._calls.address)
        self._idle.append(await self._start(self._generation))
        self._refill()

    async def close(self) -> None:
        """Stop all queries and workers, and wait until they are gone."""
        self._closed = True
        for running in list(self._running.values()):
            running.stop(QueryCancelled("the service stops"))
        for worker in self._idle:
            self._bury(worker)
        self._idle.clear()
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._calls is not None:
            await self._calls.close()

    async def use(self, generation: Generation) -> None:
        """Answer new queries from another generation; those under way end on theirs. Raises WorkerLost."""
        first = await self._start(generation)
        self._generation = generation
        old, self._idle = self._idle, [first]
        for worker in old:
            self._bury(worker)
        self._refill()

    @contextlib.asynccontextmanager
    async def answer(self, job: Job) -> AsyncIterator[Answer]:
        """Run one query; within the block its answer can be read. Raises QueryError.

        Leaving the block before the answer's end, or being cancelled in it, kills the worker at once.
        """
        if self._closed:
            raise PoolBusy("the service stops", retry_after=RETRY_AFTER)
        running = Running(next(self._numbers), job)
        self._running[running.id] = running
        outcome = "abandoned"
        try:
            await self._enter(running)
            running.on_release(lambda: self._give_back(running))
            worker = await self._take()
            if running.stopped is not None:  # while its worker was being started
                self._bury(worker)
                raise running.stopped
            running.lend(worker)
            answer = Answer(running, worker, self._transfer)
            await answer.begin()
            yield answer
            if answer.whole:
                outcome = "whole"
        except EdugraphError as error:
            outcome = type(error).__name__
            raise
        finally:
            running.release()
            del self._running[running.id]
            self.ended[outcome] += 1

    def running(self) -> list[Running]:
        """The queries that wait or run now, the oldest first."""
        return list(self._running.values())

    def stop(self, number: int) -> bool:
        """Stop the query with this id; False if there is none."""
        return self._end(number, QueryCancelled("the query was stopped by an operator"))

    @property
    def queued(self) -> int:
        """Queries that wait for a worker."""
        return self._gate.queued

    @property
    def busy(self) -> int:
        """Queries that hold a worker."""
        return len(self._gate.places)

    @property
    def generation(self) -> Generation:
        """The generation that the next query is answered from."""
        return self._generation

    def _end(self, number: int, why: QueryError) -> bool:
        running = self._running.get(number)
        if running is not None:
            running.stop(why)
        return running is not None

    async def _enter(self, running: Running) -> Place:
        """Take or wait for a place; a query that is stopped while it waits stops waiting."""
        if (place := self._gate.enter_now(running)) is not None:
            running.on_release(lambda: self._gate.leave(place))
            return place
        turn = asyncio.ensure_future(self._gate.enter(running))
        running.on_release(lambda: self._withdraw(turn))
        try:
            return await asyncio.shield(turn)
        except asyncio.CancelledError:
            if running.stopped is not None and turn.cancelled():
                raise running.stopped from None
            raise

    def _withdraw(self, turn: asyncio.Future[Place]) -> None:
        if not turn.done():
            turn.cancel()
        elif not turn.cancelled() and turn.exception() is None:
            self._gate.leave(turn.result())

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if worker.alive and worker.generation is self._generation:
                self._refill()
                return worker
            self._bury(worker)
        worker = await self._start(self._generation)
        self._refill()
        return worker

    def _give_back(self, running: Running) -> None:
        worker = running.worker
        if worker is None:
            return
        # A process that stepped back cannot raise its priority again: the next query would crawl in it.
        unhurt = running.reusable and running.state != "long" and worker.alive
        fit = unhurt and worker.generation is self._generation and not self._closed
        if fit and len(self._idle) < self._workers + self._spare:
            self._idle.append(worker)
        else:
            self.restarts += not fit
            self._bury(worker)
            self._refill()

    def _refill(self) -> None:
        """Start what is missing to have the spare ready."""
        while not self._closed and len(self._idle) + self._starting < self._spare:
            self._starting += 1
            self._spawn(self._start_spare())

    async def _start_spare(self) -> None:
        try:
            worker = await self._start(self._generation)
        except WorkerLost:
            return  # the next query tries again, and tells
        finally:
            self._starting -= 1
        if self._closed or worker.generation is not self._generation:
            self._bury(worker)
            self._refill()
        else:
            self._idle.append(worker)

    async def _start(self, generation: Generation) -> Worker:
        worker = await Worker.start(generation, self._limits)
        self.starts += 1
        self.guards = worker.guards
        return worker

    def _bury(self, worker: Worker) -> None:
        worker.kill()
        self._spawn(worker.gone())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
