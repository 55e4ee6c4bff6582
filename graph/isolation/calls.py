"""The parent's side of the relay: keeps one running, and ends the queries that meet a limit of their calls."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
from collections.abc import Callable
from typing import cast

from graph.children import kill
from graph.errors import QueryError, QueryTimeout, QueryTooLarge, WorkerLost
from graph.isolation import frames
from graph.isolation.starting import ENVIRONMENT, SECONDS_TO_START, command
from graph.settings import Settings

SECONDS_BETWEEN_STARTS = 1.0


class Calls:
    """The way out for SERVICE: one relay process, started again should it end; the port stays the same."""

    def __init__(self, settings: Settings, stop: Callable[[int, QueryError], object]) -> None:
        """``stop`` is told the number of a query that met a limit, and what to tell its client."""
        self._stop = stop
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._secret = secrets.token_urlsafe(24)
        self._setup = {
            "secret": self._secret,
            "endpoints": settings.service_endpoints,
            "seconds": settings.service_timeout,
            "size": settings.max_service_result,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """What stands before a query's number in the address of its calls."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/{self._secret}/"

    async def start(self) -> None:
        """Start the relay. Raises WorkerLost."""
        await self._launch()
        self._keeper = asyncio.create_task(self._keep(), name="relay")

    async def close(self) -> None:
        """End the relay and wait until it is gone."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._process is not None:
            kill(self._process)
            await self._process.communicate()
        self._listener.close()

    async def _launch(self) -> None:
        descriptor = self._listener.fileno()
        self._process = await asyncio.create_subprocess_exec(
            *command("relay", descriptor, os.getpid()),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(descriptor,), env=ENVIRONMENT, cwd="/",
        )  # fmt: skip
        setup = json.dumps(self._setup).encode("ascii")
        cast(asyncio.StreamWriter, self._process.stdin).write(frames.HEADER.pack(frames.SETUP, len(setup)) + setup)
        try:
            async with asyncio.timeout(SECONDS_TO_START):
                kind, _ = await self._receive(self._process)
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            raise WorkerLost("the relay for SERVICE did not start; try again later") from error
        if kind != frames.READY:
            raise WorkerLost(f"the relay for SERVICE began with {kind!r} instead of saying that it is ready")

    async def _keep(self) -> None:
        while True:
            try:
                kind, payload = await self._receive(cast(asyncio.subprocess.Process, self._process))
            except (asyncio.IncompleteReadError, ConnectionError):
                # It has ended. Calls wait in the listener, which is ours, until the next one takes them.
                await asyncio.sleep(SECONDS_BETWEEN_STARTS)
                with contextlib.suppress(WorkerLost, OSError):
                    await self._launch()
                continue
            if kind == frames.LIMIT:
                told = json.loads(payload)
                error = QueryTimeout if told["kind"] == "time" else QueryTooLarge
                self._stop(told["query"], error(told["message"]))

    @staticmethod
    async def _receive(process: asyncio.subprocess.Process) -> tuple[bytes, bytes]:
        stdout = cast(asyncio.StreamReader, process.stdout)
        kind, length = frames.HEADER.unpack(await stdout.readexactly(frames.HEADER.size))
        return kind, await stdout.readexactly(length)
