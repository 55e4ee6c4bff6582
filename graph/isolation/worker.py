"""The child process: opens one generation read-only, gives up what it does not need, and answers queries.

Run as ``python -I -c`` by graph.isolation.process with: the code's folder, the store, the memory limit in bytes, the
parent's process id, and the port of the relay for SERVICE (0 closes the network). Speaks frames on its standard input
and output. Its imports are few, for a fresh worker must answer at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from functools import lru_cache
from typing import Any

from graph.isolation import frames, guards
from graph.isolation.threads import Threads

# A worker that holds this much more than at its start is not used again.
GROWTH = 96 * 1024**2

# Bytes; shorter ones are those of most queries and are read once.
LONG_TERMS = 4096


def main() -> None:
    """Serve until the parent closes the pipe."""
    store_path, memory, parent, relay_port = sys.argv[2:]
    out = os.dup(1)
    os.dup2(2, 1)
    frames.widen(out)
    in_force = guards.first(int(parent))
    from pyoxigraph import Store

    from graph.isolation.answering import Refusal, answer

    in_force |= guards.fence(store_path, int(relay_port))
    store = Store.read_only(store_path)
    bool(store.query("ASK { ?s ?p ?o }"))

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

    threads = Threads(respond)
    in_force |= guards.last(store_path, int(memory), int(relay_port), int(parent), threads.start)
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


def command(python: str, home: str, store: str, memory: int, relay_port: int) -> list[str]:
    """The command line that runs this module from ``home`` as a child of the calling process."""
    start = "import sys; sys.path.insert(0, sys.argv[1]); from graph.isolation.worker import main; main()"
    return [python, "-I", "-c", start, home, store, str(memory), str(os.getpid()), str(relay_port)]
