"""The network as a drawing and as tables, where scripts run and where not; and who is most central in it."""

from __future__ import annotations

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
from graph.namespaces import EDG
from graph.network.choices import choices
from graph.query.index import Index

pages = Pages()
ROWS = 40
"""Actors, and ties, on one page of the tables."""
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
    given = read_parameters(request, with_those_of_pages(CENTRALITY))
    record = await ranking(asked.reader(), given)
    return render(asked, "network/centrality.html", given=given, record=record)


def _values(asked: Page, given: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    index = index_of(asked.request)
    classes = class_names(index, asked.chain, SHAPES)
    return {
        "drawn": {**_drawable(record["drawn"]), **look(asked), "classes": _plain(classes)},
        "most_drawn": MOST_DRAWN,
        "parts": -(-max(record["nodes"], record["edges"]) // ROWS),
        "choices": choices(index, asked.chain, OFFERED),
        "classes": classes,
        "shapes": SHAPES,
        "groups": GROUPS,
        "several": {name: [part for part in (given[name] or "").split(",") if part] for name in SEVERAL},
    }


def class_names(index: Index, chain: tuple[str, ...], classes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The name of each class in the reader's language, by its bare name."""
    return {name: {**index.named(EDG + name, chain)} for name in classes}


def _plain(classes: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The names alone, for the script."""
    return {name: {"label": named["label"], "lang": named["lang"]} for name, named in classes.items()}


def _drawable(drawn: dict[str, Any]) -> dict[str, Any]:
    """What the script draws: the best known, or nearest, come first; those beyond MOST_DRAWN are left to the tables."""
    edges = [edge for edge in drawn["edges"] if max(edge[:2]) < MOST_DRAWN]
    return {**drawn, "nodes": drawn["nodes"][:MOST_DRAWN], "edges": edges}
