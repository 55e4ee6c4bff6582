"""What every drawing of a graph shares: shapes, sorts of things, how many nodes there are, and where they lead."""

from __future__ import annotations

from typing import Any

from api.web.page import Page
from graph.namespaces import KINDS, PREFIXES
from graph.network.tables import ACTIVITIES, ACTORS, CLASSES

CYTOSCAPE_STYLE = "'sha256-pgvDUBa4IjFA2yuSJ2cqcyxmNYJMborsd0ORcRv9vw8='"
"""The one style element that Cytoscape writes into the page; nothing else is let in."""
MOST_DRAWN = 500
"""Nodes that are drawn: how many stay usable is measured by benchmarks/drawing.py. Tables and downloads have all."""
SHAPES = {
    "Organisation": "ellipse",
    "Actor": "ellipse",
    "Person": "triangle",
    "Group": "hexagon",
    "Post": "pentagon",
    "Country": "star",
    "Event": "diamond",
    "Programme": "rectangle",
    "Commitment": "rhomboid",
    "Target": "vee",
    "Article": "tag",
    "Document": "cut-rectangle",
    "Figure": "barrel",
    "Place": "octagon",
}
"""The shape, in Cytoscape's words, in which things of a class are drawn."""
GROUPS = {name: "actor" if name in ACTORS else "activity" if name in ACTIVITIES else "other" for name in CLASSES}
"""The sort of things that a class belongs to; each sort has a colour."""


def look(asked: Page) -> dict[str, Any]:
    """What a script must know to draw; ``spaces`` are prefix, namespace and path of each sort of our things."""
    spaces = [(prefix, PREFIXES[prefix], asked.href(PREFIXES[prefix])) for prefix in KINDS]
    return {"shapes": SHAPES, "groups": GROUPS, "most": MOST_DRAWN, "spaces": spaces}
