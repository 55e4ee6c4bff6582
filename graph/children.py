"""What holds for all child processes: how they are ended, at once and seen by the loop, and how they are bounded."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from typing import Protocol


class Child(Protocol):
    """What is known of a child process."""

    @property
    def pid(self) -> int:
        """Its process id."""

    @property
    def returncode(self) -> int | None:
        """How it ended; None where that has not been seen."""


def kill(process: Child) -> None:
    """End the process at once; safe to call again, and of one that is ending by itself.

    Not ``Process.kill``: before Python 3.13 that takes the end of a child that is just gone for itself (cpython
    gh-87744), and the loop, which waits for the same end, then warns on stderr and makes up the status 255.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def at_most(kind: int, wanted: int) -> int:
    """The bound of a resource that this process may set itself: its own where that is lower, else the one wanted."""
    _, hard = resource.getrlimit(kind)
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
