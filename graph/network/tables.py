"""The tables of index.sqlite that network, timeline and targets are read from, written at publishing.

``node``     everything of the classes below, numbered so that what has most links comes first: the smaller the
             number, the better known.
``tie``      each link between two nodes, seen from either end; ``activity`` is the activity in which, if any.
``lies_in``  the countries of each node.
``companion`` actors that took part in the same events and programmes, in how many of them, and in how many of these
             both are reported.
``agenda``   the dated activities that a node is tied to, the latest first; days are numbers such as 20230403.
``dated``    the claims that give something a date; ``targeted``, the claims that are made of a commitment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from pyoxigraph import Store

from graph.index.answers import rows
from graph.namespaces import EDG, REPORTED

ACTORS = ("Actor", "Organisation", "Person", "Group", "Post", "Country")
ACTIVITIES = ("Event", "Programme", "Commitment", "Target")
OTHERS = ("Article", "Document", "Figure", "Place")
SHARED = ("Event", "Programme")
"""The activities by which two actors that took part in both are tied."""
INVOLVES = EDG + "involves"
NOT_PARTICIPATING = (EDG + "invited", EDG + "beneficiary")
"""Roles that do not say that the actor took a part: to be invited is not to come, to be done for is not to do."""
CLASSES = (*ACTORS, *ACTIVITIES, *OTHERS)
"""What can be a node, by the bare name of its class. Topics, units, kinds and statuses are none."""

_SCHEMA = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, class TEXT NOT NULL, kind TEXT, links INTEGER NOT NULL);
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE tie (node INTEGER NOT NULL, other INTEGER NOT NULL, claim INTEGER NOT NULL, role INTEGER NOT NULL,
    forward INTEGER NOT NULL, modality INTEGER NOT NULL, activity INTEGER,
    PRIMARY KEY (node, other, claim, role, forward)) WITHOUT ROWID;
CREATE TABLE companion (node INTEGER NOT NULL, other INTEGER NOT NULL, activities INTEGER NOT NULL,
    reported INTEGER NOT NULL, PRIMARY KEY (node, activities DESC, other)) WITHOUT ROWID;
CREATE TABLE agenda (node INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, thing INTEGER NOT NULL,
    PRIMARY KEY (node, last DESC, first DESC, thing)) WITHOUT ROWID;
CREATE TABLE lies_in (node INTEGER NOT NULL, country INTEGER NOT NULL, PRIMARY KEY (node, country)) WITHOUT ROWID;
CREATE TABLE dated (thing TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (thing, claim)) WITHOUT ROWID;
CREATE TABLE targeted (thing TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (thing, claim)) WITHOUT ROWID;
"""
_NODES = """
INSERT INTO node SELECT row_number() OVER (ORDER BY links DESC, iri) - 1, iri, class, kind, links FROM (
    SELECT thing.iri, min(substr(thing.class, :bare)) AS class, min(thing.kind) AS kind,
        (SELECT count(*) FROM linked AS link WHERE link.entity = thing.iri) AS links
    FROM thing WHERE thing.class IN (SELECT value FROM json_each(:classes)) GROUP BY thing.iri)
"""
_TERMS = """
INSERT INTO term SELECT row_number() OVER (ORDER BY iri) - 1, iri FROM (
    SELECT role AS iri FROM linked UNION SELECT iri FROM role UNION SELECT broader FROM role
    UNION SELECT modality FROM claim)
"""
_TIES = """
INSERT INTO tie SELECT DISTINCT one.id, other.id, link.claim, role.id, link.direction = 'out', modality.id,
    CASE WHEN link.activity IS NOT NULL THEN through.id
         WHEN one.class IN (SELECT value FROM json_each(:activities)) THEN one.id
         WHEN other.class IN (SELECT value FROM json_each(:activities)) THEN other.id END
FROM linked AS link JOIN claim ON claim.number = link.claim
JOIN node AS one ON one.iri = link.entity JOIN node AS other ON other.iri = link.counterpart
JOIN term AS role ON role.iri = link.role JOIN term AS modality ON modality.iri = claim.modality
LEFT JOIN node AS through ON through.iri = link.activity
WHERE one.id != other.id ORDER BY 1, 2, 3, 4, 5
"""
_PARTS = """
CREATE TEMP TABLE part AS WITH RECURSIVE
    below (iri) AS (SELECT :involves UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)
SELECT t.other AS activity, t.node AS actor, max(modality.iri = :reported) AS reported FROM tie AS t
JOIN node AS n ON n.id = t.node JOIN node AS a ON a.id = t.other
JOIN term AS role ON role.id = t.role JOIN term AS modality ON modality.id = t.modality
WHERE t.forward = 0 AND n.class IN (SELECT value FROM json_each(:actors))
    AND a.class IN (SELECT value FROM json_each(:shared))
    AND role.iri IN below AND role.iri NOT IN (SELECT value FROM json_each(:apart))
GROUP BY t.other, t.node
"""
_COMPANIONS = """
INSERT INTO companion SELECT one.actor, other.actor, count(*), sum(one.reported AND other.reported)
FROM part AS one JOIN part AS other ON other.activity = one.activity AND other.actor != one.actor GROUP BY 1, 2
"""
_AGENDA = """
INSERT INTO agenda SELECT DISTINCT t.node, 0 + replace(p.last, '-', ''), 0 + replace(p.first, '-', ''), t.other
FROM node AS n JOIN period AS p ON p.thing = n.iri AND p.planned = 1 JOIN tie AS t ON t.other = n.id
WHERE n.class IN (SELECT value FROM json_each(:activities)) ORDER BY 1, 2 DESC, 3 DESC, 4
"""
_COUNTRIES = """
INSERT INTO lies_in SELECT DISTINCT node.id, country.id FROM facet
JOIN node ON node.iri = facet.thing JOIN node AS country ON country.iri = facet.value
WHERE facet.facet = 'country' UNION SELECT id, id FROM node WHERE class = 'Country' ORDER BY 1, 2
"""


def write_tables(connection: sqlite3.Connection, store: Store) -> None:
    """Fill the tables; they need ``thing``, ``role``, ``claim``, ``linked``, ``period`` and ``facet``."""
    given = {
        "bare": len(EDG) + 1,
        "classes": json.dumps([EDG + name for name in CLASSES]),
        "activities": json.dumps(ACTIVITIES),
        "involves": INVOLVES,
        "apart": json.dumps(NOT_PARTICIPATING),
        "actors": json.dumps(ACTORS),
        "shared": json.dumps(SHARED),
        "reported": REPORTED,
    }
    connection.executescript(_SCHEMA)
    connection.execute(_NODES, given)
    connection.execute(_TERMS)
    connection.executescript("CREATE UNIQUE INDEX node_iri ON node (iri); CREATE UNIQUE INDEX term_iri ON term (iri);")
    connection.execute(_TIES, given)
    connection.execute(_PARTS, given)
    connection.execute("CREATE INDEX temp.part_activity ON part (activity, actor)")
    connection.execute(_COMPANIONS)
    connection.execute("DROP TABLE part")
    connection.execute(_AGENDA, given)
    connection.execute(_COUNTRIES)
    _insert(connection, "dated", rows(store, "dated"))
    _insert(connection, "targeted", rows(store, "targets"))


def _insert(connection: sqlite3.Connection, table: str, found: Iterable[tuple[str | None, ...]]) -> None:
    connection.executemany(
        f"INSERT INTO {table} SELECT ?, number FROM claim WHERE iri = ?",
        sorted(set(found), key=str),
    )
