"""The transport of one answer: its head waits for the first bytes of its body, so that both leave together.

uvicorn writes them one after the other, and each write wakes the client up.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class Departure:
    """What uvicorn's cycle uses of a transport; a head without a body leaves when the loop comes round."""

    __slots__ = ("_cycle", "_head", "_loop", "_to_come", "_transport")

    def __init__(self, cycle: RequestResponseCycle, loop: asyncio.AbstractEventLoop) -> None:
        self._cycle, self._transport, self._loop = cycle, cycle.transport, loop
        self._head, self._to_come = b"", True

    def write(self, data: bytes) -> None:
        """Take the head, or bytes of the body."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.writelines((head, data))
        elif self._to_come and self._cycle.response_started:  # before it there may be a 100 Continue
            self._head, self._to_come = data, False
            self._loop.call_soon(self._leave)
        else:
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection once everything has left."""
        self._leave()
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether the connection is closing."""
        return self._transport.is_closing()

    def _leave(self) -> None:
        if self._head:
            self.write(b"")
