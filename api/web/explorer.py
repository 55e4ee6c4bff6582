"""The network as a drawing and as tables, where scripts run and where not; and who is most central in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.indexes import index_of
from api.network import CENTRALITY, NETWORK, network_drawing, ranking
from api.parameters import read_parameters
from api.web.drawing import CYTOSCAPE_STYLE, GROUPS, MOST_DRAWN, SHAPES, look
from api.web.given import PART, with_those_of_pages, without_empty
from api.web.page import Page, begin, render
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.namespaces import EDG
from graph.network.choices import choices
from graph.query.index import Index
from graph.query.names import resolve_first

pages = Pages()
ROWS = 25
"""Actors, and ties, on one page of the tables."""
RANKED_ROWS = 100
"""Of the most central, on one page."""
LONGEST_NAME = 60
"""Characters of a name that are drawn; the tables have all of it."""
MOST_BYTES = 40_000
"""Bytes of nodes and ties that a page brings along for its drawing."""
OFFERED = ("role", "kind", "modality", "article", "country")
"""Filters of which the form offers values."""
SEVERAL = ("class", "kind")
"""Filters that take several values, with commas between; a form sends each by itself."""


@pages.page("/network")
async def explorer(request: Request) -> Response:
    """The network that the address asks for."""
    if tidied := without_empty(request, SEVERAL):
        return tidied
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages((*NETWORK, PART)))
    given["measure"] = given["measure"] or "degree"
    rows = slice(ROWS * (given["part"] - 1), ROWS * given["part"])
    record = await network_drawing(asked.reader(), given, rows)
    values = await run_in_threadpool(_values, asked, given, record)
    return render(asked, "network/network.html", styles=CYTOSCAPE_STYLE, given=given, record=record, **values)


@pages.page("/centrality")
async def most_central(request: Request) -> Response:
    """The most central things by the measure that the address asks for, and what the measure means."""
    if empty := without_empty(request):
        return empty
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages((*CENTRALITY, PART)))
    until = min(given["top"], RANKED_ROWS * given["part"])
    record = await ranking(asked.reader(), given | {"top": until})
    record["ranking"] = record["ranking"][RANKED_ROWS * (given["part"] - 1) :]
    parts = -(-min(given["top"], record["nodes"]) // RANKED_ROWS)
    return render(asked, "network/centrality.html", given=given, record=record, parts=parts)


def _values(asked: Page, given: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    index = index_of(asked.request)
    classes = class_names(index, asked.chain, SHAPES)
    return {
        "middle": _field(index, record["actor"]),
        "drawn": {**_drawable(record["drawn"]), **look(asked), "classes": _plain(classes)},
        "parts": -(-max(record["nodes"], record["edges"]) // ROWS),
        "choices": choices(index, asked.chain, OFFERED),
        "classes": classes,
        "shapes": SHAPES,
        "groups": GROUPS,
        "several": {name: [part for part in (given[name] or "").split(",") if part] for name in SEVERAL},
    }


def _field(index: Index, thing: dict[str, Any] | None) -> str:
    """What stands in the field for a thing: its name, where that alone leads to it again."""
    if thing is None:
        return ""
    try:
        again = resolve_first(index, thing["label"], "Organisation")
    except UnknownEntity:
        again = ""
    return str(thing["label"] if again == thing["iri"] else thing["id"])


def class_names(index: Index, chain: tuple[str, ...], classes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The name of each class in the reader's language, by its bare name."""
    return {name: {**index.named(EDG + name, chain)} for name in classes}


def _plain(classes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The names alone, for the script."""
    return {name: {"label": named["label"], "lang": named["lang"]} for name, named in classes.items()}


def _drawable(drawn: dict[str, Any]) -> dict[str, Any]:
    """What the script draws: the best known, or nearest, come first; the rest is left to the tables.

    Of each node its id, name, the number of its class, and how central it is; of each its ties to others by their
    numbers, those that are not reported as ``-1 - number``.
    """
    sorts = sorted({cls for _, _, cls, _ in drawn["nodes"]})
    number = {cls: place for place, cls in enumerate(sorts)}
    nodes = [[name, _short(label), number[cls], central] for name, label, cls, central in drawn["nodes"][:MOST_DRAWN]]
    while True:
        ties: list[list[int]] = [[] for _ in nodes]
        for source, target, planned in drawn["edges"]:
            if max(source, target) < len(nodes):
                ties[source].append(-1 - target if planned else target)
        told = {**drawn, "sorts": sorts, "nodes": nodes, "edges": ties}
        size = len(json.dumps([nodes, ties], ensure_ascii=False, separators=(",", ":")).encode())
        if size <= MOST_BYTES:
            return told
        nodes = nodes[: len(nodes) * MOST_BYTES // size]


def _short(label: str) -> str:
    """A name cut behind a word, and not behind one as short as a preposition."""
    if len(label) <= LONGEST_NAME:
        return label
    whole = label[:LONGEST_NAME].rpartition(" ")[0] or label[:LONGEST_NAME]
    return re.sub(r"(?:\W+\w{1,3})*\W*$", "", whole) + "…"
