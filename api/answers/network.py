"""Networks, paths and centrality."""

from __future__ import annotations

from api.answers.facts import GENERATION, GROUNDS, ID, NAMED, PLANNED, ROLE_NAMED
from api.answers.links import KIND
from api.answers.schema import Schema, count, mapping, maybe, number, record, ref, rows, text, truth

_NODE = {
    **NAMED,
    "class": text("Its class in the ontology.", "Event"),
    "kind": KIND,
}
_FACTS = rows(ref("Fact"), "Each claim with its role and evidence.")
_CHOSEN = {
    "rule": text("In words, how nodes were chosen.", "nearest first; from each node at most 25"),
    "truncated": truth("Whether anything was seen and left out."),
}
_DRAWN = {"nodes": count("How many nodes are here."), "edges": count("How many edges are here.")}
_LIMIT = count("At most so many nodes.", 100)
_PROJECTION = text("What a tie is.", "links", among=("links", "co-participation"))
_MEASURE = text("By what centrality is measured.", "degree")

NETWORK: dict[str, Schema] = {
    "Fact": record(
        "A claim that ties two nodes.",
        {
            "role": ROLE_NAMED,
            "subject": text("The IRI of its subject.", "https://w3id.org/edugraph/event/2023-almaty-esd-seminar"),
            "object": text("The IRI of its object.", "https://w3id.org/edugraph/organisation/unesco"),
            "through": maybe(ref("NamedThrough"), shown=False),
            **GROUNDS,
        },
    ),
    "NamedThrough": record(
        "The activity in which a role is held, where the tie goes through one.",
        {"activity": ref("Named"), "role": ROLE_NAMED},
    ),
    "Node": record("A node by name.", _NODE),
    "NetworkNode": record(
        "A node as Cytoscape reads it.",
        {
            "data": record(
                "The node.",
                {
                    **_NODE,
                    "distance": maybe(count("Steps from the actor; null without one.")),
                    "neighbours": maybe(count("To how many others it is tied; null where they were not counted.")),
                    "centrality": number("From 0 to 1, where a measure was asked for.", 0.3),
                },
                ("centrality",),
            )
        },
    ),
    "NetworkEdge": record(
        "An edge as Cytoscape reads it: all facts between two nodes, or the activities that they share.",
        {
            "data": record(
                "The edge.",
                {
                    "id": text("Source and target.", "event:2023-almaty-esd-seminar org:unesco"),
                    "source": ID,
                    "target": ID,
                    "weight": count("How many claims, or shared activities, it stands for."),
                    "planned": truth("Whether no claim of it is reported as so."),
                    "label": text("Its roles, or the activities, in words.", "organised by"),
                    "roles": rows(ref("CountedRole"), "Of links: each role with its claims."),
                    "claims": _FACTS,
                    "claims_left_out": count("How many claims are not listed.", 0),
                    "shared": rows(ref("SharedActivity"), "Of a co-participation: the activities."),
                    "shared_left_out": count("How many activities are not listed.", 0),
                },
                ("roles", "claims", "claims_left_out", "shared", "shared_left_out"),
            )
        },
    ),
    "CountedRole": record(
        "A role, and by how many claims.",
        {**NAMED, "claims": count("How many.")},
    ),
    "SharedActivity": record(
        "An activity in which both take part.",
        {**_NODE, "planned": PLANNED, "facts": _FACTS},
    ),
    "Network": record(
        "Nodes and edges as Cytoscape reads them.",
        {
            "actor": maybe(ref("Named", "The thing in the middle; null for the whole network.")),
            "projection": _PROJECTION,
            "depth": maybe(count("Steps from the actor.", 2)),
            "limit": _LIMIT,
            "measure": maybe(_MEASURE),
            **_CHOSEN,
            "left_out": record(
                "Nodes that were seen and left out.",
                {
                    "nodes": count("In all.", 0),
                    "by_distance": mapping(count("How many.", 0), "By steps from the actor.", "2"),
                },
            ),
            **_DRAWN,
            "listed_on_an_edge": count("At most so many claims, or activities, of an edge are listed.", 50),
            "directed": truth("Whether an edge says who is the subject.", True),
            "elements": record(
                "The network.",
                {"nodes": rows(ref("NetworkNode"), "Nodes."), "edges": rows(ref("NetworkEdge"), "Edges.")},
            ),
            "generation": GENERATION,
        },
    ),
    "Step": record(
        "One step of a path, with every fact that makes it.",
        {"from": ID, "to": ID, "planned": truth("Whether no fact of it is reported as so."), "facts": _FACTS},
    ),
    "Path": record(
        "A path.",
        {
            "nodes": rows(ref("Node"), "From one end to the other."),
            "planned": truth("Whether a step of it is only planned."),
            "steps": rows(ref("Step"), "What leads from each node to the next."),
        },
    ),
    "Paths": record(
        "All shortest paths between two things.",
        {
            "from": ref("Named"),
            "to": ref("Named"),
            "max_length": count("Longer ones were not looked for.", 6),
            "length": maybe(count("Steps of the shortest path; null if there is none.")),
            "count": count("How many paths are here."),
            "truncated": truth("Whether there may be more."),
            "complete": truth("Whether the search saw all that it had to.", True),
            "paths": rows(ref("Path"), "The paths."),
            "generation": GENERATION,
        },
    ),
    "Ranked": record(
        "A thing, and how central it is.",
        {
            "rank": count("Its place, from 1."),
            **_NODE,
            "edges": count("To how many others it is tied."),
            "value": number("From 0 to 1.", 0.3),
            "because": rows(ref("Fact"), "The claims that tie it (explain=1)."),
            "because_left_out": count("How many of these are not listed.", 0),
        },
        ("because", "because_left_out"),
    ),
    "Centrality": record(
        "The most central things.",
        {
            "projection": _PROJECTION,
            "limit": _LIMIT,
            "measure": _MEASURE,
            "approximate": truth("Whether a sample of paths stands for all."),
            **_CHOSEN,
            "left_out": record("Nodes that were seen and left out.", {"nodes": count("In all.", 0)}),
            **_DRAWN,
            "ranking": rows(ref("Ranked"), "The most central first."),
            "generation": GENERATION,
        },
    ),
}
