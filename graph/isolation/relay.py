"""The child process through which alone a query's SERVICE reaches the endpoints that the settings list.

A worker may connect to this process's port and to nothing else. Its call names the query by its number and the endpoint
by its place in the list; the call is passed on to that endpoint and nowhere else: no redirect is followed, and time and
bytes are limited for each call. At a limit the parent is told, who ends the query; until then the worker gets no
further byte and no end, so that nothing cut can look whole, with SILENT or without.

Run as ``python -I -c`` by graph.isolation.calls with the number of a listening socket's descriptor and the parent's
process id; a SETUP frame on its standard input says the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import TypeVar

import h11
import httpx

from graph.isolation import frames, guards

MOST_AT_ONCE = 32
"""Calls that one query may have open at the same time; each holds two sockets here."""

PIECE = 64 * 1024

_T = TypeVar("_T")


@dataclass(frozen=True)
class Setup:
    """What the parent says: who may call, where to, and how much."""

    secret: str
    """The first step of every call's path: other users of this machine may not call."""
    endpoints: tuple[str, ...]
    seconds: float
    size: int


class AtLimit(Exception):
    """A call has met a limit; ``kind`` is ``time`` or ``size``."""

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class CallFailed(Exception):
    """The endpoint did not answer as it should; the message is for who asked."""


class Clock:
    """Counts the time for which an endpoint is waited for, and not the time that the worker takes to read."""

    def __init__(self, seconds: float, endpoint: str) -> None:
        self._left, self._seconds, self._endpoint = seconds, seconds, endpoint

    async def wait(self, what: Awaitable[_T]) -> _T:
        """The result, if it comes in time. Raises AtLimit."""
        begin = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                return await what
        except TimeoutError:
            message = f"SERVICE <{self._endpoint}> kept the query waiting for more than {self._seconds:g} seconds"
            raise AtLimit("time", message) from None
        finally:
            self._left = max(0.0, self._left - (time.monotonic() - begin))


class Relay:
    """Answers the workers' calls with what the endpoints answer."""

    def __init__(self, setup: Setup, out: int) -> None:
        self._setup, self._out = setup, out
        self._open: Counter[int] = Counter()
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            trust_env=False,
            timeout=None,  # noqa: S113 - each call has its Clock
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=8),
            headers={"user-agent": "edugraph", "accept-encoding": "identity"},
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection is one call; a worker that ends, ends its call."""
        worker = h11.Connection(h11.SERVER)
        try:
            request, body = await _read(worker, reader)
            call = asyncio.ensure_future(self._answer(worker, writer, request, body))
            gone = asyncio.ensure_future(reader.read(1))
            try:
                await asyncio.wait({call, gone}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (call, gone):
                    task.cancel()
                await asyncio.gather(call, gone, return_exceptions=True)
        except (h11.RemoteProtocolError, ConnectionError):
            pass  # no worker speaks so
        finally:
            writer.close()

    async def _answer(
        self, worker: h11.Connection, writer: asyncio.StreamWriter, request: h11.Request, body: bytes
    ) -> None:
        number, endpoint = self._meant(request)
        if endpoint is None:
            _refuse(worker, writer, "no such call")
            return
        self._open[number] += 1
        try:
            if self._open[number] > MOST_AT_ONCE:
                raise AtLimit("size", f"the query has more than {MOST_AT_ONCE} calls of SERVICE open at once")
            await self._pass_on(worker, writer, request, body, endpoint)
        except AtLimit as limit:
            told = {"query": number, "kind": limit.kind, "message": str(limit)}
            frames.send(self._out, frames.LIMIT, json.dumps(told).encode("ascii"))
            await asyncio.Event().wait()  # until the parent has ended the worker
        except (CallFailed, httpx.HTTPError, OSError) as error:
            if worker.our_state is h11.SEND_BODY:
                writer.transport.abort()  # seen as broken by the engine
            else:
                words = str(error) if isinstance(error, CallFailed) else f"cannot be reached: {error}"
                _refuse(worker, writer, f"SERVICE <{endpoint}> {words}")
                await writer.drain()
        finally:
            self._open[number] -= 1

    def _meant(self, request: h11.Request) -> tuple[int, str | None]:
        steps = request.target.decode("latin-1").split("/")
        if len(steps) != 4 or not secrets.compare_digest(steps[1].encode(), self._setup.secret.encode()):
            return 0, None
        try:
            return int(steps[2]), self._setup.endpoints[int(steps[3])]
        except (ValueError, IndexError):
            return 0, None

    async def _pass_on(
        self, worker: h11.Connection, writer: asyncio.StreamWriter, request: h11.Request, body: bytes, endpoint: str
    ) -> None:
        said = {name.decode(): value.decode("latin-1") for name, value in request.headers}
        headers: dict[str, str] = {name: said[name] for name in ("accept", "content-type") if name in said}
        clock, size = Clock(self._setup.seconds, endpoint), 0
        async with contextlib.AsyncExitStack() as held:
            call = self._client.stream("POST", endpoint, content=body, headers=headers)
            answer = await clock.wait(held.enter_async_context(call))
            _check(answer)
            media_type = answer.headers.get("content-type", "application/octet-stream")
            head = h11.Response(status_code=200, headers=[("content-type", media_type), *_LAST])
            writer.write(worker.send(head) or b"")
            pieces: AsyncIterator[bytes] = answer.aiter_raw(PIECE)
            while (piece := await clock.wait(anext(pieces, None))) is not None:
                size += len(piece)
                if size > self._setup.size:
                    raise AtLimit("size", f"SERVICE <{endpoint}> answered more than {self._setup.size} bytes")
                writer.write(worker.send(h11.Data(piece)) or b"")
                await writer.drain()
            writer.write(worker.send(h11.EndOfMessage()) or b"")
            await writer.drain()


_LAST = [("connection", "close")]


def _check(answer: httpx.Response) -> None:
    """Refuse what is no answer to be read as it stands. Raises CallFailed."""
    if answer.has_redirect_location:
        raise CallFailed(f"answered with a redirect (status {answer.status_code}), which is not followed")
    if answer.status_code != 200:
        raise CallFailed(f"answered with status {answer.status_code}")
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise CallFailed("answered in a content encoding that was not asked for")


def _refuse(worker: h11.Connection, writer: asyncio.StreamWriter, why: str) -> None:
    body = why.encode("utf-8", "replace")
    fields = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body))), *_LAST]
    for event in (h11.Response(status_code=502, headers=fields), h11.Data(body), h11.EndOfMessage()):
        writer.write(worker.send(event) or b"")


async def _read(worker: h11.Connection, reader: asyncio.StreamReader) -> tuple[h11.Request, bytes]:
    request, body = None, bytearray()
    while True:
        event = worker.next_event()
        if event is h11.NEED_DATA:
            worker.receive_data(await reader.read(PIECE))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, bytes(body)
        else:
            raise ConnectionError


def main() -> None:
    """Relay until the parent closes the pipe."""
    listener, parent = socket.socket(fileno=int(sys.argv[2])), int(sys.argv[3])
    out = os.dup(1)
    os.dup2(2, 1)
    told = frames.receive(0)
    if told is None:
        return
    setup = Setup(**json.loads(told[1]))
    in_force = guards.first(parent)
    relay = Relay(setup, out)
    in_force |= guards.fence_relay(setup.endpoints)
    in_force |= guards.drop_root(parent, guards.python_folders())
    frames.send(out, frames.READY, json.dumps({"guards": in_force}).encode("ascii"))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(relay, listener))


async def _run(relay: Relay, listener: socket.socket) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(0, ended.set)  # the parent sends no more: it can only have closed
    async with await asyncio.start_server(relay.serve, sock=listener):
        await ended.wait()
