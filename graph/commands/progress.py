"""A progress bar on a terminal, and nothing in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(steps: list[str]) -> Iterator[Callable[[str], None]]:
    """Give a function to be told of each step as it begins; it draws only where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda step: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(steps))

        def begin(step: str) -> None:
            progress.update(task, description=step, completed=steps.index(step))

        yield begin
