"""``edugraph export``: the graph or one part of it, in every format."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from graph.commands.output import standard_output
from graph.errors import PublishFailed
from graph.export.formats import FORMATS
from graph.export.parts import part_named
from graph.export.write import write_export
from graph.publish.generation import current
from graph.query.index import Index
from graph.settings import Settings

Form = StrEnum("Form", list(FORMATS))  # type: ignore[misc]  # the names stand once, in graph.export.formats
TURTLE = Form("turtle")


def export(
    form: Annotated[Form, typer.Option("--format", help="The format.")] = TURTLE,
    article: Annotated[str | None, typer.Option(help="Only what this article says: its id or IRI.")] = None,
    entity: Annotated[str | None, typer.Option(help="Only this thing, self-contained: its IRI or any name.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Only this organisation: its id, IRI or any name.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Only this country and what lies in it: its ISO code, IRI or any name.")
    ] = None,
    programme: Annotated[str | None, typer.Option(help="Only this programme: its id, IRI or any name.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output if not given.")] = None,
) -> None:
    """Write the current generation or one part of it, canonical and stable, to a file or to standard output."""
    generation = current(Settings.from_env().generations)
    given = {"organisation": organisation, "country": country, "programme": programme, "entity": entity}
    with closing(Index(generation)) as index:
        part = part_named(index, {"article": article, **given})

    def write(file: IO[bytes]) -> None:
        write_export(generation, FORMATS[form.value], file, part)

    if out is None:
        with standard_output():
            write(sys.stdout.buffer)
        return
    try:
        _write_file(out, write)
    except OSError as error:
        raise PublishFailed(f"{out} cannot be written: {error.strerror or error}; it was left as it was") from error


def _write_file(out: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Replace the file in one rename, or leave it as it was. Devices and pipes are written as they are."""
    if out.exists() and not out.is_file():
        with out.open("wb") as device:
            write(device)
        return
    descriptor, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with open(descriptor, "wb") as new:
            write(new)
        Path(name).chmod(0o644)
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
