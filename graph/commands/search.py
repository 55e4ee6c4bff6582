"""``edugraph search``: find things by any spelling of any of their names."""

from __future__ import annotations

import json
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.errors import InputError
from graph.publish.generation import current
from graph.query.index import Index, languages_meant
from graph.search.find import LONGEST, as_record, class_of
from graph.search.find import search as find
from graph.settings import Settings


class SearchFormat(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    JSON = "json"


def search(
    text: Annotated[str, typer.Argument(help="A name or a part of it, in any language, script and spelling.")],
    class_name: Annotated[
        str | None, typer.Option("--class", help="Only things of this class, such as Person.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Languages of the labels, the best first, such as lv,ru.")] = "en",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The most things that are shown.")] = 20,
    form: Annotated[SearchFormat, typer.Option("--format", help="How they are written.")] = SearchFormat.TABLE,
) -> None:
    """Find things by name, the best first; each says which name matched and why."""
    if not text.strip() or len(text) > LONGEST:
        raise InputError(f"the text must have 1 to {LONGEST} characters; it has {len(text.strip())}")
    settings = Settings.from_env()
    chain = languages_meant(lang)
    with closing(Index(current(settings.generations))) as index:
        found = find(index, text, class_of(index, class_name) if class_name is not None else None)
        records = [as_record(index, text, match, chain) for match in found.matches[:limit]]
    with standard_output():
        if form is SearchFormat.JSON:
            answer = {"query": text, "total": len(found.matches), "complete": found.complete, "results": records}
            typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            _print(records, len(found.matches))


def _print(records: list[dict[str, Any]], total: int) -> None:
    table = Table()
    for column in ("score", "label", "lang", "class", "id", "matched", "why"):
        table.add_column(column, overflow="fold")
    for record in records:
        matched = record["matched"]
        why = ", ".join(f"{one['word']} ~ {one['matched']} ({one['how']})" for one in record["why"])
        table.add_row(
            f"{record['score']:.1f}",
            record["label"],
            record["lang"] or "",
            ", ".join(record["classes"]),
            record["id"],
            f"{matched['name']} @{matched['lang']}" if matched["lang"] else matched["name"],
            why,
        )
    console().print(table)
    console().print(f"{len(records)} of {total} things")
