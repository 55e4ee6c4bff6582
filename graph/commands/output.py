"""Standard output as the commands write it: what it cannot take is told in one line."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator

from rich.console import Console

from graph.errors import EdugraphError

_WIDTH_IN_A_PIPE = 400


def open_standard_streams() -> None:
    """Open those that the caller has closed: else the next file or socket would have their numbers, and be written to.

    Standard input holds nothing, what is written to standard output fails, and what is said on standard error is lost.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:  # the lowest free number is this one, for those below are open
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


def announce(line: str) -> None:
    """Write a line that nothing depends on: it may be that nobody reads."""
    try:
        print(line, flush=True)  # noqa: T201
    except OSError:
        _forget_what_is_left()


@contextlib.contextmanager
def standard_output() -> Iterator[None]:
    """Write within, flush at the end. Raises EdugraphError for a full disk; a reader that has left ends the command."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # the command line ends without a word: whoever reads has had enough
    except OSError as error:
        _forget_what_is_left()
        raise EdugraphError(f"standard output cannot be written: {error.strerror or error}") from error


def console() -> Console:
    """For tables: as wide as the terminal, or wide enough for everything in a pipe. Brackets in names are names."""
    width = None if sys.stdout.isatty() else _WIDTH_IN_A_PIPE
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _forget_what_is_left() -> None:
    """Send what is still buffered nowhere, or Python would complain of it once more at its end."""
    with contextlib.suppress(io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
