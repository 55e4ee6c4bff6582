"""The parent's side of checking a posted file: a child process for each, one at a time, killed at its limits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from typing import cast

from graph.errors import CheckBusy, CheckLost, CheckTimeout, CheckTooLarge, NothingBuilt
from graph.isolation.checking import TOO_LARGE, Order, command
from graph.isolation.process import ENVIRONMENT, HOME
from graph.publish.generation import Generation
from graph.settings import Settings

WAITING = 4
"""Files that may wait for the one under way; the next is told to come back later."""
BUFFER = 256 * 1024
"""Bytes of a report that are read at a time."""
LARGEST = 16 * 1024**2
"""Bytes that a report may have; the parent holds it whole."""

logger = logging.getLogger("edugraph.validation")


class Checker:
    """Checks posted files, each in a process of its own; nothing of a file is kept."""

    def __init__(self, settings: Settings) -> None:
        self._memory, self._seconds = settings.query_memory, settings.validate_timeout
        self._turn = asyncio.Semaphore(1)
        self._present = 0

    async def check(self, data: bytes, order: Order, generation: Generation) -> bytes:
        """The report. Raises CheckBusy, CheckTimeout, CheckTooLarge, CheckLost; cancelling ends the check."""
        if not generation.checks.is_file():
            raise NothingBuilt("the published generation holds no checks; run 'edugraph build' again")
        if self._present > WAITING:
            retry_after = max(1, round(self._seconds))
            raise CheckBusy("too many files wait to be checked; try again later", retry_after=retry_after)
        self._present += 1
        try:
            async with self._turn:
                return await self._run(data, order, generation)
        finally:
            self._present -= 1

    async def _run(self, data: bytes, order: Order, generation: Generation) -> bytes:
        process = await self._start(order, generation)
        try:
            async with asyncio.timeout(self._seconds):
                report, words = await asyncio.gather(self._talk(process, data), _last_words(process))
                await process.wait()
        except TimeoutError:
            message = f"the check was stopped after {self._seconds:g} seconds; send the file in smaller parts"
            raise CheckTimeout(message) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
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
        with contextlib.suppress(ConnectionError):  # it has ended early: its status says why
            stdin.write(data)
            await stdin.drain()
        stdin.close()
        report = bytearray()
        while piece := await stdout.read(BUFFER):
            report += piece
            if len(report) > LARGEST:
                process.kill()
                raise CheckTooLarge(f"the report has more than {LARGEST} bytes; send the file in smaller parts")
        return bytes(report)

    def _lost(self, status: int | None, words: str) -> CheckTooLarge | CheckTimeout | CheckLost:
        """What the end of a child without a report means."""
        if status == TOO_LARGE or "memory allocation of" in words or "MemoryError" in words:
            return CheckTooLarge(f"the check needed more than {self._memory // 1024**2} MiB of memory and was stopped")
        if status == -signal.SIGXCPU:
            return CheckTimeout(f"the check was stopped after {self._seconds:g} seconds of processor time")
        if status == -signal.SIGSEGV or "overflowed its stack" in words:
            return CheckTooLarge("the file is nested too deeply to be checked; nest less")
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
