"""Files that were made for one client and are kept for the next: each is written once, whoever asks meanwhile waits."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import IO

import anyio.to_thread

PIECE = 1 << 16
MOST_FILES = 64
MOST_BYTES = 2 * 1024**3
AT_ONCE = 2
"""Files that are written at the same time; lookups need the other threads."""


class KeptFile:
    """A file without a name, which goes when nobody reads it and nobody keeps it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = os.fstat(file.fileno()).st_size
        weakref.finalize(self, file.close)

    def pieces(self, part: range) -> Iterator[bytes]:
        """The bytes of a part, piece by piece; any number of readers may read at once."""
        at = part.start
        while at < part.stop:
            piece = os.pread(self._file.fileno(), min(PIECE, part.stop - at), at)
            if not piece:
                raise OSError("the file is shorter than it was")
            at += len(piece)
            yield piece


class KeptFiles:
    """The files at hand, the least recently used given up first."""

    def __init__(self, most_files: int = MOST_FILES, most_bytes: int = MOST_BYTES) -> None:
        self._files: OrderedDict[Hashable, asyncio.Task[KeptFile]] = OrderedDict()
        self._most = (most_files, most_bytes)
        self.hits = self.misses = 0
        """How often a file was there already, and how often it had to be made."""
        self._limiter: anyio.CapacityLimiter | None = None

    def __len__(self) -> int:
        """Files at hand, those included that are being made."""
        return len(self._files)

    async def get(self, key: Hashable, make: Callable[[], KeptFile]) -> KeptFile:
        """The file for a key, made in a thread if it is not there. Raises what ``make`` raises."""
        task = self._files.get(key)
        if task is None or _failed(task):
            task = self._files[key] = asyncio.create_task(self._make(make))
            self.misses += 1
        else:
            self.hits += 1
        self._files.move_to_end(key)
        # A client that hangs up does not take the file from those who wait with it.
        file = await asyncio.shield(task)
        self._give_up()
        return file

    async def _make(self, make: Callable[[], KeptFile]) -> KeptFile:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(AT_ONCE)
        return await anyio.to_thread.run_sync(make, limiter=self._limiter)

    def _give_up(self) -> None:
        for key in [key for key, task in self._files.items() if _failed(task)]:
            del self._files[key]
        done = [(key, task.result().size) for key, task in self._files.items() if task.done()]
        files, total = len(done), sum(size for _, size in done)
        for key, size in done[:-1]:
            if files <= self._most[0] and total <= self._most[1]:
                return
            del self._files[key]
            files, total = files - 1, total - size


def _failed(task: asyncio.Task[KeptFile]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def written(write: Callable[[IO[bytes]], object]) -> KeptFile:
    """A new file with what ``write`` puts into it."""
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the last reader is gone
    except FileNotFoundError as error:  # as Python tells that no folder for such files can be written
        raise OSError(errno.EROFS, str(error)) from error
    try:
        write(file)
        file.flush()
    except BaseException:
        file.close()
        raise
    return KeptFile(file)
