"""An error that nobody foresaw and whose cause is the machine, told as what it is and not as a fault of the service."""

from __future__ import annotations

import errno
import sqlite3

from starlette.types import Scope

from api import problem_types as types
from api.problem import HttpProblem, problem
from graph.publish.generation import Generation
from graph.told import told

# There is no room on the disk, in a user's part of it, in one file, or none is given.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
_TOO_MANY_OPEN = {errno.EMFILE, errno.ENFILE}


def machine_trouble(error: Exception, scope: Scope) -> HttpProblem | None:
    """The problem for a full disk, too many open files or deleted files of a generation; None for all else."""
    if _full(error):
        return problem(types.DISK_FULL, told("what needs no room on the disk goes on; the operator must make room"))
    if isinstance(error, OSError) and error.errno in _TOO_MANY_OPEN:
        return problem(types.TOO_MANY_FILES, told("try again in a moment"), {"retry-after": "1"})
    return generation_gone(scope)


def generation_gone(scope: Scope) -> HttpProblem | None:
    """The problem for a request whose generation has lost its files; None where they are there."""
    generation: Generation | None = scope["state"].get("generation")
    if generation is None or generation.exists:
        return None
    detail = told("what is open already goes on, and all of it with the next generation that is published")
    return problem(types.GENERATION_GONE, detail)


def _full(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    return isinstance(error, OSError) and error.errno in _FULL
