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
