"""What all child processes of the isolation start with, and what is told when one does not start."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from graph.errors import WorkerLost

logger = logging.getLogger("edugraph.workers")

HOME = str(Path(__file__).resolve().parent.parent.parent)

SECONDS_TO_START = 20.0

# Nothing of the service's environment (tokens among it) goes to a worker. The two thresholds, in bytes, let it keep the
# memory for the pieces of an answer, instead of taking it from the system and giving it back for each query. The engine
# frees terms by the thousand and asks for as many: glibc keeps so many of each size at hand, not the usual 7.
ENVIRONMENT = {
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=1000",
    "LC_ALL": "C.UTF-8",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "16777216",
    "RUST_BACKTRACE": "0",
}


def command(module: str, *arguments: object) -> list[str]:
    """The command line that runs ``main`` of a module of graph.isolation, from this code's folder and no other."""
    start = f"import sys; sys.path.insert(0, sys.argv[1]); from graph.isolation.{module} import main; main()"
    return [sys.executable, "-I", "-c", start, HOME, *map(str, arguments)]


def did_not_start(words: str) -> WorkerLost:
    """The error, where a process has begun and is not ready. Its words go to the log: they name folders."""
    logger.error("a worker did not start: %s", words.strip()[-500:] or "it said nothing")
    return WorkerLost("a worker did not start; try again later")
