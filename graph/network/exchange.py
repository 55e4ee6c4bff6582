"""Writes a network's record for other programs: GraphML and GEXF, through networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    import networkx

_GEXF = "{http://www.gexf.net/1.2draft}"


def as_networkx(record: dict[str, Any]) -> networkx.Graph[str]:
    """The network as a graph of networkx, with plain attributes: numbers, truth values and strings."""
    import networkx  # it takes a while, and only exports and centrality need it

    drawn: networkx.Graph[str] = networkx.DiGraph() if record["directed"] else networkx.Graph()
    drawn.graph.update(name="edugraph", rule=record["rule"], truncated=record["truncated"])
    drawn.graph["nodes_left_out"] = record["left_out"]["nodes"]
    for node in (element["data"] for element in record["elements"]["nodes"]):
        given = {"iri": node["iri"], "label": node["label"], "lang": node["lang"], "class": node["class"]}
        given |= {"kind": node["kind"] and node["kind"]["label"], "distance": node["distance"]}
        given["centrality"] = node.get("centrality")
        drawn.add_node(node["id"], **{name: value for name, value in given.items() if value is not None})
    for edge in (element["data"] for element in record["elements"]["edges"]):
        drawn.add_edge(edge["source"], edge["target"], **_edge(edge))
    return drawn


def graphml(record: dict[str, Any]) -> bytes:
    """The network in GraphML; the same record gives the same bytes."""
    import networkx

    lines = networkx.generate_graphml(as_networkx(record))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n").encode()


def gexf(record: dict[str, Any]) -> bytes:
    """The network in GEXF 1.2; the same record gives the same bytes, for no date of writing stands in it."""
    import networkx

    drawn = as_networkx(record)
    described = f"{drawn.graph['rule']}; nodes left out: {drawn.graph['nodes_left_out']}"
    tree = ElementTree.fromstring("\n".join(networkx.generate_gexf(drawn)))  # noqa: S314 - our own bytes
    ElementTree.register_namespace("", _GEXF.strip("{}"))
    meta = tree.find(f"{_GEXF}meta")
    if meta is not None:
        meta.attrib.clear()
        ElementTree.SubElement(meta, f"{_GEXF}description").text = described
    return bytes(ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)) + b"\n"


def _edge(edge: dict[str, Any]) -> dict[str, Any]:
    given = {"label": edge["label"], "weight": edge["weight"], "planned": edge["planned"]}
    if "shared" in edge:
        facts = [fact for part in edge["shared"] for fact in part["facts"]]
        given["shared"] = " ".join(part["id"] for part in edge["shared"])
        given["shared_left_out"] = edge["shared_left_out"]
    else:
        facts = edge["claims"]
        given["claims_left_out"] = edge["claims_left_out"]
    given["claims"] = " ".join(sorted({fact["claim"] for fact in facts}))
    given["evidence"] = " ".join(
        dict.fromkeys(span["selector"] or span["source"] for fact in facts for span in fact["evidence"])
    )
    return given
