"""The pool: keeps warm workers on the current generation, lends one to each query, and replaces what is spent."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from itertools import count
from typing import Any

from graph.errors import EdugraphError, PoolBusy, QueryCancelled, QueryError, WorkerLost
from graph.isolation import priority
from graph.isolation.answer import Answer, Running
from graph.isolation.calls import Calls
from graph.isolation.fairness import RETRY_AFTER, Gate, Place
from graph.isolation.held import Held
from graph.isolation.job import Job, Limits
from graph.isolation.process import Worker
from graph.isolation.ticks import Ticks
from graph.publish.generation import Generation
from graph.settings import Settings

SPARE = 1
"""Idle workers kept ready beside those that run queries."""


class Pool:
    """Runs free queries of one service; all its methods belong to one event loop."""

    def __init__(self, settings: Settings, generation: Generation, spare: int = SPARE) -> None:
        self._limits = Limits.of(settings)
        self._held = Held(settings.quads_in_memory, self._renew)
        self._transfer = settings.query_transfer
        self._calls = Calls(settings, self._end) if settings.service_endpoints else None
        self._workers, self._spare = settings.workers, spare
        self._ticks = Ticks()
        self._gate = Gate(settings.workers, settings.workers, settings.query_queue, self._ticks.want)
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
        priority.take_turns(0, priority.SHORT)  # every answer passes here, and a query must not hold it up
        if self._calls is not None:
            await self._calls.start()
            self._limits = replace(self._limits, relay=self._calls.address)
        first = await self._start(self._generation)
        self._idle.append(first)
        self._renew()

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
        await self._held.close()
        await self._ticks.close()
        if self._calls is not None:
            await self._calls.close()

    async def use(self, generation: Generation) -> None:
        """Answer new queries from another generation; those under way end on theirs. Raises WorkerLost."""
        first = await self._start(generation)
        self._generation = generation
        self._idle.append(first)
        self._held.keep_only(generation)
        self._renew()

    def answer(self, job: Job) -> Asked:
        """Run one query: ``async with`` gives its answer, to be read within the block. Raises QueryError.

        Leaving the block before the answer's end, or being cancelled in it, kills the worker at once.
        """
        return Asked(self, job)

    async def begin(self, running: Running) -> Answer:
        """For ``Asked``: run a query up to the head of its answer. Raises QueryError."""
        if self._closed:
            raise PoolBusy("the service stops", retry_after=RETRY_AFTER)
        self._running[running.id] = running
        place = await self._enter(running)
        running.on_release(lambda: self._give_back(running))
        worker = await self._take()
        if running.stopped is not None:  # while its worker was being started
            self._bury(worker)
            raise running.stopped
        running.lend(worker)
        self._gate.start_clock(place)
        answer = Answer(running, worker, self._transfer)
        await answer.begin()
        return answer

    def end(self, running: Running, outcome: str) -> None:
        """For ``Asked``: a query has ended."""
        running.release()
        if self._running.pop(running.id, None) is not None:
            self.ended[outcome] += 1

    def new(self, job: Job) -> Running:
        """For ``Asked``: a query with a number of its own."""
        return Running(next(self._numbers), job)

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
        if (free := self._gate.enter_now(running)) is not None:
            running.on_release(lambda: self._gate.leave(free))
            return free
        turn = self._gate.line_up(running)
        running.on_release(lambda: self._gate.withdraw(turn, running))
        try:
            place = await turn
        except asyncio.CancelledError:
            if running.stopped is not None:
                raise running.stopped from None
            raise
        if running.stopped is not None:
            raise running.stopped
        return place

    async def _take(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()
            if self._fit(worker):
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
        fit = running.reusable and self._fit(worker) and worker.recover() and not self._closed
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
        if self._closed or not self._fit(worker):
            self._bury(worker)
            self._refill()
        else:
            self._idle.append(worker)

    def _fit(self, worker: Worker) -> bool:
        """Whether it may answer the next query: it lives, on the current generation, in memory as soon as that is."""
        current = worker.alive and worker.generation is self._generation
        return current and (worker.in_memory or not self._held.holds(self._generation))

    def _renew(self) -> None:
        """Let idle workers go that should not answer the next query, and have the spare ready."""
        old, self._idle = self._idle, []
        for worker in old:
            if self._fit(worker):
                self._idle.append(worker)
            else:
                self._bury(worker)
        self._refill()

    async def _start(self, generation: Generation) -> Worker:
        server = await self._held.server(generation, self._limits.bounds)
        try:
            worker = await Worker.start(generation, self._limits, server)
        except WorkerLost:
            if server is None or server.alive:
                raise
            # The process that holds the generation had ended, which was not seen until now: once more, by a new one.
            server = await self._held.server(generation, self._limits.bounds)
            worker = await Worker.start(generation, self._limits, server)
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


class Asked:
    """One query's hold on the pool: entering it gives the answer, leaving it ends the query."""

    def __init__(self, pool: Pool, job: Job) -> None:
        self._pool, self._running = pool, pool.new(job)
        self._answer: Answer | None = None

    async def begin(self) -> Answer:
        """Run the query up to the head of its answer; ``end`` must follow. Raises QueryError."""
        try:
            self._answer = await self._pool.begin(self._running)
        except BaseException as error:
            self.end(error)
            raise
        return self._answer

    async def __aenter__(self) -> Answer:
        """``begin``, as a block."""
        return await self.begin()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """``end``, as a block."""
        self.end(error)

    def end(self, error: BaseException | None = None) -> None:
        """End the query, however far it has come, and whatever has been raised since; safe to call again."""
        whole = error is None and self._answer is not None and self._answer.whole
        told = type(error).__name__ if isinstance(error, EdugraphError) else "abandoned"
        self._pool.end(self._running, "whole" if whole else told)
