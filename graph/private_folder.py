"""A folder for this process alone that goes with it, even if it is killed: then the next one sweeps it away.

Each holds a file that its process keeps locked. The lock dies with the process, however that ends, so a folder whose
lock can be taken is nobody's, and one in use is never touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import PublishFailed

_PREFIX, _LOCK, _UNLOCKED = "edugraph-", ".lock", ".lock-new"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A fresh folder that only this user may enter. Raises PublishFailed."""
    try:
        _sweep(Path(tempfile.gettempdir()))
    except FileNotFoundError as error:
        raise PublishFailed("no folder for temporary files can be written; name one in TMPDIR") from error
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    except OSError as error:
        raise PublishFailed(f"{tempfile.gettempdir()} cannot be written: {error.strerror}") from error
    try:
        with _held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which has its name only once it is taken: a sweeper never finds it free in between."""
    unlocked = folder / _UNLOCKED
    try:
        lock = os.open(unlocked, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise PublishFailed(f"{folder} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        unlocked.rename(folder / _LOCK)
        yield
    finally:
        os.close(lock)


def _sweep(parent: Path) -> None:
    """Remove the folders of this user whose process was killed."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another's folder, or one that another start sweeps just now
            if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
                continue
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
