"""``edugraph network``: who is tied to whom, as the service's /network, /paths and /centrality give it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.table import Table

from graph.commands.output import console, standard_output
from graph.commands.reading import Article, Languages, Planned, Texts, reading
from graph.errors import InputError
from graph.network.exchange import gexf, graphml
from graph.network.paths import LONGEST
from graph.network.questions import (
    MEASURED,
    MOST_NODES,
    MOST_PATHS,
    RANKED,
    Asked,
    centrality_answer,
    network_answer,
    paths_answer,
)
from graph.network.selection import DEEPEST, Extent
from graph.query.filters import names_in


class Projection(StrEnum):
    """What ties things together."""

    LINKS = "links"
    CO_PARTICIPATION = "co-participation"


class NetworkFormat(StrEnum):
    """How the network is written; json is Cytoscape's."""

    TABLE = "table"
    JSON = "json"
    GRAPHML = "graphml"
    GEXF = "gexf"


class Measure(StrEnum):
    """How central a thing is."""

    DEGREE = "degree"
    BETWEENNESS = "betweenness"
    CLOSENESS = "closeness"


def network(
    actor: Annotated[
        str | None, typer.Argument(help="The thing in the middle: IRI, id or any name; without it the whole network.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Show the shortest paths from ACTOR to this thing instead.")] = None,
    central: Annotated[
        Measure | None, typer.Option(help="Show the most central things by this measure instead.")
    ] = None,
    depth: Annotated[int, typer.Option(min=1, max=DEEPEST, help="Steps from the middle.")] = 1,
    projection: Annotated[
        Projection | None,
        typer.Option(
            help="Tied by links, or by events and programmes shared; by links, with --central by what is shared."
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            help=f"Nodes in all ({MOST_NODES}); --to: paths ({MOST_PATHS}); --central: nodes measured ({MEASURED}).",
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="With --central: how many are shown.")] = RANKED,
    fan: Annotated[int, typer.Option(min=1, max=1000, help="Neighbours from one node where depth is 2 or more.")] = 25,
    max_length: Annotated[int, typer.Option(min=1, max=LONGEST, help="Steps that a path may have.")] = 4,
    role: Annotated[str | None, typer.Option(help="Only this role and narrower ones.")] = None,
    cls: Annotated[str, typer.Option("--class", help="Only things of these classes, with commas between.")] = "",
    kind: Annotated[str, typer.Option(help="Only things of these kinds, with commas between.")] = "",
    since: Annotated[str | None, typer.Option("--from", help="Only in an activity dated to this or later.")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Only in an activity dated to this or earlier.")] = None,
    modality: Annotated[str | None, typer.Option(help="Only ties of this modality.")] = None,
    article: Article = None,
    country: Annotated[str | None, typer.Option(help="Only ties of which one end lies in this country.")] = None,
    planned: Planned = True,
    invited: Annotated[bool, typer.Option(help="Whether to be invited counts as taking part.")] = False,
    form: Annotated[NetworkFormat, typer.Option("--format", help="How it is written.")] = NetworkFormat.TABLE,
    lang: Languages = "en",
    texts: Texts = None,
) -> None:
    """Show the network around an actor, the paths to another one, or the most central of all."""
    asked = Asked(role, names_in(cls), names_in(kind), since, until, modality, article, country, planned, invited)
    if (to or central) and form not in (NetworkFormat.TABLE, NetworkFormat.JSON):
        raise InputError(f"paths and centrality are no network to draw; --format {form} fits neither")
    if to and not actor:
        raise InputError("a path needs both ends: edugraph network ACTOR --to OTHER")
    with reading(texts, lang) as reader:
        if to and actor:
            record = paths_answer(reader, asked, actor, to, max_length, min(limit or MOST_PATHS, 50))
        elif central:
            shared = (projection or Projection.CO_PARTICIPATION).value
            record = centrality_answer(reader, asked, shared, central.value, limit or MEASURED, top)
        else:
            tied = (projection or Projection.LINKS).value
            record = network_answer(reader, asked, actor, tied, Extent(depth, limit or MOST_NODES, fan))
    with standard_output():
        _write(form, record)


def _write(form: NetworkFormat, record: dict[str, Any]) -> None:
    match form:
        case NetworkFormat.JSON:
            typer.echo(json.dumps(record, ensure_ascii=False, indent=2))
        case NetworkFormat.GRAPHML:
            sys.stdout.buffer.write(graphml(record))
        case NetworkFormat.GEXF:
            sys.stdout.buffer.write(gexf(record))
        case NetworkFormat.TABLE:
            _print(record)


def _print(record: dict[str, Any]) -> None:
    if "paths" in record:
        _print_paths(record)
    elif "ranking" in record:
        _print_ranking(record)
    else:
        _print_edges(record)


def _print_edges(record: dict[str, Any]) -> None:
    labels = {node["data"]["id"]: node["data"]["label"] for node in record["elements"]["nodes"]}
    table = Table(title=record["actor"]["label"] if record["actor"] else "The whole network", title_justify="left")
    for column in ("from", "tie", "to", "weight", "planned"):
        table.add_column(column, overflow="fold")
    for edge in (element["data"] for element in record["elements"]["edges"]):
        source, target = labels[edge["source"]], labels[edge["target"]]
        table.add_row(source, edge["label"], target, str(edge["weight"]), "planned" if edge["planned"] else "")
    console().print(table)
    console().print(f"{record['nodes']} nodes, {record['edges']} edges, {record['left_out']['nodes']} nodes left out")


def _print_paths(record: dict[str, Any]) -> None:
    for path in record["paths"]:
        console().print(" - ".join(node["label"] for node in path["nodes"]) + (" (planned)" * path["planned"]))
        for step in path["steps"]:
            for fact in step["facts"]:
                spans = " ".join(span["selector"] or span["source"] for span in fact["evidence"])
                mark = f" ({fact['modality']['label']})" if fact["planned"] else ""
                console().print(f"  {step['from']} - {step['to']}: {fact['role']['label']}{mark}  {spans}")
    more = "" if record["complete"] else "; the search was given up, there may be more"
    console().print(f"{record['count']} paths of {record['length'] or 0} steps{more}")


def _print_ranking(record: dict[str, Any]) -> None:
    table = Table(title=record["measure"] + (" (approximate)" * record["approximate"]), title_justify="left")
    for column in ("rank", "name", "class", "edges", "value"):
        table.add_column(column, overflow="fold")
    for row in record["ranking"]:
        table.add_row(str(row["rank"]), row["label"], row["class"], str(row["edges"]), f"{row['value']:.4f}")
    console().print(table)
    console().print(f"over {record['nodes']} nodes and {record['edges']} edges, {record['left_out']['nodes']} left out")
