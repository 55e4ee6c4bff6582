"""``edugraph check``: everything that is wrong with the sources, in one run."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from graph.commands.output import standard_output
from graph.commands.progress import progress_bar
from graph.settings import Settings


class ReportFormat(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    TURTLE = "turtle"


class Language(StrEnum):
    """The language of the messages."""

    EN = "en"
    RU = "ru"
    LV = "lv"


def check(
    texts: Annotated[Path | None, typer.Option(help="A folder with the articles' texts, to check against.")] = None,
    form: Annotated[ReportFormat, typer.Option("--format", help="How the report is written.")] = ReportFormat.TEXT,
    lang: Annotated[Language, typer.Option(help="Language of the messages.")] = Language.EN,
) -> None:
    """Check the sources. Exit status 0 if nothing is found, 1 for findings, 2 for input that cannot be used."""
    # Imported here: no other command waits for the SHACL engine.
    from graph.check import report as rendering
    from graph.check.run import check as run_checks
    from graph.check.run import steps

    settings = Settings.from_env(texts=texts)
    with progress_bar(steps(settings)) as begin:
        findings = run_checks(settings, begin).findings
    match form:
        case ReportFormat.TEXT:
            report = rendering.as_text(findings, lang.value)
        case ReportFormat.JSON:
            report = rendering.as_json(findings, lang.value)
        case ReportFormat.TURTLE:
            report = rendering.as_turtle(findings)
    with standard_output():
        typer.echo(report, nl=False)
    raise typer.Exit(1 if findings else 0)
