"""What stands around one thing: who shares its activities, what of it is dated, what it has promised.

Each is read by the thing's own ties, so it costs no more where the graph is large.
"""

from __future__ import annotations

import json
from typing import Any

from graph.namespaces import EDG
from graph.network.records import Reader, node_number
from graph.network.tables import ACTORS
from graph.query.targets import CLASSES, DEADLINE, PARTIES, TargetsAsked, targets_answer
from graph.query.timeline import TimelineAsked, timeline_answer

PROMISES = {"Programme": "underProgramme", "Document": "basedOn", "Place": "territory"} | dict.fromkeys(
    ACTORS, "responsible"
)
"""By the class of a thing, the role that ties targets and commitments to it."""
_AGENDA = """SELECT n.iri, (SELECT count(*) FROM agenda WHERE node = :node)
FROM agenda AS a JOIN node AS n ON n.id = a.thing WHERE a.node = :node
ORDER BY a.last DESC, a.first DESC, a.thing LIMIT :most"""
_DUE = """SELECT n.iri, count(*) OVER () FROM (SELECT DISTINCT other FROM tie WHERE node = :node AND role IN
    (WITH RECURSIVE below(iri) AS (SELECT :role UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)
    SELECT term.id FROM below JOIN term ON term.iri = below.iri)) AS t CROSS JOIN node AS n ON n.id = t.other
WHERE n.class IN (SELECT value FROM json_each(:classes)) ORDER BY coalesce(
    (SELECT min(last) FROM moment WHERE thing = n.iri AND property = :deadline), '~'), n.iri LIMIT :most"""
_COMPANIONS = """SELECT other, activities, reported, (SELECT count(*) FROM companion WHERE node = :node) FROM companion
WHERE node = :node ORDER BY activities DESC, other LIMIT :most"""


def companions(reader: Reader, iri: str, most: int) -> dict[str, Any]:
    """The actors that share most activities with an actor, with how many of these both are reported in."""
    rows = _of_node(reader, iri, _COMPANIONS, most=most)
    reader.prepare((row[0] for row in rows), ())
    items = [{**reader.node(other), "activities": shared, "planned": not told} for other, shared, told, _ in rows]
    return {"total": rows[0][3] if rows else 0, "items": items}


def agenda(reader: Reader, iri: str, most: int) -> dict[str, Any]:
    """The latest dated things that a thing is tied to, in the order of time, as the timeline has them."""
    rows = _of_node(reader, iri, _AGENDA, most=most)
    if not rows:
        return {"total": 0, "items": []}
    entries = timeline_answer(reader, TimelineAsked(things=tuple(row[0] for row in rows)))["entries"]
    return {"total": rows[0][1], "items": entries}


def due(reader: Reader, iri: str, cls: str, most: int) -> dict[str, Any]:
    """The targets and commitments of a thing, those that are due first, as the list of targets has them."""
    role = PROMISES.get(cls)
    if role is None:
        return {"total": 0, "items": []}
    given = {"role": EDG + role, "deadline": DEADLINE, "classes": json.dumps(CLASSES)}
    rows = _of_node(reader, iri, _DUE, most=most, **given)
    if not rows:
        return {"total": 0, "items": []}
    targets = targets_answer(reader, TargetsAsked(things=tuple(row[0] for row in rows)))["targets"]
    return {"total": rows[0][1], "items": [{**target, "claims": _told(target)} for target in targets]}


def _told(target: dict[str, Any]) -> list[dict[str, Any]]:
    """The claims that carry a target: those of its number and deadline, else those of what it is tied to."""
    dated = [claim for day in target["deadlines"] for claim in day["claims"]]
    tied = ([claim for thing in target[party] for claim in thing["claims"]] for party in PARTIES)
    return [*target["values"], *dated] or next((claims for claims in tied if claims), [])


def _of_node(reader: Reader, iri: str, sql: str, **given: object) -> list[Any]:
    number = node_number(reader.index, iri)
    return [] if number is None else reader.index.connection.execute(sql, {"node": number, **given}).fetchall()
