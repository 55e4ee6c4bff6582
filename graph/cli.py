"""The command line: ``edugraph`` and its commands over the core."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="edugraph",
    help="A knowledge graph of education policy in which every fact is traced to its sentence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def edugraph() -> None:
    """Hold the commands together, also while there is only one."""
