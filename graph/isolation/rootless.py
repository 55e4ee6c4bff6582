"""A child process that root started goes on as nobody: no user, no group and no capability of the service's is left.

Root is exempt from the limit on processes, and may read and change what it pleases; nobody (65534, for user and group)
is neither. What the process has open stays open. What it must still open is looked at first, as nobody: where that
cannot be read, one capability stays, to read files (what Landlock leaves of them); it is told apart. Where root has
not even that one, as in some containers, the process stays root without capabilities.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable

NOBODY = 65534
"""User and group without a right of their own, on Linux by the kernel's own word (overflowuid)."""

_KEEP_CAPABILITIES = 8
_CAPABILITIES_VERSION = 0x20080522
_READ_ANY_FILE = 1 << 2  # CAP_DAC_READ_SEARCH


class _Whose(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("thread", ctypes.c_int)]


def leave_root(still_read: Iterable[str]) -> dict[str, bool]:
    """Go on as nobody, if this is root: whether this process is not root, and whether it has no capability."""
    kept = 0
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a container that has no nobody, or without the right to become it
            os.setgroups([])
            kept = 0 if _as_nobody(still_read) else _READ_ANY_FILE
            if kept and not _permitted() & kept:
                return {"no_root": False, "no_capabilities": keep_capabilities(0)}
            if kept:
                _system().prctl(_KEEP_CAPABILITIES, 1, 0, 0, 0)
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)  # with the last user id that is root's, the capabilities go
    without = keep_capabilities(kept)
    return {"no_root": os.getuid() != 0, "no_capabilities": without and not kept}


def keep_capabilities(kept: int = 0) -> bool:
    """Give up all capabilities of this thread, and of those that it starts, but these; whether the system did so."""
    if sys.platform != "linux":
        return False
    words = (ctypes.c_uint32 * 6)(kept, kept)  # effective, permitted, inheritable; the upper half is empty
    return not _system().capset(ctypes.byref(_Whose(_CAPABILITIES_VERSION, 0)), words)


def _permitted() -> int:
    """The capabilities that this thread may use, of the first 32."""
    words = (ctypes.c_uint32 * 6)()
    if sys.platform == "linux":
        _system().capget(ctypes.byref(_Whose(_CAPABILITIES_VERSION, 0)), words)
    return words[1]


def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _as_nobody(still_read: Iterable[str]) -> bool:
    """Whether nobody may read all this; the real user stays root, who can take the effective one back."""
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        return all(map(_readable, still_read))
    finally:
        os.seteuid(0)
        os.setegid(0)


def _readable(path: str) -> bool:
    """Whether the file can be opened, or the folder listed and the first file in it opened."""
    try:
        if os.path.isdir(path):
            files = (entry.path for entry in os.scandir(path) if entry.is_file())
            path = next(files, os.devnull)
        os.close(os.open(path, os.O_RDONLY))
    except OSError:
        return False
    return True
