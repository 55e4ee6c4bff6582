"""The parent's side of checking a posted file: a child process for each, one at a time, killed at its limits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from graph.children import kill
from graph.errors import (
    CheckBusy,
    CheckLost,
    CheckStopped,
    CheckTimeout,
    CheckTooDeep,
    CheckTooLarge,
    NothingBuilt,
    PoolBusy,
)
from graph.isolation.checking import TOO_LARGE, Order, command
from graph.isolation.fairness import Gate
from graph.isolation.starting import ENVIRONMENT, HOME
from graph.publish.generation import Generation
from graph.settings import Settings
from graph.told import told, unfilled

WAITING = 4
"""Files that may wait for the one under way, half of them of one client; the next is told to come back later."""
BUFFER = 256 * 1024
"""Bytes of a report that are read at a time."""
LARGEST = 16 * 1024**2
"""Bytes that a report may have; the parent holds it whole."""

logger = logging.getLogger("edugraph.validation")
BUSY = told("too many files wait to be checked; try again later")
STOPPED = unfilled("the check was stopped after %(seconds)s seconds; send the file in smaller parts")


@dataclass
class _Sent:
    """A posted file, as the gate knows it: once begun, it runs to its end."""

    client: str
    begun: bool = True

    def step_aside(self) -> None:
        """Nothing: no other check runs beside it."""

    def step_back(self) -> None:
        """Nothing either."""

    def go_last(self) -> None:
        """Nothing either."""

    def give_way(self) -> None:
        """Nothing: its time limit is what ends it."""


class Checker:
    """Checks posted files, each in a process of its own; nothing of a file is kept."""

    def __init__(self, settings: Settings, took: Callable[[float], None] = lambda _: None) -> None:
        """``took`` is told the seconds of each check that ran."""
        self._memory, self._seconds = settings.query_memory, settings.validate_timeout
        self._gate = Gate(slots=1, long_slots=0, queue=WAITING)
        self._took = took
        self.ended: Counter[str] = Counter()
        """How many checks ended, by outcome: ``done``, the name of the error, or ``abandoned`` by their client."""

    @property
    def running(self) -> int:
        """Checks under way."""
        return len(self._gate.places)

    @property
    def queued(self) -> int:
        """Files that wait."""
        return self._gate.queued

    async def check(self, data: bytes, order: Order, generation: Generation, client: str) -> bytes:
        """The report. Raises CheckStopped; cancelling ends the check."""
        if not generation.checks.is_file():
            raise NothingBuilt("the published generation holds no checks; run 'edugraph build' again")
        outcome = "abandoned"
        try:
            report = await self._in_turn(data, order, generation, client)
            outcome = "done"
        except CheckStopped as error:
            outcome = type(error).__name__
            raise
        finally:
            self.ended[outcome] += 1
        return report

    async def _in_turn(self, data: bytes, order: Order, generation: Generation, client: str) -> bytes:
        sent = _Sent(client)
        try:
            turn = self._gate.line_up(sent)
        except PoolBusy:
            retry_after = max(1, round(self._seconds))
            raise CheckBusy(BUSY, retry_after=retry_after) from None
        try:
            await turn
            begin = time.monotonic()
            try:
                return await self._run(data, order, generation)
            finally:
                self._took(time.monotonic() - begin)
        finally:
            self._gate.withdraw(turn, sent)

    async def _run(self, data: bytes, order: Order, generation: Generation) -> bytes:
        process = await self._start(order, generation)
        try:
            async with asyncio.timeout(self._seconds):
                report, words = await asyncio.gather(self._talk(process, data), _last_words(process))
                await process.wait()
        except TimeoutError:
            raise CheckTimeout(told(STOPPED, seconds=f"{self._seconds:g}")) from None
        finally:
            kill(process)
            await asyncio.shield(_gone(process))
        if process.returncode != 0:
            raise self._lost(process.returncode, words)
        return report

    async def _start(self, order: Order, generation: Generation) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        arguments = command(sys.executable, HOME, str(generation.path), self._memory, self._seconds, order)
        try:
            return await asyncio.create_subprocess_exec(
                *arguments, stdin=pipe, stdout=pipe, stderr=pipe, limit=BUFFER, env=ENVIRONMENT, cwd="/"
            )
        except OSError as error:
            raise CheckLost(f"the check did not start: {error.strerror}; try again later") from error

    async def _talk(self, process: asyncio.subprocess.Process, data: bytes) -> bytes:
        """Give the file, take the report: the child reads all before it writes."""
        stdin, stdout = cast(asyncio.StreamWriter, process.stdin), cast(asyncio.StreamReader, process.stdout)
        # It has ended early: its status says why. uvloop tells of a pipe that it has closed by a RuntimeError.
        with contextlib.suppress(ConnectionError, RuntimeError):
            stdin.write(data)
            await stdin.drain()
        stdin.close()
        report = bytearray()
        while piece := await stdout.read(BUFFER):
            report += piece
            if len(report) > LARGEST:
                kill(process)
                raise CheckTooLarge(f"the report has more than {LARGEST} bytes; send the file in smaller parts")
        return bytes(report)

    def _lost(self, status: int | None, words: str) -> CheckStopped:
        """What the end of a child without a report means."""
        if status == TOO_LARGE or "memory allocation of" in words or "MemoryError" in words:
            return CheckTooLarge(f"the check needed more than {self._memory // 1024**2} MiB of memory and was stopped")
        if status == -signal.SIGXCPU:
            return CheckTimeout(f"the check was stopped after {self._seconds:g} seconds of processor time")
        if status == -signal.SIGSEGV or "overflowed its stack" in words:
            return CheckTooDeep("the file is nested too deeply to be read; nest less")
        logger.error("a check ended with status %s: %s", status, words.strip()[-500:] or "no word")
        return CheckLost(f"the check's process ended before its report (status {status}); try again")


async def _last_words(process: asyncio.subprocess.Process) -> str:
    stderr = cast(asyncio.StreamReader, process.stderr)
    words = b""
    while piece := await stderr.read(4096):
        words = (words + piece)[-8192:]
    return words.decode("utf-8", "replace")


async def _gone(process: asyncio.subprocess.Process) -> None:
    """Wait until a killed process has ended; what still stands in its pipes is dropped."""
    for stream in (process.stdout, process.stderr):
        while stream is not None and not stream.at_eof():
            try:
                await stream.read(BUFFER)
            except RuntimeError:  # its reader has yet to hear of the end
                await asyncio.sleep(0.01)
    await process.wait()
