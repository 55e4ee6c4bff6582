"""The parent's side of the process that ticks: has it tick while long queries run, and only then."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from typing import cast

from graph.children import kill
from graph.isolation.starting import ENVIRONMENT, command
from graph.isolation.ticking import OFF, ON

MOST_CORES = 8
"""Where there are more, the service finds one beside the long queries, and to wake up on all would cost too much."""


class Ticks:
    """The process, which is started with the first long query; without it all goes on, only less evenly."""

    def __init__(self) -> None:
        self._of_use = sys.platform == "linux" and len(os.sched_getaffinity(0)) <= MOST_CORES
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._wanted = False

    def want(self, wanted: bool) -> None:
        """Say whether long queries run now."""
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if self._process is not None and self._process.returncode is None:
            self._tell(self._process)
        elif wanted and self._of_use and (self._starting is None or self._starting.done()):
            self._starting = asyncio.create_task(self._start())

    async def close(self) -> None:
        """End it, and wait until it is gone."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._process is not None:
            kill(self._process)
            await self._process.wait()

    async def _start(self) -> None:
        with contextlib.suppress(OSError):
            self._process = await asyncio.create_subprocess_exec(
                *command("ticking", os.getpid()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env=ENVIRONMENT,
                cwd="/",
            )
            self._tell(self._process)

    def _tell(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(RuntimeError):  # by which uvloop tells that the child has just ended
            cast(asyncio.StreamWriter, process.stdin).write(ON if self._wanted else OFF)
