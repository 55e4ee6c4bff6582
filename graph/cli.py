"""The command line: ``edugraph`` and its commands over the core."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import Annotated, cast

import typer
from typer.core import TyperCommand, TyperGroup

MODULES = {
    "build": "build",
    "check": "check",
    "diff": "diff",
    "export": "export",
    "query": "query",
    "links": "links",
    "network": "network",
    "timeline": "timeline",
    "targets": "targets",
    "search": "search",
    "reconcile": "reconcile",
    "draft": "curate",
    "locate": "curate",
}
"""Command -> module of graph.commands that has a function of its name; in the order in which the help lists them."""


class Commands(TyperGroup):
    """The commands, each imported when it is asked for: all of them take three times as long as one."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """The names, in the order of MODULES, then what else was registered."""
        return [*MODULES, *(name for name in super().list_commands(ctx) if name not in MODULES)]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> TyperCommand | None:  # type: ignore[override]
        """The command; where there is none of that name, all are imported, so that a near one can be proposed."""
        if cmd_name not in self.commands:
            for name in [cmd_name] if cmd_name in MODULES else MODULES.keys() - self.commands.keys():
                self.commands[name] = _imported(name)
        return cast(TyperCommand | None, super().get_command(ctx, cmd_name))


def _imported(name: str) -> TyperCommand:
    alone = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    alone.command(name)(getattr(import_module(f"graph.commands.{MODULES[name]}"), name))
    return cast(TyperCommand, typer.main.get_command(alone))


app = typer.Typer(
    cls=Commands,
    name="edugraph",
    help="A knowledge graph of education policy in which every fact is traced to its sentence.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


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
