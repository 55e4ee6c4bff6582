"""The child process: has one generation open, gives up what it does not need, and answers queries.

Run as ``python -I -c`` by graph.isolation.process with: the code's folder, the store, the memory limit in bytes, the
parent's process id, and the port of the relay for SERVICE (0 closes the network); or forked from a process that holds
the generation in memory (graph.isolation.fork_server). Speaks frames on its standard input and output. Its imports are
few, for a fresh worker must answer at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graph.isolation import frames, guards
from graph.isolation.threads import Threads

if TYPE_CHECKING:  # what it imports is imported behind the first guards
    from pyoxigraph import Store

# A worker that holds this much more than at its start is not used again.
GROWTH = 96 * 1024**2

NAME = "edugraph-query"
"""By which an operator knows a worker among other processes."""

# Bytes; shorter ones are those of most queries and are read once.
LONG_TERMS = 4096


def main() -> None:
    """Open the store in a fresh process and serve."""
    store_path, bounds = sys.argv[2], guards.Bounds(*map(int, sys.argv[3:]))
    out = os.dup(1)
    os.dup2(2, 1)
    guards.be_called(NAME)
    in_force = guards.first(bounds.parent)
    from pyoxigraph import Store

    import graph.isolation.answering  # noqa: F401 - while it can be read

    in_force |= guards.fence([store_path], bounds.relay_port)
    store = Store.read_only(store_path)
    bool(store.query("ASK { ?s ?p ?o }"))
    serve(store, store_path, out, bounds, in_force)


def serve(store: Store, path: str | None, out: int, bounds: guards.Bounds, in_force: dict[str, bool]) -> None:
    """Give up the rest, and answer until the parent closes the pipe; ``path`` is None where nothing is on disk.

    ``in_force`` are the guards so far. The calling thread answers only where it has opened the store: of a fork it
    would draw the same random numbers as that of any other.
    """
    from graph.isolation.answering import Refusal, answer

    def respond(payload: bytes) -> None:
        job = _job(payload)
        guards.allow_processor(job["seconds"])
        try:
            answer(store, job, out).end(lambda: _reusable(base))
        except Refusal as refusal:
            told = {"kind": refusal.kind, "message": str(refusal), "line": refusal.line, "column": refusal.column}
            frames.send(out, frames.ERROR, _json(told | {"again": _reusable(base)}))
        except MemoryError:
            frames.send(out, frames.ERROR, _json({"kind": "memory", "message": "", "again": False}))

    frames.widen(out)
    threads = Threads(respond, caller_answers=path is not None)
    in_force |= guards.last(path, bounds, threads.start)
    gc.freeze()  # what stands by now will stand: no look at it again
    base = guards.resident()
    frames.send(out, frames.READY, _json({"guards": in_force, "threads": threads.ids}))
    threads.serve()


def _job(payload: bytes) -> dict[str, Any]:
    number, terms, query = frames.unpack_query(payload)
    read = _read_terms(terms) if len(terms) < LONG_TERMS else json.loads(terms)
    return read | {"query": query, "relay": f"{read['relay']}{number}/"}


@lru_cache(maxsize=16)
def _read_terms(terms: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(terms)
    return read


def _reusable(base: int) -> bool:
    return guards.resident() - base < GROWTH


def _json(value: object) -> bytes:
    return json.dumps(value).encode("ascii")
