"""The page of the network: a drawing where scripts run, and beside it the same actors and ties as tables."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api.network import NETWORK, network_record
from api.parameters import read_parameters
from api.web.given import with_those_of_pages
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
