"""``edugraph timeline``: what happened when, and what is due, as the service's /timeline gives it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.commands.reading import Languages, Planned, Texts, reading
from graph.query.filters import names_in
from graph.query.icalendar_file import icalendar_file
from graph.query.index import Index
from graph.query.timeline import TimelineAsked, timeline_answer


class TimelineFormat(StrEnum):
    """How the timeline is written."""

    TABLE = "table"
    JSON = "json"
    ICALENDAR = "icalendar"


def timeline(
    actor: Annotated[str | None, typer.Argument(help="Only what something ties to this thing: IRI, id, name.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Only what is dated to this day, month, year on.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Only what is dated up to this day, month, year.")
    ] = None,
    cls: Annotated[str, typer.Option("--class", help="Only things of these classes, with commas between.")] = "",
    country: Annotated[str | None, typer.Option(help="Only what takes place in, or applies to, it.")] = None,
    article: Annotated[str | None, typer.Option(help="Only dates that this article gives.")] = None,
    modality: Annotated[str | None, typer.Option(help="Only dates of this modality.")] = None,
    planned: Planned = True,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="Entries; what is left out is counted.")] = 500,
    form: Annotated[TimelineFormat, typer.Option("--format", help="How it is written.")] = TimelineFormat.TABLE,
    lang: Languages = "en",
    texts: Texts = None,
) -> None:
    """Show events and deadlines in order of time, each with the precision of its source."""
    asked = TimelineAsked(
        actor,
        since,
        until,
        classes=names_in(cls),
        country=country,
        article=article,
        modality=modality,
        planned=planned,
        limit=limit,
    )
    with reading(texts, lang) as reader:
        record = timeline_answer(reader, asked)
        with standard_output():
            _write(form, record, reader.index)


def _write(form: TimelineFormat, record: dict[str, Any], index: Index) -> None:
    match form:
        case TimelineFormat.JSON:
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        case TimelineFormat.ICALENDAR:
            sys.stdout.buffer.write(icalendar_file(record, index.generation))
        case TimelineFormat.TABLE:
            _print(record)


def _print(record: dict[str, Any]) -> None:
    table = Table(title="Timeline", title_justify="left")
    for column in ("from", "to", "", "what", "status", "modality"):
        table.add_column(column, overflow="fold")
    for entry in record["entries"]:
        start, end = (" or ".join(said["value"] for said in entry[name]) for name in ("start", "end"))
        status = ", ".join(said["label"] for said in entry["status"])
        claims = [claim for said in (*entry["start"], *entry["end"]) for claim in said["claims"]]
        modality = ", ".join(dict.fromkeys(claim["modality"]["label"] for claim in claims))
        due = "due" if entry["what"] == "deadline" else ""
        table.add_row(start, end, due, entry["label"], status, modality)
    console().print(table)
    left = record["left_out"]
    console().print(f"{record['total']} entries, {left['entries']} of them left out; {left['undated']} events undated")
