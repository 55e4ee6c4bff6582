"""The child process that holds a small generation in memory, and forks a worker of itself whenever the parent asks.

Run as ``python -I -c`` by graph.isolation.forks with: the code's folder, the generation, the memory limit in bytes, the
parent's process id, and the port of the relay for SERVICE. Standard input is a socket: READY comes when all is loaded,
then each ASKED brings the descriptors that become the worker's standard input, output and error, and is answered with
the worker's process id. No query comes here: what a worker does to its memory, it does to a copy.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from graph.isolation import guards
from graph.isolation.guards import Bounds
from graph.isolation.worker import NAME, serve

if TYPE_CHECKING:  # what it imports is imported behind the first guards
    from pyoxigraph import Store

READY, ASKED = b"R", b"A"
ENDS = 3
PID = struct.Struct("=i")

_SECONDS_TO_BE_LEFT = 5.0


def main() -> None:
    """Load, and fork until the parent closes the socket."""
    folder, bounds = sys.argv[2], Bounds(*map(int, sys.argv[3:]))
    control = socket.socket(fileno=os.dup(0))
    guards.be_called("edugraph-memory")
    in_force = guards.first(bounds.parent)
    store = _load(Path(folder))
    guards.learn_fence()
    gc.collect()
    gc.freeze()  # a fork that looks through what stands would copy it
    control.send(READY)
    while True:
        asked, ends, _, _ = socket.recv_fds(control, 1, ENDS)
        if not asked:
            os._exit(0)
        _fork(control, ends, store, bounds, in_force)
        for end in ends:
            os.close(end)


def _load(generation: Path) -> Store:
    from pyoxigraph import NamedNode, RdfFormat, Store

    import graph.isolation.answering  # noqa: F401 - once for all forks

    store = Store()
    # The bulk loader leaves no thread behind, without which a fork would not be whole.
    store.bulk_load(path=str(generation / "edugraph.nq"), format=RdfFormat.N_QUADS)
    for iri in json.loads((generation / "manifest.json").read_bytes()).get("empty_graphs", ()):
        store.add_graph(NamedNode(iri))
    return store


def _fork(control: socket.socket, ends: list[int], store: Store, bounds: Bounds, in_force: dict[str, bool]) -> None:
    """Make a worker, and leave it to the nearest process that takes orphans in: the parent.

    The process between tells its id, so that it is told although this one may be killed meanwhile.
    """
    between = os.fork()
    if between == 0:
        worker = os.fork()
        if worker:
            control.send(PID.pack(worker))
            os._exit(0)
        control.close()
        _become_worker(ends, store, bounds, in_force)
    os.waitpid(between, 0)


def _become_worker(ends: list[int], store: Store, bounds: Bounds, in_force: dict[str, bool]) -> None:
    guards.be_called(NAME)
    taken, out, words = ends
    os.dup2(taken, 0)
    os.dup2(words, 2)
    os.dup2(2, 1)
    for end in (taken, words):
        os.close(end)
    give_up = time.monotonic() + _SECONDS_TO_BE_LEFT
    while os.getppid() != bounds.parent and time.monotonic() < give_up:
        time.sleep(0.0002)
    guards.tie_fork_to(bounds.parent)
    serve(store, None, out, bounds, in_force | guards.fence((), bounds.relay_port))
    os._exit(0)
