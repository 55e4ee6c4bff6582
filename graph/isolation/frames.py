"""The wire between parent and worker: a kind of one byte, a length of four, and the payload."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import sys

HEADER = struct.Struct(">cI")

READY = b"R"  # worker: JSON; it is open on its generation and says which guards are in force
QUERY = b"Q"  # parent: as ``pack_query`` makes it
WHOLE = b"W"  # worker: a short answer in one frame: STATE and all its data
HEAD = b"H"  # worker: STATE; before the first data
DATA = b"D"  # worker: a piece of the answer
END = b"E"  # worker: STATE; the answer is whole
ERROR = b"X"  # worker: JSON; kind of error and message; the answer, if begun, is not whole

# Of an answer: the first letter of its kind, whether the worker may be used again, and rows; these count at its end.
STATE = struct.Struct(">c?Q")
_QUERY = struct.Struct(">QI")

SETUP = b"S"  # parent to relay: JSON of whom to call, with which limits
LIMIT = b"L"  # relay: JSON; the query that met a limit of its calls, which one, and a message

LARGEST = 16 * 1024**2

WIDTH = 512 * 1024

_AT_ONCE = 64 * 1024


def pack_query(number: int, terms: bytes, query: str) -> bytes:
    """A query by its number, and the terms on which it is to be answered, in JSON."""
    return b"".join((_QUERY.pack(number, len(terms)), terms, query.encode("utf-8", "surrogatepass")))


def unpack_query(payload: bytes) -> tuple[int, bytes, str]:
    """Number, terms and text of a query."""
    number, length = _QUERY.unpack_from(payload)
    text = _QUERY.size + length
    return number, payload[_QUERY.size : text], payload[text:].decode("utf-8", "surrogatepass")


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
    """Read one frame, or None where the other side has closed; that side sends the next when this one is answered."""
    data = os.read(descriptor, _AT_ONCE)
    while len(data) < HEADER.size or len(data) < HEADER.size + HEADER.unpack_from(data)[1]:
        piece = os.read(descriptor, _AT_ONCE)
        if not piece:
            return None
        data += piece
    return data[:1], data[HEADER.size :]
