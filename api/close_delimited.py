"""Answers without a length to HTTP/1.0, which knows no chunks: they end with the connection.

Where such an answer is cut, the end of the connection must not look like its own end. So from its first byte on the
socket is set to leave by a reset, however it comes to be closed, be it that the process is killed; only an answer that
has left whole takes that back.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from starlette.types import Message, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for no time: what closes the socket resets the connection."""
_IN_ORDER = struct.pack("ii", 0, 0)


class Ending:
    """How the connection of one such answer ends."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._socket: socket.socket = transport.get_extra_info("socket")
        self._linger(_RESET)

    def in_order(self) -> None:
        """All has left: the connection may be closed as any other."""
        self._linger(_IN_ORDER)

    def _linger(self, how: bytes) -> None:
        with contextlib.suppress(OSError):  # the client is gone already
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, how)


def ends_with_connection(method: str, start: Message) -> bool:
    """Whether the answer that begins so to such a client is ended by the connection alone."""
    if method == "HEAD" or start["status"] in (204, 304):
        return False
    return all(name.lower() != b"content-length" for name, _ in start.get("headers", ()))


def unchunked(cycle: RequestResponseCycle, send: Send) -> Send:
    """``send`` for an answer of unknown length, whose bytes go out as they are."""
    cycle.chunked_encoding = False

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.body":
            cycle.expected_content_length = len(message.get("body", b""))  # uvicorn counts down to the end
        await send(message)

    return sent
