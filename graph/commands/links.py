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
from graph.query.links import groups_of, link_page
from graph.query.links_asked import LinksAsked, links_head
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
    modality: Annotated[str | None, typer.Option(help="Only links of this modality.")] = None,
    article: Annotated[str | None, typer.Option(help="Only what this article, or reference source, says.")] = None,
    counterpart: Annotated[str | None, typer.Option(help="Only links to this thing: IRI, id or any name.")] = None,
    cls: Annotated[str | None, typer.Option("--class", help="Only links to things of this class.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only links to things of this kind.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Only what is dated to this day, month, year on.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", help="Only what is dated up to this day, month, year.")
    ] = None,
    form: Annotated[LinksFormat, typer.Option("--format", help="How they are written.")] = LinksFormat.TABLE,
    planned: Planned = True,
    lang: Languages = "en",
    texts: Texts = None,
) -> None:
    """Show the links of an organisation, or of any other thing, named in any language."""
    asked = LinksAsked(
        direction and direction.value, role, modality, article, counterpart, cls, kind, since, until, planned
    )
    with reading(texts, lang) as reader:
        index, chain = reader.index, reader.chain
        entity = resolve_first(index, org, "Organisation")
        wanted = asked.filter(index)
        groups = groups_of(index, entity, wanted)
        records = [
            as_record(index, link, chain, reader.quotes.of(link.evidence))
            for link in link_page(index, wanted, groups, 0, -1)
        ]
        body = {**links_head(index, entity, groups, chain), "links": records}
    with standard_output():
        _write(form, body)


def _write(form: LinksFormat, body: dict[str, Any]) -> None:
    match form:
        case LinksFormat.JSON:
            typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
        case LinksFormat.CSV:
            writer = csv.writer(sys.stdout)
            writer.writerow(COLUMNS)
            writer.writerows(map(table_row, body["links"]))
        case LinksFormat.TABLE:
            _print_table(f"{body['thing']['label']} ({body['thing']['iri']})", body["links"])


def _print_table(title: str, records: list[dict[str, Any]]) -> None:
    table = Table(title=title, title_justify="left")
    for column in ("", "role", "counterpart", "lang", "modality", "article", "evidence"):
        table.add_column(column, overflow="fold")
    for record in records:
        direction, role, label, lang, _, modality, article, spans, _ = table_row(record)
        quoted = " … ".join(span["quote"] for span in record["evidence"] if span["quote"])
        through = record["through"]
        role = f"{role} ({through['role']['label']}: {through['activity']['label']})" if through else role
        table.add_row("→" if direction == "out" else "←", role, label, lang, modality, article, quoted or spans)
    console().print(table)
    console().print(f"{len(records)} links")
