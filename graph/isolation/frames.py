"""The wire between parent and worker: a kind of one byte, a length of four, and the payload."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import sys

HEADER = struct.Struct(">cI")

READY = b"R"  # worker: JSON; it is open on its generation and says which guards are in force
QUERY = b"Q"  # parent: JSON of a job
WHOLE = b"W"  # worker: a short answer in one frame: the JSON of HEAD and END, a line feed, and all its data
HEAD = b"H"  # worker: JSON; kind and media type, before the first data
DATA = b"D"  # worker: a piece of the answer
END = b"E"  # worker: JSON; the answer is whole; rows, and whether the worker may be used again
ERROR = b"X"  # worker: JSON; kind of error and message; the answer, if begun, is not whole

SETUP = b"S"  # parent to relay: JSON of whom to call, with which limits
LIMIT = b"L"  # relay: JSON; the query that met a limit of its calls, which one, and a message

LARGEST = 16 * 1024**2

WIDTH = 512 * 1024


def send(descriptor: int, kind: bytes, payload: bytes | bytearray) -> None:
    """Write one frame, blocking until the other side has taken it."""
    send_together(descriptor, (kind, payload))


def send_together(descriptor: int, *frames: tuple[bytes, bytes | bytearray]) -> None:
    """Write frames at once, so that the other side wakes up once for all of them."""
    parts = [part for kind, payload in frames for part in (HEADER.pack(kind, len(payload)), payload)]
    sent = os.writev(descriptor, parts)
    if sent < sum(map(len, parts)):  # a signal came in between
        view = memoryview(b"".join(parts))[sent:]
        while view:
            view = view[os.write(descriptor, view) :]


def widen(pipe: int) -> None:
    """Let a pipe hold WIDTH bytes, where the system can, so that its writer need not wait for its reader."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, WIDTH)


def receive(descriptor: int) -> tuple[bytes, bytes] | None:
    """Read one frame, or None where the other side has closed."""
    header = _exactly(descriptor, HEADER.size)
    if header is None:
        return None
    kind, length = HEADER.unpack(header)
    payload = _exactly(descriptor, length)
    return None if payload is None else (kind, payload)


def _exactly(descriptor: int, length: int) -> bytes | None:
    pieces = bytearray()
    while len(pieces) < length:
        piece = os.read(descriptor, min(length - len(pieces), 1 << 20))
        if not piece:
            return None
        pieces += piece
    return bytes(pieces)
