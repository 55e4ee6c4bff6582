"""``edugraph build``: sources to a published generation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph.commands.check import Language
from graph.commands.output import standard_output
from graph.commands.progress import progress_bar
from graph.errors import CheckFailed
from graph.settings import Settings


def build(
    texts: Annotated[Path | None, typer.Option(help="A folder with the articles' texts, to check against.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the findings.")] = Language.EN,
) -> None:
    """Read, expand, check and publish the sources as the current generation; a finding publishes nothing."""
    # Imported here: no other command waits for the SHACL engine.
    from graph.check.report import as_text
    from graph.check.run import Report, steps
    from graph.publish.build import build as build_generation

    settings = Settings.from_env(texts=texts)
    with progress_bar([*steps(settings), "publish"]) as begin:
        try:
            generation = build_generation(settings, begin)
        except CheckFailed as error:
            if isinstance(error.report, Report):
                typer.echo(as_text(error.report.findings, lang.value), err=True, nl=False)
            raise
    counts = generation.manifest["counts"]
    with standard_output():
        typer.echo(f"{generation.path}: {counts['triples']} triples, {counts['things'].get('edg:Claim', 0)} claims")
