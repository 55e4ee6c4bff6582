"""The child process that wakes up on every core once a millisecond, which ends the turn of a long query there.

The kernel decides who goes next when somebody wakes up on a core, or else at its tick: 4 ms may pass meanwhile, and a
query of the lowest priority, too, comes to its turn now and then. Run as ``python -I -c`` by graph.isolation.ticks
with: the code's folder and the parent's process id. Standard input brings ON and OFF, and ends with the parent.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from graph.isolation import guards, priority

ON, OFF = b"1", b"0"

NAME = "edugraph-ticks"
"""By which an operator knows it and its children among other processes."""

_SECONDS_BETWEEN = 0.001


def main() -> None:
    """Tick while it is wanted, until the parent closes the pipe."""
    guards.be_called(NAME)
    _tie_to(int(sys.argv[2]))
    # A process for each core: threads of one would wait for one another.
    ready, tells = os.pipe()
    children = [_start(core, tells) for core in os.sched_getaffinity(0)]
    for _ in children:
        os.read(ready, 1)  # one that is stopped before it is tied to this process would outlive it
    while told := os.read(0, 64):
        wanted = told.endswith(ON)
        for child in children:
            os.kill(child, signal.SIGCONT if wanted else signal.SIGSTOP)


def _start(core: int, tells: int) -> int:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _tie_to(parent)
        os.write(tells, b".")
        os.close(0)
        os.sched_setaffinity(0, {core})
        priority.take_turns(0, priority.SHORT)
        while True:
            time.sleep(_SECONDS_BETWEEN)
    return child


def _tie_to(parent: int) -> None:
    guards.first(parent)
    guards.drop_root(parent)
