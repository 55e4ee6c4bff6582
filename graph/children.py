"""Ends child processes of asyncio at once, and so that the loop still learns how each of them ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal


def kill(process: asyncio.subprocess.Process) -> None:
    """End the process at once; safe to call again, and of one that is ending by itself.

    Not ``Process.kill``: before Python 3.13 that takes the end of a child that is just gone for itself (cpython
    gh-87744), and the loop, which waits for the same end, then warns on stderr and makes up the status 255.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
