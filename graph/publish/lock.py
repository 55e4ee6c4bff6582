"""One build at a time: an advisory lock on a file in the folder of generations."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import BuildRunning, PublishFailed


@contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Hold the lock. Raises BuildRunning while another process holds it; a killed holder leaves it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise PublishFailed(f"{folder} cannot be written: {error.strerror}; nothing was changed") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildRunning(f"another build is running in {folder}; wait for it, then try again") from error
        yield
    finally:
        os.close(descriptor)
