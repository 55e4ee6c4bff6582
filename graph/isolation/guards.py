"""What a worker gives up before it sees a query; each guard says whether it is in force on this system."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from graph.children import at_most
from graph.isolation.rootless import keep_capabilities, leave_root

# RocksDB opens this many tables when it opens a store (kInitialLoadLimit); it must be able to open the others later.
MOST_OPEN_TABLES = 16

_PDEATHSIG, _DUMPABLE, _NAME, _NO_NEW_PRIVILEGES = 1, 4, 15, 38

# What resolving a name and checking a certificate reads.
_DNS = 53
_READ_FOR_CALLS = ("/etc", "/usr/share/ca-certificates", "/usr/lib", "/lib", "/dev/urandom", "/dev/null")


class Bounds(NamedTuple):
    """What holds for a worker: its memory in bytes, its parent's process id, and the relay's port (0 for none)."""

    memory: int
    parent: int
    relay_port: int


def be_called(name: str) -> None:
    """Be told apart by an operator who lists processes: a name of up to 15 letters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_NAME, name.encode("ascii"), 0, 0, 0)


def first(parent: int) -> dict[str, bool]:
    """Tie this process to its parent, and close files and core dumps to it."""
    # The parent hears what went wrong as EFBIG; the signal would end the worker without a word.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Signals to the whole group (Ctrl-C, a stop by the system) are the parent's to act on: it drains, then kills.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    linux = sys.platform == "linux"
    if linux:
        ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if os.geteuid() != 0:
        keep_capabilities(0)  # those that a service without root was given; root needs its own to become nobody
    _tie_to(parent)
    return {"no_file_growth": True, "no_core_dump": True, "dies_with_parent": linux, "no_new_privileges": linux}


def tie_fork_to(parent: int) -> None:
    """The same for a process that was forked and left to the parent: it is tied anew, and counts its own memory."""
    if (sizes := _open_sizes()) >= 0:
        os.dup2(sizes, _SIZES)
        os.close(sizes)
    _tie_to(parent)


def _tie_to(parent: int) -> None:
    """Die with the parent, and show no other process this one's memory."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(_DUMPABLE, 0, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(0)


def drop_root(parent: int, still_read: Iterable[str] = ()) -> dict[str, bool]:
    """Go on as nobody where root started this process, with what is open and what it must still read."""
    told = leave_root(still_read)
    _tie_to(parent)  # a change of user unties
    return told


def fence(read: Iterable[str], relay_port: int) -> dict[str, bool]:
    """Let the kernel refuse every path but these, read-only, and every TCP port but the relay's (0 for none)."""
    return _fence(read, [relay_port] if relay_port else [])


def fence_relay(endpoints: Sequence[str]) -> dict[str, bool]:
    """The same for the relay: all but Python's own files, what resolving and TLS read, and the endpoints' ports."""
    read = filter(os.path.exists, {*_READ_FOR_CALLS, *python_folders()})
    return _fence(read, {_DNS, *map(_port, endpoints)})


def fence_check(store: str, code: str) -> dict[str, bool]:
    """The same for a check, which may read the store and, for what it imports late, its own code; and no TCP port."""
    return _fence(filter(os.path.exists, {store, code, *python_folders()}), ())


def python_folders() -> set[str]:
    """Where Python's own modules lie, some of which it imports late."""
    return {sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")}


def learn_fence() -> None:
    """Have what a fence needs imported and looked up, which starts a process, once for all forks of this one."""
    with contextlib.suppress(ImportError, OSError):
        from landlockpy import abi_version

        abi_version()


def _fence(paths: Iterable[str], ports: Iterable[int]) -> dict[str, bool]:
    try:
        from landlockpy import AccessFS, AccessNet, LandlockError, Ruleset, Scope, abi_version
    except ImportError:
        return {"landlock_files": False, "landlock_network": False}
    try:
        version = abi_version()
        if version < 1:
            return {"landlock_files": False, "landlock_network": False}
        with Ruleset(scoped=Scope.SIGNAL | Scope.ABSTRACT_UNIX_SOCKET) as ruleset:
            reading = AccessFS.READ_FILE | AccessFS.READ_DIR
            for path in paths:
                ruleset.allow_path(path, reading if os.path.isdir(path) else AccessFS.READ_FILE)
            for port in ports:
                ruleset.allow_port(port, AccessNet.CONNECT_TCP)
            ruleset.restrict()
    except (LandlockError, OSError):
        return {"landlock_files": False, "landlock_network": False}
    return {"landlock_files": True, "landlock_network": version >= 4}


def last(store: str | None, bounds: Bounds, before_bounds: Callable[[], None]) -> dict[str, bool]:
    """With the store open: no root, no further descriptor, so no file and no socket; no process; bounded memory.

    ``store`` is None where nothing is on disk. ``before_bounds`` starts the threads that the process needs, as nobody
    and fenced: then it may start none.
    """
    late = store if store is not None and _tables(store) > MOST_OPEN_TABLES else None
    closed = not bounds.relay_port and late is None
    in_force = drop_root(bounds.parent, () if late is None else (late,))
    before_bounds()
    in_force |= _bounds(bounds.memory)
    if closed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    return in_force | {"no_descriptors": closed}


def _tables(store: str) -> int:
    return sum(name.endswith(".sst") for name in os.listdir(store))


def last_of_check(memory: int, parent: int, code: str) -> dict[str, bool]:
    """The same for a check, but that what the fence leaves may be opened, for Python imports late."""
    return drop_root(parent, {code, *python_folders()}) | _bounds(memory)


def _bounds(memory: int) -> dict[str, bool]:
    """No process, which root may start whatever its limit says, and no memory past the limit."""
    base = address_space()
    if base:
        most = at_most(resource.RLIMIT_AS, base + memory)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return {"memory_limit": base > 0, "no_processes": os.getuid() != 0}


def allow_processor(seconds: float) -> None:
    """Let the kernel end this process should it use so much more processor time than its parent's clock allows."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (at_most(resource.RLIMIT_CPU, soft), hard))


def address_space() -> int:
    """Bytes of address space that this process has mapped; 0 where the system does not say."""
    return _pages(0)


def resident() -> int:
    """Bytes of memory that this process holds; 0 where the system does not say."""
    return _pages(1)


def _open_sizes() -> int:
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return -1


# Opened while files can still be opened, and read from its start each time: it is asked after each query.
_SIZES = _open_sizes()


def _pages(field: int) -> int:
    return int(os.pread(_SIZES, 256, 0).split()[field]) * resource.getpagesize() if _SIZES >= 0 else 0


def _port(endpoint: str) -> int:
    parts = urlsplit(endpoint)
    return parts.port or (443 if parts.scheme == "https" else 80)
