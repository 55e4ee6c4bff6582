"""``edugraph targets``: what was undertaken and what it comes to, as the service's /targets gives it."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.commands.reading import Article, Languages, Planned, Texts, reading
from graph.query.filters import names_in
from graph.query.targets import TargetsAsked, targets_answer


class TargetsFormat(StrEnum):
    """How the targets are written."""

    TABLE = "table"
    JSON = "json"


def targets(
    responsible: Annotated[str | None, typer.Argument(help="Only what this body is responsible for.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only numbers of this unit.")] = None,
    due_from: Annotated[str | None, typer.Option(help="Only what is due on this day, month or year or later.")] = None,
    due_by: Annotated[str | None, typer.Option(help="Only what is due by this day, month or year.")] = None,
    cls: Annotated[str, typer.Option("--class", help="Target, or Commitment, which has no number.")] = "",
    programme: Annotated[str | None, typer.Option(help="Only what is done under this programme.")] = None,
    country: Annotated[str | None, typer.Option(help="Only what applies to this country.")] = None,
    article: Article = None,
    modality: Annotated[str | None, typer.Option(help="Only what is put so.")] = None,
    planned: Planned = True,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="Targets listed; sums are over all that fit.")] = 500,
    form: Annotated[TargetsFormat, typer.Option("--format", help="How they are written.")] = TargetsFormat.TABLE,
    lang: Languages = "en",
    texts: Texts = None,
) -> None:
    """Show commitments with their numbers and deadlines, and sums of what adds up."""
    asked = TargetsAsked(
        responsible,
        unit,
        due_from,
        due_by,
        programme,
        classes=names_in(cls),
        country=country,
        article=article,
        modality=modality,
        planned=planned,
        limit=limit,
    )
    with reading(texts, lang) as reader:
        record = targets_answer(reader, asked)
    with standard_output():
        if form is TargetsFormat.JSON:
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            _print(record)


def _print(record: dict[str, Any]) -> None:
    table = Table(title="Commitments", title_justify="left")
    for column in ("commitment", "value", "unit", "due", "responsible", "according to"):
        table.add_column(column, overflow="fold")
    for target in record["targets"]:
        speakers = [speaker["label"] for said in target["values"] for speaker in said["attributed_to"]]
        table.add_row(
            target["label"],
            " or ".join(dict.fromkeys(hedged(said["value"], said["bound"]) for said in target["values"])),
            ", ".join(unit["label"] for unit in target["units"]),
            " or ".join(due["value"] for due in target["deadlines"]),
            ", ".join(body["label"] for body in target["responsible"]),
            ", ".join(dict.fromkeys(speakers)),
        )
    console().print(table)
    sums = Table(title="Sums by unit", title_justify="left")
    for column in ("unit", "sum", "of", "not added"):
        sums.add_column(column, overflow="fold")
    for total in record["sums"]:
        unit = total["unit"]["label"] if total["unit"] else "?"
        reasons = "; ".join(f"{said['label']}: {said['reason']}" for said in total["not_added"])
        stated = "" if total["stated"] is None else hedged(total["stated"], total["bound"])
        sums.add_row(unit, stated, str(len(total["added"])), reasons)
    console().print(sums)
    console().print(f"{record['total']} commitments, {record['left_out']['targets']} of them not listed")


def hedged(value: float, bound: dict[str, Any] | None) -> str:
    """A number with its bound in words."""
    return f"{bound['label']} {value}" if bound else str(value)
