"""The entry point of the command: the core's commands and ``serve``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from graph.cli import app
from graph.commands.output import open_standard_streams
from graph.errors import EdugraphError
from graph.settings import Settings


@app.command()
def serve(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="TriG, N-Quads, Turtle or N-Triples to serve instead of the graph."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; 0 takes a free one.")] = None,
    query_timeout: Annotated[float | None, typer.Option(help="Seconds that a query may take.")] = None,
    query_memory: Annotated[int | None, typer.Option(help="Bytes of memory that a query may take.")] = None,
    workers: Annotated[int | None, typer.Option(help="Queries that run at the same time.")] = None,
    texts: Annotated[Path | None, typer.Option(help="A folder with the articles' texts.")] = None,
) -> None:
    """Serve the graph, or the data set in FILE..., over HTTP; what is not given comes from EDUGRAPH_ settings."""
    # Imported here, so that no other command waits for the web framework.
    from api.serving import serve_dataset, serve_graph

    settings = Settings.from_env(
        host=host,
        port=port,
        query_timeout=query_timeout,
        query_memory=query_memory,
        workers=workers,
        texts=texts,
    )
    if files:
        serve_dataset(settings, files)
    else:
        serve_graph(settings)


def main() -> None:
    """Run the command; an error of the core is told in one line, and its exit status says its kind."""
    open_standard_streams()
    try:
        app()
    except EdugraphError as error:
        typer.echo(f"edugraph: {error}", err=True)
        sys.exit(error.exit_code)
