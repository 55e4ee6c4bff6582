"""The command line: ``edugraph`` and its commands over the core."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from graph.commands.build import build
from graph.commands.check import check
from graph.commands.curate import draft, locate
from graph.commands.diff import diff
from graph.commands.export import export
from graph.commands.links import links
from graph.commands.network import network
from graph.commands.query import query
from graph.commands.reconcile import reconcile
from graph.commands.search import search
from graph.commands.targets import targets
from graph.commands.timeline import timeline

app = typer.Typer(
    name="edugraph",
    help="A knowledge graph of education policy in which every fact is traced to its sentence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (build, check, diff, export, query, links, network, timeline, targets, search, reconcile, draft, locate):
    app.command()(command)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("edugraph"))
        raise typer.Exit


@app.callback()
def edugraph(
    shown: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Hold the commands together; every command has its own --help."""
    del shown
