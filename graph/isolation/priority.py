"""Which process goes first on a processor: the service and young queries before those that have run for a while.

Linux lets a process that others wait for run on until the next tick, 4 ms on most systems, unless the one that wakes up
asks for shorter turns (``sched_runtime`` of sched_setattr, from Linux 6.12 on) or has a higher priority. An
unprivileged process may lengthen and shorten turns, but a priority that it has lowered stays low. Threads have turns
and priorities of their own, and the functions here take the number of one; 0 is the calling thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys

USUAL, SHORT, LONG = 0, 100_000, 4_000_000
"""Nanoseconds of a turn; 0 is what the system gives to all, less than LONG. One of many ticks could hold others up."""

_ATTRIBUTES = struct.Struct("=IIQiIQQQII")  # size, policy, flags, nice, priority, runtime, deadline, period, clamps
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}.get(platform.machine(), 0) if sys.platform == "linux" else 0
_libc = ctypes.CDLL(None)


def take_turns(thread: int, nanoseconds: int) -> None:
    """Give a thread of usual priority turns of another length, where the system knows such."""
    if _SCHED_SETATTR:
        with contextlib.suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, thread)
            told = _ATTRIBUTES.pack(_ATTRIBUTES.size, 0, 0, nice, 0, nanoseconds, 0, 0, 0, 0)
            _libc.syscall(_SCHED_SETATTR, thread, told, 0)


def go_behind(thread: int) -> None:
    """Leave a thread a tenth of a processor on which others of usual priority are busy."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, 10)


def go_last(thread: int) -> None:
    """Leave a thread what others do not want."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, 19)
        if sys.platform == "linux":
            os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))


def is_low() -> bool:
    """Whether the calling thread's priority was lowered."""
    return os.getpriority(os.PRIO_PROCESS, 0) > _AT_START


_AT_START = os.getpriority(os.PRIO_PROCESS, 0)
