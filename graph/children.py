"""Ends child processes of asyncio at once, and so that the loop still learns how each of them ended."""

from __future__ import annotations

import contextlib
import os
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
