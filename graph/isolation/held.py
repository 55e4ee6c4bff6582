"""Which generations are held in memory, each by a process that workers are forked from; larger ones stay on disk.

Whoever needs a worker waits for a small generation to be loaded. A larger one is loaded while workers read the disk.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from graph.isolation.forks import ForkServer, bury_orphans
from graph.isolation.guards import Bounds
from graph.publish.generation import Generation

WAITED_FOR = 100_000
"""Quads up to which loading is waited for: half a second, and no answer is then given in another order of rows."""

_CHILD_SUBREAPER = 36

logger = logging.getLogger("edugraph.workers")


class Held:
    """The processes that hold generations of up to so many quads; ``loaded`` is told when a larger one has come."""

    def __init__(self, most_quads: int, loaded: Callable[[], None]) -> None:
        self._most_quads = most_quads if most_quads and _can_wait_for_forks() else 0
        self._loaded = loaded
        self._servers: dict[str, asyncio.Task[ForkServer]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def server(self, generation: Generation, bounds: Bounds) -> ForkServer | None:
        """The process that holds the generation, started if need be; None where it is on disk, as yet or for good.

        Raises WorkerLost.
        """
        starting = self._servers.get(generation.id)
        if starting is not None and not _works(starting):
            if _never_worked(starting) and generation.quads > WAITED_FOR:
                return None  # what has failed once would fail again, for each worker that is started
            self._let_go(generation.id)
            self._spawn(bury_orphans())
            starting = None
        if starting is None:
            if not generation.nquads.is_file() or not 0 < generation.quads <= self._most_quads:
                return None
            starting = asyncio.create_task(ForkServer.start(generation, bounds))
            self._servers[generation.id] = starting
            if generation.quads > WAITED_FOR:
                starting.add_done_callback(lambda done: self._tell(generation, done))
        if generation.quads > WAITED_FOR and not starting.done():
            return None
        # Whoever asked first may be gone before it is ready; others wait for it too.
        return await asyncio.shield(starting)

    def holds(self, generation: Generation) -> bool:
        """Whether workers can be forked for it now."""
        starting = self._servers.get(generation.id)
        return starting is not None and starting.done() and _works(starting)

    def keep_only(self, generation: Generation) -> None:
        """End the processes of all other generations; their workers go on."""
        for other in self._servers.keys() - {generation.id}:
            self._let_go(other)

    async def close(self) -> None:
        """End all processes, and wait until they are gone."""
        for held in list(self._servers):
            self._let_go(held)
        await asyncio.gather(*self._closing)

    def _tell(self, generation: Generation, starting: asyncio.Task[ForkServer]) -> None:
        if starting.cancelled():
            return
        if (why := starting.exception()) is None:
            self._loaded()
        else:
            logger.warning("the generation %s stays on disk, for it could not be loaded: %s", generation.id, why)

    def _let_go(self, generation_id: str) -> None:
        self._spawn(_close(self._servers.pop(generation_id)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(starting: asyncio.Task[ForkServer]) -> None:
    starting.cancel()
    await asyncio.wait([starting])
    if not starting.cancelled() and starting.exception() is None:
        await starting.result().close()


def _works(starting: asyncio.Task[ForkServer]) -> bool:
    return not starting.done() or (
        not starting.cancelled() and starting.exception() is None and starting.result().alive
    )


def _never_worked(starting: asyncio.Task[ForkServer]) -> bool:
    return not starting.cancelled() and starting.exception() is not None


def _can_wait_for_forks() -> bool:
    """Whether this process can be told of the end of children that it has not started, and takes orphans in."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    takes_orphans: bool = ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    return takes_orphans
