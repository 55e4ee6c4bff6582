"""``edugraph links``: what ties one thing to all others, with the evidence."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.commands.reading import Languages, Planned, Texts, reading
from graph.query.link_records import as_record
from graph.query.link_table import COLUMNS, table_row
from graph.query.links import LinkFilter, links_of, role_iri
from graph.query.names import resolve_first


class Direction(StrEnum):
    """Whether the thing is the object (in) or the subject (out) of the link."""

    IN = "in"
    OUT = "out"


class LinksFormat(StrEnum):
    """How the links are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def links(
    org: Annotated[str, typer.Argument(metavar="ORG", help="An organisation or other thing: IRI, id or any name.")],
    direction: Annotated[Direction | None, typer.Option(help="Only links into or out of it.")] = None,
    role: Annotated[str | None, typer.Option(help="Only this role and what is narrower, such as organisedBy.")] = None,
    form: Annotated[LinksFormat, typer.Option("--format", help="How they are written.")] = LinksFormat.TABLE,
    planned: Planned = True,
    lang: Languages = "en",
    texts: Texts = None,
) -> None:
    """Show the links of an organisation, or of any other thing, named in any language."""
    with reading(texts, lang) as reader:
        index, chain = reader.index, reader.chain
        entity = resolve_first(index, org, "Organisation")
        wanted = LinkFilter(direction and direction.value, role_iri(index, role) if role else None, planned)
        found = links_of(index, entity, wanted)
        records = [as_record(index, link, chain, reader.quotes.of(link.evidence)) for link in found]
        name = index.label(entity, chain).text
    with standard_output():
        _write(form, name, entity, records)


def _write(form: LinksFormat, name: str, entity: str, records: list[dict[str, Any]]) -> None:
    match form:
        case LinksFormat.JSON:
            typer.echo(json.dumps({"iri": entity, "links": records}, ensure_ascii=False, indent=2))
        case LinksFormat.CSV:
            writer = csv.writer(sys.stdout)
            writer.writerow(COLUMNS)
            writer.writerows(map(table_row, records))
        case LinksFormat.TABLE:
            _print_table(f"{name} ({entity})", records)


def _print_table(title: str, records: list[dict[str, Any]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in ("", "role", "counterpart", "lang", "modality", "article", "evidence"):
        table.add_column(column, overflow="fold")
    for record in records:
        direction, role, label, lang, _, modality, article, spans = table_row(record)
        quoted = " … ".join(span["quote"] for span in record["evidence"] if span["quote"])
        through = record["through"]
        role = f"{role} ({through['role']['label']}: {through['activity']['label']})" if through else role
        table.add_row("→" if direction == "out" else "←", role, label, lang, modality, article, quoted or spans)
    console().print(table)
    console().print(f"{len(records)} links")
