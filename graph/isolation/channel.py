"""The parent's ends of a worker's two pipes: frames go in at once, and come out as soon as they are whole.

It reads and writes the descriptors itself: asyncio's streams take four times as long for a short answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections import deque

from graph.isolation import frames

MOST_WAITING = 512 * 1024
"""Bytes of an answer that wait here for their reader; beyond it the worker waits."""

# One place to read into for all channels: what was read is taken out before anybody else can read.
_PLACE = memoryview(bytearray(frames.WIDTH))


class Channel:
    """Two pipes of one event loop; ``worker_ends`` go to the child."""

    def __init__(self) -> None:
        child_in, self._in = os.pipe()
        self._out, child_out = os.pipe()
        self.worker_ends = child_in, child_out
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._loop = asyncio.get_running_loop()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._waiting = 0
        self._part, self._whole = bytearray(), 0
        self._unsent = b""
        self._reader: asyncio.Future[None] | None = None
        self._reading = self._closed = False
        self.ended = False
        """Whether the worker has closed its end, so that nothing more will come."""
        self._read_on()

    def release_worker_ends(self) -> None:
        """Close the child's ends in this process, or its end would never be seen here."""
        for end in self.worker_ends:
            os.close(end)
        self.worker_ends = ()  # type: ignore[assignment]

    def send(self, kind: bytes, payload: bytes) -> None:
        """Give the worker a frame; what does not fit into the pipe goes as it empties. Raises ConnectionError."""
        data = frames.HEADER.pack(kind, len(payload)) + payload
        try:
            sent = os.write(self._in, data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise ConnectionError(str(error)) from error
        if sent < len(data):
            self._unsent = data[sent:]
            self._loop.add_writer(self._in, self._writable)

    async def receive(self) -> tuple[bytes, bytes]:
        """The worker's next frame. Raises ConnectionError where there is none."""
        while not self._frames:
            if self.ended:
                raise ConnectionError("the worker has closed its pipe")
            self._reader = self._loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        frame = self._frames.popleft()
        self._waiting -= len(frame[1])
        if not self._reading and self._waiting <= MOST_WAITING:
            self._read_on()
        return frame

    def close(self) -> None:
        """Let go of the pipes; safe to call again."""
        if not self._closed:
            self._end()
            self._closed = True
            self._loop.remove_writer(self._in)
            for end in (self._in, self._out, *self.worker_ends):
                os.close(end)

    def _read_on(self) -> None:
        if not self.ended:
            self._reading = True
            self._loop.add_reader(self._out, self._readable)

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._out)

    def _readable(self) -> None:
        try:
            size = os.readv(self._out, [_PLACE])
        except BlockingIOError:
            return
        except OSError:
            size = 0
        if size == 0:
            self._end()
        else:
            self._take(_PLACE[:size])
            if self._waiting > MOST_WAITING:
                self._stop_reading()
        if self._reader is not None and (self._frames or self.ended) and not self._reader.done():
            self._reader.set_result(None)

    def _take(self, data: memoryview) -> None:
        """Cut what came into frames, and keep the part of one at its end."""
        if self._part:
            self._part += data
            if len(self._part) < self._whole:
                return
            data = memoryview(bytes(self._part))
            self._part.clear()
        begin, self._whole = 0, frames.HEADER.size
        while len(data) - begin >= frames.HEADER.size:
            kind, length = frames.HEADER.unpack_from(data, begin)
            if length > frames.LARGEST:
                self._end()
                return
            end = begin + frames.HEADER.size + length
            if end > len(data):
                self._whole = end - begin
                break
            self._frames.append((kind, bytes(data[begin + frames.HEADER.size : end])))
            self._waiting += length
            begin = end
        self._part += data[begin:]

    def _end(self) -> None:
        self._stop_reading()
        self.ended = True

    def _writable(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            return
        except OSError:
            self._unsent = b""  # it has ended, as its other pipe tells
        if not self._unsent:
            with contextlib.suppress(OSError):
                self._loop.remove_writer(self._in)
