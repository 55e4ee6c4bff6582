"""The network as a drawing and as tables, where scripts run and where not; and who is most central in it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.network import CENTRALITY, NETWORK, network_record, ranking
from api.parameters import read_parameters
from api.web.given import with_those_of_pages, without_empty
from api.web.page import begin, render
from api.web.routing import Pages

pages = Pages()
CYTOSCAPE_STYLE = "'sha256-pgvDUBa4IjFA2yuSJ2cqcyxmNYJMborsd0ORcRv9vw8='"
"""The one style element that Cytoscape writes into the page; nothing else is let in."""
MOST_TIES = 100
"""Ties in the table; the drawing and the downloads have all."""


@pages.page("/network")
async def explorer(request: Request) -> Response:
    """The network that the address asks for."""
    if empty := without_empty(request):
        return empty
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages(NETWORK))
    record = await network_record(asked.reader(), given)
    nodes = {node["data"]["id"]: node["data"] for node in record["elements"]["nodes"]}
    edges = [edge["data"] for edge in record["elements"]["edges"]]
    ties = {name: sum(1 for edge in edges if name in (edge["source"], edge["target"])) for name in nodes}
    drawn = {
        "nodes": [{"id": name, "label": node["label"], "class": node["class"]} for name, node in nodes.items()],
        "edges": [{"source": edge["source"], "target": edge["target"], "planned": edge["planned"]} for edge in edges],
    }
    listed = sorted(nodes.values(), key=lambda node: (-ties[node["id"]], node["id"]))
    return render(
        asked,
        "network/network.html",
        styles=CYTOSCAPE_STYLE,
        given=given,
        drawn=drawn,
        record=record,
        nodes=listed,
        by_id=nodes,
        edges=edges[:MOST_TIES],
        ties=ties,
    )


@pages.page("/centrality")
async def most_central(request: Request) -> Response:
    """The most central things by the measure that the address asks for, and what the measure means."""
    if empty := without_empty(request):
        return empty
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages(CENTRALITY))
    record = await ranking(asked.reader(), given)
    return render(asked, "network/centrality.html", given=given, record=record)
