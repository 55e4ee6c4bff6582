"""The parent's side of a generation held in memory: starts the process that holds it, and has it fork workers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections import deque
from pathlib import Path
from typing import cast

from graph.children import kill
from graph.errors import WorkerLost
from graph.isolation import fork_server, priority
from graph.isolation.channel import Channel
from graph.isolation.guards import Bounds
from graph.isolation.starting import ENVIRONMENT, SECONDS_TO_START, command, did_not_start
from graph.publish.generation import Generation

SECONDS_TO_LEAVE = 1.0
"""For how long it may go on with what it does when it is asked to end."""
LOOKS, SECONDS_BETWEEN_LOOKS = 6, 0.2


class Forked:
    """A process that another one has forked and left to this one: what is used of ``asyncio.subprocess.Process``."""

    def __init__(self, pid: int, stderr: asyncio.StreamReader) -> None:
        self.pid, self.stderr = pid, stderr
        self.returncode: int | None = None
        """As of any child: negative where a signal ended it; None while it runs."""
        self._end = os.pidfd_open(pid)
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._end, self._reap)

    async def wait(self) -> int:
        """Wait for its end."""
        await self._ended.wait()
        return cast(int, self.returncode)

    def _reap(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._end)
        try:
            _, status = os.waitpid(self.pid, 0)
        except ChildProcessError:  # it has ended before it was left to this process
            loop.call_later(0.01, self._reap)
            return
        os.close(self._end)
        self.returncode = os.waitstatus_to_exitcode(status)
        self._ended.set()


class ForkServer:
    """One process that holds one generation; workers that it has forked outlive it."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process, self._control = process, control
        self._asked: deque[tuple[asyncio.Future[Forked], asyncio.StreamReader]] = deque()
        self._ended = False

    @classmethod
    async def start(cls, generation: Generation, bounds: Bounds) -> ForkServer:
        """One that has loaded the generation. Raises WorkerLost."""
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.setblocking(False)
        try:
            process = await asyncio.create_subprocess_exec(
                *command("fork_server", generation.path, *bounds),
                stdin=theirs.fileno(),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env=ENVIRONMENT,
                cwd="/",
            )
        except BaseException as error:
            control.close()
            if isinstance(error, OSError):
                raise WorkerLost(f"a worker did not start: {error.strerror}; try again later") from error
            raise
        finally:
            theirs.close()
        priority.take_turns(process.pid, priority.LONG)  # as a spare worker: nobody waits for it as for an answer
        server = cls(process, control)
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                ready = await asyncio.get_running_loop().sock_recv(control, 1)
        except BaseException as error:
            words = await server.close()
            if isinstance(error, TimeoutError | OSError):
                raise did_not_start(words) from error
            raise
        if ready != fork_server.READY:
            raise did_not_start(await server.close())
        asyncio.get_running_loop().add_reader(control, server._told)
        return server

    @property
    def alive(self) -> bool:
        """Whether it can fork, as far as is known."""
        return self._process.returncode is None and not self._ended

    async def fork(self, channel: Channel) -> Forked:
        """A worker at the other ends of a channel. Raises OSError, TimeoutError."""
        if not self.alive:
            raise ConnectionResetError(errno.ECONNRESET, "the process that holds the generation has ended")
        stderr, words = await _read_end()
        asked: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
        try:
            socket.send_fds(self._control, [fork_server.ASKED], [*channel.worker_ends, words])
            self._asked.append((asked, stderr))
        finally:
            os.close(words)
        async with asyncio.timeout(SECONDS_TO_START):
            return await asked

    async def close(self) -> str:
        """End it, and wait until it is gone; its workers go on. What it wrote last."""
        asyncio.get_running_loop().remove_reader(self._control)
        with contextlib.suppress(OSError):  # it has ended
            self._control.shutdown(socket.SHUT_WR)
        try:
            async with asyncio.timeout(SECONDS_TO_LEAVE):
                await self._process.wait()
        except TimeoutError:
            kill(self._process)
            await self._process.wait()
        words = await cast(asyncio.StreamReader, self._process.stderr).read()
        while self._told():  # of those that nobody has taken, too, the end must be seen
            pass
        self._end()
        self._control.close()
        return words.decode("utf-8", "replace")

    def _told(self) -> bool:
        """Whether there was something to read: a worker's id, which is given to whoever asked for it."""
        try:
            told = self._control.recv(fork_server.PID.size)
        except BlockingIOError:
            return False
        except OSError:
            told = b""
        if len(told) < fork_server.PID.size:  # it has ended, or is ready when nobody waits for that any more
            self._end()
            return False
        (pid,) = fork_server.PID.unpack(told)
        asked, stderr = self._asked.popleft()
        worker = Forked(pid, stderr)  # here, for whoever asked may be gone, and its end must be seen all the same
        if asked.done():
            kill(worker)
        else:
            asked.set_result(worker)
        return True

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            asyncio.get_running_loop().remove_reader(self._control)
            for asked, _ in self._asked:
                if not asked.done():
                    asked.set_exception(ConnectionResetError(errno.ECONNRESET, "it has ended"))


async def bury_orphans() -> None:
    """Wait for what a process that was killed has left to this one, such as half of a fork.

    Whoever started a child sees its end at once, so a child that has ended and is there at the next look is nobody's.
    """
    before: set[int] = set()
    for _ in range(LOOKS):
        ended = {child for child in _children() if _has_ended(child)}
        for child in ended & before:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)
        before = ended
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has ended, a system that does not tell
            found += map(int, (task / "children").read_text("ascii").split())
    return found


def _has_ended(child: int) -> bool:
    try:
        return Path(f"/proc/{child}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


async def _read_end() -> tuple[asyncio.StreamReader, int]:
    """The end of a new pipe at which this process reads, and the other."""
    out, into = os.pipe()
    stream = asyncio.StreamReader()
    try:
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(out, "rb", buffering=0)
        )
    except BaseException:
        os.close(into)
        raise
    return stream, into
